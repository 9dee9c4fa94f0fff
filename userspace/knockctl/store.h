/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_STORE_H
#define _KNOCKCTL_STORE_H

#include "config.h"
#include "config_dir.h"
#include "knockctl.h"

/**
 * struct store - a change to a door, in its file and in the module together
 * @invocation: as typed, with the door's name as its first operand
 * @keep: there is a file to change; false with --volatile, or where there is none
 * @exists: the door has a file
 * @directory: of it, locked while @keep
 * @path: of it
 * @door: what the file says, and then what it is to say
 * @netlink: to the module
 */
struct store {
	const struct invocation *invocation;
	bool keep;
	bool exists;
	struct config_dir directory;
	char path[PATH_MAX];
	struct config_door door;
	struct netlink netlink;
};

/* Whether a door must have no file, or one that is read, or one that is only there. */
enum store_want { STORE_NEW, STORE_OLD, STORE_ANY };

/* What is done to the file. */
enum store_action { STORE_WRITE, STORE_REMOVE, STORE_LEAVE };

/**
 * struct store_change - what is asked of the module, and how it is taken back
 * @action: on the file, where one is kept
 * @ask: Return: 0, or an error with the sentence
 * @undo: the same, if the file could not be changed; NULL where that cannot fail
 */
struct store_change {
	enum store_action action;
	int (*ask)(struct store *store, void *data, char why[NETLINK_WHY_SIZE]);
	int (*undo)(struct store *store, void *data, char why[NETLINK_WHY_SIZE]);
};

bool store_open(struct store *store, const struct invocation *invocation, bool keep,
		enum store_want want);
bool store_read(struct store *store, const struct invocation *invocation);
enum outcome store_missing(struct store *store);
enum outcome store_run(struct store *store, const struct store_change *change, void *data);
void store_close(struct store *store);

#endif /* _KNOCKCTL_STORE_H */
