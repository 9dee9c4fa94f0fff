/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a packet's bytes to what the layers below know.
 */
#ifndef _KNOCK_PKT_H
#define _KNOCK_PKT_H

#include <linux/netfilter.h>
#include <linux/skbuff.h>

#include "offer.h"

/**
 * struct knock_place - where in a packet its transport header is
 * @offset: from skb->data
 * @protocol: of the transport header
 * @fragment: it is one, or was put together from some
 * @later: it is a fragment but the first, without a transport header
 */
struct knock_place {
	unsigned int offset;
	u8 protocol;
	bool fragment;
	bool later;
};

/* What knock_pkt_read() says of a packet that is nobody's knock, */
#define KNOCK_PKT_ORDINARY	(-1)
/* and of one that could be a step of a sequence. */
#define KNOCK_PKT_STEP		(-2)

int knock_pkt_read(struct sk_buff *skb, const struct nf_hook_state *state,
		   const struct knock_tables *tables, struct knock_packet *packet);
bool knock_pkt_is_from_one(const struct sk_buff *skb, u8 family);
struct knock_address knock_pkt_source(const struct sk_buff *skb, u8 family);
bool knock_pkt_flow(const struct sk_buff *skb, u8 family, struct knock_flow *flow);

#endif /* _KNOCK_PKT_H */
