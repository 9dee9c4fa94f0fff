// SPDX-License-Identifier: GPL-2.0
/* Once keys that come to the module, and go: first the disk, then the module. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "once.h"
#include "request_series.h"

static bool begin(const struct numbers_dir *directory, struct config_key *key,
		  struct numbers_entry *entry)
{
	if (arm_recall(directory, key, entry) == NUMBERS_BROKEN)
		return false;
	key->number = numbers_begin(&entry->numbers);
	key->armed = numbers_reach(&entry->numbers, key->number);
	key->begun = true;
	return true;
}

static void explain_broken(char why[ONCE_WHY_SIZE], const struct numbers_dir *directory)
{
	snprintf(why, ONCE_WHY_SIZE,
		 "what was used of it is not known, since its numbers in %.120s are lost or damaged; del-key it and add-key it again",
		 directory->path);
}

/**
 * once_begin() - have a key ready to be given to the module
 * @directory: open
 * @key: of any type; a once key gets the numbers it is to be added with
 * @why: a sentence, on failure
 */
bool once_begin(const struct numbers_dir *directory, struct config_key *key,
		char why[ONCE_WHY_SIZE])
{
	struct numbers_entry entry;
	bool begun = key->begun;

	/* Good for one time. */
	key->begun = false;
	if (!config_key_is_once(key) || begun)
		return true;
	if (!begin(directory, key, &entry)) {
		explain_broken(why, directory);
		return false;
	}
	key->begun = false;
	return numbers_write(directory, &entry, 1, why);
}

/**
 * once_begin_all() - the same for all keys that the rest of a plan adds, in one go
 * @plan: the plan
 * @first: the step that it begins with; none from there on deletes a key
 * @why: a sentence, on failure
 */
bool once_begin_all(struct plan *plan, size_t first, char why[ONCE_WHY_SIZE])
{
	struct numbers_entry *entries;
	size_t count = 0, i;
	bool good = true;

	if (!plan->numbers)
		return true;
	entries = calloc(plan->count + 1, sizeof(*entries));
	if (!entries) {
		snprintf(why, ONCE_WHY_SIZE, "out of memory, free some and try again");
		return false;
	}
	for (i = first; i < plan->final && good; i++) {
		struct step *step = &plan->step[i];

		if (step->kind != ADD_KEY || !config_key_is_once(step->key))
			continue;
		good = begin(plan->numbers, step->key, &entries[count++]);
	}
	if (!good)
		explain_broken(why, plan->numbers);
	good = good && numbers_write(plan->numbers, entries, count, why);
	free(entries);
	return good;
}

/*
 * If nothing of it was good before, nothing was used since. If something was, elsewhere, as
 * much was taken for used as ever may have been good.
 */
static bool give_up(const struct numbers_dir *directory, struct config_key *key,
		    struct numbers_entry *entry)
{
	key->begun = false;
	if (arm_recall(directory, key, entry) != NUMBERS_GOOD)
		return false;
	numbers_end(&entry->numbers, key->number);
	return true;
}

/**
 * once_give_up() - a key that was ready for the module was refused there
 * @directory: open, or NULL
 * @key: of any type, of once_begin()
 *
 * What cannot be noted is no harm, as with once_end().
 */
void once_give_up(const struct numbers_dir *directory, struct config_key *key)
{
	struct numbers_entry entry;
	char why[ONCE_WHY_SIZE];

	if (directory && config_key_is_once(key) && give_up(directory, key, &entry))
		numbers_write(directory, &entry, 1, why);
}

/**
 * once_give_up_all() - the same of all keys that a plan does not come to any more, in one go
 * @plan: the plan
 * @first: the step that failed
 */
void once_give_up_all(struct plan *plan, size_t first)
{
	struct numbers_entry *entries;
	char why[ONCE_WHY_SIZE];
	size_t count = 0, i;

	entries = plan->numbers ? calloc(plan->count + 1, sizeof(*entries)) : NULL;
	for (i = first; entries && i < plan->final; i++) {
		struct step *step = &plan->step[i];

		if (step->kind == ADD_KEY && step->key->begun)
			count += give_up(plan->numbers, step->key, &entries[count]);
	}
	if (count)
		numbers_write(plan->numbers, entries, count, why);
	free(entries);
}

/* Have nothing of a key be good any more, and see what was used. Whether that can be noted. */
static bool disarm(struct netlink *netlink, const struct numbers_dir *directory,
		   const char *door, const struct config_key *key, struct numbers_entry *entry)
{
	struct config_key live;
	char why[ONCE_WHY_SIZE];

	config_key_init(&live, key->name);
	if (!config_key_is_once(key) || !arm_entry(entry, key) ||
	    numbers_read(directory, entry) != NUMBERS_GOOD)
		return false;
	/* It may be another key of that name. */
	if (request_arm_key(netlink, door, &live, 0, why) ||
	    memcmp(live.fingerprint, entry->fingerprint, FINGERPRINT_SIZE))
		return false;
	numbers_end(&entry->numbers, live.number);
	return true;
}

/**
 * once_end() - note what was used of a key that is about to go
 * @netlink: to the module
 * @directory: open, or NULL
 * @door: its door's name
 * @key: of any type
 *
 * Nothing of it is good from then on. What cannot be noted is no harm: then all that
 * was armed is taken for used.
 */
void once_end(struct netlink *netlink, const struct numbers_dir *directory, const char *door,
	      const struct config_key *key)
{
	struct numbers_entry entry;
	char why[ONCE_WHY_SIZE];

	if (directory && disarm(netlink, directory, door, key, &entry))
		numbers_write(directory, &entry, 1, why);
}

/**
 * once_end_doors() - the same of all keys of doors, in one go
 * @netlink: to the module
 * @directory: open
 * @doors: with their keys
 * @count: how many doors
 * @why: a sentence, on failure
 *
 * Return: of how many keys it is noted, or -1.
 */
ssize_t once_end_doors(struct netlink *netlink, const struct numbers_dir *directory,
		       const struct config_door *doors, size_t count, char why[ONCE_WHY_SIZE])
{
	struct numbers_entry *entries;
	size_t keys = 0, ended = 0, i, k;
	bool good;

	for (i = 0; i < count; i++)
		keys += doors[i].keys;
	entries = calloc(keys + 1, sizeof(*entries));
	if (!entries) {
		snprintf(why, ONCE_WHY_SIZE, "out of memory, free some and try again");
		return -1;
	}
	for (i = 0; i < count; i++)
		for (k = 0; k < doors[i].keys; k++)
			ended += disarm(netlink, directory, doors[i].name, &doors[i].key[k],
					&entries[ended]);
	good = numbers_write(directory, entries, ended, why);
	free(entries);
	return good ? (ssize_t)ended : -1;
}

/**
 * once_end_door() - the same of a door that is about to go
 * @netlink: to the module
 * @directory: open, or NULL
 * @door: with its keys
 */
void once_end_door(struct netlink *netlink, const struct numbers_dir *directory,
		   const struct config_door *door)
{
	char why[ONCE_WHY_SIZE];

	if (directory)
		once_end_doors(netlink, directory, door, 1, why);
}
