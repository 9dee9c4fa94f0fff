// SPDX-License-Identifier: GPL-2.0
/*
 * Steps of sequences: at most nine look-ups say whether a packet goes on with anything.
 * Only who has done an armed head costs a derivation. Nothing that a step does is seen
 * from outside: it goes on to the rules.
 */
#include <linux/math64.h>

#include "access.h"
#include "ban.h"
#include "budget.h"
#include "crypto.h"
#include "door.h"
#include "key.h"
#include "offer.h"
#include "reap.h"
#include "series.h"

/* What a tail costs of the budget, in hashes of 96 bytes: three HMACs at most times. */
#define KNOCK_TAIL_HASHES	8

/**
 * struct knock_run - one step, and the sequence that ends with it
 * @tables: the namespace's
 * @flow: the step
 * @now: when
 * @now_sec: when, in unix seconds
 * @ticks: when, as trackers have it
 * @finish: what ends
 * @key: of @finish; RCU
 * @record: gets what key it was
 */
struct knock_run {
	struct knock_tables *tables;
	const struct knock_flow *flow;
	struct knock_time now;
	u64 now_sec;
	u32 ticks;
	const struct knock_finish *finish;
	struct knock_key *key;
	struct knock_record *record;
};

static bool knock_run_derive(const struct knock_run *run, const struct knock_head *head,
			     const u8 *secret, u16 ports[KNOCK_DERIVE_STEPS_MAX])
{
	const struct knock_series *series = head->key->series;
	struct knock_derivation derivation = {
		.crypto = &knock_port_crypto,
		.secret = secret,
		.avoid = { .ranges = series->avoid, .count = series->n_avoid },
	};
	struct knock_fields fields;

	if (series->kind == KNOCK_SEQUENCE_KIND_DERIVED) {
		fields = knock_derive_fields(head->number, head->slot, series->derived->slot_sec);
		fields.location = series->derived->location;
		fields.location_len = series->derived->location_len;
		derivation.fields = &fields;
	}
	memcpy(ports, head->ports, sizeof(head->ports));
	return knock_derive_tail(&derivation, series->unbound ? NULL : &run->flow->source, ports,
				 series->steps) == KNOCK_DERIVE_GOOD;
}

/* The rest of an armed sequence for this source. */
static bool knock_run_tail(const struct knock_run *run, const struct knock_head *head,
			   struct knock_tail *tail)
{
	u8 secret[KNOCK_DERIVE_SECRET_SIZE];
	u16 ports[KNOCK_DERIVE_STEPS_MAX] = { };
	const struct knock_key *key = head->key;
	bool good;

	if (key->series->kind == KNOCK_SEQUENCE_KIND_ONCE)
		knock_derive_once(&knock_port_crypto, key->secret, head->number, secret);
	else
		memcpy(secret, key->secret, sizeof(secret));
	good = knock_run_derive(run, head, secret, ports);
	memcpy(tail->ports, ports + KNOCK_DERIVE_HEAD, sizeof(tail->ports));
	memzero_explicit(secret, sizeof(secret));
	memzero_explicit(ports, sizeof(ports));
	return good;
}

/* Who has done a head goes on with the tail. Of an old sequence that is the one that was
 * sent: so a replay from anywhere is known, and costs no more than a copy.
 */
static enum knock_reason knock_run_arrive(const struct knock_run *run,
					  struct knock_trackers *trackers,
					  const struct knock_arrival *arrival,
					  struct knock_cost *cost)
{
	const struct knock_head *head = arrival->head;
	struct knock_tail tail = {
		.key = head->key->id,
		.begun = arrival->begun,
		.slot = head->slot,
		.number = head->number,
		.count = head->key->series->steps - KNOCK_DERIVE_HEAD,
		.old = knock_head_is_old(head, run->ticks),
	};

	if (tail.old) {
		memcpy(tail.ports, head->tail, sizeof(tail.ports));
	} else {
		if (READ_ONCE(head->state) != KNOCK_HEAD_ARMED)
			return KNOCK_REASON_STEP;
		if (!knock_budget_take(KNOCK_BUDGET_TAILS, KNOCK_TAIL_HASHES))
			return KNOCK_REASON_BUDGET;
		cost->tails++;
		if (!knock_run_tail(run, head, &tail))
			return KNOCK_REASON_STEP;
	}
	knock_trackers_follow(trackers, &run->flow->source, &tail, run->ticks);
	memzero_explicit(&tail, sizeof(tail));
	return KNOCK_REASON_STEP;
}

