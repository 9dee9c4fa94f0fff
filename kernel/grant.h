/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Who may pass: door x client address x key, until when.
 */
#ifndef _KNOCK_GRANT_H
#define _KNOCK_GRANT_H

#include <linux/atomic.h>
#include <knock/address.h>

#include "node_table.h"

struct knock_door;
struct knock_key;

/**
 * struct knock_grant - one address may pass one door
 * @node: in the table, by @address
 * @address: the client's
 * @door: what is open; RCU
 * @key: what opened it; NULL by hand or rule; RCU
 * @id: unique in the namespace, rising
 * @since: unix seconds
 * @until: boot time in ns, live before it; 0 once it was ended
 * @narrow: what may pass is the way to the door's agent, and no service
 */
struct knock_grant {
	struct knock_node node;
	struct knock_address address;
	struct knock_door *door;
	struct knock_key *key;
	u64 id;
	u64 since;
	atomic64_t until;
	bool narrow;
};

/**
 * struct knock_grants - the grants of a namespace
 * @table: every grant, also those that are over and not yet reported
 * @earliest: no grant ends before this boot time in ns
 * @last_id: of the newest grant; starts anywhere
 */
struct knock_grants {
	struct knock_table table;
	atomic64_t earliest;
	atomic64_t last_id;
};

int knock_grants_init(struct knock_grants *grants);
u64 knock_grants_hash(struct knock_grants *grants, const struct knock_address *address);
void knock_grants_note(struct knock_grants *grants, u64 until);
void knock_grant_add_locked(struct knock_grants *grants, struct knock_grant *grant, u64 until);
void knock_grant_extend_locked(struct knock_grants *grants, struct knock_grant *grant, u64 until);
void knock_grant_del_locked(struct knock_grants *grants, struct knock_grant *grant);

/**
 * knock_grant_until - when a grant ends
 * @grant: the grant
 *
 * Return: boot time in ns; 0 if it was ended.
 */
static inline u64 knock_grant_until(const struct knock_grant *grant)
{
	return atomic64_read_acquire(&grant->until);
}

/**
 * knock_grant_is_live - whether a grant admits
 * @grant: the grant
 * @now: boot time in ns
 */
static inline bool knock_grant_is_live(const struct knock_grant *grant, u64 now)
{
	return now < knock_grant_until(grant);
}

#endif /* _KNOCK_GRANT_H */
