// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

#include "door.h"
#include "key.h"
#include "netlink.h"
#include "series.h"

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
	[KNOCK_A_KEY_FROM] = { .type = NLA_BINARY },
	[KNOCK_A_KEY_NOT_AFTER] = { .type = NLA_U64 },
	[KNOCK_A_KEY_SEQUENCE] = { .type = NLA_U8 },
	[KNOCK_A_KEY_PORTS] = { .type = NLA_BINARY },
	[KNOCK_A_KEY_STEPS] = { .type = NLA_U8 },
	[KNOCK_A_KEY_WITHIN_SEC] = { .type = NLA_U32 },
	[KNOCK_A_KEY_AVOID] = { .type = NLA_BINARY },
	[KNOCK_A_KEY_UNBOUND] = { .type = NLA_FLAG },
	[KNOCK_A_KEY_LOCATION] = { .type = NLA_BINARY },
	[KNOCK_A_KEY_SLOT_SEC] = { .type = NLA_U32 },
	[KNOCK_A_KEY_AHEAD] = { .type = NLA_U8 },
	[KNOCK_A_KEY_NUMBER] = { .type = NLA_U64 },
	[KNOCK_A_KEY_SLOT] = { .type = NLA_U64 },
	[KNOCK_A_KEY_ARMED] = { .type = NLA_U64 },
	[KNOCK_A_KEY_ROAMING] = { .type = NLA_FLAG },
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

static int knock_nl_key_type(struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = attrs[KNOCK_A_KEY_TYPE];
	u8 type = attr ? nla_get_u8(attr) : 0;

	if (type && type <= KNOCK_KEY_TYPE_MAX)
		return type;
	NL_SET_ERR_MSG(extack, "a key's type must be given, tumbler, sealed or sequence");
	return -EINVAL;
}

static int knock_nl_key_secret(const struct nlattr *attr, u8 type, u8 kind,
			       struct netlink_ext_ack *extack)
{
	if (kind == KNOCK_SEQUENCE_KIND_STATIC) {
		if (!attr)
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, attr, "a static sequence has ports and no secret");
		return -EINVAL;
	}
	if (!attr) {
		NL_SET_ERR_MSG(extack, "a secret is missing");
		return -EINVAL;
	}
	if (type != KNOCK_KEY_TYPE_TUMBLER && nla_len(attr) != KNOCK_SEALED_KEY_SIZE) {
		NL_SET_ERR_MSG(extack, "the secret of a sealed, once or derived key has 32 bytes");
		return -EINVAL;
	}
	if (!nla_len(attr) || nla_len(attr) > KNOCK_TUMBLER_SECRET_MAX) {
		NL_SET_ERR_MSG(extack, "a tumbler secret has 1 to 255 bytes");
		return -EINVAL;
	}
	return 0;
}

static int knock_nl_key_action(struct knock_key *key, const struct nlattr *attr,
			       struct netlink_ext_ack *extack)
{
	u8 action = attr ? nla_get_u8(attr) : 0;

	if (key->type == KNOCK_KEY_TYPE_SEALED) {
		key->action = KNOCK_KEY_ACTION_BOTH;
		if (!attr || action == KNOCK_KEY_ACTION_BOTH)
			return 0;
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a sealed key both opens and closes, its knocks say which");
		return -EINVAL;
	}
	key->action = attr ? action : KNOCK_KEY_ACTION_OPEN;
	if (key->action == KNOCK_KEY_ACTION_OPEN || key->action == KNOCK_KEY_ACTION_CLOSE)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "a key's action is open or close");
	return -EINVAL;
}

static u32 knock_nl_key_skew(const struct knock_key *key)
{
	if (key->type == KNOCK_KEY_TYPE_SEALED)
		return KNOCK_SKEW_SEALED;
	return key->series ? KNOCK_SKEW_DERIVED : KNOCK_SKEW_TUMBLER;
}

static int knock_nl_key_numbers(struct knock_key *key, struct nlattr **attrs,
				struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;

	key->skew = knock_nl_key_skew(key);
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
	attr = attrs[KNOCK_A_KEY_NOT_AFTER];
	if (attr) {
		key->not_after = nla_get_u64(attr);
		if (!key->not_after) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "a key's last second is later than 1970");
			return -EINVAL;
		}
	}
	return 0;
}

/* One more prefix that knocks may come from; one that is there already is no error. */
static int knock_nl_key_from_add(struct knock_key *key, const struct knock_from *from,
				 const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	struct knock_prefix prefix;
	struct knock_trust *more;
	u32 place;
	int err;

	err = knock_nl_prefix(&prefix, from, attr, extack);
	if (err)
		return err;
	place = knock_trust_place(key->from, &prefix);
	if (knock_trust_is_at(key->from, place, &prefix))
		return 0;
	more = knock_trust_add(key->from, place, &prefix);
	if (!more) {
		NL_SET_ERR_MSG(extack, "no memory for the prefixes");
		return -ENOMEM;
	}
	kvfree(key->from);
	key->from = more;
	return 0;
}

static int knock_nl_key_from(struct knock_key *key, const struct nlattr *attr,
			     struct netlink_ext_ack *extack)
{
	const struct knock_from *from;
	u32 i, count;
	int err = 0;

