/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_CONFIG_TEXT_H
#define _LIB_CONFIG_TEXT_H

#include "config.h"

void config_read_text(struct config_door *door, const char *path, const char *text,
		      size_t length, struct faults *faults);

#endif /* _LIB_CONFIG_TEXT_H */
