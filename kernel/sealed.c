// SPDX-License-Identifier: GPL-2.0
/*
 * Sealed knocks: design as in Documentation/protocol.rst. What begins with no hint
 * that is known costs one look-up, whatever the number of keys; what does costs one
 * derivation and one opening. Of that there is no budget: whoever saw one knock could
 * spend it for its owner.
 */
#include <crypto/algapi.h>
#include <linux/math64.h>

#include "access.h"
#include "ban.h"
#include "crypto.h"
#include "door.h"
#include "key.h"
#include "offer.h"
#include "reap.h"
#include "sealed.h"

/**
 * struct knock_letter - one datagram, and what it says
 * @tables: the namespace's
 * @packet: where it came in
 * @now: when
 * @now_sec: when, in unix seconds
 * @key: which it was made with
 * @minute: of the hint that was found
 * @plain: what it says
 * @made_sec: its time, in unix seconds
 */
struct knock_letter {
	struct knock_tables *tables;
	const struct knock_packet *packet;
	struct knock_time now;
	u64 now_sec;
	struct knock_key *key;
	u32 minute;
	struct knock_sealed_plain plain;
	u64 made_sec;
};

static bool knock_letter_is_for(const struct knock_letter *letter, const struct knock_hint *hint)
{
	const u8 *payload = letter->packet->payload;

	return !memcmp(hint->bytes, payload, sizeof(hint->bytes)) &&
	       rcu_dereference(hint->set->key->door->config)->knock_port == letter->packet->port;
}

/* Find the key by the hint, and open the letter. Two keys have the same hint once in
 * longer than anybody waits; then both are tried.
 */
static enum knock_reason knock_letter_open(struct knock_letter *letter, struct knock_cost *cost)
{
	struct knock_hints *hints = &letter->tables->hints;
	const u8 *payload = letter->packet->payload;
	u64 hash = knock_hints_hash(hints, payload);
	enum knock_sealed_result result;
	struct knock_buckets *buckets;
	struct knock_hint *hint;

	buckets = knock_table_buckets_rcu(&hints->table);
	knock_chain_for_each_rcu(hint, buckets, hash) {
		if (!knock_letter_is_for(letter, hint))
			continue;
		cost->derivations++;
		result = knock_sealed_open(&knock_crypto, hint->set->secret, payload,
					   &letter->plain);
		if (result == KNOCK_SEALED_BAD_TAG)
			continue;
		letter->key = hint->set->key;
		letter->minute = hint->minute;
		return result == KNOCK_SEALED_GOOD ? 0 : KNOCK_REASON_CONTENT;
	}
	return cost->derivations ? KNOCK_REASON_TAG : KNOCK_REASON_UNKNOWN_HINT;
}

/* Whether it is a knock of this moment; 0 if so. */
static enum knock_reason knock_letter_date(struct knock_letter *letter)
{
	u32 nsec;

	if (!knock_tai64n_get(letter->plain.tai64n, &letter->made_sec, &nsec) ||
	    div_u64(letter->made_sec, 60) != letter->minute)
		return KNOCK_REASON_CONTENT;
	switch (knock_sealed_age(letter->made_sec, letter->now_sec, letter->key->skew)) {
	case KNOCK_SEALED_TOO_OLD:
		return KNOCK_REASON_TOO_OLD;
	case KNOCK_SEALED_NOT_YET:
		return KNOCK_REASON_NOT_YET;
	default:
		return 0;
	}
}

/* A knock of a time that was taken is a copy, or somebody's who wants to be in twice. */
static enum knock_reason knock_letter_again(const struct knock_letter *letter,
					    const struct knock_taken *taken)
{
	/* Negative if another CPU took it after this one's time was read. */
	s64 passed = letter->now.boot - taken->used;

	if (passed < KNOCK_DUPLICATE_NS &&
	    knock_address_equal(&taken->address, &letter->packet->source))
		return KNOCK_REASON_DUPLICATE;
	return KNOCK_REASON_REPLAY;
}

/* By what the key was used for before; 0 if the knock may be good. */
static enum knock_reason knock_letter_recall_locked(const struct knock_letter *letter)
{
	const struct knock_key *key = letter->key;
	s64 made = letter->made_sec * NSEC_PER_SEC;
	const struct knock_taken *taken;

	lockdep_assert_held(&key->lock);
	if (key->dead)
		return KNOCK_REASON_KEY_DELETED;
	if (key->guard && made < (s64)(letter->now.wall - letter->now.boot + key->guard))
		return KNOCK_REASON_GUARD;
	taken = knock_history_find(key->history, letter->plain.tai64n);
	if (taken)
		return knock_letter_again(letter, taken);
	if (knock_history_is_stale(key->history, letter->plain.tai64n))
		return KNOCK_REASON_STALE;
	if (knock_history_is_closed(key->history, &letter->plain))
		return KNOCK_REASON_BEFORE_CLOSE;
	return 0;
}

/* Made by a client that does not know its address. */
static bool knock_letter_is_unbound(const struct knock_letter *letter)
{
	return !memchr_inv(letter->plain.address.bytes, 0, sizeof(letter->plain.address.bytes));
}

