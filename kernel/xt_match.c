// SPDX-License-Identifier: GPL-2.0
/*
 * The match `knock': it only answers. It is never what makes a knock seen, so
 * where in a ruleset it stands changes nothing but what it is asked about.
 */
#include <linux/module.h>

#include "door.h"
#include "pkt.h"
#include "xt.h"

static bool knock_mt_is_admitted(struct knock_tables *tables, const struct sk_buff *skb,
				 u8 family, const struct xt_knock_mtinfo *info)
{
	struct knock_label door = { .name = info->door, .hash = info->hash };
	struct knock_flow flow;

	return knock_pkt_flow(skb, family, &flow) &&
	       knock_admits(tables, &flow, info->flags & XT_KNOCK_DOOR ? &door : NULL);
}

/* By its source alone: a fragment, too, is from who is blocked. */
static bool knock_mt_is_blacklisted(struct knock_tables *tables, const struct sk_buff *skb,
				    u8 family)
{
	struct knock_address source = knock_pkt_source(skb, family);
	struct knock_flow flow;

	return knock_is_blacklisted(tables, &source,
				    knock_pkt_flow(skb, family, &flow) ? &flow : NULL);
}

static bool knock_mt(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_knock_mtinfo *info = par->matchinfo;
	struct knock_tables *tables;
	bool is_so = false;

	/* nft_compat may ask with bottom halves enabled, and outside of softirq. */
	rcu_read_lock();
	tables = knock_net_tables_rcu(xt_net(par));
	if (tables && info->flags & XT_KNOCK_BLACKLISTED)
		is_so = knock_mt_is_blacklisted(tables, skb, xt_family(par));
	else if (tables)
		is_so = knock_mt_is_admitted(tables, skb, xt_family(par), info);
	rcu_read_unlock();
	return is_so != !!(info->flags & XT_KNOCK_INVERT);
}

static int knock_mt_check(const struct xt_mtchk_param *par)
{
	struct xt_knock_mtinfo *info = par->matchinfo;
	u32 asked = info->flags & ~XT_KNOCK_INVERT;

	if (asked == XT_KNOCK_DOOR) {
		if (!knock_xt_is_name(info->door))
			return -EINVAL;
		info->hash = knock_name_hash(info->door);
		return 0;
	}
	if (!knock_xt_is_unused(info->door))
		return -EINVAL;
	/* Any door that admits: there is no rule for the opposite. */
	if (!info->flags || asked == XT_KNOCK_BLACKLISTED)
		return 0;
	return -EINVAL;
}

struct xt_match knock_mt_reg[KNOCK_XT_FAMILIES] __read_mostly = {
	{
		.name = "knock",
		.revision = 0,
		.family = NFPROTO_IPV4,
		.match = knock_mt,
		.checkentry = knock_mt_check,
		.matchsize = sizeof(struct xt_knock_mtinfo),
		.usersize = offsetof(struct xt_knock_mtinfo, hash),
		.hooks = KNOCK_XT_HOOKS,
		.me = THIS_MODULE,
	},
	{
		.name = "knock",
		.revision = 0,
		.family = NFPROTO_IPV6,
		.match = knock_mt,
		.checkentry = knock_mt_check,
		.matchsize = sizeof(struct xt_knock_mtinfo),
		.usersize = offsetof(struct xt_knock_mtinfo, hash),
		.hooks = KNOCK_XT_HOOKS,
		.me = THIS_MODULE,
	},
};
