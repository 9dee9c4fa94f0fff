/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The one hash table over nodes allocated ahead, used for grants and for used
 * knocks. Readers take RCU only; it grows while they read.
 */
#ifndef _KNOCK_NODE_TABLE_H
#define _KNOCK_NODE_TABLE_H

#include <linux/rculist.h>
#include <linux/siphash.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "pool.h"

/* Locks of a table. No table has fewer buckets, so each bucket, before and
 * after the table has grown, is guarded by one of them.
 */
#define KNOCK_STRIPES 64

/* More nodes than this only make the chains longer. */
#define KNOCK_BUCKETS_MAX 16777216

/**
 * struct knock_buckets - the chains of a table
 * @rcu: to free it
 * @mask: number of chains, less one
 * @generation: tells these chains from those before and behind; never 0
 * @side: which link of a node they are chained by
 * @heads: the chains
 */
struct knock_buckets {
	struct rcu_head rcu;
	u32 mask;
	u16 generation;
	u16 side;
	struct hlist_head heads[];
};

/**
 * struct knock_view - what readers and writers see of a table at one moment
 * @rcu: to free it
 * @now: where readers look
 * @next: where writers write too while the table grows, else NULL
 */
struct knock_view {
	struct rcu_head rcu;
	struct knock_buckets *now;
	struct knock_buckets *next;
};

/**
 * struct knock_table - nodes found by a hash
 * @view: replaced whole; written under the namespace's mutex
 * @stripes: each guards the chains whose index has its number in the low bits;
 *	taken in softirq, inside a key's lock, outside a pool's and the ring's
 * @secret: what hashes are keyed with, so that nobody can choose a chain
 * @used: nodes in the table
 * @capacity: nodes it is meant for; under the namespace's mutex
 */
struct knock_table {
	struct knock_view __rcu *view;
	spinlock_t stripes[KNOCK_STRIPES]; /* chains */
	siphash_key_t secret;
	atomic_t used;
	u64 capacity;
};

int knock_table_init(struct knock_table *table, struct lock_class_key *class);
void knock_table_exit(struct knock_table *table);
int knock_table_grow(struct knock_table *table, u32 count);
void knock_table_shrink(struct knock_table *table, u32 count);
void knock_table_lock(struct knock_table *table, u64 hash);
void knock_table_unlock(struct knock_table *table, u64 hash);
void knock_table_add_locked(struct knock_table *table, struct knock_node *node);
void knock_table_del_locked(struct knock_table *table, struct knock_node *node);

/**
 * knock_table_has_locked - whether a node is in the table
 * @node: the node
 * @hash: the node's, as far as the caller knows
 *
 * A node that is found by its place in the pool may be on its way in with another
 * hash and under another stripe. That it is linked is read first, so that what is
 * read next is at least as new.
 *
 * Context: the stripe of @hash is locked.
 * Return: true if it is, with this hash; then it stays until the stripe is unlocked.
 */
static inline bool knock_table_has_locked(const struct knock_node *node, u64 hash)
{
	/* Pairs with the release in knock_buckets_link(). */
	if (!smp_load_acquire(&node->linked[0]) && !smp_load_acquire(&node->linked[1]))
		return false;
	return node->hash == hash;
}

/**
 * knock_table_buckets_rcu - the chains to read
 * @table: the table
 *
 * Context: RCU reader, or the stripe that guards the chain is locked.
 */
static inline struct knock_buckets *knock_table_buckets_rcu(struct knock_table *table)
{
	return rcu_dereference_check(table->view, rcu_read_lock_bh_held())->now;
}

static inline struct hlist_head *knock_buckets_chain(struct knock_buckets *buckets, u64 hash)
{
	return &buckets->heads[hash & buckets->mask];
}

/* Every entry of the chain of @hash; those of other hashes are in it too. An
 * entry is a struct with a struct knock_node named node.
 */
#define knock_chain_for_each_rcu(entry, buckets, hash)				\
	hlist_for_each_entry_rcu(entry, knock_buckets_chain(buckets, hash),	\
				 node.link[(buckets)->side], rcu_read_lock_bh_held())

#endif /* _KNOCK_NODE_TABLE_H */
