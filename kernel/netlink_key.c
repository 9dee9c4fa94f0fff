// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>
#include <net/sock.h>

#include "door.h"
#include "key.h"
#include "netlink.h"

static unsigned int knock_tumbler_keys_max __read_mostly = 128;

static int knock_tumbler_keys_set(const char *text, const struct kernel_param *param)
{
	return param_set_uint_minmax(text, param, 1, KNOCK_TUMBLER_KEYS_LIMIT);
}

static const struct kernel_param_ops knock_tumbler_keys_ops = {
	.set = knock_tumbler_keys_set,
	.get = param_get_uint,
};

module_param_cb(tumbler_keys, &knock_tumbler_keys_ops, &knock_tumbler_keys_max, 0444);
MODULE_PARM_DESC(tumbler_keys, "tumbler keys a namespace may have, 1 to 1024 (128)");

static const struct nla_policy knock_nl_key_policy[KNOCK_A_MAX + 1] = {
	[KNOCK_A_DOOR_NAME] = { .type = NLA_NUL_STRING },
	[KNOCK_A_KEY_NAME] = { .type = NLA_NUL_STRING },
	[KNOCK_A_KEY_TYPE] = { .type = NLA_U8 },
	[KNOCK_A_KEY_ACTION] = { .type = NLA_U8 },
	[KNOCK_A_KEY_SECRET] = { .type = NLA_BINARY },
	[KNOCK_A_KEY_GENERATED] = { .type = NLA_FLAG },
	[KNOCK_A_KEY_FRESH] = { .type = NLA_FLAG },
	[KNOCK_A_KEY_SKEW_SEC] = { .type = NLA_U32 },
	[KNOCK_A_KEY_MAX_GRANTS] = { .type = NLA_U32 },
};

/**
 * knock_nl_tumbler_keys_max - tumbler keys a namespace may have
 */
u32 knock_nl_tumbler_keys_max(void)
{
	return knock_tumbler_keys_max;
}

/**
 * knock_nl_key_wipe - wipe a request with all its attributes
 * @info: the request, parsed or not
 *
 * Not the secret alone: where a length is wrong, nobody knows where it ends.
 */
void knock_nl_key_wipe(struct genl_info *info)
{
	memzero_explicit(genlmsg_data(info->genlhdr), genlmsg_len(info->genlhdr));
}

static int knock_nl_key_secret(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	if (!attr) {
		NL_SET_ERR_MSG(extack, "a secret is missing");
		return -EINVAL;
	}
	if (!nla_len(attr) || nla_len(attr) > KNOCK_TUMBLER_SECRET_MAX) {
		NL_SET_ERR_MSG(extack, "a tumbler secret has 1 to 255 bytes");
		return -EINVAL;
	}
	return 0;
}

static int knock_nl_key_type(struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	const struct nlattr *type = attrs[KNOCK_A_KEY_TYPE], *action = attrs[KNOCK_A_KEY_ACTION];

	if (!type || nla_get_u8(type) != KNOCK_KEY_TYPE_TUMBLER) {
		NL_SET_ERR_MSG(extack, "a key's type must be given, and tumbler is the only one");
		return -EINVAL;
	}
	if (action && (!nla_get_u8(action) || nla_get_u8(action) > KNOCK_KEY_ACTION_MAX)) {
		NL_SET_ERR_MSG_ATTR(extack, action, "a key's action is open or close");
		return -EINVAL;
	}
	return 0;
}

static int knock_nl_key_numbers(struct knock_key *key, struct nlattr **attrs,
				struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;

	key->skew = KNOCK_SKEW_TUMBLER;
	attr = attrs[KNOCK_A_KEY_SKEW_SEC];
	if (attr) {
		key->skew = nla_get_u32(attr);
		if (key->skew > KNOCK_SKEW_MAX) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "a skew is 300 seconds at most");
			return -EINVAL;
		}
	}
	key->max_grants = KNOCK_KEY_GRANTS_DEFAULT;
	attr = attrs[KNOCK_A_KEY_MAX_GRANTS];
	if (attr) {
		key->max_grants = nla_get_u32(attr);
		if (!key->max_grants || key->max_grants > KNOCK_GRANTS_MAX) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "a key holds 1 to 1048576 grants");
			return -EINVAL;
		}
	}
	return 0;
}

