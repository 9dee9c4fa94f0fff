// SPDX-License-Identifier: GPL-2.0
/*
 * Everything is read by bounds-checked copies, whether the packet is linear or not.
 * What can't be read is no knock, and is not admitted.
 */
#include <linux/inetdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/addrconf.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/route.h>

#include "net.h"
#include "pkt.h"

/* More than any honest packet has; without a bound the sender chooses. */
#define KNOCK_EXTENSIONS_MAX	8

/**
 * knock_pkt_source - who a packet says it is from
 * @skb: the packet
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 *
 * Context: any.
 * Return: the source; somebody, if knock_pkt_is_from_one().
 */
struct knock_address knock_pkt_source(const struct sk_buff *skb, u8 family)
{
	struct knock_address source;

	if (family == NFPROTO_IPV4)
		return knock_address_from_ipv4((const u8 *)&ip_hdr(skb)->saddr);
	memcpy(source.bytes, &ipv6_hdr(skb)->saddr, sizeof(source.bytes));
	return source;
}

static int knock_pkt_place_ipv4(const struct sk_buff *skb, struct knock_place *place)
{
	const struct iphdr *iph = ip_hdr(skb);

	place->offset = skb_network_offset(skb) + ip_hdrlen(skb);
	place->protocol = iph->protocol;
	place->fragment = ip_is_fragment(iph) || IPCB(skb)->frag_max_size;
	place->later = iph->frag_off & htons(IP_OFFSET);
	return 0;
}

static int knock_pkt_fragment_ipv6(const struct sk_buff *skb, struct knock_place *place)
{
	const struct frag_hdr *fh;
	struct frag_hdr buf;

	fh = skb_header_pointer(skb, place->offset, sizeof(buf), &buf);
	if (!fh)
		return KNOCK_REASON_HEADER;
	place->fragment = true;
	place->later = fh->frag_off & htons(IP6_OFFSET);
	place->protocol = fh->nexthdr;
	place->offset += sizeof(*fh);
	return 0;
}

static unsigned int knock_pkt_extension_len(u8 type, const struct ipv6_opt_hdr *hdr)
{
	return type == NEXTHDR_AUTH ? ipv6_authlen(hdr) : ipv6_optlen(hdr);
}

static int knock_pkt_place_ipv6(const struct sk_buff *skb, struct knock_place *place)
{
	const struct ipv6_opt_hdr *hdr;
	struct ipv6_opt_hdr buf;
	int i, reason;

	place->offset = skb_network_offset(skb) + sizeof(struct ipv6hdr);
	place->protocol = ipv6_hdr(skb)->nexthdr;
	place->fragment = IP6CB(skb)->frag_max_size;
	place->later = false;

	for (i = 0; ipv6_ext_hdr(place->protocol) && place->protocol != NEXTHDR_NONE; i++) {
		if (i == KNOCK_EXTENSIONS_MAX)
			return KNOCK_REASON_EXTENSION;
		if (place->protocol == NEXTHDR_FRAGMENT) {
			reason = knock_pkt_fragment_ipv6(skb, place);
			if (reason || place->later)
				return reason;
			continue;
		}
		hdr = skb_header_pointer(skb, place->offset, sizeof(buf), &buf);
		if (!hdr)
			return KNOCK_REASON_HEADER;
		place->offset += knock_pkt_extension_len(place->protocol, hdr);
		place->protocol = hdr->nexthdr;
	}
	return 0;
}

static int knock_pkt_place(const struct sk_buff *skb, u8 family, struct knock_place *place)
{
	return family == NFPROTO_IPV4 ? knock_pkt_place_ipv4(skb, place) :
					knock_pkt_place_ipv6(skb, place);
}

/* A directed broadcast looks like any address; only the routing table knows. */
static bool knock_pkt_is_to_one(const struct sk_buff *skb, const struct nf_hook_state *state)
{
	__be32 to;

	if (skb->pkt_type == PACKET_BROADCAST || skb->pkt_type == PACKET_MULTICAST)
		return false;
	if (state->pf == NFPROTO_IPV6)
		return !ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr);
	to = ip_hdr(skb)->daddr;
	/* Of any interface of the routing domain: it is delivered whichever it came by. */
	return !ipv4_is_multicast(to) && !ipv4_is_lbcast(to) &&
	       inet_addr_type_dev_table(state->net, state->in, to) != RTN_BROADCAST;
}

/**
 * knock_pkt_is_from_one - whether a packet's source can be that of one host
 * @skb: the packet
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 *
 * Context: any.
 */
