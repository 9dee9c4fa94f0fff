// SPDX-License-Identifier: GPL-2.0
#include <linux/in.h>

#include "door.h"
#include "offer.h"

static bool knock_list_has(struct knock_blacklist *list, const struct knock_address *source)
{
	struct knock_listed *listed;

	if (knock_blacklist_is_empty(list))
		return false;
	listed = knock_listed_find_rcu(list, source);
	return listed && knock_listed_is_live(listed, ktime_get_boottime_ns());
}

/**
 * knock_is_blocked - whether the administrator blocks an address
 * @tables: the namespace's
 * @source: the address
 *
 * Context: any, RCU reader.
 */
bool knock_is_blocked(struct knock_tables *tables, const struct knock_address *source)
{
	return knock_list_has(rcu_dereference(tables->blocks), source);
}

/**
 * knock_is_banned - whether an address is banned
 * @tables: the namespace's
 * @source: the address
 *
 * Context: any, RCU reader.
 */
bool knock_is_banned(struct knock_tables *tables, const struct knock_address *source)
{
	return knock_list_has(rcu_dereference(tables->bans), source);
}

/* A knock port is never admitted, not even to who may pass any port; nor is who is
 * blocked.
 */
static bool knock_is_admissible(struct knock_tables *tables, const struct knock_flow *flow)
{
	return atomic_read(&tables->grants.table.used) &&
	       !(flow->protocol == IPPROTO_UDP && test_bit(flow->port, tables->ports)) &&
	       !knock_is_blocked(tables, &flow->source);
}

static bool knock_grant_is_of(const struct knock_grant *grant, const struct knock_address *source)
{
	return knock_address_equal(&grant->address, source) &&
	       knock_grant_is_live(grant, ktime_get_boottime_ns());
}

/* Who has a narrow grant is not known to be the key's owner before the agent says so. */
static bool knock_grant_admits(const struct knock_grant *grant, const struct knock_flow *flow,
			       const struct knock_door_config *config)
{
	if (grant->narrow)
		return flow->protocol == IPPROTO_TCP && config->agent_port &&
		       flow->port == config->agent_port;
	return knock_door_serves(config, flow->protocol, flow->port);
}

static bool knock_grant_is_named(const struct knock_grant *grant, const struct knock_label *door)
{
	return !door || knock_door_is(grant->door, door);
}

/**
 * knock_admits - whether a packet may pass
 * @tables: the namespace's
 * @flow: the packet
 * @door: which door; NULL for any
 *
 * One look-up, whatever the number of doors, keys and grants.
 *
 * Context: any, RCU reader.
 */
bool knock_admits(struct knock_tables *tables, const struct knock_flow *flow,
		  const struct knock_label *door)
{
	const struct knock_door_config *config;
	struct knock_buckets *buckets;
	struct knock_grant *grant;
	u64 hash;

	if (!knock_is_admissible(tables, flow))
		return false;
	hash = knock_grants_hash(&tables->grants, &flow->source);
	buckets = knock_table_buckets_rcu(&tables->grants.table);
	knock_chain_for_each_rcu(grant, buckets, hash) {
		if (!knock_grant_is_of(grant, &flow->source) || !knock_grant_is_named(grant, door))
			continue;
		config = rcu_dereference(grant->door->config);
		if (knock_grant_admits(grant, flow, config))
			return true;
	}
	return false;
}

/**
 * knock_mark - the mark of a packet
 * @tables: the namespace's
 * @flow: the packet
 * @mark: what it has, without the bits of any door
 *
 * One look-up. Doors that share a mask give one mark: that of the grant at the end
 * of the chain.
 *
 * Context: any, RCU reader.
 * Return: @mark with the marks of all doors that admit the packet.
 */
u32 knock_mark(struct knock_tables *tables, const struct knock_flow *flow, u32 mark)
{
	const struct knock_door_config *config;
	struct knock_buckets *buckets;
	struct knock_grant *grant;
	u64 hash;

	if (!knock_is_admissible(tables, flow))
		return mark;
	hash = knock_grants_hash(&tables->grants, &flow->source);
	buckets = knock_table_buckets_rcu(&tables->grants.table);
	knock_chain_for_each_rcu(grant, buckets, hash) {
		if (!knock_grant_is_of(grant, &flow->source))
			continue;
		config = rcu_dereference(grant->door->config);
		if (knock_grant_admits(grant, flow, config))
			mark = (mark & ~config->mark_mask) | config->mark;
	}
	return mark;
}

static bool knock_has_grant_of(struct knock_tables *tables, const struct knock_address *source,
			       bool narrow)
{
	struct knock_buckets *buckets;
	struct knock_grant *grant;
	u64 hash;

	if (!atomic_read(&tables->grants.table.used))
		return false;
	hash = knock_grants_hash(&tables->grants, source);
	buckets = knock_table_buckets_rcu(&tables->grants.table);
	knock_chain_for_each_rcu(grant, buckets, hash) {
		if (knock_grant_is_of(grant, source) && (narrow || !grant->narrow))
			return true;
	}
	return false;
}

/**
 * knock_has_grant - whether an address may pass any door, be it only to the agent
 * @tables: the namespace's
 * @source: the address
 *
 * Context: any, RCU reader.
 */
bool knock_has_grant(struct knock_tables *tables, const struct knock_address *source)
{
	return knock_has_grant_of(tables, source, true);
}

/**
 * knock_is_blacklisted - whether an address is blocked, or banned and let in nowhere
 * @tables: the namespace's
 * @source: the address
 * @flow: a packet of it, which may go to an agent though the address is banned; NULL if
 *	it can't be read
 *
 * Context: any, RCU reader.
 */
bool knock_is_blacklisted(struct knock_tables *tables, const struct knock_address *source,
			  const struct knock_flow *flow)
{
	return knock_is_blocked(tables, source) ||
	       (knock_list_has(rcu_dereference(tables->bans), source) &&
		!knock_has_grant_of(tables, source, false) &&
		!(flow && knock_admits(tables, flow, NULL)));
}
