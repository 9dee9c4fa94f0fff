// SPDX-License-Identifier: GPL-2.0
/*
 * A pool belongs to a door: one for its grants, one for its used knocks. Its
 * nodes are whole arrays, so that a listing can walk them by index and shows
 * exactly once what stays where it is.
 */
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "pool.h"

/**
 * struct knock_cell - a node with what only its pool needs
 * @rcu: on the way back to @pool
 * @pool: where it comes from; never changes
 * @node: the first of what the pool's owner has in it
 */
struct knock_cell {
	struct rcu_head rcu;
	struct knock_pool *pool;
	struct knock_node node __aligned(8);
};

/**
 * struct knock_chunk - nodes allocated at once
 * @list: in the pool's chunks
 * @first: index of the first node within the pool
 * @count: how many nodes
 * @cells: @count times the pool's cell size
 */
struct knock_chunk {
	struct list_head list;
	u32 first;
	u32 count;
	u8 cells[] __aligned(8);
};

/**
 * struct knock_pool - nodes of one size
 * @lock: guards @spare; taken in softirq, inside every other lock but the ring's
 * @spare: nodes nobody uses
 * @chunks: written under the namespace's mutex, read under RCU, only grows
 * @size: nodes in all chunks, written as @chunks
 * @cell_size: of each with its struct knock_cell, in bytes
 * @refs: the owner's, and one for each node that is out
 */
struct knock_pool {
	spinlock_t lock; /* @spare */
	struct hlist_head spare;
	struct list_head chunks;
	u32 size;
	size_t cell_size;
	refcount_t refs;
};

/**
 * knock_pool_create - a pool without nodes
 * @node_size: bytes of each node; it begins with a struct knock_node
 *
 * Context: process, may sleep.
 * Return: the pool, owned by the caller, or NULL for want of memory.
 */
struct knock_pool *knock_pool_create(size_t node_size)
{
	struct knock_pool *pool = kzalloc(sizeof(*pool), KNOCK_GFP);

	if (!pool)
		return NULL;
	spin_lock_init(&pool->lock);
	INIT_LIST_HEAD(&pool->chunks);
	pool->cell_size = offsetof(struct knock_cell, node) + ALIGN(node_size, 8);
	refcount_set(&pool->refs, 1);
	return pool;
}

static struct knock_cell *knock_cell(struct knock_node *node)
{
	return container_of(node, struct knock_cell, node);
}

static struct knock_cell *knock_chunk_cell(const struct knock_pool *pool,
					   struct knock_chunk *chunk, u32 i)
{
	return (struct knock_cell *)(chunk->cells + i * pool->cell_size);
}

/**
 * knock_pool_extend - allocate more nodes
 * @pool: the pool
 * @count: how many more
 *
 * Context: process, may sleep; the namespace's mutex is held.
 * Return: 0, or -ENOMEM and nothing has changed.
 */
int knock_pool_extend(struct knock_pool *pool, u32 count)
{
	struct knock_chunk *chunk;
	struct knock_cell *cell;
	u32 i;

	chunk = kvzalloc(size_add(sizeof(*chunk), size_mul(count, pool->cell_size)), KNOCK_GFP);
	if (!chunk)
		return -ENOMEM;
	chunk->first = pool->size;
	chunk->count = count;
	for (i = 0; i < count; i++) {
		cell = knock_chunk_cell(pool, chunk, i);
		cell->pool = pool;
		spin_lock_bh(&pool->lock);
		hlist_add_head(&cell->node.link[0], &pool->spare);
		spin_unlock_bh(&pool->lock);
		cond_resched();
	}
	list_add_tail_rcu(&chunk->list, &pool->chunks);
	WRITE_ONCE(pool->size, pool->size + count);
	return 0;
}

/**
 * knock_pool_size - how many nodes the pool has, used or not
 * @pool: the pool
 */
u32 knock_pool_size(const struct knock_pool *pool)
{
	return READ_ONCE(pool->size);
}

/**
 * knock_pool_at - a node by its index
 * @pool: the pool
 * @index: from 0
 *
 * Context: RCU reader, or the namespace's mutex is held.
 * Return: the node, in use or spare, or NULL past the end.
 */
struct knock_node *knock_pool_at(struct knock_pool *pool, u32 index)
{
	struct knock_chunk *chunk;

	list_for_each_entry_rcu(chunk, &pool->chunks, list, true) {
		if (index - chunk->first < chunk->count)
			return &knock_chunk_cell(pool, chunk, index - chunk->first)->node;
	}
	return NULL;
}

/**
 * knock_pool_take - a spare node
 * @pool: the pool
 *
 * Context: any, softirq included; allocates nothing.
 * Return: a node that no reader can see, or NULL if all are in use.
 */
struct knock_node *knock_pool_take(struct knock_pool *pool)
{
	struct knock_node *node = NULL;

	spin_lock_bh(&pool->lock);
	if (!hlist_empty(&pool->spare)) {
		node = hlist_entry(pool->spare.first, struct knock_node, link[0]);
		hlist_del(&node->link[0]);
		node->linked[0] = 0;
		node->linked[1] = 0;
		refcount_inc(&pool->refs);
	}
	spin_unlock_bh(&pool->lock);
	return node;
}

/**
 * knock_pool_return - give back a node that was never in a table
 * @node: of knock_pool_take()
 *
 * Context: any, softirq included.
 */
void knock_pool_return(struct knock_node *node)
{
	struct knock_pool *pool = knock_cell(node)->pool;

	spin_lock_bh(&pool->lock);
	hlist_add_head(&node->link[0], &pool->spare);
	spin_unlock_bh(&pool->lock);
	knock_pool_put(pool);
}

static void knock_pool_retired(struct rcu_head *rcu)
{
	knock_pool_return(&container_of(rcu, struct knock_cell, rcu)->node);
}

/**
 * knock_pool_retire - give back a node when its last reader has left
 * @node: just taken out of its table
 *
 * Context: any, softirq included.
 */
void knock_pool_retire(struct knock_node *node)
{
	call_rcu(&knock_cell(node)->rcu, knock_pool_retired);
}

/**
 * knock_pool_put - drop a reference; the last one frees all nodes
 * @pool: the pool; its owner's reference once no reader can find a node of it
 *
 * Context: any, softirq included.
 */
void knock_pool_put(struct knock_pool *pool)
{
	struct knock_chunk *chunk, *next;

	if (!refcount_dec_and_test(&pool->refs))
		return;
	list_for_each_entry_safe(chunk, next, &pool->chunks, list)
		kvfree(chunk);
	kfree(pool);
}
