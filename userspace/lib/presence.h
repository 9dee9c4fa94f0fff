/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_PRESENCE_H
#define _LIB_PRESENCE_H

#include <stdbool.h>

#define PRESENCE_WHY_SIZE 320

/**
 * enum presence_role - what a tumblerd does, any of them
 * @ROLE_AGENT: it makes doors, arms once keys, serves clients and logs what happens
 * @ROLE_COMMANDS: it runs commands
 * @ROLE_BOTH: all
 */
enum presence_role {
	ROLE_AGENT = 1,
	ROLE_COMMANDS = 2,
	ROLE_BOTH = ROLE_AGENT | ROLE_COMMANDS
};

/* Whether tumblerd runs for a network namespace. */
enum presence_found { PRESENCE_NONE, PRESENCE_HERE, PRESENCE_UNKNOWN };

enum presence_found presence_find(const char *state, enum presence_role role);
bool presence_take(const char *state, enum presence_role roles, bool *first,
		   char why[PRESENCE_WHY_SIZE]);

#endif /* _LIB_PRESENCE_H */
