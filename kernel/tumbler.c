// SPDX-License-Identifier: GPL-2.0
/*
 * TUMBLER1 datagrams: design as in Documentation/protocol.rst. A digest that was
 * used before costs no hash; any other costs one for each key that listens on its
 * port and each minute that the key accepts, if the budget allows all of them.
 */
#include <crypto/algapi.h>
#include <linux/math64.h>

#include "access.h"
#include "ban.h"
#include "budget.h"
#include "door.h"
#include "key.h"
#include "offer.h"
#include "reap.h"
#include "tumbler.h"

/**
 * struct knock_trial - one digest on trial
 * @tables: the namespace's
 * @packet: where it came in
 * @now: when
 * @now_sec: when, in unix seconds
 * @digest: the digest
 * @hash: of @digest, in the table of used knocks
 * @window: minutes that some key accepts
 * @cost: hashes that trying every key takes, at most
 * @hashes: those computed
 * @key: which proved
 * @minute: for which it proved
 */
struct knock_trial {
	struct knock_tables *tables;
	const struct knock_packet *packet;
	struct knock_time now;
	u64 now_sec;
	u8 digest[KNOCK_TUMBLER_DIGEST_SIZE];
	u64 hash;
	struct knock_window window;
	u32 cost;
	u32 hashes;
	struct knock_key *key;
	u32 minute;
};

static bool knock_key_listens(const struct knock_key *key, u16 port)
{
	return rcu_dereference(key->door->config)->knock_port == port;
}

static struct knock_window knock_trial_window(const struct knock_trial *trial,
					      const struct knock_key *key)
{
	return knock_window_minutes(trial->now_sec, key->skew);
}

/* A used knock seen again: its owner is on record, so it costs no hash. */
static enum knock_reason knock_trial_used(const struct knock_trial *trial)
{
	const struct knock_address *source = &trial->packet->source;
	struct knock_old *old;

	old = knock_old_find_rcu(&trial->tables->olds, trial->hash, trial->digest);
	if (!old)
		return 0;
	if (knock_old_is_duplicate(old, source, trial->now.boot))
		return KNOCK_REASON_DUPLICATE;
	knock_key_replayed(trial->tables, old->key, source, trial->now);
	return KNOCK_REASON_REPLAY;
}

/* What trying every key will cost, before anything is spent. */
static void knock_trial_estimate(struct knock_trial *trial)
{
	struct knock_window window;
	struct knock_key *key;

	trial->window.first = U32_MAX;
	hlist_for_each_entry_rcu(key, &trial->tables->tumblers, tried) {
		if (!knock_key_listens(key, trial->packet->port))
			continue;
		window = knock_trial_window(trial, key);
		trial->window.first = min(trial->window.first, window.first);
		trial->window.last = max(trial->window.last, window.last);
		trial->cost += window.last - window.first + 1;
	}
}

/* Try every key of one minute; @message begins with what all have in common. */
static bool knock_trial_minute(struct knock_trial *trial, u8 *message, size_t len)
{
	u8 digest[KNOCK_TUMBLER_DIGEST_SIZE];
	struct knock_window window;
	struct knock_key *key;
	bool proved = false;

	hlist_for_each_entry_rcu(key, &trial->tables->tumblers, tried) {
		if (!knock_key_listens(key, trial->packet->port))
			continue;
		window = knock_trial_window(trial, key);
		if (trial->minute < window.first || trial->minute > window.last)
			continue;
		/* A key added since the estimate was not paid for. */
		if (trial->hashes == trial->cost)
			break;
		memcpy(message + len, key->secret, key->secret_len);
		sha256(message, len + key->secret_len, digest);
		trial->hashes++;
		proved = !crypto_memneq(digest, trial->digest, sizeof(digest));
		if (proved) {
			trial->key = key;
			break;
		}
	}
	/* It may be a good knock that its owner has not sent. */
	memzero_explicit(digest, sizeof(digest));
	return proved;
}

static bool knock_trial_prove(struct knock_trial *trial)
{
	u8 message[KNOCK_TUMBLER_MESSAGE_MAX];
	bool proved = false;
	size_t len;

	for (trial->minute = trial->window.first; trial->minute <= trial->window.last;
	     trial->minute++) {
		len = knock_tumbler_prefix((char *)message, trial->minute,
					   &trial->packet->source);
		if (!len)
			break;
		proved = knock_trial_minute(trial, message, len);
		if (proved)
			break;
	}
	memzero_explicit(message, sizeof(message));
	return proved;
}

/* Whether a proved knock may be acted on; 0 if so. */
static enum knock_reason knock_trial_judge_locked(const struct knock_trial *trial)
{
	const struct knock_key *key = trial->key;
	s64 made = (s64)trial->minute * 60 * NSEC_PER_SEC;

	lockdep_assert_held(&key->lock);
	if (key->dead)
		return KNOCK_REASON_KEY_DELETED;
	if (key->guard && made < (s64)(trial->now.wall - trial->now.boot + key->guard))
		return KNOCK_REASON_GUARD;
	if (trial->minute < key->floor)
		return KNOCK_REASON_STALE;
	return knock_key_limits(key, &trial->packet->source, trial->now_sec);
}

