/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Used knocks, kept as long as they could be taken for good ones.
 */
#ifndef _KNOCK_OLD_H
#define _KNOCK_OLD_H

#include <knock/address.h>
#include <knock/tumbler.h>

#include "node_table.h"

struct knock_key;

/* A copy that comes this soon, from the address that used it, is a duplicate. */
#define KNOCK_DUPLICATE_NS	(5LL * NSEC_PER_SEC)

/**
 * struct knock_old - one used knock
 * @node: in the table, by @digest
 * @digest: what was proved, whatever the spelling of its packet
 * @address: who used it
 * @key: which key made it; RCU
 * @used: boot time in ns
 * @minute: since the epoch, that it was made for
 */
struct knock_old {
	struct knock_node node;
	u8 digest[KNOCK_TUMBLER_DIGEST_SIZE];
	struct knock_address address;
	struct knock_key *key;
	u64 used;
	u32 minute;
};

/**
 * struct knock_olds - the used knocks of a namespace
 * @table: all of them
 */
struct knock_olds {
	struct knock_table table;
};

/**
 * struct knock_used - what may be told of a used knock
 * @address: who used it
 * @key: which key made it; RCU
 * @used: boot time in ns
 * @minute: since the epoch, that it was made for
 */
struct knock_used {
	struct knock_address address;
	const struct knock_key *key;
	u64 used;
	u32 minute;
};

int knock_olds_init(struct knock_olds *olds);
u64 knock_olds_hash(struct knock_olds *olds, const u8 digest[KNOCK_TUMBLER_DIGEST_SIZE]);
struct knock_old *knock_old_find_rcu(struct knock_olds *olds, u64 hash,
				     const u8 digest[KNOCK_TUMBLER_DIGEST_SIZE]);
bool knock_old_add(struct knock_olds *olds, struct knock_old *old);
void knock_old_del_locked(struct knock_olds *olds, struct knock_old *old);
bool knock_old_read(struct knock_olds *olds, const struct knock_old *old, struct knock_used *used);
bool knock_old_is_duplicate(const struct knock_old *old, const struct knock_address *address,
			    u64 now);

#endif /* _KNOCK_OLD_H */
