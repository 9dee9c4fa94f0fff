// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <net/sock.h>

#include "ban.h"
#include "netlink.h"

/**
 * struct knock_nl_trust_cursor - how far a listing has come
 * @filter: what knock_nl_dump_filter() uses; of it, [1] is the length of the prefix
 *	that was shown last, 0 before the first
 * @last: its first address
 */
struct knock_nl_trust_cursor {
	long filter[4];
	struct knock_address last;
};

static struct knock_trust *knock_nl_trust(struct knock_net *kn)
{
	struct knock_tables *tables = knock_net_tables_locked(kn);

	if (!tables)
		return NULL;
	return rcu_dereference_protected(tables->trust, lockdep_is_held(&kn->mutex));
}

/**
 * knock_nl_prefix - read a prefix, of IPv4 or of the rest
 * @prefix: where to
 * @from: any address in it, and its length
 * @attr: that says so; NULL if the length is not said
 * @extack: says why not
 *
 * Return: 0 or -EINVAL.
 */
int knock_nl_prefix(struct knock_prefix *prefix, const struct knock_from *from,
		    const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	static const u8 mapped[4];
	struct knock_address address, ipv4 = knock_address_from_ipv4(mapped);
	u8 len = from->prefix_len;

	if (!len || len > KNOCK_PREFIX_LEN_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "a prefix has 1 to 128 bits");
		return -EINVAL;
	}
	memcpy(address.bytes, from->address, sizeof(address.bytes));
	knock_prefix_set(prefix, &address, len);
	/* Who means a piece of IPv6 that is so large hardly means all of IPv4 with it. */
	if (len >= KNOCK_PREFIX_LEN_IPV4 || !knock_prefix_has(prefix, &ipv4))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "all of IPv4 is in this prefix; name smaller ones");
	return -EINVAL;
}

static int knock_nl_trusted(struct knock_prefix *prefix, struct genl_info *info)
{
	const struct nlattr *address = info->attrs[KNOCK_A_ADDRESS];
	const struct nlattr *len = info->attrs[KNOCK_A_PREFIX_LEN];
	struct knock_from from = { .prefix_len = KNOCK_PREFIX_LEN_MAX };

	if (!address) {
		NL_SET_ERR_MSG(info->extack, "an address is missing");
		return -EINVAL;
	}
	memcpy(from.address, nla_data(address), sizeof(from.address));
	if (len)
		from.prefix_len = nla_get_u8(len);
	return knock_nl_prefix(prefix, &from, len, info->extack);
}

/* Who bans and saw the old prefixes has left before the old ones are freed, so what
 * it has banned is there to be lifted.
 */
static void knock_nl_trust_replace(struct knock_net *kn, struct knock_trust *trust)
{
	struct knock_tables *tables = knock_net_tables_locked(kn);
	struct knock_trust *old = knock_nl_trust(kn);

	rcu_assign_pointer(tables->trust, trust);
	synchronize_rcu();
	kvfree(old);
}

static int knock_nl_trust_add(struct knock_net *kn, const struct knock_prefix *prefix,
			      struct netlink_ext_ack *extack)
{
	struct knock_trust *more, *trust = knock_nl_trust(kn);
	u32 place = knock_trust_place(trust, prefix);
	struct knock_tables *tables;

	if (knock_trust_is_at(trust, place, prefix)) {
		NL_SET_ERR_MSG(extack, "the prefix is trusted already");
		return -EEXIST;
	}
	if (trust && trust->count >= KNOCK_TRUST_MAX) {
		NL_SET_ERR_MSG(extack,
			       "a namespace holds 1024 trusted prefixes; trust fewer, larger ones");
		return -ENOSPC;
	}
	more = knock_trust_add(trust, place, prefix);
	if (!more || knock_net_enter(kn)) {
		kvfree(more);
		NL_SET_ERR_MSG(extack, "no memory for the prefix");
		return -ENOMEM;
	}
	knock_nl_trust_replace(kn, more);
	tables = knock_net_tables_locked(kn);
	knock_ban_lift_all(rcu_dereference_protected(tables->bans, lockdep_is_held(&kn->mutex)),
			   prefix);
	return 0;
}

