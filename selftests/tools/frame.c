// SPDX-License-Identifier: GPL-2.0
/* Ethernet, IPv4 or IPv6, UDP or TCP, byte by byte: right unless asked otherwise. */
#include <netinet/in.h>

#include "frame.h"
#include "words.h"

/* Ethernet addresses of the test bed's LAN: see selftests/lib/net.sh. */
const struct frame_spec frame_spec_default = {
	.protocol = IPPROTO_UDP,
	.sport = 40000,
	.dport = 8675,
	.src_mac = { 2, 0, 0, 0, 0, 2 },
	.dst_mac = { 2, 0, 0, 0, 0, 1 },
	.ip_length = -1,
	.udp_length = -1,
	.ext_length = -1,
	.ttl = 64,
	.cut = -1,
	.truncate = -1,
};

static void put16(u8 *at, size_t value)
{
	at[0] = (u8)(value >> 8);
	at[1] = (u8)value;
}

/* RFC 1071, without the final complement. */
static u32 sum(u32 acc, const u8 *bytes, size_t len)
{
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		acc += (u32)(bytes[i] << 8 | bytes[i + 1]);
	if (len % 2)
		acc += (u32)bytes[len - 1] << 8;
	return acc;
}

static u16 fold(u32 acc)
{
	while (acc >> 16)
		acc = (acc & 0xffff) + (acc >> 16);
	return (u16)~acc;
}

/**
 * frame_ipv4_checksum() - make the IPv4 header's checksum right
 * @frame: the packet; nothing else of it changes
 */
void frame_ipv4_checksum(struct frame *frame)
{
	u8 *ip = frame->bytes + FRAME_ETHERNET;

	put16(ip + 10, 0);
	put16(ip + 10, fold(sum(0, ip, frame->ip_header)));
}

static void put_ethernet(struct frame *frame, const struct frame_spec *spec)
{
	memcpy(frame->bytes, spec->dst_mac, 6);
	memcpy(frame->bytes + 6, spec->src_mac, 6);
	put16(frame->bytes + 12, spec->family == AF_INET ? 0x0800 : 0x86dd);
	frame->len = FRAME_ETHERNET;
}

static void put_ipv4(struct frame *frame, const struct frame_spec *spec)
{
	u8 *ip = frame->bytes + FRAME_ETHERNET;

	frame->ip_header = 20 + spec->options_len;
	ip[0] = (u8)(0x40 | frame->ip_header / 4);
	ip[6] = 0x40; /* don't fragment */
	ip[8] = spec->ttl;
	ip[9] = spec->protocol;
	memcpy(ip + 12, spec->src.bytes + 12, 4);
	memcpy(ip + 16, spec->dst.bytes + 12, 4);
	memcpy(ip + 20, spec->options, spec->options_len);
	frame->last_next = FRAME_ETHERNET + 9;
	frame->len += frame->ip_header;
}

/* Each as short as its kind allows, and with nothing in it. */
static void put_extension(struct frame *frame, u8 kind)
{
	u8 *ext = frame->bytes + frame->len;

	frame->bytes[frame->last_next] = kind;
	frame->last_next = frame->len;
	switch (kind) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_DSTOPTS:
		ext[2] = 1; /* PadN of 4 */
		ext[3] = 4;
		break;
	case IPPROTO_ROUTING:
		ext[2] = 4; /* segment routing, no segment left */
		break;
	case IPPROTO_AH:
		ext[1] = 2; /* in words, less two */
		frame->len += 8;
		break;
	}
	frame->len += 8;
}

static void put_ipv6(struct frame *frame, const struct frame_spec *spec)
{
	u8 *ip = frame->bytes + FRAME_ETHERNET;
	size_t i;

	frame->ip_header = 40;
	ip[0] = 0x60;
	ip[7] = spec->ttl;
	memcpy(ip + 8, spec->src.bytes, 16);
	memcpy(ip + 24, spec->dst.bytes, 16);
	frame->last_next = FRAME_ETHERNET + 6;
	frame->len += frame->ip_header;
	for (i = 0; i < spec->ext_len; i++)
		put_extension(frame, spec->ext[i]);
	if (spec->ext_len && spec->ext_length >= 0)
		frame->bytes[frame->last_next + 1] = (u8)spec->ext_length;
	frame->bytes[frame->last_next] = spec->protocol;
}

