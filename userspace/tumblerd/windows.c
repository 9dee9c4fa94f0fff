// SPDX-License-Identifier: GPL-2.0
/*
 * Which once keys may have to be armed further: those of which a number was used, by
 * name; and if they are too many, or nobody knows which, all.
 */
#include <stdlib.h>
#include <string.h>

#include "windows.h"

static bool is_waiting(const struct windows *windows, const char *door, const char *key)
{
	size_t i;

	for (i = 0; i < windows->count; i++)
		if (!strcmp(windows->window[i].key, key) && !strcmp(windows->window[i].door, door))
			return true;
	return false;
}

static bool make_room(struct windows *windows)
{
	size_t room = windows->room ? 2 * windows->room : 16;
	struct window *window;

	if (windows->count < windows->room)
		return true;
	window = reallocarray(windows->window, room, sizeof(*window));
	if (!window)
		return false;
	windows->window = window;
	windows->room = room;
	return true;
}

/* Whoever finds no room is found again by the next list. */
static void add(struct windows *windows, const char *door, const char *key)
{
	struct window *window;

	if (!name_is_good(door) || !name_is_good(key))
		return;
	if (!make_room(windows)) {
		windows->all = true;
		return;
	}
	window = &windows->window[windows->count++];
	memset(window, 0, sizeof(*window));
	strcpy(window->door, door);
	strcpy(window->key, key);
}

/**
 * windows_look() - a key may have numbers to arm: one was used, or more were handed out
 * @windows: where to
 * @door: its door's name
 * @key: its name
 */
void windows_look(struct windows *windows, const char *door, const char *key)
{
	if (windows->count >= WINDOWS_WAITING)
		windows->all = true;
	else if (!is_waiting(windows, door, key))
		add(windows, door, key);
}

/**
 * windows_look_at_all() - it is not known of which keys numbers were used
 * @windows: where to
 *
 * However often strangers bring that about, all are listed now and then only.
 */
void windows_look_at_all(struct windows *windows)
{
	windows->all = true;
}

/**
 * windows_list() - all keys that may have numbers to arm come next, by windows_listed()
 * @windows: what waited is forgotten
 * @now: what time it is, in ms
 */
void windows_list(struct windows *windows, uint64_t now)
{
	windows->list_again = now + WINDOWS_LIST_MS;
	windows->count = 0;
	windows->all = false;
}

/**
 * windows_listed() - one of them
 * @windows: where to
 * @door: its door's name
 * @key: its name
 */
void windows_listed(struct windows *windows, const char *door, const char *key)
{
	add(windows, door, key);
}

/**
 * windows_next() - take one that waits
 * @windows: where from
 * @window: gets it
 *
 * Return: false if none does.
 */
bool windows_next(struct windows *windows, struct window *window)
{
	if (!windows->count)
		return false;
	*window = windows->window[--windows->count];
	return true;
}

/**
 * windows_wake() - when windows_arm() has something to do
 * @windows: what waits
 *
 * Return: a time in ms, maybe one that is over; or WINDOWS_NEVER.
 */
uint64_t windows_wake(const struct windows *windows)
{
	if (windows->count)
		return windows->again;
	if (!windows->all)
		return WINDOWS_NEVER;
	return windows->again > windows->list_again ? windows->again : windows->list_again;
}

/**
 * windows_free() - nothing waits any more
 * @windows: what waited
 */
void windows_free(struct windows *windows)
{
	free(windows->window);
	windows->window = NULL;
	windows->count = 0;
	windows->room = 0;
}
