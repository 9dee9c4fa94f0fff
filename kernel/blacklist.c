// SPDX-License-Identifier: GPL-2.0
/*
 * An address is put on a list by a packet, so its node was allocated before, and the
 * oldest gives way in one step. Readers go by the table; what is beside it, the
 * order, is for writers, of whom there is one at a time.
 */
#include <linux/sched.h>
#include <linux/slab.h>

#include "blacklist.h"

static struct lock_class_key knock_blacklist_class;

/**
 * knock_blacklist_create - an empty list
 * @count: addresses that it has room for
 *
 * Context: process, may sleep.
 * Return: the list, or NULL for want of memory.
 */
struct knock_blacklist *knock_blacklist_create(u32 count)
{
	struct knock_blacklist *list = kzalloc(sizeof(*list), KNOCK_GFP);

	if (!list)
		return NULL;
	spin_lock_init(&list->lock);
	INIT_LIST_HEAD(&list->order);
	atomic64_set(&list->earliest, KNOCK_LISTED_FOREVER);
	list->pool = knock_pool_create(sizeof(struct knock_listed));
	if (!list->pool || knock_table_init(&list->table, &knock_blacklist_class) ||
	    knock_blacklist_extend(list, count)) {
		knock_blacklist_destroy(list);
		return NULL;
	}
	return list;
}

/**
 * knock_blacklist_extend - room for more addresses
 * @list: the list
 * @count: how many more
 *
 * Context: process, may sleep; the namespace's mutex is held, or nobody knows of
 * @list yet.
 * Return: 0, or -ENOMEM and nothing has changed.
 */
int knock_blacklist_extend(struct knock_blacklist *list, u32 count)
{
	int err;

	err = knock_table_grow(&list->table, count);
	if (err)
		return err;
	err = knock_pool_extend(list->pool, count);
	if (err)
		knock_table_shrink(&list->table, count);
	return err;
}

/**
 * knock_blacklist_destroy - free a list, with all that is on it
 * @list: nobody reads or writes it any more; NULL is fine too
 *
 * Context: process.
 */
void knock_blacklist_destroy(struct knock_blacklist *list)
{
	struct knock_listed *listed, *next;

	if (!list)
		return;
	knock_blacklist_lock(list);
	list_for_each_entry_safe(listed, next, &list->order, order)
		knock_listed_del_locked(list, listed);
	knock_blacklist_unlock(list);
	knock_table_exit(&list->table);
	if (list->pool)
		knock_pool_put(list->pool);
	kfree(list);
}

/**
 * knock_blacklist_lock - lock a list against other writers
 * @list: the list
 *
 * Context: any, softirq included.
 */
void knock_blacklist_lock(struct knock_blacklist *list)
	__acquires(&list->lock)
{
	spin_lock_bh(&list->lock);
}

/**
 * knock_blacklist_unlock - unlock it
 * @list: the list
 */
void knock_blacklist_unlock(struct knock_blacklist *list)
	__releases(&list->lock)
{
	spin_unlock_bh(&list->lock);
}

static u64 knock_listed_hash(struct knock_blacklist *list, const struct knock_address *address)
{
	return siphash(address, sizeof(*address), &list->table.secret);
}

/**
 * knock_listed_find_rcu - an address on a list
 * @list: the list
 * @address: the address
 *
 * Context: RCU reader, or the list is locked.
 * Return: the address, whose time may be over, or NULL.
 */
struct knock_listed *knock_listed_find_rcu(struct knock_blacklist *list,
					   const struct knock_address *address)
{
	struct knock_buckets *buckets = knock_table_buckets_rcu(&list->table);
	struct knock_listed *listed;

	knock_chain_for_each_rcu(listed, buckets, knock_listed_hash(list, address)) {
		if (knock_address_equal(&listed->address, address))
			return listed;
	}
	return NULL;
}

/**
 * knock_listed_oldest_locked - who would have to give way
 * @list: the list, locked
 *
 * Return: the address that is on the list for longest, or NULL.
 */
struct knock_listed *knock_listed_oldest_locked(struct knock_blacklist *list)
{
	lockdep_assert_held(&list->lock);
	return list_first_entry_or_null(&list->order, struct knock_listed, order);
}

/* Remember when the first address goes off. */
static void knock_blacklist_note(struct knock_blacklist *list, u64 until)
{
	s64 earliest = atomic64_read(&list->earliest);

	while ((s64)until < earliest) {
		if (atomic64_try_cmpxchg(&list->earliest, &earliest, until))
			break;
	}
}