/**
 * knock_nl_trust_add_doit - trust-add
 * @skb: the request
 * @info: its attributes
 */
int knock_nl_trust_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knock_net *kn = knock_net(genl_info_net(info));
	struct knock_prefix prefix;
	int err;

	err = knock_nl_trusted(&prefix, info);
	if (err)
		return err;
	mutex_lock(&kn->mutex);
	err = knock_nl_trust_add(kn, &prefix, info->extack);
	mutex_unlock(&kn->mutex);
	return err;
}

static int knock_nl_trust_del(struct knock_net *kn, const struct knock_prefix *prefix,
			      struct netlink_ext_ack *extack)
{
	struct knock_trust *less = NULL, *trust = knock_nl_trust(kn);
	u32 place = knock_trust_place(trust, prefix);

	if (!knock_trust_is_at(trust, place, prefix)) {
		NL_SET_ERR_MSG(extack, "the prefix is not trusted; name it as it was trusted");
		return -ENOENT;
	}
	if (trust->count > 1) {
		less = knock_trust_del(trust, place);
		if (!less) {
			NL_SET_ERR_MSG(extack, "no memory for the other prefixes");
			return -ENOMEM;
		}
	}
	knock_nl_trust_replace(kn, less);
	knock_net_leave(kn);
	return 0;
}

/**
 * knock_nl_trust_del_doit - trust-del
 * @skb: the request
 * @info: its attributes
 */
int knock_nl_trust_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knock_net *kn = knock_net(genl_info_net(info));
	struct knock_prefix prefix;
	int err;

	err = knock_nl_trusted(&prefix, info);
	if (err)
		return err;
	mutex_lock(&kn->mutex);
	err = knock_nl_trust_del(kn, &prefix, info->extack);
	mutex_unlock(&kn->mutex);
	return err;
}

static int knock_nl_prefix_put_multi(struct sk_buff *skb, struct netlink_callback *cb,
				     const struct knock_prefix *prefix)
{
	void *head = knock_nl_part_begin(skb, cb, KNOCK_CMD_TRUST_GET);
	int err = 0;

	if (head && (nla_put(skb, KNOCK_A_ADDRESS, sizeof(prefix->first), &prefix->first) ||
		     nla_put_u8(skb, KNOCK_A_PREFIX_LEN, prefix->len)))
		err = -EMSGSIZE;
	return knock_nl_part_end(skb, head, err);
}

/**
 * knock_nl_trust_get_dumpit - trust-get
 * @skb: the reply
 * @cb: holds a struct knock_nl_trust_cursor
 *
 * Goes on behind the last prefix that was shown, wherever that is by now.
 */
int knock_nl_trust_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct knock_nl_trust_cursor *cursor = (void *)cb->ctx;
	const struct knock_trust *trust = NULL;
	struct knock_prefix last;
	struct knock_tables *tables;
	u32 i = 0;
	int err;

	BUILD_BUG_ON(sizeof(*cursor) > sizeof(cb->ctx));
	err = knock_nl_dump_filter(cb);
	if (err)
		return err;
	rcu_read_lock();
	tables = knock_net_tables_rcu(sock_net(skb->sk));
	if (tables)
		trust = rcu_dereference(tables->trust);
	if (cursor->filter[1]) {
		knock_prefix_set(&last, &cursor->last, cursor->filter[1]);
		i = knock_trust_place(trust, &last);
		i += knock_trust_is_at(trust, i, &last);
	}
	for (; trust && i < trust->count; i++) {
		if (knock_nl_prefix_put_multi(skb, cb, &trust->prefixes[i]))
			break;
		cursor->filter[1] = trust->prefixes[i].len;
		cursor->last = trust->prefixes[i].first;
	}
	rcu_read_unlock();
	return skb->len;
}

const struct nla_policy knock_nl_trust_policy[KNOCK_A_MAX + 1] = {
	[KNOCK_A_ADDRESS] = NLA_POLICY_EXACT_LEN(sizeof(struct knock_address)),
	[KNOCK_A_PREFIX_LEN] = { .type = NLA_U8 },
};
