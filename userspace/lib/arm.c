// SPDX-License-Identifier: GPL-2.0
/* Arming once keys: first the disk, then the module. */
#include <errno.h>
#include <string.h>

#include "arm.h"
#include "request_series.h"

_Static_assert(ARM_WHY_SIZE == NUMBERS_WHY_SIZE, "a sentence of either fits");

/**
 * arm_entry() - under which name a key's numbers are kept
 * @entry: gets it
 * @key: a once key, with its secret or the fingerprint that the module shows
 *
 * Return: false if libcrypto has no SHA-256 to offer.
 */
bool arm_entry(struct numbers_entry *entry, const struct config_key *key)
{
	memset(entry, 0, sizeof(*entry));
	if (key->secret.length)
		return fingerprint_make(&key->secret, entry->fingerprint);
	memcpy(entry->fingerprint, key->fingerprint, FINGERPRINT_SIZE);
	return key->known;
}

/**
 * arm_recall() - what is kept of a key; of one that is new, what is to be
 * @directory: open, or NULL if there is none
 * @key: a once key
 * @entry: gets its numbers, which may be used unless they are NUMBERS_BROKEN
 *
 * A key of our own making has numbers from the first moment on: if there are none
 * they are lost, and what was used nobody knows.
 */
enum numbers_found arm_recall(const struct numbers_dir *directory, struct config_key *key,
			      struct numbers_entry *entry)
{
	enum numbers_found found = NUMBERS_NONE;

	errno = 0;
	if (!arm_entry(entry, key))
		return NUMBERS_BROKEN;
	if (directory)
		found = numbers_read(directory, entry);
	if (found == NUMBERS_NONE && key->generated) {
		errno = ENOENT;
		return NUMBERS_BROKEN;
	}
	if (found == NUMBERS_NONE)
		entry->numbers = numbers_of_new(key->series.depth);
	return found;
}

/**
 * arm_further() - have as many numbers of a key be good as may be
 * @netlink: to the module, which has the key
 * @directory: open
 * @door: its door's name
 * @key: a once key; key->number is what was used at least, and key->handed what was
 *	handed out if nothing else says so
 * @why: a sentence, on failure
 *
 * Return: true, and key->armed is how far; false if nothing was changed but the disk.
 */
bool arm_further(struct netlink *netlink, const struct numbers_dir *directory, const char *door,
		 struct config_key *key, char why[ARM_WHY_SIZE])
{
	struct numbers_entry entry;

	if (!arm_entry(&entry, key) || numbers_read(directory, &entry) != NUMBERS_GOOD)
		entry.numbers = (struct numbers){ .handed = key->handed, .mark = key->armed };
	do {
		numbers_advance(&entry.numbers, key->number);
		if (entry.numbers.mark < key->armed)
			entry.numbers.mark = key->armed;
		if (!numbers_write(directory, &entry, 1, why) ||
		    request_arm_key(netlink, door, key,
				    numbers_reach(&entry.numbers, key->number), why))
			return false;
		/* Knocks go on: as many as were used meanwhile were too few. */
	} while (key->armed < numbers_reach(&entry.numbers, key->number));
	return true;
}
