// SPDX-License-Identifier: GPL-2.0
/*
 * A work item makes heads, as it does with hints. A key has as many nodes as it can ever
 * need; what packets, or the clock, have done with is used again a grace period later.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timer.h>

#include "crypto.h"
#include "derived.h"
#include "key.h"
#include "series.h"

/* Seconds after which the clock is looked at whatever was found. */
#define KNOCK_DERIVED_SPAN	3600

/* All slots that are good, and the one behind them. */
static struct knock_slots knock_derived_slots(const struct knock_key *key, u64 now_sec)
{
	struct knock_slots slots;

	slots = knock_derive_slots(now_sec, key->skew, key->series->derived->slot_sec);
	slots.last++;
	return slots;
}

/* Take out what is over. Whether there is anything to wait for. */
static bool knock_derived_clear(struct knock_deriveds *deriveds, struct knock_key *key, u64 now_sec)
{
	struct knock_slots slots = knock_derived_slots(key, now_sec);
	struct knock_derived *derived = key->series->derived;
	struct knock_head *head, *next;

	spin_lock_bh(&key->lock);
	list_for_each_entry_safe(head, next, &key->series->heads, list) {
		if (head->slot < slots.first || head->slot > slots.last)
			knock_head_retire_locked(deriveds->tables, head);
	}
	list_splice_tail_init(&derived->gone, &derived->cooling);
	spin_unlock_bh(&key->lock);
	return !list_empty(&derived->cooling);
}

/* What was waited for has no reader any more. */
static void knock_derived_cool(struct knock_derived *derived)
{
	struct knock_head *head;

	list_for_each_entry(head, &derived->cooling, list)
		WRITE_ONCE(head->state, KNOCK_HEAD_SPARE);
	list_splice_tail_init(&derived->cooling, &derived->spare);
}

/* The first counter that is good in a slot; false if none is any more. */
static bool knock_derived_first(struct knock_key *key, u64 slot, u64 *counter)
{
	const struct knock_series *series = key->series;
	bool good;

	spin_lock_bh(&key->lock);
	good = !series->any || slot >= series->slot;
	*counter = series->any && slot == series->slot ? series->number + 1 : 0;
	spin_unlock_bh(&key->lock);
	return good;
}

static bool knock_derived_has(struct knock_key *key, u64 slot, u64 counter)
{
	bool has;

	spin_lock_bh(&key->lock);
	has = knock_series_is_used_locked(key, slot, counter) ||
	      knock_series_armed_locked(key, slot, counter);
	spin_unlock_bh(&key->lock);
	return has;
}

/* Make one, unless a packet has used it, or one behind it, meanwhile. */
static void knock_derived_make(struct knock_deriveds *deriveds, struct knock_key *key, u64 slot,
			       u64 counter)
{
	struct knock_series *series = key->series;
	struct knock_derived *derived = series->derived;
	struct knock_fields fields = knock_derive_fields(counter, slot, derived->slot_sec);
	struct knock_derivation derivation = {
		.crypto = &knock_port_crypto,
		.secret = key->secret,
		.fields = &fields,
		.avoid = { .ranges = series->avoid, .count = series->n_avoid },
	};
	struct knock_head *head;

	lockdep_assert_held(&deriveds->mutex);
	head = list_first_entry_or_null(&derived->spare, struct knock_head, list);
	if (!head || knock_derived_has(key, slot, counter))
		return;
	fields.location = derived->location;
	fields.location_len = derived->location_len;
	if (knock_derive_head(&derivation, head->ports) != KNOCK_DERIVE_GOOD)
		return;
	head->slot = slot;
	head->number = counter;
	knock_head_fill(&deriveds->tables->paths, head);
	spin_lock_bh(&key->lock);
	if (!knock_series_is_used_locked(key, slot, counter)) {
		list_move_tail(&head->list, &series->heads);
		WRITE_ONCE(head->state, KNOCK_HEAD_ARMED);
		knock_head_show(&deriveds->tables->paths, head);
	}
	spin_unlock_bh(&key->lock);
}

/* Put in what is to come. For how many seconds all of it is good. */
static u32 knock_derived_fill(struct knock_deriveds *deriveds, struct knock_key *key, u64 now_sec)
{
	struct knock_slots slots = knock_derived_slots(key, now_sec);
	struct knock_derived *derived = key->series->derived;
	u64 slot, counter;
	u32 i, rest;

	for (slot = slots.first; slot <= slots.last; slot++) {
		if (!knock_derived_first(key, slot, &counter))
			continue;
		for (i = 0; i < derived->ahead; i++)
			knock_derived_make(deriveds, key, slot, counter + i);
		cond_resched();
	}
	div_u64_rem(now_sec + key->skew, derived->slot_sec, &rest);
	return derived->slot_sec - rest;
}