/**
 * knock_listed_add_locked - put an address on a list
 * @list: the list, locked
 * @address: not on it
 * @since: unix seconds
 * @until: boot time in ns
 *
 * Context: any, softirq included; allocates nothing.
 * Return: false if there is no room.
 */
bool knock_listed_add_locked(struct knock_blacklist *list, const struct knock_address *address,
			     u64 since, u64 until)
{
	struct knock_node *node = knock_pool_take(list->pool);
	struct knock_listed *listed;

	lockdep_assert_held(&list->lock);
	if (!node)
		return false;
	node->hash = knock_listed_hash(list, address);
	listed = container_of(node, struct knock_listed, node);
	listed->address = *address;
	listed->since = since;
	/* A listing finds it by its place, not through the table. */
	atomic64_set_release(&listed->until, until);
	knock_table_lock(&list->table, node->hash);
	knock_table_add_locked(&list->table, node);
	knock_table_unlock(&list->table, node->hash);
	list_add_tail(&listed->order, &list->order);
	knock_blacklist_note(list, until);
	return true;
}

/**
 * knock_listed_extend_locked - leave an address on the list until the later of two ends
 * @list: the list, locked
 * @listed: on it
 * @until: boot time in ns
 *
 * Context: any, softirq included.
 */
void knock_listed_extend_locked(struct knock_blacklist *list, struct knock_listed *listed,
				u64 until)
{
	lockdep_assert_held(&list->lock);
	if (until > knock_listed_until(listed))
		atomic64_set(&listed->until, until);
}

/**
 * knock_listed_del_locked - take an address off a list
 * @list: the list, locked
 * @listed: on it; given back when its readers have left
 *
 * Context: any, softirq included.
 */
void knock_listed_del_locked(struct knock_blacklist *list, struct knock_listed *listed)
{
	struct knock_node *node = &listed->node;

	lockdep_assert_held(&list->lock);
	atomic64_set(&listed->until, 0);
	list_del(&listed->order);
	knock_table_lock(&list->table, node->hash);
	knock_table_del_locked(&list->table, node);
	knock_table_unlock(&list->table, node->hash);
	knock_pool_retire(node);
}

/**
 * knock_listed_at - an address by its place
 * @list: the list
 * @index: from 0; an address keeps its place while it is on the list
 *
 * Context: RCU reader, or the namespace's mutex is held.
 * Return: a place, which may be empty (its until is 0), or NULL past the end.
 */
struct knock_listed *knock_listed_at(struct knock_blacklist *list, u32 index)
{
	struct knock_node *node = knock_pool_at(list->pool, index);

	return node ? container_of(node, struct knock_listed, node) : NULL;
}

/* The place may have been emptied, and taken again, since it was looked at. */
static void knock_listed_expire(struct knock_blacklist *list, struct knock_listed *listed, u64 now)
{
	knock_blacklist_lock(list);
	if (knock_listed_until(listed) && !knock_listed_is_live(listed, now))
		knock_listed_del_locked(list, listed);
	knock_blacklist_unlock(list);
}

/**
 * knock_blacklist_reap - take those off a list whose time is over
 * @list: the list; NULL is empty
 * @now: boot time in ns
 *
 * A pass over all places, but only if somebody's time can be over; packets wait for
 * one address at most.
 *
 * Context: process, may sleep.
 */
void knock_blacklist_reap(struct knock_blacklist *list, u64 now)
{
	u64 until, earliest = KNOCK_LISTED_FOREVER;
	struct knock_listed *listed;
	u32 i;

	if (!list || now < (u64)atomic64_read(&list->earliest))
		return;
	/* Who is put on from now on lowers it again. */
	atomic64_set(&list->earliest, KNOCK_LISTED_FOREVER);
	for (i = 0; i < knock_pool_size(list->pool); i++) {
		rcu_read_lock();
		listed = knock_listed_at(list, i);
		until = knock_listed_until(listed);
		if (until > now)
			earliest = min(earliest, until);
		else if (until)
			knock_listed_expire(list, listed, now);
		rcu_read_unlock();
		cond_resched();
	}
	knock_blacklist_note(list, earliest);
}

/**
 * knock_blacklist_count - how many addresses are on a list
 * @list: the list; NULL is empty
 * @now: boot time in ns
 *
 * Context: process; the namespace's mutex is held.
 */
u32 knock_blacklist_count(struct knock_blacklist *list, u64 now)
{
	u32 i, count = 0, size = list ? knock_pool_size(list->pool) : 0;

	for (i = 0; i < size; i++)
		count += knock_listed_is_live(knock_listed_at(list, i), now);
	return count;
}
