// SPDX-License-Identifier: GPL-2.0
/*
 * Hints are made by a work item that looks at the clock each second and at once
 * when a packet finds that it was set. While there is nothing to make, which is most
 * seconds, that costs it two numbers. What is over is taken out first, of all keys;
 * then, when the last reader has left, the same nodes take what is to come: so a key
 * needs no more of them than it has hints.
 */
#include <crypto/algapi.h>
#include <linux/ktime.h>
#include <linux/overflow.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timer.h>

#include "crypto.h"
#include "hint.h"

/* The end of what 32 bits of minutes can hold, in the year 10136. */
#define KNOCK_HINT_NEVER	U32_MAX

static struct lock_class_key knock_hints_class;

/**
 * knock_hints_hash - where a hint is
 * @hints: the table
 * @bytes: the hint
 */
u64 knock_hints_hash(struct knock_hints *hints, const u8 bytes[KNOCK_SEALED_HINT_SIZE])
{
	return siphash(bytes, KNOCK_SEALED_HINT_SIZE, &hints->table.secret);
}

static void knock_hint_put(struct knock_hints *hints, struct knock_hint *hint, u32 minute)
{
	struct knock_node *node = &hint->node;

	lockdep_assert_held(&hints->mutex);
	knock_sealed_hint(&knock_crypto, hint->set->secret, minute, hint->bytes);
	hint->minute = minute;
	hint->known = true;
	node->hash = knock_hints_hash(hints, hint->bytes);
	knock_table_lock(&hints->table, node->hash);
	knock_table_add_locked(&hints->table, node);
	knock_table_unlock(&hints->table, node->hash);
}

static void knock_hint_drop(struct knock_hints *hints, struct knock_hint *hint)
{
	struct knock_node *node = &hint->node;

	lockdep_assert_held(&hints->mutex);
	hint->known = false;
	knock_table_lock(&hints->table, node->hash);
	knock_table_del_locked(&hints->table, node);
	knock_table_unlock(&hints->table, node->hash);
}

/* The latest minute that a set has to know. */
static u32 knock_hint_set_last(const struct knock_hint_set *set, u64 now_sec)
{
	return min(knock_window_minutes(now_sec, set->skew).last, KNOCK_HINT_NEVER - 2) + 1;
}

/* The minute that the hint at a place has to be of; none before the epoch. */
static s64 knock_hint_wanted(const struct knock_hint_set *set, u32 place, u32 last)
{
	return (s64)last - (last % set->count + set->count - place) % set->count;
}

/* Take out what is over. Whether there was any. */
static bool knock_hint_set_clear(struct knock_hints *hints, struct knock_hint_set *set,
				 u64 now_sec)
{
	u32 i, last = knock_hint_set_last(set, now_sec);
	bool any = false;

	for (i = 0; i < set->count; i++) {
		if (!set->hints[i].known || set->hints[i].minute == knock_hint_wanted(set, i, last))
			continue;
		knock_hint_drop(hints, &set->hints[i]);
		any = true;
	}
	return any;
}

/* Put in what is to come. For how many seconds all of it is good. */
static u32 knock_hint_set_fill(struct knock_hints *hints, struct knock_hint_set *set, u64 now_sec)
{
	u32 i, rest, last = knock_hint_set_last(set, now_sec);
	s64 wanted;

	for (i = 0; i < set->count; i++) {
		wanted = knock_hint_wanted(set, i, last);
		if (!set->hints[i].known && wanted >= 0)
			knock_hint_put(hints, &set->hints[i], wanted);
	}
	div_u64_rem(now_sec + set->skew, 60, &rest);
	return 60 - rest;
}

/* Whether the clock has left the seconds that the hints are good for, forwards or
 * backwards.
 */
static bool knock_hints_are_over(const struct knock_hints *hints, u64 now_sec)
{
	return (u32)now_sec - READ_ONCE(hints->built) >= READ_ONCE(hints->span);
}

static void knock_hints_make(struct knock_hints *hints, u64 now_sec)
{
	struct knock_hint_set *set;
	bool any = false;
	u32 span = 60;

	list_for_each_entry(set, &hints->sets, list) {
		any |= knock_hint_set_clear(hints, set, now_sec);
		cond_resched();
	}
	if (any)
		synchronize_rcu();
	list_for_each_entry(set, &hints->sets, list) {
		span = min(span, knock_hint_set_fill(hints, set, now_sec));
		cond_resched();
	}
	WRITE_ONCE(hints->built, (u32)now_sec);
	WRITE_ONCE(hints->span, span);
}

static void knock_hints_again(struct knock_hints *hints)
{
	/* Together with what else wakes the machine for a second. */
	queue_delayed_work(system_power_efficient_wq, &hints->work, round_jiffies_relative(HZ));
}

static void knock_hints_work(struct work_struct *work)
{
	struct knock_hints *hints = container_of(to_delayed_work(work), struct knock_hints, work);
	u64 now_sec;

	mutex_lock(&hints->mutex);
	clear_bit(0, &hints->asked);
	now_sec = ktime_get_real_seconds();
	if (!list_empty(&hints->sets)) {
		if (knock_hints_are_over(hints, now_sec))
			knock_hints_make(hints, now_sec);
		knock_hints_again(hints);
	}
	mutex_unlock(&hints->mutex);
}

/**
 * knock_hints_missed - a packet has not found its hint
 * @hints: the table
 * @now_sec: unix seconds
 *
 * If that is since the clock was set, hints are made at once, so that a copy of the
 * packet finds it.
 *
 * Context: any, softirq included; allocates nothing.
 */
