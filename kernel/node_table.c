// SPDX-License-Identifier: GPL-2.0
/*
 * A table grows in three steps. A view with the new, empty chains beside the old
 * ones is published: from then on a writer that holds a stripe writes both. Then,
 * a stripe at a time, the nodes of each old chain are chained anew by their other
 * link. Then a view with the new chains alone is published. No packet waits for
 * more than one chain, and no reader misses a node that stays.
 *
 * A writer with the last view may take a node out of the new chains only, while a
 * reader with the view before still passes it in the old ones. That is harmless:
 * the node says itself that it is no longer valid, and it is not used again until
 * that reader has left.
 */
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "node_table.h"

static struct knock_buckets *knock_buckets_create(u32 count, u16 generation)
{
	struct knock_buckets *buckets;

	buckets = kvzalloc(struct_size(buckets, heads, count), KNOCK_GFP);
	if (!buckets)
		return NULL;
	buckets->mask = count - 1;
	buckets->generation = generation;
	buckets->side = generation & 1;
	return buckets;
}

static struct knock_view *knock_view_create(struct knock_buckets *now, struct knock_buckets *next)
{
	struct knock_view *view = kzalloc(sizeof(*view), KNOCK_GFP);

	if (!view)
		return NULL;
	view->now = now;
	view->next = next;
	return view;
}

/**
 * knock_table_init - make an empty table
 * @table: the table
 * @class: tells lockdep its stripes from those of other tables
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int knock_table_init(struct knock_table *table, struct lock_class_key *class)
{
	struct knock_buckets *buckets;
	struct knock_view *view;
	int i;

	buckets = knock_buckets_create(KNOCK_STRIPES, 1);
	view = knock_view_create(buckets, NULL);
	if (!buckets || !view) {
		kvfree(buckets);
		kfree(view);
		return -ENOMEM;
	}
	for (i = 0; i < KNOCK_STRIPES; i++) {
		spin_lock_init(&table->stripes[i]);
		lockdep_set_class(&table->stripes[i], class);
	}
	get_random_bytes(&table->secret, sizeof(table->secret));
	atomic_set(&table->used, 0);
	table->capacity = 0;
	rcu_assign_pointer(table->view, view);
	return 0;
}

/**
 * knock_table_exit - free an empty table
 * @table: nobody reads or writes it any more; all zero is fine too
 */
void knock_table_exit(struct knock_table *table)
{
	struct knock_view *view = rcu_dereference_protected(table->view, true);

	if (!view)
		return;
	kvfree(view->now);
	kfree(view);
	RCU_INIT_POINTER(table->view, NULL);
}

static void knock_buckets_link(struct knock_buckets *buckets, struct knock_node *node)
{
	if (node->linked[buckets->side] == buckets->generation)
		return;
	/* All that the node says is set; see knock_table_has_locked(). */
	smp_store_release(&node->linked[buckets->side], buckets->generation);
	hlist_add_head_rcu(&node->link[buckets->side], knock_buckets_chain(buckets, node->hash));
}

static void knock_buckets_unlink(struct knock_buckets *buckets, struct knock_node *node)
{
	if (node->linked[buckets->side] != buckets->generation)
		return;
	hlist_del_rcu(&node->link[buckets->side]);
}

/* Chain every node of @now in @next as well. */
static void knock_table_copy(struct knock_table *table, struct knock_buckets *now,
			     struct knock_buckets *next)
{
	struct knock_node *node;
	u32 i;

	for (i = 0; i <= now->mask; i++) {
		knock_table_lock(table, i);
		hlist_for_each_entry(node, &now->heads[i], link[now->side])
			knock_buckets_link(next, node);
		knock_table_unlock(table, i);
		cond_resched();
	}
}

static void knock_table_publish(struct knock_table *table, struct knock_view *view,
				struct knock_view *old)
{
	rcu_assign_pointer(table->view, view);
	kfree_rcu(old, rcu);
}