	if (!attr)
		return 0;
	from = nla_data(attr);
	count = nla_len(attr) / sizeof(*from);
	if (!count || count > KNOCK_FROM_MAX || nla_len(attr) % sizeof(*from)) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "a key's knocks come from 1 to 16 prefixes");
		return -EINVAL;
	}
	for (i = 0; i < count && !err; i++)
		err = knock_nl_key_from_add(key, &from[i], attr, extack);
	return err;
}

static int knock_nl_key_roaming(struct knock_key *key, const struct nlattr *attr,
				struct netlink_ext_ack *extack)
{
	key->roaming = nla_get_flag(attr);
	if (!key->roaming || key->type == KNOCK_KEY_TYPE_SEALED)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "only a sealed key can do without an address");
	return -EINVAL;
}

static int knock_nl_key_describe(struct knock_key *key, struct nlattr **attrs,
				 struct netlink_ext_ack *extack)
{
	int err;

	err = knock_nl_name(key->name, attrs[KNOCK_A_KEY_NAME], extack) ?:
	      knock_nl_key_action(key, attrs[KNOCK_A_KEY_ACTION], extack) ?:
	      knock_nl_key_numbers(key, attrs, extack) ?:
	      knock_nl_key_from(key, attrs[KNOCK_A_KEY_FROM], extack) ?:
	      knock_nl_key_roaming(key, attrs[KNOCK_A_KEY_ROAMING], extack);
	if (!err && key->type == KNOCK_KEY_TYPE_SEALED) {
		err = knock_key_seal(key);
		if (err)
			NL_SET_ERR_MSG(extack, "no memory for a key");
	}
	return err;
}

static struct knock_key *knock_nl_key_create(struct nlattr **attrs, u8 type,
					     struct netlink_ext_ack *extack)
{
	const struct nlattr *secret = attrs[KNOCK_A_KEY_SECRET];
	struct knock_key *key;
	bool random;

	/* Nobody thinks of 32 bytes, which all but tumbler keys have, or none. */
	random = type == KNOCK_KEY_TYPE_TUMBLER ? nla_get_flag(attrs[KNOCK_A_KEY_GENERATED]) :
						  !!secret;
	key = secret ? knock_key_create(type, nla_data(secret), nla_len(secret), random) :
		       knock_key_create(type, NULL, 0, random);
	if (key)
		return key;
	NL_SET_ERR_MSG(extack, "no memory for a key");
	return ERR_PTR(-ENOMEM);
}

/* A key as the request describes it, of no door yet; or an ERR_PTR. */
static struct knock_key *knock_nl_key_read(struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	int err, kind, type = knock_nl_key_type(attrs, extack);
	struct knock_key *key;

	if (type < 0)
		return ERR_PTR(type);
	kind = knock_nl_sequence_kind(type, attrs, extack);
	if (kind < 0)
		return ERR_PTR(kind);
	err = knock_nl_key_secret(attrs[KNOCK_A_KEY_SECRET], type, kind, extack);
	if (err)
		return ERR_PTR(err);
	key = knock_nl_key_create(attrs, type, extack);
	if (IS_ERR(key))
		return key;
	err = knock_nl_key_describe(key, attrs, extack);
	if (!err && kind)
		err = knock_nl_series_read(key, kind, attrs, extack);
	if (!err)
		return key;
	knock_key_discard(key);
	return ERR_PTR(err);
}

static void knock_nl_key_twin(const struct knock_key *key, struct netlink_ext_ack *extack)
{
	if (key->series && key->series->kind == KNOCK_SEQUENCE_KIND_STATIC)
		NL_SET_ERR_MSG(extack,
			       "a static sequence of this namespace is the same, or one of them begins with the other");
	else
		NL_SET_ERR_MSG(extack,
			       "another key of this namespace has this secret; use one of its own");
}

static u64 knock_nl_key_guard(const struct knock_key *key)
{
	if (key->series && key->series->kind != KNOCK_SEQUENCE_KIND_DERIVED)
		return 0;
	return ktime_get_boottime_ns() + (u64)key->skew * NSEC_PER_SEC;
}

static int knock_nl_key_admit(struct knock_net *kn, const struct knock_key *key,
			      struct netlink_ext_ack *extack)
{
	struct knock_tables *tables = knock_net_tables_locked(kn);

	if (knock_key_find(kn, key->door, key->name)) {
		NL_SET_ERR_MSG(extack, "the door has a key of this name");
		return -EEXIST;
	}
	if (key->series)
		return knock_nl_series_admit(kn, key, extack);
	if (key->roaming && !knock_door_config_locked(kn, key->door)->agent_port) {
		NL_SET_ERR_MSG(extack,
			       "a roaming key needs an agent, who opens the door to it; give the door its port");
		return -EINVAL;
	}
	if (key->type != KNOCK_KEY_TYPE_TUMBLER)
		return 0;
	if (tables->n_tumblers >= knock_tumbler_keys_max) {
		NL_SET_ERR_MSG(extack,
			       "this namespace has all the tumbler keys it may; each knock tries each, sealed keys cost one look-up (module parameter tumbler_keys)");
		return -ENOSPC;
	}
	if (knock_key_is_secret_used(kn, key->secret, key->secret_len)) {
		knock_nl_key_twin(key, extack);
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
		key->guard = knock_nl_key_guard(key);
	err = knock_key_add(kn, key);
	if (err == -ENOSPC)
		NL_SET_ERR_MSG(extack, "a namespace holds 65536 keys");
	else if (err == -EEXIST)
		knock_nl_key_twin(key, extack);
	else if (err)
		NL_SET_ERR_MSG(extack, "no memory for a key");
	return err;
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

