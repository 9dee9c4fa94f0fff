// SPDX-License-Identifier: GPL-2.0
/*
 * Grants are made, ended and reported here and nowhere else, so that an event, a
 * counter and a node never disagree.
 */
#include <linux/math64.h>

#include "access.h"
#include "door.h"
#include "key.h"
#include "reap.h"

/* Take one of at most @max; false if all are taken. Nobody waits for a lock here,
 * and what is given back by one CPU can be taken by the next at once.
 */
static bool knock_take(atomic_t *taken, u32 max)
{
	int have = atomic_read(taken);

	do {
		if (have >= max)
			return false;
	} while (!atomic_try_cmpxchg(taken, &have, have + 1));
	return true;
}

/**
 * knock_access_until - when a grant ends, for people
 * @grant: the grant
 * @now: the time
 *
 * Return: unix seconds by the wall clock of now.
 */
u64 knock_access_until(const struct knock_grant *grant, struct knock_time now)
{
	return div_u64(now.wall + (knock_grant_until(grant) - now.boot), NSEC_PER_SEC);
}

static void knock_access_tell(struct knock_tables *tables, const struct knock_grant *grant,
			      enum knock_event_kind kind, enum knock_cause cause,
			      struct knock_time now)
{
	struct knock_event event = {
		.kind = kind,
		.cause = cause,
		.id = grant->id,
		.time = div_u64(now.wall, NSEC_PER_SEC),
		.address = grant->address,
		.narrow = grant->narrow,
	};

	if (kind == KNOCK_EVENT_KIND_OPENED || kind == KNOCK_EVENT_KIND_EXTENDED)
		event.until = knock_access_until(grant, now);
	memcpy(event.door, grant->door->name, sizeof(event.door));
	if (grant->key)
		memcpy(event.key, grant->key->name, sizeof(event.key));
	knock_ring_put(&tables->ring, &event);
}

/* The stripe of the grant is locked; its node is on its way back on return. */
static void knock_access_end_locked(struct knock_tables *tables, struct knock_grant *grant)
{
	atomic_dec(&grant->door->grants);
	if (grant->key)
		atomic_dec(&grant->key->grants);
	knock_grant_del_locked(&tables->grants, grant);
}

static void knock_access_expire_locked(struct knock_tables *tables, struct knock_grant *grant,
				       struct knock_time now)
{
	knock_access_tell(tables, grant, KNOCK_EVENT_KIND_EXPIRED, KNOCK_CAUSE_TIME, now);
	knock_access_end_locked(tables, grant);
}

/* Room for one more grant: counted to its door and its key, not yet in the table. */
static struct knock_grant *knock_access_reserve(const struct knock_request *request,
						enum knock_reason *reason)
{
	struct knock_door *door = request->door;
	struct knock_key *key = request->key;
	struct knock_node *node;

	*reason = KNOCK_REASON_KEY_FULL;
	if (key && !knock_take(&key->grants, key->max_grants))
		return NULL;
	*reason = KNOCK_REASON_DOOR_FULL;
	if (!knock_take(&door->grants, rcu_dereference(door->config)->max_grants))
		goto err_key;
	node = knock_pool_take(door->grant_pool);
	if (!node)
		goto err_door;
	return container_of(node, struct knock_grant, node);

err_door:
	atomic_dec(&door->grants);
err_key:
	if (key)
		atomic_dec(&key->grants);
	return NULL;
}

static void knock_access_unreserve(const struct knock_request *request, struct knock_grant *grant)
{
	atomic_dec(&request->door->grants);
	if (request->key)
		atomic_dec(&request->key->grants);
	knock_pool_return(&grant->node);
}

static struct knock_grant *knock_access_find_locked(const struct knock_request *request, u64 hash)
{
	struct knock_grants *grants = &request->tables->grants;
	struct knock_buckets *buckets = knock_table_buckets_rcu(&grants->table);
	struct knock_grant *grant;

	knock_chain_for_each_rcu(grant, buckets, hash) {
		if (grant->door == request->door && grant->key == request->key &&
		    grant->narrow == request->narrow &&
		    knock_address_equal(&grant->address, &request->address))
			return grant;
	}
	return NULL;
}

static void knock_access_add_locked(const struct knock_request *request, struct knock_grant *grant,
				    u64 hash, u64 until)
{
	grant->node.hash = hash;
	grant->address = request->address;
	grant->door = request->door;
	grant->key = request->key;
	grant->narrow = request->narrow;
	grant->since = div_u64(request->now.wall, NSEC_PER_SEC);
	knock_grant_add_locked(&request->tables->grants, grant, until);
}

