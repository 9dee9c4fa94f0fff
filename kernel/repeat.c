// SPDX-License-Identifier: GPL-2.0
#include <linux/build_bug.h>
#include <linux/spinlock.h>
#include <knock/sealed.h>

#include "key.h"
#include "path.h"
#include "repeat.h"
#include "series.h"
#include "tracker.h"

static u32 knock_repeats_of_series_locked(const struct knock_key *key, u64 now,
					  struct knock_repeat repeats[KNOCK_REPEATS])
{
	u32 ticks = knock_ticks(now), count = 0;
	struct knock_head *head;

	BUILD_BUG_ON(KNOCK_OLD_SEQUENCES > KNOCK_REPEATS);
	lockdep_assert_held(&key->lock);
	list_for_each_entry(head, &key->series->olds, list) {
		if (count == KNOCK_OLD_SEQUENCES || !knock_head_is_old(head, ticks))
			continue;
		repeats[count++] = (struct knock_repeat){
			.address = head->address,
			.slot = head->slot,
			.number = head->number,
			.used = now - ((u64)(ticks - head->used) << KNOCK_TICK_SHIFT),
		};
	}
	return count;
}

static u32 knock_repeats_of_history_locked(const struct knock_key *key,
					   struct knock_repeat repeats[KNOCK_REPEATS])
{
	u32 i, nsec;

	lockdep_assert_held(&key->lock);
	for (i = 0; i < key->history->count; i++) {
		const struct knock_taken *taken = &key->history->taken[i];

		repeats[i] = (struct knock_repeat){
			.address = taken->address,
			.used = taken->used,
		};
		/* What was taken has a time that is one. */
		knock_tai64n_get(taken->tai64n, &repeats[i].number, &nsec);
	}
	return i;
}

/**
 * knock_repeats - what a key itself remembers of its old knocks
 * @key: of any type; those of a tumbler are in the old table
 * @now: boot time in ns
 * @repeats: filled in; sequences the oldest first, sealed knocks in no order
 *
 * Context: RCU reader.
 * Return: how many.
 */
u32 knock_repeats(struct knock_key *key, u64 now, struct knock_repeat repeats[KNOCK_REPEATS])
{
	u32 count = 0;

	spin_lock_bh(&key->lock);
	if (key->series)
		count = knock_repeats_of_series_locked(key, now, repeats);
	else if (key->history)
		count = knock_repeats_of_history_locked(key, repeats);
	spin_unlock_bh(&key->lock);
	return count;
}