static bool knock_run_is_slow(const struct knock_run *run)
{
	u64 within = (u64)run->key->series->within * NSEC_PER_SEC;

	return run->ticks - run->finish->begun > knock_ticks(within);
}

/* What was used is over: known as a copy, or as a replay, as long as it is old. */
static enum knock_reason knock_run_again_locked(const struct knock_run *run)
{
	const struct knock_tail *tail = &run->finish->tail;
	const struct knock_head *head;
	bool same;

	head = knock_series_old_locked(run->key, tail->slot, tail->number);
	if (!head || !knock_head_is_old(head, run->ticks))
		return KNOCK_REASON_STALE;
	same = knock_address_equal(&head->address, &run->flow->source);
	if (same && (s32)(run->ticks - head->used) < (s32)knock_ticks(KNOCK_DUPLICATE_NS))
		return KNOCK_REASON_DUPLICATE;
	/* Else it is of this address, by who has the secret: nothing was repeated. */
	return same || tail->old ? KNOCK_REASON_REPLAY : KNOCK_REASON_STALE;
}

/* Whether a derived one is of this moment; 0 if so. */
static enum knock_reason knock_run_date(const struct knock_run *run)
{
	const struct knock_derived *derived = run->key->series->derived;
	u64 slot = run->finish->tail.slot;
	struct knock_slots slots;
	s64 made;

	slots = knock_derive_slots(run->now_sec, run->key->skew, derived->slot_sec);
	if (slot < slots.first)
		return KNOCK_REASON_TOO_OLD;
	if (slot > slots.last)
		return KNOCK_REASON_NOT_YET;
	made = slot * derived->slot_sec * NSEC_PER_SEC;
	if (run->key->guard && made < (s64)(run->now.wall - run->now.boot + run->key->guard))
		return KNOCK_REASON_GUARD;
	return 0;
}

static enum knock_reason knock_run_act_locked(const struct knock_run *run)
{
	struct knock_key *key = run->key;
	struct knock_request request = {
		.tables = run->tables,
		.door = key->door,
		.key = key,
		.address = run->flow->source,
		.now = run->now,
		.seconds = rcu_dereference(key->door->config)->open_for,
		.cause = KNOCK_CAUSE_KNOCK,
	};
	enum knock_reason reason;

	lockdep_assert_held(&key->lock);
	if (key->action == KNOCK_KEY_ACTION_CLOSE) {
		key->used = run->now_sec;
		return knock_access_close(&request) ? KNOCK_REASON_CLOSED :
						      KNOCK_REASON_NOTHING_OPEN;
	}
	reason = knock_access_open(&request);
	if (knock_is_accepted(reason))
		key->used = run->now_sec;
	else
		knock_reap_grants_now(run->tables);
	return reason;
}

static enum knock_reason knock_run_static_locked(const struct knock_run *run)
{
	enum knock_reason reason;

	if (knock_run_is_slow(run))
		return KNOCK_REASON_TOO_SLOW;
	if (knock_is_banned(run->tables, &run->flow->source))
		return KNOCK_REASON_BANNED;
	reason = knock_key_limits(run->key, &run->flow->source, run->now_sec);
	return reason ?: knock_run_act_locked(run);
}

static void knock_run_tell_used(const struct knock_run *run)
{
	const struct knock_key *key = run->key;
	struct knock_event event = {
		.kind = KNOCK_EVENT_KIND_USED,
		.cause = KNOCK_CAUSE_KNOCK,
		.sequence = key->series->kind,
		.slot = run->finish->tail.slot,
		.number = run->finish->tail.number,
		.time = run->now_sec,
		.address = run->flow->source,
	};

	memcpy(event.door, key->door->name, sizeof(event.door));
	memcpy(event.key, key->name, sizeof(event.key));
	knock_ring_put(&run->tables->ring, &event);
}

static void knock_run_replayed_locked(const struct knock_run *run)
{
	const struct knock_address *source = &run->flow->source;
	struct knock_key *key = run->key;

	key->replay_slot = run->finish->tail.slot;
	key->replay_number = run->finish->tail.number;
	knock_key_replayed_locked(run->tables, key, source, run->now);
	knock_ban_replay(run->tables, key, source, run->now,
			 rcu_dereference(key->door->config)->blacklist_for);
}

static enum knock_reason knock_run_secret_locked(const struct knock_run *run)
{
	const struct knock_tail *tail = &run->finish->tail;
	struct knock_key *key = run->key;
	enum knock_reason reason = 0;
	struct knock_head *head;

