// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

#include "budget.h"
#include "door.h"
#include "netlink.h"
#include "series.h"

static int knock_nl_reason_put(struct sk_buff *skb, u8 reason, u64 count)
{
	struct nlattr *nest = nla_nest_start(skb, KNOCK_A_REASON);

	if (!nest || nla_put_u8(skb, KNOCK_A_REASON_ID, reason) ||
	    nla_put_u64_64bit(skb, KNOCK_A_REASON_COUNT, count, KNOCK_A_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int knock_nl_totals_put(struct sk_buff *skb, const struct knock_totals *totals)
{
	int i;

	for (i = 1; i <= KNOCK_REASON_MAX; i++) {
		if (knock_nl_reason_put(skb, i, totals->reasons[i]))
			return -EMSGSIZE;
	}
	if (nla_put_u64_64bit(skb, KNOCK_A_STATE_LOOKUPS, totals->lookups, KNOCK_A_PAD) ||
	    nla_put_u64_64bit(skb, KNOCK_A_STATE_TAILS, totals->tails, KNOCK_A_PAD) ||
	    nla_put_u64_64bit(skb, KNOCK_A_STATE_HASHES, totals->hashes, KNOCK_A_PAD) ||
	    nla_put_u64_64bit(skb, KNOCK_A_STATE_DERIVATIONS, totals->derivations, KNOCK_A_PAD))
		return -EMSGSIZE;
	return 0;
}

static int knock_nl_limits_put(struct sk_buff *skb, struct knock_net *kn)
{
	struct knock_tables *tables = knock_net_tables_locked(kn);
	struct knock_door *door;
	u32 grants = 0, olds = 0;
	unsigned long id;

	xa_for_each(&tables->doors, id, door) {
		grants += knock_door_config_locked(kn, door)->max_grants;
		olds += door->max_olds;
	}
	if (nla_put_u32(skb, KNOCK_A_STATE_GRANTS_MAX, grants) ||
	    nla_put_u32(skb, KNOCK_A_STATE_OLD_MAX, olds))
		return -EMSGSIZE;
	return 0;
}

static int knock_nl_lists_put(struct sk_buff *skb, struct knock_net *kn)
{
	struct knock_tables *tables = knock_net_tables_locked(kn);
	struct knock_blacklist *bans, *blocks;
	u64 now = ktime_get_boottime_ns();
	struct knock_trust *trust;

	bans = rcu_dereference_protected(tables->bans, lockdep_is_held(&kn->mutex));
	blocks = rcu_dereference_protected(tables->blocks, lockdep_is_held(&kn->mutex));
	trust = rcu_dereference_protected(tables->trust, lockdep_is_held(&kn->mutex));
	if (nla_put_u32(skb, KNOCK_A_STATE_BANS, knock_blacklist_count(bans, now)) ||
	    nla_put_u32(skb, KNOCK_A_STATE_BANS_MAX, KNOCK_BLACKLIST_MAX) ||
	    nla_put_u32(skb, KNOCK_A_STATE_BLOCKS, knock_blacklist_count(blocks, now)) ||
	    nla_put_u32(skb, KNOCK_A_STATE_BLOCKS_MAX, KNOCK_BLACKLIST_MAX) ||
	    nla_put_u32(skb, KNOCK_A_STATE_TRUSTED, trust ? trust->count : 0) ||
	    nla_put_u32(skb, KNOCK_A_STATE_TRUSTED_MAX, KNOCK_TRUST_MAX))
		return -EMSGSIZE;
	return 0;
}

static int knock_nl_sequences_put(struct sk_buff *skb, struct knock_net *kn)
{
	struct knock_tables *tables = knock_net_tables_locked(kn);
	struct knock_trackers *trackers;

	trackers = rcu_dereference_protected(tables->trackers, lockdep_is_held(&kn->mutex));
	if (nla_put_u32(skb, KNOCK_A_STATE_SEQUENCE_KEYS, tables->n_sequences) ||
	    nla_put_u32(skb, KNOCK_A_STATE_DERIVED_KEYS, tables->n_deriveds) ||
	    nla_put_u32(skb, KNOCK_A_STATE_SEQUENCES, atomic_read(&tables->paths.sequences)) ||
	    nla_put_u32(skb, KNOCK_A_STATE_DERIVED_KEYS_MAX, KNOCK_DERIVED_KEYS_MAX))
		return -EMSGSIZE;
	if (!trackers)
		return 0;
	if (nla_put_u32(skb, KNOCK_A_STATE_SOURCES, atomic_read(&trackers->used)) ||
	    nla_put_u32(skb, KNOCK_A_STATE_SOURCES_MAX, KNOCK_SOURCES))
		return -EMSGSIZE;
	return 0;
}

static int knock_nl_sizes_put(struct sk_buff *skb, struct knock_tables *tables)
{
	if (nla_put_u32(skb, KNOCK_A_STATE_DOORS, tables->n_doors) ||
	    nla_put_u32(skb, KNOCK_A_STATE_KEYS, tables->n_keys) ||
	    nla_put_u32(skb, KNOCK_A_STATE_TUMBLER_KEYS, tables->n_tumblers) ||
	    nla_put_u32(skb, KNOCK_A_STATE_SEALED_KEYS, tables->n_sealed) ||
	    nla_put_u32(skb, KNOCK_A_STATE_HINTS, atomic_read(&tables->hints.table.used)) ||
	    nla_put_u32(skb, KNOCK_A_STATE_GRANTS, atomic_read(&tables->grants.table.used)) ||
	    nla_put_u32(skb, KNOCK_A_STATE_OLD, atomic_read(&tables->olds.table.used)) ||
	    nla_put_u64_64bit(skb, KNOCK_A_STATE_EVENTS_LOST, knock_ring_lost(&tables->ring),
			      KNOCK_A_PAD))
		return -EMSGSIZE;
	return 0;
}

static int knock_nl_state_put(struct sk_buff *skb, struct knock_net *kn)
{
	struct knock_tables *tables = knock_net_tables_locked(kn);
	struct knock_totals totals = { };

	if (nla_put_string(skb, KNOCK_A_STATE_VERSION, KNOCK_VERSION) ||
	    nla_put_u32(skb, KNOCK_A_STATE_BUDGET, knock_budget_rate()) ||
	    nla_put_u32(skb, KNOCK_A_STATE_KEYS_MAX, KNOCK_KEYS_MAX) ||
	    nla_put_u32(skb, KNOCK_A_STATE_TUMBLER_KEYS_MAX, knock_nl_tumbler_keys_max()))
		return -EMSGSIZE;
	if (!tables)
		return knock_nl_totals_put(skb, &totals);
	knock_stats_sum(tables->stats, &totals);
	return knock_nl_totals_put(skb, &totals) ?: knock_nl_sizes_put(skb, tables) ?:
	       knock_nl_limits_put(skb, kn) ?: knock_nl_lists_put(skb, kn) ?:
	       knock_nl_sequences_put(skb, kn);
}

/**
 * knock_nl_state_get_doit - state-get
 * @skb: the request
 * @info: its attributes
 *
 * Counters begin at 0 with a namespace's first door, block or trusted prefix; while
 * it has none of them it has no table sizes.
 */
int knock_nl_state_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knock_net *kn = knock_net(genl_info_net(info));
	struct knock_nl_reply reply;
	int err;

	err = knock_nl_reply_begin(&reply, info, KNOCK_CMD_STATE_GET);
	if (err)
		return err;
	mutex_lock(&kn->mutex);
	err = knock_nl_state_put(reply.skb, kn);
	mutex_unlock(&kn->mutex);
	return knock_nl_reply_end(&reply, info, err);
}