static enum knock_reason knock_trial_act_locked(const struct knock_trial *trial,
						struct knock_old *old)
{
	struct knock_request request = {
		.tables = trial->tables,
		.door = trial->key->door,
		.key = trial->key,
		.old = old,
		.address = trial->packet->source,
		.now = trial->now,
		.seconds = rcu_dereference(trial->key->door->config)->open_for,
		.cause = KNOCK_CAUSE_KNOCK,
	};
	enum knock_reason reason;

	old->node.hash = trial->hash;
	memcpy(old->digest, trial->digest, sizeof(old->digest));
	old->address = trial->packet->source;
	old->used = trial->now.boot;
	old->minute = trial->minute;
	WRITE_ONCE(old->key, trial->key);

	if (trial->key->action == KNOCK_KEY_ACTION_OPEN) {
		reason = knock_access_open(&request);
		if (knock_is_accepted(reason))
			knock_ban_pardon(trial->tables, trial->key, &request.address, trial->now);
		return reason;
	}
	if (!knock_old_add(&trial->tables->olds, old))
		return KNOCK_REASON_DUPLICATE;
	return knock_access_close(&request) ? KNOCK_REASON_CLOSED : KNOCK_REASON_NOTHING_OPEN;
}

/* The key was used: nothing older than its window before this minute is good. */
static void knock_trial_note_locked(const struct knock_trial *trial)
{
	struct knock_key *key = trial->key;
	u32 floor;

	lockdep_assert_held(&key->lock);
	key->used = trial->now_sec;
	key->highest = max(key->highest, trial->minute);
	floor = knock_window_floor(key->highest, key->skew);
	if (floor > key->floor) {
		WRITE_ONCE(key->floor, floor);
		knock_reap_olds(trial->tables, false);
	}
	if (knock_access_is_short(key))
		knock_reap_olds(trial->tables, true);
}

/* One proved knock at a time for a key: of copies on several CPUs one wins. */
static enum knock_reason knock_trial_accept(const struct knock_trial *trial)
{
	struct knock_key *key = trial->key;
	enum knock_reason reason;
	struct knock_old *old;

	spin_lock_bh(&key->lock);
	reason = knock_trial_judge_locked(trial);
	if (!reason) {
		old = knock_access_remember(key);
		reason = old ? knock_trial_act_locked(trial, old) : KNOCK_REASON_OLD_FULL;
		if (reason == KNOCK_REASON_KEY_FULL || reason == KNOCK_REASON_DOOR_FULL)
			knock_reap_grants_now(trial->tables);
		/* Nothing is accepted until there is room, so this must ask for it. */
		if (!old)
			knock_reap_olds(trial->tables, true);
		if (knock_is_accepted(reason))
			knock_trial_note_locked(trial);
		else if (old)
			knock_access_drop(key, old);
	}
	spin_unlock_bh(&key->lock);
	return reason;
}

/**
 * knock_tumbler_offer - look whether a datagram is a TUMBLER1 knock
 * @tables: the namespace's
 * @packet: of the length of one
 * @record: gets the digest
 * @cost: gets the hashes that were computed
 *
 * Context: softirq, RCU reader.
 * Return: what became of it.
 */
enum knock_reason knock_tumbler_offer(struct knock_tables *tables,
				      const struct knock_packet *packet,
				      struct knock_record *record, struct knock_cost *cost)
{
	struct knock_trial trial = { .tables = tables, .packet = packet };
	enum knock_reason reason;

	if (!knock_tumbler_parse(packet->payload, packet->len, trial.digest))
		return KNOCK_REASON_FORM;
	BUILD_BUG_ON(KNOCK_RECORD_DATA_SIZE < KNOCK_TUMBLER_DIGEST_SIZE);
	memcpy(record->data, trial.digest, sizeof(trial.digest));
	record->len = sizeof(trial.digest);
	record->type = KNOCK_KEY_TYPE_TUMBLER;
	trial.now = knock_time_now();
	trial.now_sec = div_u64(trial.now.wall, NSEC_PER_SEC);
	trial.hash = knock_olds_hash(&tables->olds, trial.digest);
	reason = knock_trial_used(&trial);
	if (reason)
		return reason;
	knock_trial_estimate(&trial);
	if (!trial.cost)
		return KNOCK_REASON_NO_KEY;
	if (!knock_budget_take(KNOCK_BUDGET_TUMBLER, trial.cost))
		return KNOCK_REASON_BUDGET;
	reason = KNOCK_REASON_UNPROVED;
	if (knock_trial_prove(&trial))
		reason = knock_trial_accept(&trial);
	cost->hashes = trial.hashes;
	/* The other copy won: the table says whether this one is a replay. */
	if (reason == KNOCK_REASON_DUPLICATE)
		reason = knock_trial_used(&trial) ?: KNOCK_REASON_DUPLICATE;
	return reason;
}
