// SPDX-License-Identifier: GPL-2.0
/*
 * From the ring of a namespace to the multicast group `events'. The packet path
 * only fills the ring; here, in a work item, messages are allocated and sent.
 */
#include "event.h"
#include "netlink.h"

#define KNOCK_EVENT_GROUP 0

static int knock_event_put(struct sk_buff *skb, const struct knock_event *event)
{
	int until = event->kind == KNOCK_EVENT_KIND_BANNED ? KNOCK_A_BLACKLIST_UNTIL :
							     KNOCK_A_GRANT_UNTIL;

	if (nla_put_u8(skb, KNOCK_A_EVENT_KIND, event->kind) ||
	    nla_put_u8(skb, KNOCK_A_EVENT_CAUSE, event->cause) ||
	    nla_put_u64_64bit(skb, KNOCK_A_EVENT_TIME, event->time, KNOCK_A_PAD) ||
	    nla_put(skb, KNOCK_A_ADDRESS, sizeof(event->address.bytes), event->address.bytes))
		return -EMSGSIZE;
	if (event->door[0] && nla_put_string(skb, KNOCK_A_DOOR_NAME, event->door))
		return -EMSGSIZE;
	if (event->key[0] && nla_put_string(skb, KNOCK_A_KEY_NAME, event->key))
		return -EMSGSIZE;
	if (event->id && nla_put_u64_64bit(skb, KNOCK_A_GRANT_ID, event->id, KNOCK_A_PAD))
		return -EMSGSIZE;
	if (event->narrow && nla_put_flag(skb, KNOCK_A_GRANT_NARROW))
		return -EMSGSIZE;
	if (event->until && nla_put_u64_64bit(skb, until, event->until, KNOCK_A_PAD))
		return -EMSGSIZE;
	if (event->sequence > KNOCK_SEQUENCE_KIND_STATIC &&
	    nla_put_u64_64bit(skb, KNOCK_A_KEY_NUMBER, event->number, KNOCK_A_PAD))
		return -EMSGSIZE;
	if (event->sequence == KNOCK_SEQUENCE_KIND_DERIVED &&
	    nla_put_u64_64bit(skb, KNOCK_A_KEY_SLOT, event->slot, KNOCK_A_PAD))
		return -EMSGSIZE;
	if (event->count && nla_put_u32(skb, KNOCK_A_COUNT, event->count))
		return -EMSGSIZE;
	if (event->lost && nla_put_u32(skb, KNOCK_A_EVENT_LOST, event->lost))
		return -EMSGSIZE;
	return 0;
}

static int knock_event_multicast(struct net *net, const struct knock_event *event)
{
	struct sk_buff *skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	void *head;

	if (!skb)
		return -ENOMEM;
	head = genlmsg_put(skb, 0, 0, &knock_nl_family, 0, KNOCK_CMD_EVENT);
	if (!head || knock_event_put(skb, event)) {
		nlmsg_free(skb);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, head);
	/* A listener that is too slow hears so from its socket. */
	genlmsg_multicast_netns(&knock_nl_family, net, skb, 0, KNOCK_EVENT_GROUP, GFP_KERNEL);
	return 0;
}

/**
 * knock_event_heard - whether anybody listens
 * @net: the namespace
 *
 * Context: any, softirq included.
 */
bool knock_event_heard(struct net *net)
{
	return genl_has_listeners(&knock_nl_family, net, KNOCK_EVENT_GROUP);
}

/**
 * knock_event_send - send what is in a ring
 * @work: of struct knock_ring
 *
 * Context: a work item.
 */
void knock_event_send(struct work_struct *work)
{
	struct knock_ring *ring = container_of(work, struct knock_ring, send);
	struct knock_event event;

	while (knock_ring_get(ring, &event)) {
		if (knock_event_multicast(ring->net, &event))
			knock_ring_lose(ring, &event);
	}
}
