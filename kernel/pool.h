/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Nodes allocated ahead. The packet path takes them and gives them back; it
 * never allocates.
 */
#ifndef _KNOCK_POOL_H
#define _KNOCK_POOL_H

#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct knock_pool;

/* How all memory that a configuration asks for is allocated: charged to who
 * asks, refused rather than anybody killed for it.
 */
#define KNOCK_GFP (GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

/**
 * struct knock_node - what everything in a table has in common
 * @link: in a chain of the table; two, so that a table can grow under readers
 * @linked: the generation of the buckets that each @link is in; 0 is none
 * @kind: of a node of paths: enum knock_path_kind
 * @steps: of a node of paths: how long the beginning is
 * @hash: of what it is looked up by; does not change while it is in a table
 */
struct knock_node {
	struct hlist_node link[2];
	u16 linked[2];
	u8 kind;
	u8 steps;
	u64 hash;
};

struct knock_pool *knock_pool_create(size_t node_size);
int knock_pool_extend(struct knock_pool *pool, u32 count);
u32 knock_pool_size(const struct knock_pool *pool);
struct knock_node *knock_pool_at(struct knock_pool *pool, u32 index);
struct knock_node *knock_pool_take(struct knock_pool *pool);
void knock_pool_return(struct knock_node *node);
void knock_pool_retire(struct knock_node *node);
void knock_pool_put(struct knock_pool *pool);

#endif /* _KNOCK_POOL_H */