bool knock_pkt_is_from_one(const struct sk_buff *skb, u8 family)
{
	__be32 from;
	int type;

	if (family == NFPROTO_IPV6) {
		type = ipv6_addr_type(&ipv6_hdr(skb)->saddr);
		return type != IPV6_ADDR_ANY && !(type & (IPV6_ADDR_MULTICAST | IPV6_ADDR_MAPPED));
	}
	from = ip_hdr(skb)->saddr;
	return !ipv4_is_zeronet(from) && !ipv4_is_multicast(from) && !ipv4_is_lbcast(from);
}

/* Whether one host sent it, whole, to another one. */
static int knock_pkt_check_hosts(const struct sk_buff *skb, const struct nf_hook_state *state,
				 const struct knock_place *place)
{
	if (place->fragment)
		return KNOCK_REASON_FRAGMENT;
	if (skb_is_gso(skb))
		return KNOCK_REASON_SUPER_PACKET;
	if (!knock_pkt_is_to_one(skb, state))
		return KNOCK_REASON_DESTINATION;
	if (!knock_pkt_is_from_one(skb, state->pf))
		return KNOCK_REASON_SOURCE;
	return 0;
}

static bool knock_pkt_is_sum_good(struct sk_buff *skb, const struct nf_hook_state *state,
				  unsigned int offset, const struct udphdr *uh)
{
	if (!uh->check && skb->ip_summed != CHECKSUM_PARTIAL)
		return state->pf == NFPROTO_IPV4;
	return !nf_checksum(skb, state->hook, offset, IPPROTO_UDP, state->pf);
}

static unsigned int knock_pkt_end(const struct sk_buff *skb, u8 family)
{
	return skb_network_offset(skb) +
	       (family == NFPROTO_IPV4 ? ntohs(ip_hdr(skb)->tot_len) :
		ntohs(ipv6_hdr(skb)->payload_len) + sizeof(struct ipv6hdr));
}

/* All but the payload; the datagram is known to be for a knock port. */
static int knock_pkt_check(struct sk_buff *skb, const struct nf_hook_state *state,
			   const struct knock_place *place, const struct udphdr *uh)
{
	unsigned int end = knock_pkt_end(skb, state->pf);
	int reason = knock_pkt_check_hosts(skb, state, place);

	if (reason)
		return reason;
	if (end > skb->len || place->offset + ntohs(uh->len) != end || ntohs(uh->len) < sizeof(*uh))
		return KNOCK_REASON_HEADER;
	if (!knock_is_len(ntohs(uh->len) - sizeof(*uh)))
		return KNOCK_REASON_SIZE;
	if (!knock_pkt_is_sum_good(skb, state, place->offset, uh))
		return KNOCK_REASON_CHECKSUM;
	return 0;
}

/* A SYN alone; congestion notification may be asked for with it. */
static bool knock_tcp_is_lone_syn(const struct tcphdr *th)
{
	return th->syn && !th->ack && !th->rst && !th->fin && !th->psh && !th->urg;
}

/* A step is what anybody sends, so of what is none nothing is said. */
static int knock_pkt_step(struct sk_buff *skb, const struct nf_hook_state *state,
			  const struct knock_place *place, struct knock_packet *packet)
{
	unsigned int end = knock_pkt_end(skb, state->pf);
	const struct tcphdr *th;
	struct tcphdr buf;

	th = skb_header_pointer(skb, place->offset, sizeof(buf), &buf);
	if (!th || !knock_tcp_is_lone_syn(th) || th->doff * 4 < sizeof(*th) ||
	    end > skb->len || place->offset + th->doff * 4 > end ||
	    knock_pkt_check_hosts(skb, state, place) ||
	    nf_checksum(skb, state->hook, place->offset, IPPROTO_TCP, state->pf))
		return KNOCK_PKT_ORDINARY;
	packet->source = knock_pkt_source(skb, state->pf);
	packet->port = ntohs(th->dest);
	packet->protocol = IPPROTO_TCP;
	return packet->port ? KNOCK_PKT_STEP : KNOCK_PKT_ORDINARY;
}

static int knock_pkt_udp_step(struct sk_buff *skb, const struct nf_hook_state *state,
			      const struct knock_place *place, const struct udphdr *uh,
			      struct knock_packet *packet)
{
	unsigned int end = knock_pkt_end(skb, state->pf);

