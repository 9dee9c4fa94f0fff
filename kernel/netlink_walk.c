// SPDX-License-Identifier: GPL-2.0
#include <net/sock.h>

#include "door.h"
#include "netlink.h"

/* How many slots a walk looks at before it lets others run. */
#define KNOCK_WALK_STEP	4096

/* The slots of a door from args[2] on; true when there are no more. */
static bool knock_nl_walk_door(const struct knock_nl_walk *walk, const struct knock_door *door)
{
	struct netlink_callback *cb = walk->cb;
	u32 last = cb->args[2] + KNOCK_WALK_STEP;
	struct knock_node *node;

	for (; cb->args[2] < last; cb->args[2]++) {
		node = knock_pool_at(walk->pool(door), cb->args[2]);
		if (!node)
			return true;
		if (walk->put(walk, node))
			return false;
	}
	return false;
}

/* One step: true if there is more, and room for it. */
static bool knock_nl_walk_step(struct knock_nl_walk *walk)
{
	struct netlink_callback *cb = walk->cb;
	unsigned long id = max(cb->args[1], cb->args[0]);
	struct knock_door *door;
	long slot;

	walk->now = knock_time_now();
	walk->tables = knock_net_tables_rcu(sock_net(walk->skb->sk));
	if (!walk->tables)
		return false;
	door = xa_find(&walk->tables->doors, &id, ULONG_MAX, XA_PRESENT);
	if (!door || (cb->args[0] && id != cb->args[0]))
		return false;
	if (id != cb->args[1]) {
		cb->args[1] = id;
		cb->args[2] = 0;
	}
	slot = cb->args[2];
	if (knock_nl_walk_door(walk, door)) {
		cb->args[1] = id + 1;
		cb->args[2] = 0;
		return !cb->args[0];
	}
	return cb->args[2] == slot + KNOCK_WALK_STEP;
}

/**
 * knock_nl_walk - list what is in one kind of pool of all doors, or of one
 * @walk: @skb, @cb, @pool and @put; @cb has in args[0] the only door wanted, or 0,
 *	in args[1] the door that is being shown, in args[2] its next slot
 *
 * Goes by door's id and by slot. Both stay while their object is there, so what is
 * there throughout is shown exactly once.
 *
 * Context: process, may sleep.
 * Return: as a dumpit.
 */
int knock_nl_walk(struct knock_nl_walk *walk)
{
	bool more;
	int err;

	err = knock_nl_dump_filter(walk->cb);
	if (err)
		return err;
	do {
		rcu_read_lock();
		more = knock_nl_walk_step(walk);
		rcu_read_unlock();
		cond_resched();
	} while (more);
	return walk->skb->len;
}
