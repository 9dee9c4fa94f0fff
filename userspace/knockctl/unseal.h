/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_UNSEAL_H
#define _KNOCKCTL_UNSEAL_H

#include <knock/sealed.h>

#include "diagnose.h"

/* Hints that a search may cost: a few seconds of one processor. */
#define UNSEAL_HINTS_MAX 2000000u

/**
 * struct letter - a sealed knock that was refused
 * @bytes: what the module remembers of it
 * @length: how much; less than KNOCK_SEALED_LEN cannot be opened
 * @time: when it came, in unix seconds
 */
struct letter {
	u8 bytes[KNOCK_SEALED_LEN];
	size_t length;
	u64 time;
};

/**
 * struct unsealed - how a sealed knock was made
 * @suspect: with which key; NULL if none was found, and then only @exhausted counts
 * @minute: of its hint
 * @opened: it could be read, and what follows is what it says
 * @plain: all of it
 * @made: its time, in unix seconds
 * @is_for: the door that it is for; NULL if no key's is called so
 * @exhausted: the search ended before everything was tried
 */
struct unsealed {
	const struct suspect *suspect;
	u32 minute;
	bool opened;
	struct knock_sealed_plain plain;
	u64 made;
	const char *is_for;
	bool exhausted;
};

/**
 * struct suspect_list - the keys to try
 * @suspects: they, in any order
 * @count: how many
 */
struct suspect_list {
	const struct suspect *suspects;
	size_t count;
};

bool unseal(const struct letter *letter, const struct suspect_list *list, u32 hints_max,
	    struct unsealed *unsealed);

#endif /* _KNOCKCTL_UNSEAL_H */
