// SPDX-License-Identifier: GPL-2.0
/* Leaving out of the settings what another process sees to, so that it is not even known. */
#include <string.h>

#include <openssl/crypto.h>

#include "settings.h"

static bool has_commands(const struct door_settings *door)
{
	return door->command[ON_OPENED].count || door->command[ON_ENDED].count;
}

static void leave_commands(struct settings *settings, struct door_settings *door)
{
	settings->others_commands |= has_commands(door);
	words_free(&door->command[ON_OPENED]);
	words_free(&door->command[ON_ENDED]);
}

static void leave_agent(struct door_settings *door)
{
	OPENSSL_cleanse(&door->secret, sizeof(door->secret));
	door->made = false;
	door->forwards = false;
	memset(&door->forward, 0, sizeof(door->forward));
}

/**
 * settings_leave() - leave out what is for a process of other roles
 * @settings: read whole, and nothing is wrong with them
 *
 * Whoever only runs commands knows no secret of a door, and whoever has these runs nothing.
 * Doors of which nothing is left need not be followed, and may be many.
 */
void settings_leave(struct settings *settings)
{
	size_t i, count = 0;

	for (i = 0; i < settings->doors; i++) {
		struct door_settings *door = &settings->door[i];

		if (!(settings->roles & ROLE_COMMANDS))
			leave_commands(settings, door);
		if (!(settings->roles & ROLE_AGENT))
			leave_agent(door);
		if (door->made || door->forwards || has_commands(door))
			settings->door[count++] = *door;
	}
	settings->doors = count;
	if (!(settings->roles & ROLE_AGENT))
		settings->agent_user.set = false;
}
