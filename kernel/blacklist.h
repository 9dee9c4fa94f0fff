/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Addresses that are banned, and in a list of their own those that are blocked.
 */
#ifndef _KNOCK_BLACKLIST_H
#define _KNOCK_BLACKLIST_H

#include <linux/atomic.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <knock/address.h>

#include "node_table.h"

#define KNOCK_BLACKLIST_MAX	4096

/* What stays on the list until somebody lifts it. */
#define KNOCK_LISTED_FOREVER	S64_MAX

/**
 * struct knock_listed - one address on a list
 * @node: in the table, by @address
 * @order: in the list's order
 * @address: whose packets it is about
 * @since: unix seconds
 * @until: boot time in ns, live before it; 0 once it is off the list
 */
struct knock_listed {
	struct knock_node node;
	struct list_head order;
	struct knock_address address;
	u64 since;
	atomic64_t until;
};

/**
 * struct knock_blacklist - the bans of a namespace, or its blocks
 * @table: every address, also those whose time is over
 * @pool: nodes for them
 * @lock: guards @order; whoever changes anything holds it. Taken in softirq, inside
 *	a key's lock, outside the stripes of @table
 * @order: the oldest first
 * @earliest: no address goes off before this boot time in ns
 */
struct knock_blacklist {
	struct knock_table table;
	struct knock_pool *pool;
	spinlock_t lock; /* @order, and who writes */
	struct list_head order;
	atomic64_t earliest;
};

struct knock_blacklist *knock_blacklist_create(u32 count);
int knock_blacklist_extend(struct knock_blacklist *list, u32 count);
void knock_blacklist_destroy(struct knock_blacklist *list);
void knock_blacklist_lock(struct knock_blacklist *list);
void knock_blacklist_unlock(struct knock_blacklist *list);
struct knock_listed *knock_listed_find_rcu(struct knock_blacklist *list,
					   const struct knock_address *address);
struct knock_listed *knock_listed_oldest_locked(struct knock_blacklist *list);
bool knock_listed_add_locked(struct knock_blacklist *list, const struct knock_address *address,
			     u64 since, u64 until);
void knock_listed_extend_locked(struct knock_blacklist *list, struct knock_listed *listed,
				u64 until);
void knock_listed_del_locked(struct knock_blacklist *list, struct knock_listed *listed);
struct knock_listed *knock_listed_at(struct knock_blacklist *list, u32 index);
void knock_blacklist_reap(struct knock_blacklist *list, u64 now);
u32 knock_blacklist_count(struct knock_blacklist *list, u64 now);

/**
 * knock_listed_until - when an address goes off the list
 * @listed: the address
 *
 * Return: boot time in ns; 0 if it is off.
 */
static inline u64 knock_listed_until(const struct knock_listed *listed)
{
	return atomic64_read_acquire(&listed->until);
}

/**
 * knock_listed_is_live - whether an address is still on the list
 * @listed: the address
 * @now: boot time in ns
 */
static inline bool knock_listed_is_live(const struct knock_listed *listed, u64 now)
{
	return now < knock_listed_until(listed);
}

/**
 * knock_blacklist_is_empty - whether there is nothing to look for
 * @list: the list; NULL, too, is empty
 */
static inline bool knock_blacklist_is_empty(const struct knock_blacklist *list)
{
	return !list || !atomic_read(&list->table.used);
}

/**
 * knock_blacklist_ends - whether an address goes off by itself some time
 * @list: the list; NULL is empty
 */
static inline bool knock_blacklist_ends(const struct knock_blacklist *list)
{
	return list && atomic64_read(&list->earliest) != KNOCK_LISTED_FOREVER;
}

#endif /* _KNOCK_BLACKLIST_H */