void knock_hints_missed(struct knock_hints *hints, u64 now_sec)
{
	if (READ_ONCE(hints->span) && knock_hints_are_over(hints, now_sec) &&
	    !test_and_set_bit(0, &hints->asked))
		mod_delayed_work(system_power_efficient_wq, &hints->work, 0);
}

/**
 * knock_hints_init - make a namespace's table of hints
 * @hints: the table
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int knock_hints_init(struct knock_hints *hints)
{
	mutex_init(&hints->mutex);
	INIT_LIST_HEAD(&hints->sets);
	INIT_DELAYED_WORK(&hints->work, knock_hints_work);
	return knock_table_init(&hints->table, &knock_hints_class);
}

/**
 * knock_hints_stop - have no more hints made
 * @hints: the table; no packet can find it any more
 *
 * Context: process, may sleep.
 */
void knock_hints_stop(struct knock_hints *hints)
{
	cancel_delayed_work_sync(&hints->work);
}

/**
 * knock_hints_exit - free an empty table
 * @hints: stopped, or of knock_hints_init(); all zero is fine too
 */
void knock_hints_exit(struct knock_hints *hints)
{
	knock_table_exit(&hints->table);
}

/**
 * knock_hint_set_create - nodes for all hints that a key will ever need
 * @key: whose
 * @secret: its 32 bytes, as long as the key is there
 * @skew: its skew in seconds
 *
 * Context: process, may sleep.
 * Return: to be added, and freed by kfree_sensitive(); NULL for want of memory.
 */
struct knock_hint_set *knock_hint_set_create(struct knock_key *key, const u8 *secret, u32 skew)
{
	/* The minutes of a window, which the clock may be anywhere in, and one more. */
	u32 i, count = knock_window_kept(skew) + 2;
	struct knock_hint_set *set;

	set = kzalloc(struct_size(set, hints, count), KNOCK_GFP);
	if (!set)
		return NULL;
	set->key = key;
	set->secret = secret;
	set->skew = skew;
	set->count = count;
	set->twin.set = set;
	for (i = 0; i < count; i++)
		set->hints[i].set = set;
	return set;
}

/* Another key of this secret has the same hint of a minute that never comes. */
static bool knock_hint_has_twin(struct knock_hints *hints, const struct knock_hint_set *set)
{
	u8 bytes[KNOCK_SEALED_HINT_SIZE];
	struct knock_buckets *buckets;
	struct knock_hint *hint;
	bool found = false;
	u64 hash;

	knock_sealed_hint(&knock_crypto, set->secret, KNOCK_HINT_NEVER, bytes);
	hash = knock_hints_hash(hints, bytes);
	rcu_read_lock();
	buckets = knock_table_buckets_rcu(&hints->table);
	knock_chain_for_each_rcu(hint, buckets, hash) {
		if (hint->minute == KNOCK_HINT_NEVER &&
		    !crypto_memneq(hint->set->secret, set->secret, KNOCK_SEALED_KEY_SIZE))
			found = true;
	}
	rcu_read_unlock();
	return found;
}

/* A set that came while the others were good must not be made anew too late. */
static void knock_hints_note(struct knock_hints *hints, u64 now_sec, u32 span)
{
	/* They are to be made anew anyway. */
	if (hints->span && knock_hints_are_over(hints, now_sec))
		return;
	if (hints->span)
		span = min(hints->span, (u32)now_sec - hints->built + span);
	else
		WRITE_ONCE(hints->built, (u32)now_sec);
	WRITE_ONCE(hints->span, span);
}

/**
 * knock_hint_set_add - make the hints of a key, from now on
 * @hints: the table
 * @set: of knock_hint_set_create()
 *
 * Context: process, may sleep; the namespace's mutex is held.
 * Return: 0, -EEXIST if another key has the same secret, or -ENOMEM.
 */
int knock_hint_set_add(struct knock_hints *hints, struct knock_hint_set *set)
{
	u64 now_sec;
	int err;

	err = knock_table_grow(&hints->table, set->count + 1);
	if (err)
		return err;
	mutex_lock(&hints->mutex);
	if (knock_hint_has_twin(hints, set)) {
		mutex_unlock(&hints->mutex);
		knock_table_shrink(&hints->table, set->count + 1);
		return -EEXIST;
	}
	now_sec = ktime_get_real_seconds();
	knock_hint_put(hints, &set->twin, KNOCK_HINT_NEVER);
	knock_hints_note(hints, now_sec, knock_hint_set_fill(hints, set, now_sec));
	list_add_tail(&set->list, &hints->sets);
	knock_hints_again(hints);
	mutex_unlock(&hints->mutex);
	return 0;
}

/**
 * knock_hint_set_del - have a key's hints forgotten
 * @hints: the table
 * @set: added; its readers may still be there
 *
 * Context: process, may sleep; the namespace's mutex is held.
 */
void knock_hint_set_del(struct knock_hints *hints, struct knock_hint_set *set)
{
	u32 i;

	mutex_lock(&hints->mutex);
	list_del(&set->list);
	knock_hint_drop(hints, &set->twin);
	for (i = 0; i < set->count; i++) {
		if (set->hints[i].known)
			knock_hint_drop(hints, &set->hints[i]);
	}
	if (list_empty(&hints->sets))
		WRITE_ONCE(hints->span, 0);
	mutex_unlock(&hints->mutex);
	knock_table_shrink(&hints->table, set->count + 1);
}
