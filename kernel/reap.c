// SPDX-License-Identifier: GPL-2.0
/*
 * Passes over tables a chain at a time, so that no packet waits for a pass. A pass
 * over the grants is made only when one of them can have ended.
 *
 * A table that grows meanwhile is no harm: a node of a chain not yet visited is
 * found later in the new chains, never in one with a lower number.
 */
#include <linux/math64.h>
#include <linux/sched.h>

#include "access.h"
#include "key.h"
#include "reap.h"

/* A second, so that an end is reported within two. */
#define KNOCK_REAP_PERIOD HZ
/* Keys that are looked at before others may run. */
#define KNOCK_REAP_KEYS 256

static u64 knock_reap_grant_chain(struct knock_tables *tables, struct knock_buckets *buckets,
				  u32 chain, struct knock_time now)
{
	struct knock_grant *grant;
	u64 earliest = S64_MAX;

	knock_chain_for_each_rcu(grant, buckets, chain) {
		if (knock_grant_is_live(grant, now.boot))
			earliest = min(earliest, knock_grant_until(grant));
		else
			knock_access_expire(tables, grant, now);
	}
	return earliest;
}

static void knock_reap_grants(struct knock_tables *tables)
{
	struct knock_time now = knock_time_now();
	struct knock_buckets *buckets;
	u64 earliest = S64_MAX;
	u32 chain, last;

	if (now.boot < (u64)atomic64_read(&tables->grants.earliest))
		return;
	/* Grants that are added from now on lower it again. */
	atomic64_set(&tables->grants.earliest, S64_MAX);
	chain = 0;
	do {
		rcu_read_lock();
		buckets = knock_table_buckets_rcu(&tables->grants.table);
		last = buckets->mask;
		earliest = min(earliest, knock_reap_grant_chain(tables, buckets, chain, now));
		rcu_read_unlock();
		cond_resched();
	} while (chain++ < last);
	knock_grants_note(&tables->grants, earliest);
}

static void knock_reap_old_chain(struct knock_tables *tables, struct knock_buckets *buckets,
				 u32 chain)
{
	struct knock_old *old;

	knock_chain_for_each_rcu(old, buckets, chain) {
		if (old->minute < READ_ONCE(old->key->floor))
			knock_access_forget(tables, old, old->key);
	}
}

static void knock_reap_below_floors(struct knock_tables *tables)
{
	struct knock_buckets *buckets;
	u32 chain = 0, last;

	do {
		rcu_read_lock();
		buckets = knock_table_buckets_rcu(&tables->olds.table);
		last = buckets->mask;
		knock_reap_old_chain(tables, buckets, chain);
		rcu_read_unlock();
		cond_resched();
	} while (chain++ < last);
}

/* Only what was accepted raises a floor, so a clock that ran ahead for a while locks
 * nobody out.
 */
static bool knock_reap_raise_floor(struct knock_key *key, u64 now)
{
	u32 first = knock_window_minutes(now, key->skew).first;
	bool raised;

	spin_lock_bh(&key->lock);
	raised = key->highest && key->highest < first && key->floor <= key->highest;
	if (raised)
		WRITE_ONCE(key->floor, key->highest + 1);
	spin_unlock_bh(&key->lock);
	return raised;
}

/* Minutes that no clock can bring back but one that is set back need no list of
 * their knocks: the key can refuse them whole. A full table lets no knock in that
 * could ask again, so whoever is short is looked after until his minutes are over.
 */
static void knock_reap_raise_floors(struct knock_tables *tables)
{
	u64 now = div_u64(knock_time_now().wall, NSEC_PER_SEC);
	struct knock_key *key;

	rcu_read_lock();
	hlist_for_each_entry_rcu(key, &tables->tumblers, tried) {
		if (knock_reap_raise_floor(key, now))
			set_bit(KNOCK_REAP_OLDS, &tables->todo);
		if (knock_access_is_short(key))
			set_bit(KNOCK_REAP_PRESSURE, &tables->todo);
	}
	rcu_read_unlock();
}