/* A key as the request describes it, of no door yet; or an ERR_PTR. */
static struct knock_key *knock_nl_key_read(struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	const struct nlattr *secret = attrs[KNOCK_A_KEY_SECRET];
	struct knock_key *key;
	int err;

	err = knock_nl_key_type(attrs, extack) ?: knock_nl_key_secret(secret, extack);
	if (err)
		return ERR_PTR(err);
	key = knock_key_create(nla_data(secret), nla_len(secret),
			       nla_get_flag(attrs[KNOCK_A_KEY_GENERATED]));
	if (!key) {
		NL_SET_ERR_MSG(extack, "no memory for a key");
		return ERR_PTR(-ENOMEM);
	}
	key->type = KNOCK_KEY_TYPE_TUMBLER;
	key->action = KNOCK_KEY_ACTION_OPEN;
	if (attrs[KNOCK_A_KEY_ACTION])
		key->action = nla_get_u8(attrs[KNOCK_A_KEY_ACTION]);
	err = knock_nl_name(key->name, attrs[KNOCK_A_KEY_NAME], extack) ?:
	      knock_nl_key_numbers(key, attrs, extack);
	if (!err)
		return key;
	knock_key_discard(key);
	return ERR_PTR(err);
}

static int knock_nl_key_admit(struct knock_net *kn, const struct knock_key *key,
			      struct netlink_ext_ack *extack)
{
	struct knock_tables *tables = knock_net_tables_locked(kn);

	if (knock_key_find(kn, key->door, key->name)) {
		NL_SET_ERR_MSG(extack, "the door has a key of this name");
		return -EEXIST;
	}
	if (tables->n_tumblers >= knock_tumbler_keys_max) {
		NL_SET_ERR_MSG(extack,
			       "this namespace has all the tumbler keys it may; each knock tries each, sealed keys cost one look-up (module parameter tumbler_keys)");
		return -ENOSPC;
	}
	if (knock_key_is_secret_used(kn, key->secret, key->secret_len)) {
		NL_SET_ERR_MSG(extack, "another key of this namespace has this secret; use one of its own");
		return -EEXIST;
	}
	return 0;
}

static int knock_nl_key_add_locked(struct knock_net *kn, struct knock_key *key,
				   struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	struct knock_door *door = knock_nl_door(kn, attrs, extack);
	int err;

	if (IS_ERR(door))
		return PTR_ERR(door);
	key->door = door;
	err = knock_nl_key_admit(kn, key, extack);
	if (err)
		return err;
	if (!nla_get_flag(attrs[KNOCK_A_KEY_FRESH]))
		key->guard = ktime_get_boottime_ns() + (u64)key->skew * NSEC_PER_SEC;
	err = knock_key_add(kn, key);
	if (err == -ENOSPC)
		NL_SET_ERR_MSG(extack, "a namespace holds 65536 keys");
	else if (err)
		NL_SET_ERR_MSG(extack, "no memory for a key");
	return err;
}

/* Context: RCU reader. */
static int knock_nl_key_put(struct sk_buff *skb, struct knock_key *key)
{
	u64 from = knock_key_accepted_from(key, knock_time_now()), used;

	spin_lock_bh(&key->lock);
	used = key->used;
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
	if (from && nla_put_u64_64bit(skb, KNOCK_A_KEY_ACCEPTED_FROM, from, KNOCK_A_PAD))
		return -EMSGSIZE;
	if (used && nla_put_u64_64bit(skb, KNOCK_A_KEY_USED, used, KNOCK_A_PAD))
		return -EMSGSIZE;
	return 0;
}

static int knock_nl_key_add(struct genl_info *info, struct nlattr **attrs)
{
	struct knock_net *kn = knock_net(genl_info_net(info));
	struct knock_nl_reply reply;
	struct knock_key *key;
	int err;

	key = knock_nl_key_read(attrs, info->extack);
	if (IS_ERR(key))
		return PTR_ERR(key);
	/* All that can fail comes first, so that a failure leaves no key behind. */
	err = knock_nl_reply_begin(&reply, info, KNOCK_CMD_KEY_ADD);
	if (err) {
		knock_key_discard(key);
		return err;
	}
	mutex_lock(&kn->mutex);
	err = knock_nl_key_add_locked(kn, key, attrs, info->extack);
	if (!err)
		err = knock_nl_key_put(reply.skb, key);
	else
		knock_key_discard(key);
	mutex_unlock(&kn->mutex);
	return knock_nl_reply_end(&reply, info, err);
}

/**
 * knock_nl_key_add_doit - key-add
 * @skb: the request; its secret is wiped whatever happens
 * @info: the request, not yet parsed
 */
int knock_nl_key_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **attrs;
	int err;

	attrs = kcalloc(KNOCK_A_MAX + 1, sizeof(*attrs), GFP_KERNEL);
	if (!attrs) {
		NL_SET_ERR_MSG(info->extack, "no memory to read the request");
		err = -ENOMEM;
		goto out;
	}
	err = nla_parse(attrs, KNOCK_A_MAX, genlmsg_data(info->genlhdr),
			genlmsg_len(info->genlhdr), knock_nl_key_policy, info->extack);
	if (!err)
		err = knock_nl_key_add(info, attrs);
out:
	knock_nl_key_wipe(info);
	kfree(attrs);
	return err;
}

static struct knock_key *knock_nl_key(struct knock_net *kn, struct genl_info *info)
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
