// SPDX-License-Identifier: GPL-2.0
/*
 * Arming once keys while knocks use them: what is good is asked of the module, how far it
 * will be is on the disk before the module hears of it, and so nothing depends on what
 * tumblerd knows, or on when it is killed.
 */
#include <errno.h>

#include "arm.h"
#include "complain.h"
#include "request_series.h"
#include "windows.h"

/* While knockctl has the numbers, which load --confirm may for as long as it likes. */
#define BUSY_MS 250

/* After the disk failed, or the module could not be asked. */
#define FAILED_MS 5000

/* Numbers are on the disk of keys that knockctl keeps; what others are is not known. */
static bool has_numbers(const struct numbers_dir *directory, const struct window *window,
			const struct config_key *key, struct numbers_entry *entry)
{
	enum numbers_found found = NUMBERS_NONE;

	if (arm_entry(entry, key))
		found = numbers_read(directory, entry);
	if (found == NUMBERS_BROKEN)
		complain("key %s of door %s opens for no more numbers than are armed, since its numbers in %s are damaged; knockctl load, or add it again",
			 window->key, window->door, directory->path);
	return found == NUMBERS_GOOD;
}

/* Return: false if it is to be tried again, with a sentence. */
static bool arm_one(const struct numbers_dir *directory, const struct window *window,
		    struct netlink *netlink, char why[ARM_WHY_SIZE])
{
	struct numbers_entry entry;
	struct config_key key;
	int error;

	config_key_init(&key, window->key);
	error = request_key(netlink, window->door, &key, why);
	if (error)
		return error == ENOENT;
	if (!config_key_is_once(&key) || !has_numbers(directory, window, &key, &entry) ||
	    key.armed >= numbers_reach(&entry.numbers, key.number))
		return true;
	return arm_further(netlink, directory, window->door, &key, why);
}

static void take_key(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct nlattr *door = attributes[KNOCK_A_DOOR_NAME], *name = attributes[KNOCK_A_KEY_NAME];
	struct windows *windows = data;
	struct config_key key;

	(void)header;
	if (!door || !name)
		return;
	config_key_init(&key, "");
	request_take_series(&key, attributes);
	if (config_key_is_once(&key) && key.armed < key.number + SERIES_WINDOW)
		windows_listed(windows, nla_get_string(door), nla_get_string(name));
}

static bool list(struct windows *windows, struct netlink *netlink, uint64_t now,
		 char why[ARM_WHY_SIZE])
{
	struct nl_msg *message = netlink_message(netlink, KNOCK_CMD_KEY_GET, NLM_F_DUMP);

	windows_list(windows, now);
	if (!netlink_try(netlink, message, take_key, windows, why))
		return true;
	windows_look_at_all(windows);
	return false;
}

static bool arm_some(struct windows *windows, const struct numbers_dir *directory,
		     struct netlink *netlink, char why[ARM_WHY_SIZE])
{
	struct window window;
	int i;

	for (i = 0; i < WINDOWS_AT_ONCE && windows_next(windows, &window); i++) {
		if (arm_one(directory, &window, netlink, why))
			continue;
		windows_look(windows, window.door, window.key);
		return false;
	}
	return true;
}

static void put_off(struct windows *windows, uint64_t until, const char *why)
{
	windows->again = until;
	if (!windows->told)
		complain("once keys open for no more numbers than are armed: %s", why);
	windows->told = true;
}

/**
 * windows_arm() - have as many numbers be good as may be, of some keys that wait
 * @windows: those that wait
 * @netlink: the connection
 * @now: what time it is, in ms
 *
 * What cannot be done is said once, and tried again.
 */
void windows_arm(struct windows *windows, struct netlink *netlink, uint64_t now)
{
	struct numbers_dir directory;
	char why[ARM_WHY_SIZE];
	bool good;

	if (windows_wake(windows) > now)
		return;
	if (windows->all && !windows->count && !list(windows, netlink, now, why)) {
		put_off(windows, now + FAILED_MS, why);
		return;
	}
	if (!windows->count)
		return;
	if (!numbers_try(&directory, windows->state, why)) {
		if (errno == EWOULDBLOCK)
			windows->again = now + BUSY_MS;
		else if (errno == ENOENT)
			/* Nobody keeps numbers here. */
			windows->count = 0;
		else
			put_off(windows, now + FAILED_MS, why);
		return;
	}
	good = arm_some(windows, &directory, netlink, why);
	numbers_close(&directory);
	if (good)
		windows->told = false;
	else
		put_off(windows, now + FAILED_MS, why);
}
