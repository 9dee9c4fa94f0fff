/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_AGENT_H
#define _TUMBLERD_AGENT_H

#include "settings.h"

/**
 * struct agent_places - what knockctl keeps
 * @state: its directory of --state
 * @doors: and of --config
 * @keeps: nobody else keeps close-commands in @state
 */
struct agent_places {
	const char *state;
	const char *doors;
	bool keeps;
};

bool agent_run(const struct settings *settings, const struct agent_places *places);

#endif /* _TUMBLERD_AGENT_H */