static void knock_deriveds_make(struct knock_deriveds *deriveds, u64 now_sec)
{
	struct knock_derived *derived;
	u32 span = KNOCK_DERIVED_SPAN;
	struct knock_key *key;
	bool any = false;

	list_for_each_entry(derived, &deriveds->list, list)
		any |= knock_derived_clear(deriveds, derived->key, now_sec);
	if (any)
		synchronize_rcu();
	list_for_each_entry(derived, &deriveds->list, list) {
		key = derived->key;
		knock_derived_cool(derived);
		span = min(span, knock_derived_fill(deriveds, key, now_sec));
	}
	deriveds->built = now_sec;
	deriveds->span = span;
}

static void knock_deriveds_again(struct knock_deriveds *deriveds)
{
	queue_delayed_work(system_power_efficient_wq, &deriveds->work,
			   round_jiffies_relative(HZ));
}

static void knock_deriveds_work(struct work_struct *work)
{
	struct knock_deriveds *deriveds = container_of(to_delayed_work(work),
						       struct knock_deriveds, work);
	bool asked;
	u64 now_sec;

	mutex_lock(&deriveds->mutex);
	asked = test_and_clear_bit(0, &deriveds->asked);
	now_sec = ktime_get_real_seconds();
	if (!list_empty(&deriveds->list)) {
		if (asked || (u32)now_sec - deriveds->built >= deriveds->span)
			knock_deriveds_make(deriveds, now_sec);
		knock_deriveds_again(deriveds);
	}
	mutex_unlock(&deriveds->mutex);
}

/**
 * knock_deriveds_init - a namespace has no derived key
 * @deriveds: its derived keys
 * @tables: the namespace's
 */
void knock_deriveds_init(struct knock_deriveds *deriveds, struct knock_tables *tables)
{
	deriveds->tables = tables;
	mutex_init(&deriveds->mutex);
	INIT_LIST_HEAD(&deriveds->list);
	INIT_DELAYED_WORK(&deriveds->work, knock_deriveds_work);
}

/**
 * knock_deriveds_stop - have no more heads made
 * @deriveds: there is no derived key any more
 *
 * Context: process, may sleep.
 */
void knock_deriveds_stop(struct knock_deriveds *deriveds)
{
	cancel_delayed_work_sync(&deriveds->work);
}

/**
 * knock_derived_ask - have the next heads made at once, since one was used
 * @deriveds: the namespace's
 *
 * Context: any, softirq included; allocates nothing.
 */
void knock_derived_ask(struct knock_deriveds *deriveds)
{
	if (!test_and_set_bit(0, &deriveds->asked))
		mod_delayed_work(system_power_efficient_wq, &deriveds->work, 0);
}

/* As many as are good at a time, and old, and waited for. */
static u32 knock_derived_count(const struct knock_key *key)
{
	const struct knock_derived *derived = key->series->derived;
	u32 slots = 2 * key->skew / derived->slot_sec + 3;

	return (slots + 1) * derived->ahead + KNOCK_OLD_SEQUENCES + 1;
}

/**
 * knock_derived_add - have packets find a derived key
 * @deriveds: the namespace's, whose mutex is held
 * @key: filled in
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int knock_derived_add(struct knock_deriveds *deriveds, struct knock_key *key)
{
	struct knock_derived *derived = key->series->derived;
	u32 i, count = knock_derived_count(key);
	u64 now_sec = ktime_get_real_seconds();
	struct knock_head *head;
	u32 span, gone;
	int err;

	err = knock_paths_reserve(&deriveds->tables->paths, count * KNOCK_DERIVE_HEAD);
	if (err)
		return err;
	for (i = 0; i < count; i++) {
		head = knock_head_create(key);
		if (!head)
			return -ENOMEM;
		list_add(&head->list, &derived->spare);
	}
	derived->key = key;
	mutex_lock(&deriveds->mutex);
	span = knock_derived_fill(deriveds, key, now_sec);
	gone = (u32)now_sec - deriveds->built;
	if (list_empty(&deriveds->list)) {
		deriveds->built = now_sec;
		deriveds->span = span;
	} else if (gone < deriveds->span) {
		deriveds->span = min(deriveds->span, gone + span);
	}
	list_add_tail(&derived->list, &deriveds->list);
	knock_deriveds_again(deriveds);
	mutex_unlock(&deriveds->mutex);
	return 0;
}

/**
 * knock_derived_del - make no more heads of a key
 * @deriveds: the namespace's
 * @key: its heads are still there
 *
 * Context: process, may sleep; the namespace's mutex is held.
 */
void knock_derived_del(struct knock_deriveds *deriveds, struct knock_key *key)
{
	mutex_lock(&deriveds->mutex);
	list_del(&key->series->derived->list);
	mutex_unlock(&deriveds->mutex);
}

/**
 * knock_derived_free - free what a derived key has beside
 * @derived: nobody finds it any more, or it was never added; may be NULL
 *
 * Context: any.
 */
void knock_derived_free(struct knock_derived *derived)
{
	if (!derived)
		return;
	knock_heads_free(&derived->gone);
	knock_heads_free(&derived->cooling);
	knock_heads_free(&derived->spare);
	kfree_sensitive(derived);
}
