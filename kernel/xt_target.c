// SPDX-License-Identifier: GPL-2.0
/*
 * The target `KNOCK': it acts on a packet's source, and the rules go on behind it.
 * A source may be forged, so what it can do to somebody is little, and nothing that
 * a fresh knock does not undo.
 */
#include <linux/module.h>

#include "access.h"
#include "ban.h"
#include "door.h"
#include "pkt.h"
#include "xt.h"

static void knock_tg_close(struct knock_tables *tables, const struct knock_address *source,
			   const struct xt_knock_tginfo *info)
{
	struct knock_label door = { .name = info->door, .hash = info->hash };
	struct knock_request request = {
		.tables = tables,
		.label = &door,
		.address = *source,
		.now = knock_time_now(),
		.cause = KNOCK_CAUSE_RULE,
	};

	/* A flood takes no lock while there is nothing to close. */
	if (knock_has_grant(tables, source) &&
	    !knock_trust_has(rcu_dereference(tables->trust), source))
		knock_access_close(&request);
}

static unsigned int knock_tg(struct sk_buff *skb, const struct xt_action_param *par)
{
	const struct xt_knock_tginfo *info = par->targinfo;
	struct knock_tables *tables;
	struct knock_address source;

	if (!knock_pkt_is_from_one(skb, xt_family(par)))
		return XT_CONTINUE;
	source = knock_pkt_source(skb, xt_family(par));
	/* nft_compat may ask with bottom halves enabled, and outside of softirq. */
	rcu_read_lock();
	tables = knock_net_tables_rcu(xt_net(par));
	if (tables && info->act == XT_KNOCK_CLOSE)
		knock_tg_close(tables, &source, info);
	else if (tables)
		knock_ban_add(tables, &source, knock_time_now(), info->ban_for,
			      KNOCK_CAUSE_RULE);
	rcu_read_unlock();
	return XT_CONTINUE;
}

static int knock_tg_check(const struct xt_tgchk_param *par)
{
	struct xt_knock_tginfo *info = par->targinfo;

	switch (info->act) {
	case XT_KNOCK_CLOSE:
		if (!knock_xt_is_name(info->door) || info->ban_for)
			return -EINVAL;
		info->hash = knock_name_hash(info->door);
		return 0;
	case XT_KNOCK_BAN:
		if (!knock_xt_is_unused(info->door) || !info->ban_for ||
		    info->ban_for > KNOCK_BAN_MAX_SEC)
			return -EINVAL;
		return knock_ban_rule_add(par->net);
	}
	return -EINVAL;
}

static void knock_tg_destroy(const struct xt_tgdtor_param *par)
{
	const struct xt_knock_tginfo *info = par->targinfo;

	if (info->act == XT_KNOCK_BAN)
		knock_ban_rule_del(par->net);
}

struct xt_target knock_tg_reg[KNOCK_XT_FAMILIES] __read_mostly = {
	{
		.name = "KNOCK",
		.revision = 0,
		.family = NFPROTO_IPV4,
		.target = knock_tg,
		.checkentry = knock_tg_check,
		.destroy = knock_tg_destroy,
		.targetsize = sizeof(struct xt_knock_tginfo),
		.usersize = offsetof(struct xt_knock_tginfo, hash),
		.hooks = KNOCK_XT_HOOKS,
		.me = THIS_MODULE,
	},
	{
		.name = "KNOCK",
		.revision = 0,
		.family = NFPROTO_IPV6,
		.target = knock_tg,
		.checkentry = knock_tg_check,
		.destroy = knock_tg_destroy,
		.targetsize = sizeof(struct xt_knock_tginfo),
		.usersize = offsetof(struct xt_knock_tginfo, hash),
		.hooks = KNOCK_XT_HOOKS,
		.me = THIS_MODULE,
	},
};
