// SPDX-License-Identifier: GPL-2.0
/*
 * A once key has a head for each number that is armed, made by who arms. When one is
 * used, those below it are over; it stays, as an old one, to know who repeats it.
 */
#include <linux/slab.h>

#include "ban.h"
#include "crypto.h"
#include "derived.h"
#include "key.h"
#include "series.h"

static struct kmem_cache *knock_head_cache __ro_after_init;

/**
 * knock_series_init - be able to make heads
 *
 * They have a cache of their own since there are many of them.
 *
 * Context: module init.
 * Return: 0 or -ENOMEM.
 */
int knock_series_init(void)
{
	knock_head_cache = KMEM_CACHE(knock_head, 0);
	return knock_head_cache ? 0 : -ENOMEM;
}

/**
 * knock_series_exit - there are no heads any more
 *
 * Context: module exit, behind an rcu_barrier().
 */
void knock_series_exit(void)
{
	kmem_cache_destroy(knock_head_cache);
}

/**
 * knock_head_create - one more head
 * @key: whose
 *
 * Context: process, may sleep.
 * Return: spare; NULL for want of memory.
 */
struct knock_head *knock_head_create(struct knock_key *key)
{
	struct knock_head *head = kmem_cache_zalloc(knock_head_cache, KNOCK_GFP);

	if (head)
		head->key = key;
	return head;
}

static void knock_head_free(struct knock_head *head)
{
	memzero_explicit(head, sizeof(*head));
	kmem_cache_free(knock_head_cache, head);
}

/**
 * knock_heads_free - free heads that no packet can find
 * @heads: a list of them, empty on return
 *
 * Context: any.
 */
void knock_heads_free(struct list_head *heads)
{
	struct knock_head *head, *next;

	list_for_each_entry_safe(head, next, heads, list)
		knock_head_free(head);
	INIT_LIST_HEAD(heads);
}

static void knock_head_free_rcu(struct rcu_head *rcu)
{
	knock_head_free(container_of(rcu, struct knock_head, rcu));
}

static int knock_series_add_static(struct knock_tables *tables, struct knock_key *key)
{
	struct knock_series *series = key->series;
	int err;

	series->stops = kcalloc(series->steps, sizeof(*series->stops), KNOCK_GFP);
	if (!series->stops)
		return -ENOMEM;
	err = knock_stops_add(&tables->paths, series->sequence, key, series->stops);
	if (err) {
		kfree(series->stops);
		series->stops = NULL;
		return err;
	}
	/* From here on it is only where it passes; but no knock port may come to its steps. */
	if (!series->udp) {
		kfree_sensitive(series->sequence);
		series->sequence = NULL;
	}
	return 0;
}

static int knock_series_add_secret(struct knock_tables *tables, struct knock_key *key)
{
	struct knock_series *series = key->series;
	int err;

	err = knock_paths_reserve(&tables->paths, 1);
	if (err)
		return err;
	if (knock_twin_find(&tables->paths, key->secret))
		return -EEXIST;
	if (series->kind == KNOCK_SEQUENCE_KIND_DERIVED)
		err = knock_derived_add(&tables->deriveds, key);
	else
		err = knock_series_arm(tables, key, series->armed);
	if (err)
		return err;
	/* Last, since a key that a packet may have come by is not freed at once. */
	knock_twin_add(&tables->paths, &series->twin, key->secret);
	return 0;
}

static int knock_series_enter(struct knock_tables *tables, struct knock_key *key)
{
	if (key->series->kind == KNOCK_SEQUENCE_KIND_STATIC)
		return knock_series_add_static(tables, key);
	/* Who replays is banned; of a static one nobody can tell. */
	return knock_ban_prepare(tables) ?: knock_series_add_secret(tables, key);
}

/**
 * knock_series_add - have packets find the sequences of a key
 * @kn: the namespace, its mutex held
 * @key: filled in
 *
 * Context: process, may sleep.
 * Return: 0; -EEXIST if another key's could not be told apart; -ENOMEM.
 */
int knock_series_add(struct knock_net *kn, struct knock_key *key)
{
	struct knock_tables *tables = knock_net_tables_locked(kn);
	struct knock_trackers *trackers, *before;
	struct knock_series *series = key->series;
	int err;

	before = rcu_dereference_protected(tables->trackers, lockdep_is_held(&kn->mutex));
	trackers = before ?: knock_trackers_create();
	if (!trackers)
		return -ENOMEM;
	knock_trackers_allow(trackers, series->within);
	err = knock_series_enter(tables, key);
	if (err && !before)
		knock_trackers_destroy(trackers);
	if (err)
		return err;
	/* Without it no step leads anywhere: last, for a refusal to leave nothing behind. */
	rcu_assign_pointer(tables->trackers, trackers);
	WRITE_ONCE(tables->n_sequences, tables->n_sequences + 1);
	if (series->udp)
		WRITE_ONCE(tables->n_udp_sequences, tables->n_udp_sequences + 1);
	if (series->kind == KNOCK_SEQUENCE_KIND_DERIVED)
		tables->n_deriveds++;
	return 0;
}

