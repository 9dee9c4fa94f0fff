/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How much of a CPU strangers may spend on hashes.
 */
#ifndef _KNOCK_BUDGET_H
#define _KNOCK_BUDGET_H

#include <linux/types.h>

/**
 * enum knock_budget_kind - what hashes are computed for; each has buckets of its own
 * @KNOCK_BUDGET_TUMBLER: to try all keys with a digest
 * @KNOCK_BUDGET_TAILS: to know the tails of who has done a head
 * @KNOCK_BUDGET_KINDS: how many there are
 */
enum knock_budget_kind {
	KNOCK_BUDGET_TUMBLER,
	KNOCK_BUDGET_TAILS,
	KNOCK_BUDGET_KINDS,
};

void knock_budget_init(u32 hashes_per_sec);
u32 knock_budget_rate(void);
bool knock_budget_take(enum knock_budget_kind kind, u32 hashes);

#endif /* _KNOCK_BUDGET_H */
