// SPDX-License-Identifier: GPL-2.0
/*
 * Changing a door's file and the module together, so that the failure of either
 * leaves both as they were: the new file is written beside the old, the module is
 * asked, and the new takes the old one's place, which hardly ever fails; if it
 * does, what the module did is taken back.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "complain.h"
#include "store.h"

static bool read_door(struct store *store)
{
	struct faults faults = { .count = 0 };
	bool good = config_read_door(&store->door, store->path, &faults);

	faults_sort(&faults);
	if (!good && faults.count)
		complain("%s:%u: %s; knockctl check tells all that is wrong with it",
			 faults.fault[0].file, faults.fault[0].line, faults.fault[0].why);
	else if (!good)
		complain("out of memory, nothing was changed; free some and try again");
	faults_clear(&faults);
	return good;
}

/* Return: whether there is nothing to lock, since no door was ever kept. */
static bool is_empty(const struct store *store)
{
	char path[PATH_MAX];

	return snprintf(path, sizeof(path), "%s/" CONFIG_DOORS, store->invocation->config) <
	       (int)sizeof(path) && access(path, F_OK) && errno == ENOENT;
}

static bool open_file(struct store *store, enum store_want want)
{
	const char *name = store->invocation->operand[0];
	char why[CONFIG_DIR_WHY_SIZE];

	if (!config_dir_lock(&store->directory, store->invocation->config, want == STORE_NEW,
			     why) ||
	    !config_dir_is_ours(&store->directory, why)) {
		complain("%s", why);
		return false;
	}
	if (snprintf(store->path, sizeof(store->path), "%s/%s" CONFIG_SUFFIX,
		     store->directory.path, name) >= (int)sizeof(store->path)) {
		complain("the path of --config is too long, shorten it");
		return false;
	}
	store->exists = !access(store->path, F_OK);
	if (!store->exists || want == STORE_ANY)
		return true;
	if (want == STORE_OLD)
		return read_door(store);
	complain("%s is there already; knockctl load applies it, and del-door removes it",
		 store->path);
	return false;
}

/**
 * store_open() - begin a change
 * @store: to fill; to be closed whatever comes of it
 * @invocation: with the door's name, which is good, as its first operand
 * @keep: change the file too
 * @want: whether there must be none
 *
 * Return: true, with what the file says in store->door, or the defaults; false if that
 * failed, with the sentence printed.
 */
bool store_open(struct store *store, const struct invocation *invocation, bool keep,
		enum store_want want)
{
	*store = (struct store){ .invocation = invocation, .keep = keep,
				 .directory.descriptor = -1 };
	config_door_init(&store->door, invocation->operand[0]);
	if (!netlink_open(&store->netlink))
		return false;
	if (keep && want != STORE_NEW && is_empty(store))
		return true;
	return !keep || open_file(store, want);
}

/**
 * store_read() - read a door's file, and ask nothing of the module
 * @store: to fill; to be closed whatever comes of it
 * @invocation: with the door's name, which is good, as its first operand
 *
 * Return: true; a door without a file has no keys. False with the sentence printed.
 */
bool store_read(struct store *store, const struct invocation *invocation)
{
	*store = (struct store){ .invocation = invocation, .directory.descriptor = -1 };
	config_door_init(&store->door, invocation->operand[0]);
	if (snprintf(store->path, sizeof(store->path), "%s/" CONFIG_DOORS "/%s" CONFIG_SUFFIX,
		     invocation->config, store->door.name) >= (int)sizeof(store->path)) {
		complain("the path of --config is too long, shorten it");
		return false;
	}
	return (access(store->path, F_OK) && errno == ENOENT) || read_door(store);
}

/**
 * store_missing() - say why a door that has no file cannot be changed
 * @store: open
 *
 * Return: REFUSED.
 */
enum outcome store_missing(struct store *store)
{
	struct nl_msg *message = netlink_message(&store->netlink, KNOCK_CMD_DOOR_GET, 0);
	char why[NETLINK_WHY_SIZE];

	if (message && nla_put_string(message, KNOCK_A_DOOR_NAME, store->door.name)) {
		nlmsg_free(message);
		message = NULL;
	}
	if (netlink_try(&store->netlink, message, NULL, NULL, why))
		complain("%s", why);
	else
		complain("door %s was added with --volatile and has no file, give --volatile here too",
			 store->door.name);
	return REFUSED;
}

static bool begin(struct store *store, enum store_action action)
{
	if (action == STORE_WRITE && !config_write_new(store->directory.descriptor, &store->door)) {
		complain("%s cannot be written: %m; nothing was changed", store->path);
		return false;
	}
	if (action == STORE_REMOVE &&
	    !config_hide(store->directory.descriptor, store->door.name)) {
		complain("%s cannot be removed: %m; nothing was changed", store->path);
		return false;
	}
	return true;
}

static void take_back(struct store *store, enum store_action action)
{
	if (action == STORE_WRITE)
		config_write_abort(store->directory.descriptor, store->door.name);
	else if (action == STORE_REMOVE &&
		 !config_unhide(store->directory.descriptor, store->door.name))
		complain("%s cannot be brought back: %m; rename .%s.conf.old", store->path,
			 store->door.name);
}

static bool finish(struct store *store, enum store_action action)
{
	if (action == STORE_REMOVE)
		config_forget(store->directory.descriptor, store->door.name);
	return action != STORE_WRITE ||
	       config_write_commit(store->directory.descriptor, store->door.name);
}

/**
 * store_run() - do a change
 * @store: open
 * @change: what is to be done
 * @data: for it
 *
 * Return: DONE, or REFUSED with the sentence printed and nothing changed.
 */
enum outcome store_run(struct store *store, const struct store_change *change, void *data)
{
	enum store_action action = store->keep ? change->action : STORE_LEAVE;
	char why[NETLINK_WHY_SIZE];
	int error;

	if (!begin(store, action))
		return REFUSED;
	if (change->ask(store, data, why)) {
		complain("%s", why);
		take_back(store, action);
		return REFUSED;
	}
	if (finish(store, action)) {
		if (store->keep)
			config_dir_take(&store->directory);
		return DONE;
	}
	error = errno;
	take_back(store, action);
	if (change->undo(store, data, why))
		complain("%s cannot be written: %s; and what was changed in the module stays, since %s",
			 store->path, strerror(error), why);
	else
		complain("%s cannot be written: %s; nothing was changed", store->path,
			 strerror(error));
	return REFUSED;
}

/**
 * store_close() - end a change; secrets are wiped
 * @store: open, or its opening failed
 */
void store_close(struct store *store)
{
	config_dir_unlock(&store->directory);
	config_door_wipe(&store->door);
	if (store->netlink.socket)
		netlink_close(&store->netlink);
}
