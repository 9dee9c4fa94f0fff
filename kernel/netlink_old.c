// SPDX-License-Identifier: GPL-2.0
#include <linux/math64.h>

#include "door.h"
#include "key.h"
#include "netlink.h"

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

/**
 * knock_nl_old_get_dumpit - old-get of all, or of all of a door
 * @skb: the reply
 * @cb: see knock_nl_walk()
 */
int knock_nl_old_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct knock_nl_walk walk = {
		.skb = skb,
		.cb = cb,
		.pool = knock_nl_old_pool,
		.put = knock_nl_old_put_slot,
	};

	return knock_nl_walk(&walk);
}
