// SPDX-License-Identifier: GPL-2.0
/* What a new sequence key needs of its door, and a new once key of the disk. */
#include <stdio.h>

#include "complain.h"
#include "new_key.h"
#include "once.h"
#include "request.h"

/**
 * new_key_avoid() - have a new key avoid its door's ports, unless it was said which
 * @key: of any type
 * @store: open
 *
 * Return: false with the sentence printed.
 */
bool new_key_avoid(struct new_key *key, struct store *store)
{
	const struct config_door *door = &store->door;
	char why[NETLINK_WHY_SIZE];

	if (key->key.type != KNOCK_KEY_TYPE_SEQUENCE)
		return true;
	if (!store->keep) {
		if (request_door(&store->netlink, door->name, &key->door, why)) {
			complain("%s", why);
			return false;
		}
		door = &key->door;
	}
	if (config_key_avoid(&key->key, door))
		return true;
	complain("the ports of door %s leave too few for sequences, say with --avoid which ports are to be no steps",
		 store->door.name);
	return false;
}

/* One that is in no file is gone with the module, so nothing has to be kept of it. */
static void number_volatile(struct config_key *key)
{
	key->handed = key->series.depth;
	key->number = 0;
	key->armed = key->handed < KNOCK_ARMED_MAX ? key->handed : KNOCK_ARMED_MAX;
}

static bool open_numbers(const struct new_key *key, struct numbers_dir *directory,
			 struct numbers_entry *entry, char why[NETLINK_WHY_SIZE])
{
	if (!arm_entry(entry, &key->key)) {
		snprintf(why, NETLINK_WHY_SIZE, "libcrypto offers no SHA-256, so nothing was done");
		return false;
	}
	return numbers_open(directory, key->invocation->state, true, why);
}

/**
 * new_key_number() - have the first numbers of a new once key be good
 * @key: of any type, with its secret
 * @why: a sentence, on failure
 *
 * Context: right before the key is given to the module.
 */
bool new_key_number(struct new_key *key, char why[NETLINK_WHY_SIZE])
{
	struct config_key *once = &key->key;
	struct numbers_dir directory;
	struct numbers_entry entry;
	bool good;

	if (!config_key_is_once(once))
		return true;
	if (key->invocation->value[KEY_VOLATILE]) {
		number_volatile(once);
		return true;
	}
	if (!open_numbers(key, &directory, &entry, why))
		return false;
	entry.numbers = numbers_of_new(once->series.depth);
	once->handed = entry.numbers.handed;
	once->number = numbers_begin(&entry.numbers);
	once->armed = numbers_reach(&entry.numbers, once->number);
	good = numbers_write(&directory, &entry, 1, why);
	numbers_close(&directory);
	return good;
}

/**
 * new_key_unnumber() - forget the numbers of a new key that came to nothing
 * @key: of any type
 */
void new_key_unnumber(struct new_key *key)
{
	struct numbers_dir directory;
	struct numbers_entry entry;
	char why[NETLINK_WHY_SIZE];

	if (!config_key_is_once(&key->key) || key->invocation->value[KEY_VOLATILE] ||
	    !open_numbers(key, &directory, &entry, why))
		return;
	numbers_forget(&directory, &entry);
	numbers_close(&directory);
}
