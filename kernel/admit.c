// SPDX-License-Identifier: GPL-2.0
#include <linux/in.h>

#include "door.h"
#include "offer.h"

static bool knock_grant_admits(const struct knock_grant *grant, const struct knock_flow *flow,
			       const struct knock_label *door)
{
	if (door && (grant->door->hash != door->hash ||
		     memcmp(grant->door->name, door->name, KNOCK_NAME_SIZE)))
		return false;
	return knock_door_serves(grant->door, flow->protocol, flow->port);
}

/**
 * knock_admits - whether a packet may pass
 * @tables: the namespace's
 * @flow: the packet
 * @door: which door; NULL for any
 *
 * One look-up, whatever the number of doors, keys and grants. A knock port is
 * never admitted, not even to who may pass any port.
 *
 * Context: any, RCU reader.
 */
bool knock_admits(struct knock_tables *tables, const struct knock_flow *flow,
		  const struct knock_label *door)
{
	struct knock_buckets *buckets;
	struct knock_grant *grant;
	u64 hash;

	if (!atomic_read(&tables->grants.table.used))
		return false;
	if (flow->protocol == IPPROTO_UDP && test_bit(flow->port, tables->ports))
		return false;
	hash = knock_grants_hash(&tables->grants, &flow->source);
	buckets = knock_table_buckets_rcu(&tables->grants.table);
	knock_chain_for_each_rcu(grant, buckets, hash) {
		if (knock_address_equal(&grant->address, &flow->source) &&
		    knock_grant_is_live(grant, ktime_get_boottime_ns()) &&
		    knock_grant_admits(grant, flow, door))
			return true;
	}
	return false;
}
