// SPDX-License-Identifier: GPL-2.0
#include <net/sock.h>

#include "door.h"
#include "key.h"
#include "netlink.h"

static int knock_nl_key_from_put(struct sk_buff *skb, const struct knock_trust *prefixes)
{
	struct knock_from *from;
	struct nlattr *attr;
	u32 i;

	if (!prefixes)
		return 0;
	attr = nla_reserve(skb, KNOCK_A_KEY_FROM, prefixes->count * sizeof(*from));
	if (!attr)
		return -EMSGSIZE;
	from = nla_data(attr);
	for (i = 0; i < prefixes->count; i++) {
		memcpy(from[i].address, prefixes->prefixes[i].first.bytes,
		       sizeof(from[i].address));
		from[i].prefix_len = prefixes->prefixes[i].len;
	}
	return 0;
}

static u64 knock_nl_key_closed(const struct knock_key *key)
{
	u64 sec;
	u32 nsec;

	lockdep_assert_held(&key->lock);
	if (!key->history || !knock_tai64n_get(key->history->closed, &sec, &nsec))
		return 0;
	return sec;
}

/**
 * knock_nl_key_put - describe a key
 * @skb: the reply
 * @key: the key
 *
 * Context: RCU reader, or the namespace's mutex is held.
 * Return: 0, or -EMSGSIZE if there is no room.
 */
int knock_nl_key_put(struct sk_buff *skb, struct knock_key *key)
{
	u64 from = knock_key_accepted_from(key, knock_time_now()), used, closed;

	spin_lock_bh(&key->lock);
	used = key->used;
	closed = knock_nl_key_closed(key);
	spin_unlock_bh(&key->lock);
	if (nla_put_string(skb, KNOCK_A_DOOR_NAME, key->door->name) ||
	    nla_put_string(skb, KNOCK_A_KEY_NAME, key->name) ||
	    nla_put_u8(skb, KNOCK_A_KEY_TYPE, key->type) ||
	    nla_put_u8(skb, KNOCK_A_KEY_ACTION, key->action) ||
	    nla_put_u32(skb, KNOCK_A_KEY_SKEW_SEC, key->skew) ||
	    nla_put_u32(skb, KNOCK_A_KEY_MAX_GRANTS, key->max_grants) ||
	    nla_put_u32(skb, KNOCK_A_KEY_GRANTS, atomic_read(&key->grants)) ||
	    nla_put(skb, KNOCK_A_KEY_FINGERPRINT, sizeof(key->fingerprint), key->fingerprint))
		return -EMSGSIZE;
	if (key->roaming && nla_put_flag(skb, KNOCK_A_KEY_ROAMING))
		return -EMSGSIZE;
	if (from && nla_put_u64_64bit(skb, KNOCK_A_KEY_ACCEPTED_FROM, from, KNOCK_A_PAD))
		return -EMSGSIZE;
	if (used && nla_put_u64_64bit(skb, KNOCK_A_KEY_USED, used, KNOCK_A_PAD))
		return -EMSGSIZE;
	if (closed && nla_put_u64_64bit(skb, KNOCK_A_KEY_CLOSED, closed, KNOCK_A_PAD))
		return -EMSGSIZE;
	if (key->not_after &&
	    nla_put_u64_64bit(skb, KNOCK_A_KEY_NOT_AFTER, key->not_after, KNOCK_A_PAD))
		return -EMSGSIZE;
	return knock_nl_series_put(skb, key) ?: knock_nl_key_from_put(skb, key->from);
}

/**
 * knock_nl_key - the key that a request names
 * @kn: the namespace, its mutex held
 * @info: the request
 *
 * Return: the key or an ERR_PTR.
 */
struct knock_key *knock_nl_key(struct knock_net *kn, struct genl_info *info)
{
	struct knock_door *door = knock_nl_door(kn, info->attrs, info->extack);
	char name[KNOCK_NAME_SIZE];
	struct knock_key *key;
	int err;

	if (IS_ERR(door))
		return ERR_CAST(door);
	err = knock_nl_name(name, info->attrs[KNOCK_A_KEY_NAME], info->extack);
	if (err)
		return ERR_PTR(err);
	key = knock_key_find(kn, door, name);
	if (key)
		return key;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[KNOCK_A_KEY_NAME],
			    "the door has no such key");
	return ERR_PTR(-ENOENT);
}

/**
 * knock_nl_key_del_doit - key-del
 * @skb: the request
 * @info: its attributes
 */
int knock_nl_key_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knock_net *kn = knock_net(genl_info_net(info));
	struct knock_key *key;
	int err = 0;

	mutex_lock(&kn->mutex);
	key = knock_nl_key(kn, info);
	if (IS_ERR(key))
		err = PTR_ERR(key);
	else
		knock_key_del(kn, key);
	mutex_unlock(&kn->mutex);
	return err;
}

/**
 * knock_nl_key_get_doit - key-get of one
 * @skb: the request
 * @info: its attributes
 */
int knock_nl_key_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knock_net *kn = knock_net(genl_info_net(info));
	struct knock_nl_reply reply;
	struct knock_key *key;
	int err;

	err = knock_nl_reply_begin(&reply, info, KNOCK_CMD_KEY_GET);
	if (err)
		return err;
	mutex_lock(&kn->mutex);
	key = knock_nl_key(kn, info);
	err = IS_ERR(key) ? PTR_ERR(key) : knock_nl_key_put(reply.skb, key);
	mutex_unlock(&kn->mutex);
	return knock_nl_reply_end(&reply, info, err);
}

/**
 * knock_nl_key_get_dumpit - key-get of all, or of all of a door
 * @skb: the reply
 * @cb: args[0] is the door, or 0 for all; args[1] the last id shown
 */
int knock_nl_key_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct knock_tables *tables;
	struct knock_key *key;
	unsigned long id;
	void *head;
	int err;

	err = knock_nl_dump_filter(cb);
	if (err)
		return err;
	rcu_read_lock();
	tables = knock_net_tables_rcu(sock_net(skb->sk));
	if (!tables)
		goto out;
	xa_for_each_start(&tables->keys, id, key, cb->args[1] + 1) {
		if (cb->args[0] && key->door->id != cb->args[0])
			continue;
		head = knock_nl_part_begin(skb, cb, KNOCK_CMD_KEY_GET);
		if (knock_nl_part_end(skb, head, head ? knock_nl_key_put(skb, key) : 0))
			break;
		cb->args[1] = id;
	}
out:
	rcu_read_unlock();
	return skb->len;
}