static int knock_table_resize(struct knock_table *table, u32 count)
{
	struct knock_view *old = rcu_dereference_protected(table->view, true);
	struct knock_buckets *now = old->now, *next;
	struct knock_view *both, *last;

	/* When all were there, on with one of the other side. */
	next = knock_buckets_create(count, now->generation == U16_MAX ? 2 : now->generation + 1);
	both = knock_view_create(now, next);
	last = knock_view_create(next, NULL);
	if (!next || !both || !last) {
		kvfree(next);
		kfree(both);
		kfree(last);
		return -ENOMEM;
	}
	knock_table_publish(table, both, old);
	knock_table_copy(table, now, next);
	knock_table_publish(table, last, both);
	/* The links of the old chains may be written again only when their
	 * readers have left.
	 */
	synchronize_rcu();
	kvfree(now);
	return 0;
}

/**
 * knock_table_grow - make room for more nodes
 * @table: the table
 * @count: how many more
 *
 * Context: process, may sleep; the namespace's mutex is held. Packets go on.
 * Return: 0, or -ENOMEM and nothing has changed.
 */
int knock_table_grow(struct knock_table *table, u32 count)
{
	struct knock_view *view = rcu_dereference_protected(table->view, true);
	u32 have = view->now->mask + 1, want;
	int err = 0;

	want = min_t(u64, table->capacity + count, KNOCK_BUCKETS_MAX);
	if (want > have)
		err = knock_table_resize(table, roundup_pow_of_two(want));
	if (!err)
		table->capacity += count;
	return err;
}

/**
 * knock_table_shrink - say that nodes are no longer to come
 * @table: the table; its chains stay, so growing again costs nothing
 * @count: how many
 *
 * Context: process; the namespace's mutex is held.
 */
void knock_table_shrink(struct knock_table *table, u32 count)
{
	table->capacity -= count;
}

static spinlock_t *knock_table_stripe(struct knock_table *table, u64 hash)
{
	return &table->stripes[hash & (KNOCK_STRIPES - 1)];
}

/**
 * knock_table_lock - lock the chain of a hash against other writers
 * @table: the table
 * @hash: the hash
 */
void knock_table_lock(struct knock_table *table, u64 hash)
	__acquires(knock_table_stripe(table, hash))
{
	spin_lock_bh(knock_table_stripe(table, hash));
}

/**
 * knock_table_unlock - unlock it
 * @table: the table
 * @hash: the hash
 */
void knock_table_unlock(struct knock_table *table, u64 hash)
	__releases(knock_table_stripe(table, hash))
{
	spin_unlock_bh(knock_table_stripe(table, hash));
}

static struct knock_view *knock_table_view_locked(struct knock_table *table, u64 hash)
{
	return rcu_dereference_protected(table->view,
					 lockdep_is_held(knock_table_stripe(table, hash)));
}

/**
 * knock_table_add_locked - add a node
 * @table: the table
 * @node: of a pool, with its hash set
 *
 * Context: any; the stripe of the node's hash is locked.
 */
void knock_table_add_locked(struct knock_table *table, struct knock_node *node)
{
	struct knock_view *view = knock_table_view_locked(table, node->hash);

	knock_buckets_link(view->now, node);
	if (view->next)
		knock_buckets_link(view->next, node);
	atomic_inc(&table->used);
}

/**
 * knock_table_del_locked - take a node out
 * @table: the table
 * @node: in the table; must be retired to its pool afterwards
 *
 * Context: any; the stripe of the node's hash is locked.
 */
void knock_table_del_locked(struct knock_table *table, struct knock_node *node)
{
	struct knock_view *view = knock_table_view_locked(table, node->hash);

	knock_buckets_unlink(view->now, node);
	if (view->next)
		knock_buckets_unlink(view->next, node);
	node->linked[0] = 0;
	node->linked[1] = 0;
	atomic_dec(&table->used);
}
