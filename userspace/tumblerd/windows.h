/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_WINDOWS_H
#define _TUMBLERD_WINDOWS_H

#include <stddef.h>
#include <stdint.h>

#include "name.h"
#include "netlink.h"

/* A time that does not come. */
#define WINDOWS_NEVER UINT64_MAX

/* Keys that are looked at in one go, while all else waits: each may take two syncs. */
#define WINDOWS_AT_ONCE 32

/* Keys that wait because they were used; when there are more, all are listed. */
#define WINDOWS_WAITING 1024

/* From one list of all keys to the next. */
#define WINDOWS_LIST_MS 5000

/**
 * struct window - a once key of which numbers may have to be armed
 * @door: its door's name
 * @key: its name
 */
struct window {
	char door[NAME_SIZE];
	char key[NAME_SIZE];
};

/**
 * struct windows - which once keys are to be looked at
 * @state: the directory of --state; stays as it is
 * @all: those that were used are to be found by a list of all
 * @again: nothing is done before this time, in ms
 * @list_again: all are not listed before this time, in ms
 * @told: what keeps it from arming was said
 * @count: how many wait
 * @room: how many @window has room for
 * @window: those that wait
 *
 * All zero but for @state when nothing is known.
 */
struct windows {
	const char *state;
	bool all;
	uint64_t again;
	uint64_t list_again;
	bool told;
	size_t count;
	size_t room;
	struct window *window;
};

/* windows.c: which */
void windows_look(struct windows *windows, const char *door, const char *key);
void windows_look_at_all(struct windows *windows);
void windows_list(struct windows *windows, uint64_t now);
void windows_listed(struct windows *windows, const char *door, const char *key);
bool windows_next(struct windows *windows, struct window *window);
uint64_t windows_wake(const struct windows *windows);
void windows_free(struct windows *windows);

/* windows_arm.c: how */
void windows_arm(struct windows *windows, struct netlink *netlink, uint64_t now);

#endif /* _TUMBLERD_WINDOWS_H */