static u16 transport_checksum(const struct frame *frame, const struct frame_spec *spec)
{
	size_t skip = spec->family == AF_INET ? 12 : 0;
	size_t len = frame->len - frame->transport;
	u32 acc;

	acc = sum(0, spec->src.bytes + skip, 16 - skip);
	acc = sum(acc, spec->dst.bytes + skip, 16 - skip);
	acc += spec->protocol + (u32)len;
	return fold(sum(acc, frame->bytes + frame->transport, len));
}

static void put_udp(struct frame *frame, const struct frame_spec *spec)
{
	size_t len = 8 + spec->payload_len;
	u8 *udp = frame->bytes + frame->transport;

	put16(udp, spec->sport);
	put16(udp + 2, spec->dport);
	put16(udp + 4, spec->udp_length < 0 ? len : (size_t)spec->udp_length);
	memcpy(udp + 8, spec->payload, spec->payload_len);
	frame->len += len;
}

static void put_syn(struct frame *frame, const struct frame_spec *spec)
{
	u8 *tcp = frame->bytes + frame->transport;

	put16(tcp, spec->sport);
	put16(tcp + 2, spec->dport);
	put16(tcp + 4, spec->sport); /* any sequence number will do */
	tcp[12] = 5 << 4;
	tcp[13] = spec->tcp_flags ? spec->tcp_flags : 0x02;
	put16(tcp + 14, 64240);
	frame->len += 20;
}

static void put_checksum(struct frame *frame, const struct frame_spec *spec)
{
	u8 *at = frame->bytes + frame->transport + (spec->protocol == IPPROTO_UDP ? 6 : 16);
	u16 checksum = transport_checksum(frame, spec);

	/* On the wire 0 stands for "none". */
	if (!checksum && spec->protocol == IPPROTO_UDP)
		checksum = 0xffff;
	if (spec->udp_checksum == CHECKSUM_BAD)
		checksum ^= checksum == 0xfffe ? 2 : 1;
	if (spec->udp_checksum == CHECKSUM_ZERO)
		checksum = 0;
	put16(at, checksum);
}

static void put_ip_length(struct frame *frame, const struct frame_spec *spec)
{
	u8 *ip = frame->bytes + FRAME_ETHERNET;
	size_t len = frame->len - FRAME_ETHERNET;

	if (spec->family == AF_INET6)
		len -= frame->ip_header;
	if (spec->ip_length >= 0)
		len = (size_t)spec->ip_length;
	put16(ip + (spec->family == AF_INET ? 2 : 4), len);
	if (spec->family != AF_INET)
		return;
	frame_ipv4_checksum(frame);
	if (spec->ip_checksum_bad)
		ip[10] ^= 0xff;
}

/**
 * frame_build() - lay out one packet
 * @frame: gets it
 * @spec: what it is, and what is wrong with it
 */
void frame_build(struct frame *frame, const struct frame_spec *spec)
{
	size_t headers = FRAME_ETHERNET + 60 + 16 * FRAME_EXT_MAX + 20;

	if (headers + spec->payload_len > FRAME_SIZE)
		die("a payload of %zu bytes is too long", spec->payload_len);
	memset(frame, 0, sizeof(*frame));
	put_ethernet(frame, spec);
	if (spec->family == AF_INET)
		put_ipv4(frame, spec);
	else
		put_ipv6(frame, spec);
	frame->transport = frame->len;
	if (spec->protocol == IPPROTO_UDP)
		put_udp(frame, spec);
	else
		put_syn(frame, spec);
	put_checksum(frame, spec);
	if (spec->cut >= 0 && frame->transport + (size_t)spec->cut < frame->len)
		frame->len = frame->transport + (size_t)spec->cut;
	put_ip_length(frame, spec);
	if (spec->truncate >= 0 && FRAME_ETHERNET + (size_t)spec->truncate < frame->len)
		frame->len = FRAME_ETHERNET + (size_t)spec->truncate;
}
