/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A parsed packet, and what becomes of it.
 */
#ifndef _KNOCK_OFFER_H
#define _KNOCK_OFFER_H

#include <linux/knock.h>
#include <linux/types.h>
#include <knock/address.h>
#include <knock/sealed.h>
#include <knock/tumbler.h>

struct knock_label;
struct knock_record;
struct knock_tables;

/**
 * struct knock_packet - a datagram to a knock port, or what could be a step
 * @source: its source address
 * @port: its destination port
 * @protocol: its protocol
 * @len: bytes of @payload
 * @payload: copied
 */
struct knock_packet {
	struct knock_address source;
	u16 port;
	u8 protocol;
	u16 len;
	u8 payload[KNOCK_SEALED_LEN];
};

/**
 * struct knock_flow - what a rule asks about
 * @source: the packet's source address
 * @protocol: of the packet
 * @port: its destination port as the client sent it; 0 for protocols without
 */
struct knock_flow {
	struct knock_address source;
	u8 protocol;
	u16 port;
};

bool knock_is_len(u32 len);
void knock_put_on_record(struct knock_tables *tables, struct knock_record *record,
			 enum knock_reason reason);
void knock_step_offer(struct knock_tables *tables, const struct knock_flow *flow);
bool knock_is_banned(struct knock_tables *tables, const struct knock_address *source);
enum knock_reason knock_offer(struct knock_tables *tables, const struct knock_packet *packet);
void knock_refuse(struct knock_tables *tables, const struct knock_packet *packet,
		  enum knock_reason reason);
bool knock_is_accepted(enum knock_reason reason);
u32 knock_mark(struct knock_tables *tables, const struct knock_flow *flow, u32 mark);
bool knock_admits(struct knock_tables *tables, const struct knock_flow *flow,
		  const struct knock_label *door);
bool knock_has_grant(struct knock_tables *tables, const struct knock_address *source);
bool knock_is_blocked(struct knock_tables *tables, const struct knock_address *source);
bool knock_is_blacklisted(struct knock_tables *tables, const struct knock_address *source,
			  const struct knock_flow *flow);

#endif /* _KNOCK_OFFER_H */
