// SPDX-License-Identifier: GPL-2.0
/* What tumblerd is to do, in memory. */
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "settings.h"

/* Where nothing is said. */
#define KNOCK_PORT 8675
#define TIME_LIMIT_SEC 30
#define AT_ONCE 8
#define QUEUE 1024

/**
 * settings_init() - nothing but the defaults
 * @settings: to set up
 */
void settings_init(struct settings *settings)
{
	memset(settings, 0, sizeof(*settings));
	settings->roles = ROLE_BOTH;
	settings->port = KNOCK_PORT;
	settings->time_limit = TIME_LIMIT_SEC;
	settings->at_once = AT_ONCE;
	settings->queue = QUEUE;
	settings->agent = HAND_OVER_PORT;
}

/**
 * settings_add() - add a door for which nothing is done yet
 * @settings: where to
 * @name: the door's
 *
 * Return: the door, until the next is added; or NULL.
 */
struct door_settings *settings_add(struct settings *settings, const char *name)
{
	size_t room = settings->room ? 2 * settings->room : 4;
	struct door_settings *door;

	if (settings->doors == settings->room) {
		door = OPENSSL_clear_realloc(settings->door, settings->room * sizeof(*door),
					     room * sizeof(*door));
		if (!door)
			return NULL;
		settings->door = door;
		settings->room = room;
	}
	door = &settings->door[settings->doors++];
	memset(door, 0, sizeof(*door));
	strncpy(door->name, name, sizeof(door->name) - 1);
	return door;
}

/**
 * settings_find() - look for a door by its name
 * @settings: where to
 * @name: the name
 *
 * Return: the first of that name, or NULL.
 */
const struct door_settings *settings_find(const struct settings *settings, const char *name)
{
	size_t i;

	for (i = 0; i < settings->doors; i++)
		if (!strcmp(settings->door[i].name, name))
			return &settings->door[i];
	return NULL;
}

/**
 * settings_forward() - whether clients of the hand-over are served at all
 * @settings: read whole
 *
 * Return: true if a door has one that is to be listened for.
 */
bool settings_forward(const struct settings *settings)
{
	size_t i;

	for (i = 0; i < settings->doors; i++)
		if (settings->door[i].forwards)
			return true;
	return false;
}

/**
 * settings_settle() - give doors what only [common] said
 * @settings: read whole
 */
void settings_settle(struct settings *settings)
{
	struct door_settings *door;
	size_t i;

	for (i = 0; i < settings->doors; i++) {
		door = &settings->door[i];
		if (!door->user.set)
			door->user = settings->user;
		if (!door->time_limit)
			door->time_limit = settings->time_limit;
	}
}

/**
 * settings_wipe() - free them, wiped
 * @settings: all-zero afterwards
 */
void settings_wipe(struct settings *settings)
{
	size_t i;

	for (i = 0; i < settings->doors; i++) {
		words_free(&settings->door[i].command[ON_OPENED]);
		words_free(&settings->door[i].command[ON_ENDED]);
	}
	OPENSSL_clear_free(settings->door, settings->room * sizeof(*settings->door));
	free(settings->log);
	memset(settings, 0, sizeof(*settings));
}
