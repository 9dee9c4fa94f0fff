// SPDX-License-Identifier: GPL-2.0
/*
 * A source address can be forged, so a ban must be of no use as a weapon: it touches
 * no grant, a fresh knock lifts it, and who makes many only makes the oldest go.
 */
#include <linux/math64.h>

#include "ban.h"
#include "blacklist.h"
#include "door.h"
#include "key.h"
#include "reap.h"
#include "trust.h"

/* Nodes for those that gave way and wait for their last reader. Where more are
 * made within a grace period, bans last for no longer than that anyway.
 */
#define KNOCK_BAN_SLACK		1024

/* A packet that lengthens a ban by less takes no lock. */
#define KNOCK_BAN_STEP		NSEC_PER_SEC

/**
 * knock_ban_rule_add - have room for bans, since a rule makes some
 * @net: the rule's namespace
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM; on success knock_ban_rule_del() must follow.
 */
int knock_ban_rule_add(const struct net *net)
{
	struct knock_net *kn = knock_net(net);
	struct knock_tables *tables;
	int err = 0;

	mutex_lock(&kn->mutex);
	tables = knock_net_tables_locked(kn);
	if (tables)
		err = knock_ban_prepare(tables);
	if (!err)
		atomic_inc(&kn->ban_rules);
	mutex_unlock(&kn->mutex);
	return err;
}

/**
 * knock_ban_rule_del - such a rule is gone
 * @net: the rule's namespace, which may have ended before
 *
 * What is banned stays so, and its room with it.
 *
 * Context: process.
 */
void knock_ban_rule_del(const struct net *net)
{
	atomic_dec(&knock_net(net)->ban_rules);
}

/**
 * knock_ban_prepare - have room for bans
 * @tables: the namespace's, its mutex held, or nobody knows of them yet
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int knock_ban_prepare(struct knock_tables *tables)
{
	struct knock_blacklist *bans;

	if (rcu_access_pointer(tables->bans))
		return 0;
	bans = knock_blacklist_create(KNOCK_BLACKLIST_MAX + KNOCK_BAN_SLACK);
	if (!bans)
		return -ENOMEM;
	rcu_assign_pointer(tables->bans, bans);
	return 0;
}

/**
 * struct knock_sentence - a ban to be made
 * @tables: the namespace's
 * @key: whose knock was replayed; NULL by hand or rule
 * @address: who is banned
 * @now: the time
 * @until: boot time in ns
 * @cause: enum knock_cause
 */
struct knock_sentence {
	struct knock_tables *tables;
	const struct knock_key *key;
	const struct knock_address *address;
	struct knock_time now;
	u64 until;
	u8 cause;
};

static void knock_ban_tell(const struct knock_sentence *sentence)
{
	u64 until = sentence->now.wall + (sentence->until - sentence->now.boot);
	struct knock_event event = {
		.kind = KNOCK_EVENT_KIND_BANNED,
		.cause = sentence->cause,
		.time = div_u64(sentence->now.wall, NSEC_PER_SEC),
		.until = div_u64(until, NSEC_PER_SEC),
		.address = *sentence->address,
	};

	if (sentence->key) {
		memcpy(event.door, sentence->key->door->name, sizeof(event.door));
		memcpy(event.key, sentence->key->name, sizeof(event.key));
	}
	knock_ring_put(&sentence->tables->ring, &event);
}

static bool knock_ban_make_locked(struct knock_blacklist *bans,
				  const struct knock_address *address, struct knock_time now,
				  u64 until)
{
	struct knock_listed *oldest = knock_listed_oldest_locked(bans);
	bool full = atomic_read(&bans->table.used) >= KNOCK_BLACKLIST_MAX;

	if (!knock_listed_add_locked(bans, address, div_u64(now.wall, NSEC_PER_SEC), until))
		return false;
	if (full)
		knock_listed_del_locked(bans, oldest);
	return true;
}

/* Whether a ban lasts nearly as long as it is asked for. */
static bool knock_ban_lasts(struct knock_blacklist *bans, const struct knock_address *address,
			    u64 until)
{
	struct knock_listed *listed = knock_listed_find_rcu(bans, address);

	return listed && knock_listed_until(listed) + KNOCK_BAN_STEP > until;
}

