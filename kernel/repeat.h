/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Old knocks that their key itself remembers, as they may be told.
 */
#ifndef _KNOCK_REPEAT_H
#define _KNOCK_REPEAT_H

#include <knock/address.h>
#include <knock/history.h>

struct knock_key;

/* Of one key: times of a sealed one, fewer sequences. */
#define KNOCK_REPEATS	KNOCK_HISTORY_MAX

/**
 * struct knock_repeat - an old knock
 * @address: who used it
 * @slot: of a derived sequence
 * @number: of a sequence, its counter, or of a sealed knock the unix seconds it was made
 * @used: boot time in ns, for sequences as exact as a tick
 */
struct knock_repeat {
	struct knock_address address;
	u64 slot;
	u64 number;
	u64 used;
};

u32 knock_repeats(struct knock_key *key, u64 now, struct knock_repeat repeats[KNOCK_REPEATS]);

#endif /* _KNOCK_REPEAT_H */