/* Whether it may be so: without an agent there is nobody who could tell whose it is. */
static bool knock_letter_roams(const struct knock_letter *letter)
{
	return letter->key->roaming && knock_letter_is_unbound(letter) &&
	       rcu_dereference(letter->key->door->config)->agent_port;
}

/* Whether the knock means this door and this client; 0 if so. */
static enum knock_reason knock_letter_check(const struct knock_letter *letter)
{
	const struct knock_sealed_plain *plain = &letter->plain;
	const struct knock_key *key = letter->key;

	if (crypto_memneq(plain->door_hash, key->door_hash, sizeof(plain->door_hash)))
		return KNOCK_REASON_OTHER_DOOR;
	if (!knock_address_equal(&plain->address, &letter->packet->source) &&
	    !knock_letter_roams(letter))
		return KNOCK_REASON_OTHER_ADDRESS;
	return knock_key_limits(key, &letter->packet->source, letter->now_sec);
}

static u32 knock_letter_seconds(const struct knock_letter *letter)
{
	u32 most = rcu_dereference(letter->key->door->config)->open_for;

	if (knock_letter_is_unbound(letter))
		return KNOCK_NARROW_FOR;
	return letter->plain.open_for ? min(letter->plain.open_for, most) : most;
}

static enum knock_reason knock_letter_act_locked(const struct knock_letter *letter)
{
	struct knock_key *key = letter->key;
	struct knock_request request = {
		.tables = letter->tables,
		.door = key->door,
		.key = key,
		.address = letter->packet->source,
		.now = letter->now,
		.seconds = knock_letter_seconds(letter),
		.cause = KNOCK_CAUSE_KNOCK,
		.own = true,
	};
	enum knock_reason reason;

	if (letter->plain.action == KNOCK_SEALED_CLOSE)
		return knock_access_close(&request) ? KNOCK_REASON_CLOSED :
						      KNOCK_REASON_NOTHING_OPEN;
	request.narrow = knock_letter_is_unbound(letter);
	reason = knock_access_open(&request);
	if (knock_is_accepted(reason) && !request.narrow)
		knock_ban_pardon(letter->tables, key, &request.address, letter->now);
	else if (!knock_is_accepted(reason))
		knock_reap_grants_now(letter->tables);
	return reason;
}

/* An unbound close that closed nothing came, maybe, from who had seen it on its way: the
 * client's own is to find it unused.
 */
static bool knock_letter_is_used_up(const struct knock_letter *letter, enum knock_reason reason)
{
	if (reason == KNOCK_REASON_NOTHING_OPEN)
		return !knock_letter_is_unbound(letter);
	return knock_is_accepted(reason);
}

static void knock_letter_note_locked(const struct knock_letter *letter)
{
	struct knock_key *key = letter->key;
	struct knock_taken taken = {
		.address = letter->packet->source,
		.used = letter->now.boot,
	};

	lockdep_assert_held(&key->lock);
	memcpy(taken.tai64n, letter->plain.tai64n, sizeof(taken.tai64n));
	knock_history_add(key->history, &taken, letter->plain.action);
	key->used = letter->now_sec;
}

/* One proved knock at a time for a key: of copies on several CPUs one wins. */
static enum knock_reason knock_letter_accept(const struct knock_letter *letter)
{
	struct knock_key *key = letter->key;
	enum knock_reason reason;

	spin_lock_bh(&key->lock);
	reason = knock_letter_recall_locked(letter) ?: knock_letter_check(letter);
	if (!reason) {
		reason = knock_letter_act_locked(letter);
		if (knock_letter_is_used_up(letter, reason))
			knock_letter_note_locked(letter);
	}
	spin_unlock_bh(&key->lock);
	if (reason == KNOCK_REASON_REPLAY)
		knock_key_replayed(letter->tables, key, &letter->packet->source, letter->now);
	return reason;
}

/**
 * knock_sealed_offer - look whether a datagram is a sealed knock
 * @tables: the namespace's
 * @packet: of the length of one
 * @record: gets the datagram
 * @cost: gets the derivations
 *
 * Context: softirq, RCU reader.
 * Return: what became of it.
 */
enum knock_reason knock_sealed_offer(struct knock_tables *tables,
				     const struct knock_packet *packet,
				     struct knock_record *record, struct knock_cost *cost)
{
	struct knock_letter letter = { .tables = tables, .packet = packet };
	enum knock_reason reason;

	memcpy(record->data, packet->payload, KNOCK_SEALED_LEN);
	record->len = KNOCK_SEALED_LEN;
	record->type = KNOCK_KEY_TYPE_SEALED;
	letter.now = knock_time_now();
	letter.now_sec = div_u64(letter.now.wall, NSEC_PER_SEC);
	reason = knock_letter_open(&letter, cost);
	if (reason == KNOCK_REASON_UNKNOWN_HINT)
		knock_hints_missed(&tables->hints, letter.now_sec);
	if (reason)
		return reason;
	return knock_letter_date(&letter) ?: knock_letter_accept(&letter);
}
