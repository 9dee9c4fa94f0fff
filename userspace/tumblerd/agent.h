/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_AGENT_H
#define _TUMBLERD_AGENT_H

#include "settings.h"

bool agent_run(const struct settings *settings, const char *state, bool keeps);

#endif /* _TUMBLERD_AGENT_H */
