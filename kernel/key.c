// SPDX-License-Identifier: GPL-2.0
#include <crypto/algapi.h>
#include <linux/jhash.h>
#include <linux/math64.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "access.h"
#include "door.h"
#include "key.h"
#include "reap.h"
#include "series.h"

static void knock_key_fingerprint(struct knock_key *key, bool random)
{
	static const char label[] = "xt_knock fingerprint";
	u8 text[sizeof(label) - 1 + KNOCK_TUMBLER_SECRET_MAX];
	u8 digest[SHA256_DIGEST_SIZE];

	/* Of a secret that somebody thought of it would be a guessing oracle. */
	get_random_bytes(key->fingerprint, sizeof(key->fingerprint));
	if (!random)
		return;
	memcpy(text, label, sizeof(label) - 1);
	memcpy(text + sizeof(label) - 1, key->secret, key->secret_len);
	sha256(text, sizeof(label) - 1 + key->secret_len, digest);
	memcpy(key->fingerprint, digest, sizeof(key->fingerprint));
	memzero_explicit(text, sizeof(text));
}

/**
 * knock_key_create - a key that belongs to no door yet
 * @type: enum knock_key_type
 * @secret: copied
 * @len: of @secret; 0 of a static sequence
 * @random: nobody thought of it, so a fingerprint tells nothing
 *
 * Context: process, may sleep.
 * Return: to be filled in and added, or discarded; NULL for want of memory.
 */
struct knock_key *knock_key_create(u8 type, const u8 *secret, u8 len, bool random)
{
	size_t body = type == KNOCK_KEY_TYPE_SEQUENCE ? sizeof(struct knock_series) : 0;
	struct knock_key *key = kzalloc(sizeof(*key) + body + len, KNOCK_GFP);

	if (!key)
		return NULL;
	key->type = type;
	spin_lock_init(&key->lock);
	INIT_HLIST_NODE(&key->tried);
	if (body) {
		key->series = (struct knock_series *)(key + 1);
		INIT_LIST_HEAD(&key->series->heads);
		INIT_LIST_HEAD(&key->series->olds);
	}
	key->secret = (u8 *)(key + 1) + body;
	if (len)
		memcpy(key->secret, secret, len);
	key->secret_len = len;
	knock_key_fingerprint(key, random);
	return key;
}

/**
 * knock_key_seal - give a key what it needs to be a sealed one
 * @key: of knock_key_create(), its skew set
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int knock_key_seal(struct knock_key *key)
{
	key->hints = knock_hint_set_create(key, key->secret, key->skew);
	key->history = kzalloc(sizeof(*key->history), KNOCK_GFP);
	return key->hints && key->history ? 0 : -ENOMEM;
}

/**
 * knock_key_discard - free a key that was never added
 * @key: the key
 */
void knock_key_discard(struct knock_key *key)
{
	kvfree(key->from);
	kfree_sensitive(key->hints);
	kfree(key->history);
	knock_series_free(key);
	kfree_sensitive(key);
}

static struct hlist_head *knock_key_chain(struct knock_tables *tables,
					  const struct knock_door *door,
					  const char name[KNOCK_NAME_SIZE])
{
	return &tables->key_names[jhash(name, KNOCK_NAME_SIZE, door->id) % KNOCK_KEY_CHAINS];
}

/**
 * knock_key_find - a key by name
 * @kn: the namespace, its mutex held
 * @door: the door
 * @name: padded with NUL
 *
 * Return: the key or NULL.
 */
struct knock_key *knock_key_find(struct knock_net *kn, const struct knock_door *door,
				 const char name[KNOCK_NAME_SIZE])
{
	struct knock_tables *tables = knock_net_tables_locked(kn);
	struct knock_key *key;

	hlist_for_each_entry(key, knock_key_chain(tables, door, name), by_name) {
		if (key->door == door && !memcmp(key->name, name, KNOCK_NAME_SIZE))
			return key;
	}
	return NULL;
}

/**
 * knock_key_is_secret_used - whether a tumbler key of the namespace has a secret
 * @kn: the namespace, its mutex held
 * @secret: the secret
 * @len: of @secret
 *
 * Two keys of one secret could not be told apart, and each would use up the
 * other's knocks.
 */
bool knock_key_is_secret_used(struct knock_net *kn, const u8 *secret, u8 len)
{
	struct knock_tables *tables = knock_net_tables_locked(kn);
	struct knock_key *key;

	hlist_for_each_entry(key, &tables->tumblers, tried) {
		if (key->secret_len == len && !crypto_memneq(key->secret, secret, len))
			return true;
	}
	return false;
}

