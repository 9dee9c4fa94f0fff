// SPDX-License-Identifier: GPL-2.0
#include "grant.h"

static struct lock_class_key knock_grants_class;

/**
 * knock_grants_init - make a namespace's table of grants
 * @grants: the table
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int knock_grants_init(struct knock_grants *grants)
{
	atomic64_set(&grants->earliest, S64_MAX);
	return knock_table_init(&grants->table, &knock_grants_class);
}

/**
 * knock_grants_hash - where the grants of an address are
 * @grants: the table
 * @address: the client's
 */
u64 knock_grants_hash(struct knock_grants *grants, const struct knock_address *address)
{
	return siphash(address, sizeof(*address), &grants->table.secret);
}

/**
 * knock_grants_note - remember when the first grant will end
 * @grants: the table
 * @until: boot time in ns at which one will
 *
 * Context: any, softirq included.
 */
void knock_grants_note(struct knock_grants *grants, u64 until)
{
	s64 earliest = atomic64_read(&grants->earliest);

	while ((s64)until < earliest) {
		if (atomic64_try_cmpxchg(&grants->earliest, &earliest, until))
			break;
	}
}

/**
 * knock_grant_add_locked - make a grant live
 * @grants: the table
 * @grant: filled in, but for its id
 * @until: boot time in ns
 *
 * Context: any; the stripe of its hash is locked.
 */
void knock_grant_add_locked(struct knock_grants *grants, struct knock_grant *grant, u64 until)
{
	grant->id = atomic64_inc_return(&grants->last_id);
	/* A listing finds it by its place, not through the table. */
	atomic64_set_release(&grant->until, until);
	knock_table_add_locked(&grants->table, &grant->node);
	knock_grants_note(grants, until);
}

/**
 * knock_grant_extend_locked - let a live grant last until the later of two ends
 * @grants: the table
 * @grant: in it, live
 * @until: boot time in ns
 *
 * Context: any; the stripe of its hash is locked.
 */
void knock_grant_extend_locked(struct knock_grants *grants, struct knock_grant *grant, u64 until)
{
	if (until > knock_grant_until(grant))
		atomic64_set(&grant->until, until);
}

/**
 * knock_grant_del_locked - end a grant
 * @grants: the table
 * @grant: in it; given back to its pool when its readers have left
 *
 * Context: any; the stripe of its hash is locked.
 */
void knock_grant_del_locked(struct knock_grants *grants, struct knock_grant *grant)
{
	atomic64_set(&grant->until, 0);
	knock_table_del_locked(&grants->table, &grant->node);
	knock_pool_retire(&grant->node);
}
