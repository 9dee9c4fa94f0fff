/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_OTHERS_H
#define _TUMBLERD_OTHERS_H

#include "settings.h"

/**
 * struct others - whether what is left to another process is done by one
 * @state: the directory of --state; stays as it is
 * @missed: looks in a row at which there was none
 */
struct others {
	const char *state;
	unsigned int missed;
};

void others_look(struct others *others, const struct settings *settings);

#endif /* _TUMBLERD_OTHERS_H */