	if (end > skb->len || place->offset + ntohs(uh->len) != end ||
	    ntohs(uh->len) < sizeof(*uh) || knock_pkt_check_hosts(skb, state, place) ||
	    !knock_pkt_is_sum_good(skb, state, place->offset, uh))
		return KNOCK_PKT_ORDINARY;
	packet->source = knock_pkt_source(skb, state->pf);
	packet->port = ntohs(uh->dest);
	packet->protocol = IPPROTO_UDP;
	return packet->port ? KNOCK_PKT_STEP : KNOCK_PKT_ORDINARY;
}

/**
 * knock_pkt_read - read a packet as a knock, or as a step of one
 * @skb: the packet; its checksum may be verified, nothing else changes
 * @state: the hook's
 * @tables: the namespace's: which ports are knock ports, and whether there are steps
 * @packet: filled in; of a step all but its payload; of what is no knock only its source
 *	and port, and if it is not known to be for a knock port, only that the port is 0
 *
 * Context: softirq.
 * Return: 0 if it may be offered; KNOCK_PKT_STEP if it could be a step;
 * KNOCK_PKT_ORDINARY if it is neither that nor for a knock port; else the reason why it
 * is no knock.
 */
int knock_pkt_read(struct sk_buff *skb, const struct nf_hook_state *state,
		   const struct knock_tables *tables, struct knock_packet *packet)
{
	struct knock_place place;
	const struct udphdr *uh;
	struct udphdr buf;
	int reason;

	packet->port = 0;
	reason = knock_pkt_place(skb, state->pf, &place);
	if (reason)
		return reason;
	if (place.protocol == IPPROTO_TCP && !place.later && READ_ONCE(tables->n_sequences))
		return knock_pkt_step(skb, state, &place, packet);
	if (place.protocol != IPPROTO_UDP || place.later)
		return KNOCK_PKT_ORDINARY;
	uh = skb_header_pointer(skb, place.offset, sizeof(buf), &buf);
	if (!uh)
		return KNOCK_REASON_HEADER;
	if (!test_bit(ntohs(uh->dest), tables->ports))
		return READ_ONCE(tables->n_udp_sequences) ?
			       knock_pkt_udp_step(skb, state, &place, uh, packet) :
			       KNOCK_PKT_ORDINARY;
	packet->source = knock_pkt_source(skb, state->pf);
	packet->port = ntohs(uh->dest);
	reason = knock_pkt_check(skb, state, &place, uh);
	if (reason)
		return reason;
	packet->len = ntohs(uh->len) - sizeof(*uh);
	if (skb_copy_bits(skb, place.offset + sizeof(*uh), packet->payload, packet->len))
		return KNOCK_REASON_HEADER;
	return 0;
}

static bool knock_protocol_has_ports(u8 protocol)
{
	switch (protocol) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
	case IPPROTO_UDPLITE:
		return true;
	}
	return false;
}

/* The port as the client sent it: after DNAT only conntrack knows. */
static bool knock_pkt_original(const struct sk_buff *skb, struct knock_flow *flow)
{
	enum ip_conntrack_info info;
	const struct nf_conn *ct = nf_ct_get(skb, &info);

	if (!ct || nf_ct_is_template(ct) || CTINFO2DIR(info) != IP_CT_DIR_ORIGINAL ||
	    nf_ct_protonum(ct) != flow->protocol)
		return false;
	flow->port = ntohs(ct->tuplehash[IP_CT_DIR_ORIGINAL].tuple.dst.u.all);
	return true;
}

/**
 * knock_pkt_flow - read a packet as a rule asks about it
 * @skb: the packet
 * @family: NFPROTO_IPV4 or NFPROTO_IPV6
 * @flow: filled in
 *
 * Context: any.
 * Return: false if it can't be read, or its source can't hold a grant.
 */
bool knock_pkt_flow(const struct sk_buff *skb, u8 family, struct knock_flow *flow)
{
	struct knock_place place;
	const __be16 *ports;
	__be16 buf[2];

	if (!knock_pkt_is_from_one(skb, family) || knock_pkt_place(skb, family, &place) ||
	    place.later)
		return false;
	flow->source = knock_pkt_source(skb, family);
	flow->protocol = place.protocol;
	flow->port = 0;
	if (!knock_protocol_has_ports(place.protocol))
		return true;
	ports = skb_header_pointer(skb, place.offset, sizeof(buf), buf);
	if (!ports)
		return false;
	if (!knock_pkt_original(skb, flow))
		flow->port = ntohs(ports[1]);
	return true;
}