static enum knock_reason knock_access_open_locked(const struct knock_request *request, u64 hash)
{
	u64 until = request->now.boot + (u64)request->seconds * NSEC_PER_SEC;
	struct knock_tables *tables = request->tables;
	enum knock_reason reason = KNOCK_REASON_EXTENDED;
	enum knock_event_kind kind;
	struct knock_grant *grant;
	bool fresh = false;

	grant = knock_access_find_locked(request, hash);
	if (grant && !knock_grant_is_live(grant, request->now.boot)) {
		knock_access_expire_locked(tables, grant, request->now);
		grant = NULL;
	}
	if (!grant) {
		grant = knock_access_reserve(request, &reason);
		if (!grant)
			return reason;
		reason = KNOCK_REASON_OPENED;
		fresh = true;
	}
	/* Room is there, so from here on a proved knock is used up. */
	if (request->old && !knock_old_add(&tables->olds, request->old)) {
		if (fresh)
			knock_access_unreserve(request, grant);
		return KNOCK_REASON_DUPLICATE;
	}
	if (fresh)
		knock_access_add_locked(request, grant, hash, until);
	else
		knock_grant_extend_locked(&tables->grants, grant, until);
	kind = fresh ? KNOCK_EVENT_KIND_OPENED : KNOCK_EVENT_KIND_EXTENDED;
	knock_access_tell(tables, grant, kind, request->cause, request->now);
	if (request->granted)
		*request->granted = (struct knock_granted){
			.id = grant->id,
			.since = grant->since,
			.until = knock_access_until(grant, request->now),
		};
	return reason;
}

/**
 * knock_access_open - open a door for an address
 * @request: who wants it; a live grant of the same door, address, key and width is
 *	made to last until the later of the two ends, and keeps its id
 *
 * Context: any, softirq included; RCU reader.
 * Return: opened or extended; key-full or door-full, and nothing was used up;
 * duplicate if @old is already known. Only after the first two is @old taken.
 */
enum knock_reason knock_access_open(const struct knock_request *request)
{
	struct knock_tables *tables = request->tables;
	u64 hash = knock_grants_hash(&tables->grants, &request->address);
	enum knock_reason reason;

	knock_table_lock(&tables->grants.table, hash);
	reason = knock_access_open_locked(request, hash);
	knock_table_unlock(&tables->grants.table, hash);
	if (reason == KNOCK_REASON_OPENED)
		knock_reap_soon(tables);
	return reason;
}

static bool knock_access_is_on(const struct knock_request *request,
			       const struct knock_grant *grant)
{
	if (!knock_address_equal(&grant->address, &request->address))
		return false;
	if (request->own &&
	    (grant->key != request->key || grant->narrow != request->narrow))
		return false;
	return request->door ? grant->door == request->door :
			       knock_door_is(grant->door, request->label);
}

/**
 * knock_access_close - end all grants of an address on a door, or a key's own
 * @request: whose
 *
 * Context: any, softirq included; RCU reader or the namespace's mutex held.
 * Return: how many live ones there were.
 */
u32 knock_access_close(const struct knock_request *request)
{
	struct knock_tables *tables = request->tables;
	u64 hash = knock_grants_hash(&tables->grants, &request->address);
	struct knock_buckets *buckets;
	struct knock_grant *grant;
	u32 closed = 0;

	knock_table_lock(&tables->grants.table, hash);
	buckets = knock_table_buckets_rcu(&tables->grants.table);
	knock_chain_for_each_rcu(grant, buckets, hash) {
		if (!knock_access_is_on(request, grant))
			continue;
		if (!knock_grant_is_live(grant, request->now.boot)) {
			knock_access_expire_locked(tables, grant, request->now);
			continue;
		}
		knock_access_tell(tables, grant, KNOCK_EVENT_KIND_CLOSED, request->cause,
				  request->now);
		knock_access_end_locked(tables, grant);
		closed++;
	}
	knock_table_unlock(&tables->grants.table, hash);
	return closed;
}

/**
 * knock_access_expire - report and end a grant whose time is over
 * @tables: the namespace's
 * @grant: found under RCU; left alone if it is live again, or gone
 * @now: the time
 *
 * Context: RCU reader.
 */
void knock_access_expire(struct knock_tables *tables, struct knock_grant *grant,
			 struct knock_time now)
{
	u64 hash = grant->node.hash;

	knock_table_lock(&tables->grants.table, hash);
	if (knock_table_has_locked(&grant->node, hash) && !knock_grant_is_live(grant, now.boot))
		knock_access_expire_locked(tables, grant, now);
	knock_table_unlock(&tables->grants.table, hash);
}

