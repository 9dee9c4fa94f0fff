// SPDX-License-Identifier: GPL-2.0
/*
 * The one place where packets are offered: PREROUTING, right behind the raw table,
 * before conntrack, so that a full conntrack table keeps no knock out, and whatever
 * the rules do, each packet is offered once.
 */
#include <linux/netfilter_ipv4.h>
#include <linux/netfilter_ipv6.h>
#include <linux/sched/mm.h>
#include <net/net_namespace.h>

#include "hook.h"
#include "net.h"
#include "pkt.h"

/* A packet may bring a mark with it, from the raw table, from a tunnel that it came
 * in, or from a local sender. The bits of doors say that they are open, so whoever
 * set them, they are only left to what is admitted.
 */
static void knock_hook_mark(struct sk_buff *skb, const struct nf_hook_state *state,
			    struct knock_tables *tables)
{
	u32 bits = knock_marks_bits(&tables->marks);
	struct knock_flow flow;
	u32 mark;

	if (!bits)
		return;
	mark = skb->mark & ~bits;
	if (knock_pkt_flow(skb, state->pf, &flow))
		mark = knock_mark(tables, &flow, mark);
	skb->mark = mark;
}

static void knock_hook_step(struct knock_tables *tables, const struct knock_packet *packet)
{
	struct knock_flow flow = {
		.source = packet->source,
		.protocol = packet->protocol,
		.port = packet->port,
	};

	knock_step_offer(tables, &flow);
}

static unsigned int knock_hook(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	struct knock_tables *tables = knock_net_tables_rcu(state->net);
	struct knock_packet packet;
	int reason;

	if (!tables)
		return NF_ACCEPT;
	reason = knock_pkt_read(skb, state, tables, &packet);
	if (!reason && knock_is_accepted(knock_offer(tables, &packet)))
		return NF_DROP;
	if (reason > 0)
		knock_refuse(tables, &packet, reason);
	else if (reason == KNOCK_PKT_STEP)
		knock_hook_step(tables, &packet);
	knock_hook_mark(skb, state, tables);
	return NF_ACCEPT;
}

static const struct nf_hook_ops knock_hooks[] = {
	{
		.hook = knock_hook,
		.pf = NFPROTO_IPV4,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP_PRI_RAW + 1,
	},
	{
		.hook = knock_hook,
		.pf = NFPROTO_IPV6,
		.hooknum = NF_INET_PRE_ROUTING,
		.priority = NF_IP6_PRI_RAW + 1,
	},
};

/**
 * knock_hook_watch - offer every packet of a namespace from now on
 * @net: the namespace
 *
 * Context: process, may sleep.
 * Return: 0 or an error of the netfilter core.
 */
int knock_hook_watch(struct net *net)
{
	unsigned int flags;
	int err;

	/* netfilter charges some bytes to the caller's memory cgroup, and would have
	 * somebody killed for them. The tables, a thousand times as much, were
	 * refused before if the cgroup is full; so these are charged beyond its limit.
	 */
	flags = memalloc_noreclaim_save();
	err = nf_register_net_hooks(net, knock_hooks, ARRAY_SIZE(knock_hooks));
	memalloc_noreclaim_restore(flags);
	return err;
}

/**
 * knock_hook_unwatch - offer no more; a packet may still be inside the hook
 * @net: the namespace
 *
 * Context: process, may sleep.
 */
void knock_hook_unwatch(struct net *net)
{
	nf_unregister_net_hooks(net, knock_hooks, ARRAY_SIZE(knock_hooks));
}