/* They stay in their lists, and are freed with the key. */
static void knock_series_hide(struct knock_tables *tables, struct knock_key *key)
{
	struct knock_series *series = key->series;
	struct knock_head *head;

	spin_lock_bh(&key->lock);
	list_for_each_entry(head, &series->heads, list)
		knock_head_hide(&tables->paths, head);
	list_for_each_entry(head, &series->olds, list)
		knock_head_hide(&tables->paths, head);
	spin_unlock_bh(&key->lock);
}

/**
 * knock_series_del - have packets find the sequences of a key no more
 * @tables: the namespace's, its mutex held
 * @key: dead; freed when a grace period has passed
 *
 * Context: process, may sleep.
 */
void knock_series_del(struct knock_tables *tables, struct knock_key *key)
{
	struct knock_series *series = key->series;

	WRITE_ONCE(tables->n_sequences, tables->n_sequences - 1);
	if (series->udp)
		WRITE_ONCE(tables->n_udp_sequences, tables->n_udp_sequences - 1);
	if (series->kind == KNOCK_SEQUENCE_KIND_STATIC) {
		knock_stops_del(&tables->paths, series->stops, series->steps);
		return;
	}
	if (series->kind == KNOCK_SEQUENCE_KIND_DERIVED) {
		knock_derived_del(&tables->deriveds, key);
		tables->n_deriveds--;
	}
	knock_twin_del(&tables->paths, &series->twin);
	knock_series_hide(tables, key);
}

/**
 * knock_series_free - free all that a key's series has
 * @key: nobody finds it any more, or it was never added
 *
 * Context: any.
 */
void knock_series_free(struct knock_key *key)
{
	struct knock_series *series = key->series;

	if (!series)
		return;
	knock_heads_free(&series->heads);
	knock_heads_free(&series->olds);
	kfree(series->avoid);
	kfree(series->stops);
	if (series->kind == KNOCK_SEQUENCE_KIND_DERIVED)
		knock_derived_free(series->derived);
	else
		kfree_sensitive(series->sequence);
}

/* A number without a sequence, which is one in more than anybody counts, has no head. */
static int knock_series_make(struct knock_tables *tables, struct knock_key *key, u64 number,
			     struct list_head *made)
{
	const struct knock_series *series = key->series;
	u8 secret[KNOCK_DERIVE_SECRET_SIZE];
	struct knock_derivation derivation = {
		.crypto = &knock_port_crypto,
		.secret = secret,
		.avoid = { .ranges = series->avoid, .count = series->n_avoid },
	};
	struct knock_head *head = knock_head_create(key);

	if (!head)
		return -ENOMEM;
	head->number = number;
	knock_derive_once(&knock_port_crypto, key->secret, number, secret);
	if (knock_derive_head(&derivation, head->ports) == KNOCK_DERIVE_GOOD) {
		knock_head_fill(&tables->paths, head);
		list_add_tail(&head->list, made);
	} else {
		knock_head_free(head);
	}
	memzero_explicit(secret, sizeof(secret));
	return 0;
}

static void knock_series_disarm_locked(struct knock_tables *tables, struct knock_key *key,
				       u64 upto)
{
	struct knock_head *head, *next;

	lockdep_assert_held(&key->lock);
	list_for_each_entry_safe(head, next, &key->series->heads, list) {
		if (head->number > upto)
			knock_head_retire_locked(tables, head);
	}
}

/* A packet may have used some of them meanwhile. */
static void knock_series_show(struct knock_tables *tables, struct knock_key *key,
			      struct list_head *made, u64 upto)
{
	struct knock_series *series = key->series;
	struct knock_head *head, *next;

	spin_lock_bh(&key->lock);
	knock_series_disarm_locked(tables, key, upto);
	series->armed = max(upto, series->number);
	list_for_each_entry_safe(head, next, made, list) {
		if (head->number <= series->number)
			continue;
		list_move_tail(&head->list, &series->heads);
		WRITE_ONCE(head->state, KNOCK_HEAD_ARMED);
		knock_head_show(&tables->paths, head);
	}
	spin_unlock_bh(&key->lock);
	knock_heads_free(made);
}

/**
 * knock_series_arm - have the numbers up to one be good, and no others
 * @tables: the namespace's, its mutex held
 * @key: a once key
 * @upto: the number; below the highest that was used it stands for that
 *
 * Context: process, may sleep.
 * Return: 0; -ERANGE if it is too far ahead, or -ENOMEM; then nothing has changed.
 */
int knock_series_arm(struct knock_tables *tables, struct knock_key *key, u64 upto)
{
	struct knock_series *series = key->series;
	struct knock_head *last;
	LIST_HEAD(made);
	u64 number;
	int err;

	spin_lock_bh(&key->lock);
	number = series->number;
	if (!list_empty(&series->heads)) {
		last = list_last_entry(&series->heads, struct knock_head, list);
		number = last->number;
	}
	err = upto > series->number && upto - series->number > KNOCK_ARMED_MAX ? -ERANGE : 0;
	spin_unlock_bh(&key->lock);
	while (!err && number < upto)
		err = knock_series_make(tables, key, ++number, &made);
	err = err ?: knock_paths_reserve(&tables->paths, KNOCK_ARMED_MAX * KNOCK_DERIVE_HEAD);
	if (err)
		knock_heads_free(&made);
	else
		knock_series_show(tables, key, &made, upto);
	return err;
}

