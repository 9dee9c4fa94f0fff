// SPDX-License-Identifier: GPL-2.0
#include <crypto/algapi.h>

#include "old.h"

static struct lock_class_key knock_olds_class;

/**
 * knock_olds_init - make a namespace's table of used knocks
 * @olds: the table
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int knock_olds_init(struct knock_olds *olds)
{
	return knock_table_init(&olds->table, &knock_olds_class);
}

/**
 * knock_olds_hash - where a digest is
 * @olds: the table
 * @digest: the digest
 */
u64 knock_olds_hash(struct knock_olds *olds, const u8 digest[KNOCK_TUMBLER_DIGEST_SIZE])
{
	return siphash(digest, KNOCK_TUMBLER_DIGEST_SIZE, &olds->table.secret);
}

/**
 * knock_old_find_rcu - a used knock by its digest
 * @olds: the table
 * @hash: of the digest
 * @digest: the digest
 *
 * Context: RCU reader, or the stripe of @hash is locked.
 * Return: the used knock or NULL.
 */
struct knock_old *knock_old_find_rcu(struct knock_olds *olds, u64 hash,
				     const u8 digest[KNOCK_TUMBLER_DIGEST_SIZE])
{
	struct knock_buckets *buckets = knock_table_buckets_rcu(&olds->table);
	struct knock_old *old;

	knock_chain_for_each_rcu(old, buckets, hash) {
		if (!crypto_memneq(old->digest, digest, sizeof(old->digest)))
			return old;
	}
	return NULL;
}

/**
 * knock_old_add - remember a knock as used
 * @olds: the table
 * @old: filled in, its hash too
 *
 * Of several copies that arrive at once on several CPUs, one is told true.
 *
 * Context: any, softirq included; takes the stripe of its hash.
 * Return: false if it is there already; @old is then still the caller's.
 */
bool knock_old_add(struct knock_olds *olds, struct knock_old *old)
{
	u64 hash = old->node.hash;
	bool added;

	knock_table_lock(&olds->table, hash);
	added = !knock_old_find_rcu(olds, hash, old->digest);
	if (added)
		knock_table_add_locked(&olds->table, &old->node);
	knock_table_unlock(&olds->table, hash);
	return added;
}

/**
 * knock_old_del_locked - forget a used knock
 * @olds: the table
 * @old: in it; given back to its pool when its readers have left
 *
 * Context: any; the stripe of its hash is locked.
 */
void knock_old_del_locked(struct knock_olds *olds, struct knock_old *old)
{
	knock_table_del_locked(&olds->table, &old->node);
	knock_pool_retire(&old->node);
}

/**
 * knock_old_read - read a used knock that was found by its place in the pool
 * @olds: the table
 * @old: it may be spare, or on its way in or out
 * @used: filled in
 *
 * Context: RCU reader; takes the stripe of its hash.
 * Return: false if it is not in the table.
 */
bool knock_old_read(struct knock_olds *olds, const struct knock_old *old, struct knock_used *used)
{
	u64 hash = READ_ONCE(old->node.hash);
	bool there;

	/* Never used, as most are. */
	if (!READ_ONCE(old->key))
		return false;
	knock_table_lock(&olds->table, hash);
	there = knock_table_has_locked(&old->node, hash);
	if (there) {
		used->address = old->address;
		used->key = old->key;
		used->used = old->used;
		used->minute = old->minute;
	}
	knock_table_unlock(&olds->table, hash);
	return there;
}

/**
 * knock_old_is_duplicate - whether a copy is the network's or the client's own
 * @old: the used knock
 * @address: the copy's source
 * @now: boot time in ns
 *
 * Return: true for a duplicate, false for a replay.
 */
bool knock_old_is_duplicate(const struct knock_old *old, const struct knock_address *address,
			    u64 now)
{
	/* Negative if another CPU used it after the copy's time was taken. */
	s64 passed = now - old->used;

	return passed < KNOCK_DUPLICATE_NS && knock_address_equal(&old->address, address);
}
