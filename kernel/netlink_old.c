// SPDX-License-Identifier: GPL-2.0
#include <linux/math64.h>
#include <net/sock.h>

#include "door.h"
#include "key.h"
#include "netlink.h"
#include "repeat.h"
#include "series.h"

static struct knock_pool *knock_nl_old_pool(const struct knock_door *door)
{
	return door->old_pool;
}

/* Never the digest: it would be a knock for who sets a clock back. */
static int knock_nl_old_put(const struct knock_nl_walk *walk, const struct knock_used *used)
{
	u64 at = div_u64(walk->now.wall - walk->now.boot + used->used, NSEC_PER_SEC);
	const struct knock_key *key = used->key;
	struct sk_buff *skb = walk->skb;

	if (nla_put_string(skb, KNOCK_A_DOOR_NAME, key->door->name) ||
	    nla_put_string(skb, KNOCK_A_KEY_NAME, key->name) ||
	    nla_put_u8(skb, KNOCK_A_KEY_TYPE, key->type) ||
	    nla_put(skb, KNOCK_A_ADDRESS, sizeof(used->address.bytes), used->address.bytes) ||
	    nla_put_u64_64bit(skb, KNOCK_A_OLD_NUMBER, used->minute, KNOCK_A_PAD) ||
	    nla_put_u64_64bit(skb, KNOCK_A_OLD_USED, at, KNOCK_A_PAD))
		return -EMSGSIZE;
	return 0;
}

/* RCU keeps the key of a used knock, and its door, until we have left. */
static int knock_nl_old_put_slot(const struct knock_nl_walk *walk, struct knock_node *node)
{
	struct knock_used used;
	void *head;

	if (!knock_old_read(&walk->tables->olds, container_of(node, struct knock_old, node), &used))
		return 0;
	head = knock_nl_part_begin(walk->skb, walk->cb, KNOCK_CMD_OLD_GET);
	return knock_nl_part_end(walk->skb, head, head ? knock_nl_old_put(walk, &used) : 0);
}

static int knock_nl_repeat_put(const struct knock_nl_walk *walk, const struct knock_key *key,
			       const struct knock_repeat *repeat)
{
	u64 at = div_u64(walk->now.wall - walk->now.boot + repeat->used, NSEC_PER_SEC);
	struct sk_buff *skb = walk->skb;

	if (nla_put_string(skb, KNOCK_A_DOOR_NAME, key->door->name) ||
	    nla_put_string(skb, KNOCK_A_KEY_NAME, key->name) ||
	    nla_put_u8(skb, KNOCK_A_KEY_TYPE, key->type) ||
	    nla_put(skb, KNOCK_A_ADDRESS, sizeof(repeat->address.bytes), repeat->address.bytes) ||
	    nla_put_u64_64bit(skb, KNOCK_A_OLD_NUMBER, repeat->number, KNOCK_A_PAD) ||
	    nla_put_u64_64bit(skb, KNOCK_A_OLD_USED, at, KNOCK_A_PAD))
		return -EMSGSIZE;
	if (key->series && key->series->kind == KNOCK_SEQUENCE_KIND_DERIVED &&
	    nla_put_u64_64bit(skb, KNOCK_A_KEY_SLOT, repeat->slot, KNOCK_A_PAD))
		return -EMSGSIZE;
	return 0;
}

/* All of a key, from args[5] on; false if there is no room for the next. */
static bool knock_nl_repeats_put(const struct knock_nl_walk *walk, struct knock_key *key)
{
	struct knock_repeat repeats[KNOCK_REPEATS];
	struct netlink_callback *cb = walk->cb;
	void *head;
	u32 count;

	count = knock_repeats(key, walk->now.boot, repeats);
	for (; cb->args[5] < count; cb->args[5]++) {
		head = knock_nl_part_begin(walk->skb, cb, KNOCK_CMD_OLD_GET);
		if (knock_nl_part_end(walk->skb, head,
				      head ? knock_nl_repeat_put(walk, key,
								 &repeats[cb->args[5]]) : 0))
			return false;
	}
	cb->args[5] = 0;
	return true;
}

/* Sequences and sealed knocks are remembered by their keys. */
static int knock_nl_walk_keys(struct knock_nl_walk *walk)
{
	struct netlink_callback *cb = walk->cb;
	struct knock_tables *tables;
	struct knock_key *key;
	unsigned long id;

	walk->now = knock_time_now();
	rcu_read_lock();
	tables = knock_net_tables_rcu(sock_net(walk->skb->sk));
	if (!tables)
		goto out;
	xa_for_each_start(&tables->keys, id, key, cb->args[4]) {
		if (cb->args[0] && key->door->id != cb->args[0])
			continue;
		cb->args[4] = id;
		if (!knock_nl_repeats_put(walk, key))
			goto out;
		cb->args[4] = id + 1;
	}
out:
	rcu_read_unlock();
	return walk->skb->len;
}

/**
 * knock_nl_old_get_dumpit - old-get of all, or of all of a door
 * @skb: the reply
 * @cb: see knock_nl_walk(); args[4] is the next key, args[5] which of its knocks
 */
int knock_nl_old_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct knock_nl_walk walk = {
		.skb = skb,
		.cb = cb,
		.pool = knock_nl_old_pool,
		.put = knock_nl_old_put_slot,
	};
	int len = 0;

	/* When there are no more of the one kind, those of the other. */
	if (!cb->args[4])
		len = knock_nl_walk(&walk);
	return len ?: knock_nl_walk_keys(&walk);
}