/* Of all keys, some at a time. */
static void knock_reap_tell_replays(struct knock_tables *tables)
{
	struct knock_time now = knock_time_now();
	struct knock_key *key;
	unsigned long id = 0;
	u32 left;

	do {
		left = KNOCK_REAP_KEYS;
		rcu_read_lock();
		xa_for_each_start(&tables->keys, id, key, id + 1) {
			if (READ_ONCE(key->replays))
				knock_key_tell_replays(tables, key, now);
			if (!--left)
				break;
		}
		rcu_read_unlock();
		cond_resched();
	} while (!left);
}

/* Lists stay as long as the tables, so they need no reader's protection. Whether
 * there is more to come.
 */
static bool knock_reap_blacklists(struct knock_tables *tables)
{
	struct knock_blacklist *bans = rcu_dereference_check(tables->bans, true);
	struct knock_blacklist *blocks = rcu_dereference_check(tables->blocks, true);
	u64 now = ktime_get_boottime_ns();

	knock_blacklist_reap(bans, now);
	knock_blacklist_reap(blocks, now);
	return knock_blacklist_ends(bans) || knock_blacklist_ends(blocks);
}

/**
 * knock_reap - do what there is to do
 * @work: of struct knock_tables
 *
 * Context: a work item; the namespace's mutex is not taken, it may be held by
 * who waits for this to end.
 */
void knock_reap(struct work_struct *work)
{
	struct knock_tables *tables = container_of(to_delayed_work(work), struct knock_tables,
						   reaper);

	knock_reap_grants(tables);
	if (test_and_clear_bit(KNOCK_REAP_PRESSURE, &tables->todo))
		knock_reap_raise_floors(tables);
	if (test_and_clear_bit(KNOCK_REAP_OLDS, &tables->todo))
		knock_reap_below_floors(tables);
	if (test_and_clear_bit(KNOCK_REAP_REPLAYS, &tables->todo))
		knock_reap_tell_replays(tables);
	if (knock_reap_blacklists(tables) || atomic_read(&tables->grants.table.used) ||
	    test_bit(KNOCK_REAP_PRESSURE, &tables->todo))
		knock_reap_soon(tables);
}

/**
 * knock_reap_soon - have the reaper run within a second
 * @tables: the namespace's
 *
 * Context: any, softirq included; allocates nothing.
 */
void knock_reap_soon(struct knock_tables *tables)
{
	queue_delayed_work(system_power_efficient_wq, &tables->reaper, KNOCK_REAP_PERIOD);
}

/**
 * knock_reap_grants_now - have grants ended at once whose time is over
 * @tables: the namespace's
 *
 * For who found a door or a key full: some of it may only wait to be reported. The
 * next copy of his knock finds the room.
 *
 * Context: any, softirq included; allocates nothing.
 */
void knock_reap_grants_now(struct knock_tables *tables)
{
	mod_delayed_work(system_power_efficient_wq, &tables->reaper, 0);
}

/**
 * knock_reap_olds - have used knocks forgotten that are below their key's floor
 * @tables: the namespace's
 * @pressure: let floors rise as far as they can before
 *
 * Context: any, softirq included.
 */
void knock_reap_olds(struct knock_tables *tables, bool pressure)
{
	set_bit(KNOCK_REAP_OLDS, &tables->todo);
	if (pressure)
		set_bit(KNOCK_REAP_PRESSURE, &tables->todo);
	knock_reap_soon(tables);
}

/**
 * knock_reap_replays - have replays told that came too soon after the last
 * @tables: the namespace's
 *
 * Context: any, softirq included.
 */
void knock_reap_replays(struct knock_tables *tables)
{
	set_bit(KNOCK_REAP_REPLAYS, &tables->todo);
	knock_reap_soon(tables);
}