/* The slot may be spare, or on its way in or out: only its stripe tells. */
static void knock_access_end_slot(const struct knock_request *request, struct knock_grant *grant)
{
	struct knock_tables *tables = request->tables;
	u64 hash = READ_ONCE(grant->node.hash);
	enum knock_event_kind kind;

	if (!knock_grant_until(grant))
		return;
	knock_table_lock(&tables->grants.table, hash);
	if (knock_table_has_locked(&grant->node, hash) &&
	    (!request->key || grant->key == request->key)) {
		if (knock_grant_is_live(grant, request->now.boot)) {
			kind = KNOCK_EVENT_KIND_CLOSED;
			knock_access_tell(tables, grant, kind, request->cause, request->now);
			knock_access_end_locked(tables, grant);
		} else {
			knock_access_expire_locked(tables, grant, request->now);
		}
	}
	knock_table_unlock(&tables->grants.table, hash);
}

/**
 * knock_access_end_all - end all grants of a door, or of one key
 * @request: @door, and @key or NULL for all; no more are being made
 *
 * Context: process, the namespace's mutex held.
 */
void knock_access_end_all(const struct knock_request *request)
{
	struct knock_pool *pool = request->door->grant_pool;
	u32 i, size = knock_pool_size(pool);

	for (i = 0; i < size; i++) {
		knock_access_end_slot(request, container_of(knock_pool_at(pool, i),
							    struct knock_grant, node));
		cond_resched();
	}
}

/**
 * knock_access_forget - forget a used knock
 * @tables: the namespace's
 * @old: left alone if it is not in the table any more, or not @key's
 * @key: whose it was when it was found
 *
 * Context: RCU reader, or the namespace's mutex held.
 */
void knock_access_forget(struct knock_tables *tables, struct knock_old *old,
			 const struct knock_key *key)
{
	u64 hash = READ_ONCE(old->node.hash);

	knock_table_lock(&tables->olds.table, hash);
	if (knock_table_has_locked(&old->node, hash) && old->key == key) {
		atomic_dec(&old->key->olds);
		atomic_dec(&old->key->door->olds);
		knock_old_del_locked(&tables->olds, old);
	}
	knock_table_unlock(&tables->olds.table, hash);
}

/**
 * knock_access_forget_all - forget the used knocks of a door, or of one key
 * @request: @door, and @key or NULL for all; no more are being made
 *
 * Context: process, the namespace's mutex held.
 */
void knock_access_forget_all(const struct knock_request *request)
{
	struct knock_pool *pool = request->door->old_pool;
	u32 i, size = knock_pool_size(pool);
	struct knock_key *key;
	struct knock_old *old;

	for (i = 0; i < size; i++) {
		old = container_of(knock_pool_at(pool, i), struct knock_old, node);
		key = READ_ONCE(old->key);
		if (key && (!request->key || key == request->key))
			knock_access_forget(request->tables, old, key);
		cond_resched();
	}
}

/**
 * knock_access_remember - room for one more used knock of a key
 * @key: whose
 *
 * Context: any, softirq included.
 * Return: to be added by knock_old_add() or dropped; NULL if there is no room.
 */
struct knock_old *knock_access_remember(struct knock_key *key)
{
	struct knock_door *door = key->door;
	struct knock_node *node;

	if (!knock_take(&key->olds, KNOCK_KEY_OLDS))
		return NULL;
	if (!knock_take(&door->olds, READ_ONCE(door->max_olds)))
		goto err_key;
	node = knock_pool_take(door->old_pool);
	if (!node)
		goto err_door;
	return container_of(node, struct knock_old, node);

err_door:
	atomic_dec(&door->olds);
err_key:
	atomic_dec(&key->olds);
	return NULL;
}

/**
 * knock_access_is_short - whether room for used knocks is three quarters taken
 * @key: whose
 */
bool knock_access_is_short(const struct knock_key *key)
{
	return atomic_read(&key->olds) > KNOCK_KEY_OLDS / 4 * 3 ||
	       atomic_read(&key->door->olds) > READ_ONCE(key->door->max_olds) / 4 * 3;
}

/**
 * knock_access_drop - give back room that was not needed
 * @key: whose
 * @old: of knock_access_remember(), never added
 *
 * Context: any, softirq included.
 */
void knock_access_drop(struct knock_key *key, struct knock_old *old)
{
	atomic_dec(&key->door->olds);
	atomic_dec(&key->olds);
	knock_pool_return(&old->node);
}