	head = tail->old ? NULL : knock_series_armed_locked(key, tail->slot, tail->number);
	if (!head) {
		reason = knock_run_again_locked(run);
		if (reason == KNOCK_REASON_REPLAY)
			knock_run_replayed_locked(run);
		return reason;
	}
	if (knock_run_is_slow(run))
		return KNOCK_REASON_TOO_SLOW;
	if (key->series->kind == KNOCK_SEQUENCE_KIND_DERIVED)
		reason = knock_run_date(run);
	reason = reason ?: knock_key_limits(key, &run->flow->source, run->now_sec);
	reason = reason ?: knock_run_act_locked(run);
	if (!knock_is_accepted(reason))
		return reason;
	knock_series_use_locked(run->tables, head, tail->ports, &run->flow->source, run->ticks);
	knock_run_tell_used(run);
	knock_ban_pardon(run->tables, key, &run->flow->source, run->now);
	return reason;
}

/* One proved knock at a time for a key: of copies on several CPUs one wins. */
static enum knock_reason knock_run_finish(struct knock_run *run, const struct knock_finish *finish)
{
	enum knock_reason reason;
	struct knock_key *key;

	key = finish->whole ?: xa_load(&run->tables->keys, finish->tail.key);
	if (!key || !key->series)
		return KNOCK_REASON_KEY_DELETED;
	run->finish = finish;
	run->key = key;
	spin_lock_bh(&key->lock);
	if (key->dead)
		reason = KNOCK_REASON_KEY_DELETED;
	else if (finish->whole)
		reason = knock_run_static_locked(run);
	else
		reason = knock_run_secret_locked(run);
	spin_unlock_bh(&key->lock);
	BUILD_BUG_ON(KNOCK_RECORD_DATA_SIZE < 2 * KNOCK_NAME_SIZE);
	memcpy(run->record->data, key->door->name, KNOCK_NAME_SIZE);
	memcpy(run->record->data + KNOCK_NAME_SIZE, key->name, KNOCK_NAME_SIZE);
	run->record->len = 2 * KNOCK_NAME_SIZE;
	run->record->type = KNOCK_KEY_TYPE_SEQUENCE;
	return reason;
}

static enum knock_reason knock_run_step(struct knock_run *run, struct knock_trackers *trackers,
					struct knock_cost *cost)
{
	const struct knock_flow *flow = run->flow;
	struct knock_step step = { .port = flow->port, .protocol = flow->protocol };
	enum knock_reason reason, ended = 0;
	struct knock_progress progress;
	u32 i;

	knock_trackers_step(trackers, &run->tables->paths, &flow->source, &step, run->ticks,
			    &progress);
	cost->lookups = progress.lookups;
	reason = progress.reason;
	for (i = 0; i < progress.n_arrivals; i++)
		reason = knock_run_arrive(run, trackers, &progress.arrivals[i], cost);
	for (i = 0; i < progress.n_finishes && !knock_is_accepted(ended); i++)
		ended = knock_run_finish(run, &progress.finishes[i]);
	return ended ?: reason;
}

/* What every packet may be is on no record: it would be wiped by anything. */
static bool knock_step_is_refused(enum knock_reason reason)
{
	return !knock_is_accepted(reason) && reason != KNOCK_REASON_STEP &&
	       reason != KNOCK_REASON_STEP_AGAIN && reason != KNOCK_REASON_NO_STEP;
}

/**
 * knock_step_offer - look whether a packet is a step, and do what its sequence asks for
 * @tables: the namespace's
 * @flow: a lone SYN, or a datagram to no knock port
 *
 * Counted, with what it cost, and recorded if it ends a sequence and is refused. It goes
 * on to the rules whatever is said of it. Allocates nothing.
 *
 * Context: softirq, RCU reader.
 */
void knock_step_offer(struct knock_tables *tables, const struct knock_flow *flow)
{
	struct knock_trackers *trackers = rcu_dereference(tables->trackers);
	struct knock_record record = { .address = flow->source, .port = flow->port };
	struct knock_run run = { .tables = tables, .flow = flow, .record = &record };
	struct knock_cost cost = { };
	enum knock_reason reason;

	run.now = knock_time_now();
	run.now_sec = div_u64(run.now.wall, NSEC_PER_SEC);
	run.ticks = knock_ticks(run.now.boot);
	if (!trackers)
		return;
	reason = knock_is_blocked(tables, &flow->source) ? KNOCK_REASON_BLOCKED :
							   knock_run_step(&run, trackers, &cost);
	knock_stats_count(tables->stats, reason, &cost);
	if (knock_step_is_refused(reason))
		knock_put_on_record(tables, &record, reason);
}
