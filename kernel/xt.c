// SPDX-License-Identifier: GPL-2.0
/*
 * The match `knock': it only answers. It is never what makes a knock seen, so
 * where in a ruleset it stands changes nothing but what it is asked about.
 */
#include <linux/module.h>
#include <linux/netfilter/x_tables.h>
#include <linux/netfilter/xt_knock.h>

#include "door.h"
#include "pkt.h"
#include "xt.h"

/* Where packets have come in. */
#define KNOCK_MT_HOOKS \
	((1 << NF_INET_PRE_ROUTING) | (1 << NF_INET_LOCAL_IN) | (1 << NF_INET_FORWARD))

static bool knock_mt(const struct sk_buff *skb, struct xt_action_param *par)
{
	const struct xt_knock_mtinfo *info = par->matchinfo;
	struct knock_label door = { .name = info->door, .hash = info->hash };
	struct knock_tables *tables;
	struct knock_flow flow;
	bool admitted = false;

	/* nft_compat may ask with bottom halves enabled, and outside of softirq. */
	rcu_read_lock();
	tables = knock_net_tables_rcu(xt_net(par));
	if (tables && knock_pkt_flow(skb, xt_family(par), &flow))
		admitted = knock_admits(tables, &flow,
					info->flags & XT_KNOCK_DOOR ? &door : NULL);
	rcu_read_unlock();
	return admitted != !!(info->flags & XT_KNOCK_INVERT);
}

static bool knock_mt_is_name(const char name[XT_KNOCK_NAME_SIZE])
{
	size_t len = strnlen(name, XT_KNOCK_NAME_SIZE);

	/* Padded with NUL: names are compared and hashed whole. */
	return len && len < XT_KNOCK_NAME_SIZE &&
	       !memchr_inv(name + len, 0, XT_KNOCK_NAME_SIZE - len);
}

static int knock_mt_check(const struct xt_mtchk_param *par)
{
	struct xt_knock_mtinfo *info = par->matchinfo;

	BUILD_BUG_ON(XT_KNOCK_NAME_SIZE != KNOCK_NAME_SIZE);
	if (info->flags & ~XT_KNOCK_FLAGS)
		return -EINVAL;
	if (!(info->flags & XT_KNOCK_DOOR))
		return info->flags & XT_KNOCK_INVERT ? -EINVAL : 0;
	if (!knock_mt_is_name(info->door))
		return -EINVAL;
	info->hash = knock_name_hash(info->door);
	return 0;
}

/* Not NFPROTO_UNSPEC: bridge and ARP rules would find it too, and their packets
 * need not have the IP header that is read.
 */
static struct xt_match knock_mt_reg[] __read_mostly = {
	{
		.name = "knock",
		.revision = 0,
		.family = NFPROTO_IPV4,
		.match = knock_mt,
		.checkentry = knock_mt_check,
		.matchsize = sizeof(struct xt_knock_mtinfo),
		.usersize = offsetof(struct xt_knock_mtinfo, hash),
		.hooks = KNOCK_MT_HOOKS,
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
		.hooks = KNOCK_MT_HOOKS,
		.me = THIS_MODULE,
	},
};

/**
 * knock_xt_init - let rules name the match
 *
 * Context: module init; last, since a rule may ask at once.
 */
int knock_xt_init(void)
{
	return xt_register_matches(knock_mt_reg, ARRAY_SIZE(knock_mt_reg));
}

/**
 * knock_xt_exit - no rule names it any more
 *
 * Context: module exit; first.
 */
void knock_xt_exit(void)
{
	xt_unregister_matches(knock_mt_reg, ARRAY_SIZE(knock_mt_reg));
}
