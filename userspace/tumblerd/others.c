// SPDX-License-Identifier: GPL-2.0
/* Whether anybody runs the commands that this process is told to leave to another. */
#include "complain.h"
#include "others.h"

/* One may be starting, or starting anew. */
#define LOOKS 3

/**
 * others_look() - say so, once, if nobody runs the commands of the file
 * @others: what was found before
 * @settings: the file
 *
 * To be called every few seconds.
 */
void others_look(struct others *others, const struct settings *settings)
{
	if (!settings->others_commands ||
	    presence_find(others->state, ROLE_COMMANDS) != PRESENCE_NONE) {
		others->missed = 0;
		return;
	}
	if (others->missed < LOOKS && ++others->missed == LOOKS)
		complain("the file has commands, and nobody runs them: systemctl start tumblerd-commands, or tumblerd --only-commands");
}