static int knock_ban_pass(const struct knock_sentence *sentence)
{
	const struct knock_address *address = sentence->address;
	struct knock_tables *tables = sentence->tables;
	struct knock_blacklist *bans = rcu_dereference(tables->bans);
	struct knock_listed *listed;
	bool made = false;
	int err = 0;

	if (knock_trust_has(rcu_dereference(tables->trust), address))
		return -EPERM;
	if (!bans)
		return -ENOBUFS;
	if (knock_ban_lasts(bans, address, sentence->until))
		return 0;
	knock_blacklist_lock(bans);
	listed = knock_listed_find_rcu(bans, address);
	if (listed && knock_listed_is_live(listed, sentence->now.boot)) {
		knock_listed_extend_locked(bans, listed, sentence->until);
	} else {
		if (listed)
			knock_listed_del_locked(bans, listed);
		made = knock_ban_make_locked(bans, address, sentence->now, sentence->until);
		if (made)
			knock_ban_tell(sentence);
		else
			err = -ENOBUFS;
	}
	knock_blacklist_unlock(bans);
	if (made)
		knock_reap_soon(tables);
	return err;
}

/**
 * knock_ban_add - ban an address
 * @tables: the namespace's
 * @address: whose
 * @now: the time
 * @seconds: how long; of an address that is banned the later of both ends counts
 * @cause: told in an event, unless it was banned already
 *
 * Context: any, softirq included; RCU reader. Allocates nothing.
 * Return: 0; -EPERM if the address is trusted, -ENOBUFS if there is no room.
 */
int knock_ban_add(struct knock_tables *tables, const struct knock_address *address,
		  struct knock_time now, u32 seconds, enum knock_cause cause)
{
	struct knock_sentence sentence = {
		.tables = tables,
		.address = address,
		.now = now,
		.until = now.boot + (u64)seconds * NSEC_PER_SEC,
		.cause = cause,
	};

	return knock_ban_pass(&sentence);
}

/**
 * knock_ban_replay - ban who has replayed a knock
 * @tables: the namespace's
 * @key: of the knock; its lock may be held
 * @address: who
 * @now: the time
 * @seconds: how long, as knock_ban_add()
 *
 * Context: any, softirq included; RCU reader. Allocates nothing.
 * Return: as knock_ban_add().
 */
int knock_ban_replay(struct knock_tables *tables, const struct knock_key *key,
		     const struct knock_address *address, struct knock_time now, u32 seconds)
{
	struct knock_sentence sentence = {
		.tables = tables,
		.key = key,
		.address = address,
		.now = now,
		.until = now.boot + (u64)seconds * NSEC_PER_SEC,
		.cause = KNOCK_CAUSE_KNOCK,
	};

	return knock_ban_pass(&sentence);
}

static void knock_ban_tell_pardon(struct knock_tables *tables, const struct knock_key *key,
				  const struct knock_address *address, struct knock_time now)
{
	struct knock_event event = {
		.kind = KNOCK_EVENT_KIND_PARDONED,
		.cause = KNOCK_CAUSE_KNOCK,
		.time = div_u64(now.wall, NSEC_PER_SEC),
		.address = *address,
	};

	memcpy(event.door, key->door->name, sizeof(event.door));
	memcpy(event.key, key->name, sizeof(event.key));
	knock_ring_put(&tables->ring, &event);
}

/**
 * knock_ban_pardon - lift the ban of an address that proved a key, if it has one
 * @tables: the namespace's
 * @key: which key; its lock may be held
 * @address: whose
 * @now: the time
 *
 * Context: any, softirq included; RCU reader.
 */
void knock_ban_pardon(struct knock_tables *tables, const struct knock_key *key,
		      const struct knock_address *address, struct knock_time now)
{
	struct knock_blacklist *bans = rcu_dereference(tables->bans);
	struct knock_listed *listed;

	if (knock_blacklist_is_empty(bans) || !knock_listed_find_rcu(bans, address))
		return;
	knock_blacklist_lock(bans);
	listed = knock_listed_find_rcu(bans, address);
	if (listed) {
		if (knock_listed_is_live(listed, now.boot))
			knock_ban_tell_pardon(tables, key, address, now);
		knock_listed_del_locked(bans, listed);
	}
	knock_blacklist_unlock(bans);
}

/**
 * knock_ban_lift_all - lift the bans of all addresses in a prefix
 * @bans: the bans; NULL is none
 * @prefix: which
 *
 * Context: process, may sleep; the namespace's mutex is held.
 */
void knock_ban_lift_all(struct knock_blacklist *bans, const struct knock_prefix *prefix)
{
	u32 i, size = bans ? knock_pool_size(bans->pool) : 0;
	struct knock_listed *listed;

	for (i = 0; i < size; i++) {
		listed = knock_listed_at(bans, i);
		knock_blacklist_lock(bans);
		if (knock_listed_until(listed) && knock_prefix_has(prefix, &listed->address))
			knock_listed_del_locked(bans, listed);
		knock_blacklist_unlock(bans);
		cond_resched();
	}
}