/* Packets find a sealed key by its hints, a sequence by its steps, and a tumbler key by
 * trying all.
 */
static int knock_key_show(struct knock_net *kn, struct knock_key *key)
{
	struct knock_tables *tables = knock_net_tables_locked(kn);
	u8 digest[SHA256_DIGEST_SIZE];
	int err;

	if (key->type == KNOCK_KEY_TYPE_TUMBLER) {
		hlist_add_head_rcu(&key->tried, &tables->tumblers);
		tables->n_tumblers++;
		return 0;
	}
	if (key->type == KNOCK_KEY_TYPE_SEQUENCE)
		return knock_series_add(kn, key);
	sha256(key->door->name, strnlen(key->door->name, KNOCK_NAME_SIZE), digest);
	memcpy(key->door_hash, digest, sizeof(key->door_hash));
	err = knock_hint_set_add(&tables->hints, key->hints);
	if (!err)
		tables->n_sealed++;
	return err;
}

static void knock_key_hide(struct knock_tables *tables, struct knock_key *key)
{
	if (key->type == KNOCK_KEY_TYPE_TUMBLER) {
		hlist_del_rcu(&key->tried);
		tables->n_tumblers--;
	} else if (key->type == KNOCK_KEY_TYPE_SEQUENCE) {
		knock_series_del(tables, key);
	} else {
		knock_hint_set_del(&tables->hints, key->hints);
		tables->n_sealed--;
	}
}

/**
 * knock_key_add - give a key to its door; from now on packets try it
 * @kn: the namespace, its mutex held
 * @key: filled in, @door too
 *
 * Context: process, may sleep.
 * Return: 0, -ENOSPC at the limit of keys, -EEXIST if another key could not be told
 * from it, or -ENOMEM; then the key is still the caller's.
 */
int knock_key_add(struct knock_net *kn, struct knock_key *key)
{
	struct knock_tables *tables = knock_net_tables_locked(kn);
	int err;

	if (tables->n_keys >= KNOCK_KEYS_MAX)
		return -ENOSPC;
	/* Its place first: once a packet or a listing can find it, nothing may fail. */
	err = xa_alloc_cyclic(&tables->keys, &key->id, NULL, xa_limit_31b, &tables->next_key,
			      KNOCK_GFP);
	if (err < 0)
		return err;
	err = knock_key_show(kn, key);
	if (err) {
		xa_erase(&tables->keys, key->id);
		return err;
	}
	xa_store(&tables->keys, key->id, key, 0);
	tables->n_keys++;
	hlist_add_head(&key->by_name, knock_key_chain(tables, key->door, key->name));
	list_add_tail(&key->of_door, &key->door->keys);
	return 0;
}

/**
 * knock_key_kill - take a key away from packets and listings
 * @kn: the namespace, its mutex held
 * @key: freed when its last reader has left; its grants and used knocks must be
 *	ended by the caller before it leaves the mutex
 *
 * Context: process.
 */
void knock_key_kill(struct knock_net *kn, struct knock_key *key)
{
	struct knock_tables *tables = knock_net_tables_locked(kn);

	spin_lock_bh(&key->lock);
	key->dead = true;
	spin_unlock_bh(&key->lock);

	knock_key_hide(tables, key);
	list_del(&key->of_door);
	hlist_del(&key->by_name);
	xa_erase(&tables->keys, key->id);
	tables->n_keys--;
}

static void knock_key_free(struct rcu_head *rcu)
{
	knock_key_discard(container_of(rcu, struct knock_key, rcu));
}

/**
 * knock_key_release - free a killed key when its last reader has left
 * @key: killed, its grants ended and its used knocks forgotten
 */
void knock_key_release(struct knock_key *key)
{
	call_rcu(&key->rcu, knock_key_free);
}

/**
 * knock_key_del - delete a key; its grants end
 * @kn: the namespace, its mutex held
 * @key: gone on return
 *
 * Context: process.
 */
void knock_key_del(struct knock_net *kn, struct knock_key *key)
{
	struct knock_request request = {
		.tables = knock_net_tables_locked(kn),
		.door = key->door,
		.key = key,
		.now = knock_time_now(),
		.cause = KNOCK_CAUSE_KEY_DELETED,
	};

	knock_key_kill(kn, key);
	if (atomic_read(&key->grants))
		knock_access_end_all(&request);
	if (atomic_read(&key->olds))
		knock_access_forget_all(&request);
	call_rcu(&key->rcu, knock_key_free);
}