static struct knock_head *knock_heads_find(const struct list_head *heads, u64 slot, u64 number)
{
	struct knock_head *head;

	list_for_each_entry(head, heads, list) {
		if (head->slot == slot && head->number == number)
			return head;
	}
	return NULL;
}

/**
 * knock_series_is_used_locked - whether a sequence is over, it or a later one being used
 * @key: its lock held
 * @slot: of the sequence
 * @number: of the sequence
 */
bool knock_series_is_used_locked(const struct knock_key *key, u64 slot, u64 number)
{
	const struct knock_series *series = key->series;

	lockdep_assert_held(&key->lock);
	return series->any &&
	       !knock_derive_is_later(slot, number, series->slot, series->number);
}

/**
 * knock_series_armed_locked - an armed sequence
 * @key: its lock held
 * @slot: of the sequence
 * @number: of the sequence
 *
 * Return: NULL if it is not armed.
 */
struct knock_head *knock_series_armed_locked(const struct knock_key *key, u64 slot, u64 number)
{
	lockdep_assert_held(&key->lock);
	return knock_heads_find(&key->series->heads, slot, number);
}

/**
 * knock_series_old_locked - an old sequence
 * @key: its lock held
 * @slot: of the sequence
 * @number: of the sequence
 *
 * Return: NULL if it is none.
 */
struct knock_head *knock_series_old_locked(const struct knock_key *key, u64 slot, u64 number)
{
	lockdep_assert_held(&key->lock);
	return knock_heads_find(&key->series->olds, slot, number);
}

/**
 * knock_head_is_old - whether a sequence is remembered as used
 * @head: any
 * @now: ticks
 *
 * Context: RCU reader.
 * Return: true if so; then all that an old one has can be read.
 */
bool knock_head_is_old(const struct knock_head *head, u32 now)
{
	/* Pairs with the release in knock_series_use_locked(). */
	return smp_load_acquire(&head->state) == KNOCK_HEAD_OLD &&
	       (s32)(now - head->used) < (s32)KNOCK_OLD_TICKS;
}

/**
 * knock_head_retire_locked - have packets find a head no more
 * @tables: the namespace's
 * @head: in a list of its key, whose lock is held; in none on return
 *
 * Context: any, softirq included.
 */
void knock_head_retire_locked(struct knock_tables *tables, struct knock_head *head)
{
	struct knock_series *series = head->key->series;

	lockdep_assert_held(&head->key->lock);
	knock_head_hide(&tables->paths, head);
	WRITE_ONCE(head->state, KNOCK_HEAD_GONE);
	list_del(&head->list);
	if (series->kind == KNOCK_SEQUENCE_KIND_DERIVED)
		list_add(&head->list, &series->derived->gone);
	else
		call_rcu(&head->rcu, knock_head_free_rcu);
}

static void knock_series_forget_locked(struct knock_tables *tables, struct knock_key *key, u32 now)
{
	struct knock_series *series = key->series;
	struct knock_head *head, *next;

	list_for_each_entry_safe(head, next, &series->olds, list) {
		if (series->n_olds < KNOCK_OLD_SEQUENCES && knock_head_is_old(head, now))
			break;
		knock_head_retire_locked(tables, head);
		series->n_olds--;
	}
}

/**
 * knock_series_use_locked - a sequence was used: it is old, and those before it are over
 * @tables: the namespace's
 * @head: armed; the lock of its key is held
 * @tail: its ports behind the head, as they were sent
 * @address: from where
 * @now: ticks
 *
 * Context: any, softirq included.
 */
void knock_series_use_locked(struct knock_tables *tables, struct knock_head *head,
			     const u16 *tail, const struct knock_address *address, u32 now)
{
	struct knock_key *key = head->key;
	struct knock_series *series = key->series;
	struct knock_head *other, *next;

	lockdep_assert_held(&key->lock);
	series->any = true;
	series->slot = head->slot;
	series->number = head->number;
	list_for_each_entry_safe(other, next, &series->heads, list) {
		if (other != head && knock_series_is_used_locked(key, other->slot, other->number))
			knock_head_retire_locked(tables, other);
	}
	knock_series_forget_locked(tables, key, now);
	memcpy(head->tail, tail, (series->steps - KNOCK_DERIVE_HEAD) * sizeof(*tail));
	head->address = *address;
	head->used = now;
	/* Pairs with the acquire in knock_head_is_old(). */
	smp_store_release(&head->state, KNOCK_HEAD_OLD);
	list_move_tail(&head->list, &series->olds);
	series->n_olds++;
	if (series->kind == KNOCK_SEQUENCE_KIND_DERIVED)
		knock_derived_ask(&tables->deriveds);
}