/* The times of two CPUs may come in the other order: then no time has passed. */
static bool knock_key_told_lately(const struct knock_key *key, struct knock_time now)
{
	return key->replay_told && (s64)(now.boot - key->replay_told) < (s64)NSEC_PER_SEC;
}

static void knock_key_tell_locked(struct knock_tables *tables, struct knock_key *key,
				  struct knock_time now)
{
	struct knock_event event = {
		.kind = KNOCK_EVENT_KIND_REPLAY,
		.cause = KNOCK_CAUSE_KNOCK,
		.count = key->replays,
		.time = div_u64(now.wall, NSEC_PER_SEC),
		.address = key->replay_from,
	};

	memcpy(event.door, key->door->name, sizeof(event.door));
	memcpy(event.key, key->name, sizeof(event.key));
	if (key->series) {
		event.sequence = key->series->kind;
		event.slot = key->replay_slot;
		event.number = key->replay_number;
	}
	knock_ring_put(&tables->ring, &event);
	key->replays = 0;
	key->replay_told = now.boot;
}

/**
 * knock_key_replayed - a used knock was seen again
 * @tables: the namespace's
 * @key: whose
 * @from: the packet's source
 * @now: the time
 *
 * Told at once, but at most once a second and key; the reaper tells the rest.
 *
 * Context: any, softirq included; RCU reader.
 */
void knock_key_replayed(struct knock_tables *tables, struct knock_key *key,
			const struct knock_address *from, struct knock_time now)
{
	spin_lock_bh(&key->lock);
	knock_key_replayed_locked(tables, key, from, now);
	spin_unlock_bh(&key->lock);
}

/**
 * knock_key_replayed_locked - a used knock was seen again
 * @tables: the namespace's
 * @key: whose; its lock is held
 * @from: the packet's source
 * @now: the time
 *
 * As knock_key_replayed().
 */
void knock_key_replayed_locked(struct knock_tables *tables, struct knock_key *key,
			       const struct knock_address *from, struct knock_time now)
{
	lockdep_assert_held(&key->lock);
	key->replays++;
	key->replay_from = *from;
	if (knock_key_told_lately(key, now))
		knock_reap_replays(tables);
	else
		knock_key_tell_locked(tables, key, now);
}

/**
 * knock_key_tell_replays - tell of replays that came too soon after the last
 * @tables: the namespace's
 * @key: whose
 * @now: the time
 *
 * The reaper may run for another reason before the second is over; then it is
 * asked once more.
 *
 * Context: RCU reader.
 */
void knock_key_tell_replays(struct knock_tables *tables, struct knock_key *key,
			    struct knock_time now)
{
	bool later = false;

	spin_lock_bh(&key->lock);
	if (key->replays) {
		later = knock_key_told_lately(key, now);
		if (!later)
			knock_key_tell_locked(tables, key, now);
	}
	spin_unlock_bh(&key->lock);
	if (later)
		knock_reap_replays(tables);
}

/* Seconds that one knock's time stands for. */
static u32 knock_key_unit(const struct knock_key *key)
{
	switch (key->type) {
	case KNOCK_KEY_TYPE_SEALED:
		return 1;
	case KNOCK_KEY_TYPE_SEQUENCE:
		return key->series->derived->slot_sec;
	default:
		return 60;
	}
}

/**
 * knock_key_accepted_from - when a guarded key's first knock can be good
 * @key: the key
 * @now: the time
 *
 * Return: unix seconds of the first minute that the guard lets pass, of a sealed key
 * of the first second, of a derived one of the first slot, by the wall clock of now;
 * 0 if the key has no guard.
 */
u64 knock_key_accepted_from(const struct knock_key *key, struct knock_time now)
{
	u64 unit_ns, wall;
	u32 unit;

	if (!key->guard)
		return 0;
	unit = knock_key_unit(key);
	unit_ns = (u64)unit * NSEC_PER_SEC;
	wall = now.wall - now.boot + key->guard;
	return div64_u64(wall + unit_ns - 1, unit_ns) * unit;
}

/**
 * knock_key_limits - whether a proved key may be used at all
 * @key: the key
 * @source: the knock's source
 * @now_sec: unix seconds
 *
 * Context: any, softirq included; four steps at most.
 * Return: why not, or 0.
 */
enum knock_reason knock_key_limits(const struct knock_key *key,
				   const struct knock_address *source, u64 now_sec)
{
	if (key->from && !knock_trust_has(key->from, source))
		return KNOCK_REASON_FROM;
	if (key->not_after && now_sec > key->not_after)
		return KNOCK_REASON_NOT_AFTER;
	return 0;
}
