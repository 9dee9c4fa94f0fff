// SPDX-License-Identifier: GPL-2.0
/* A packet in pieces, which may overlap, leave gaps, or come in any order. */
#include <netinet/in.h>
#include <stdlib.h>

#include "frame.h"
#include "words.h"

static void put16(u8 *at, size_t value)
{
	at[0] = (u8)(value >> 8);
	at[1] = (u8)value;
}

static void piece_ipv4(struct frame *out, size_t offset, bool more)
{
	u8 *ip = out->bytes + FRAME_ETHERNET;

	put16(ip + 2, out->len - FRAME_ETHERNET);
	put16(ip + 4, 0x4b4b); /* one identification for all pieces */
	put16(ip + 6, (more ? 0x2000u : 0) | offset / 8);
	frame_ipv4_checksum(out);
}

/* The fragment header stands before the protocol that is cut in pieces. */
static void piece_ipv6(struct frame *out, size_t offset, bool more)
{
	u8 *header = out->bytes + out->transport;
	u8 *ip = out->bytes + FRAME_ETHERNET;

	header[0] = out->bytes[out->last_next];
	out->bytes[out->last_next] = IPPROTO_FRAGMENT;
	put16(header + 2, offset | more);
	put16(header + 6, 0x4b4b);
	put16(ip + 4, out->len - FRAME_ETHERNET - out->ip_header);
}

static void piece(struct frame *out, const struct frame *whole, int family, size_t offset,
		  size_t len)
{
	size_t total = whole->len - whole->transport;
	size_t header = family == AF_INET6 ? 8 : 0;

	if (offset % 8 || offset >= total)
		die("a fragment begins at a multiple of 8 below %zu", total);
	if (!len || len > total - offset)
		len = total - offset;
	memset(out, 0, sizeof(*out));
	memcpy(out->bytes, whole->bytes, whole->transport);
	out->ip_header = whole->ip_header;
	out->transport = whole->transport;
	out->last_next = whole->last_next;
	out->len = whole->transport + header + len;
	memcpy(out->bytes + whole->transport + header, whole->bytes + whole->transport + offset,
	       len);
	if (family == AF_INET)
		piece_ipv4(out, offset, offset + len < total);
	else
		piece_ipv6(out, offset, offset + len < total);
}

/**
 * frame_fragments() - the pieces of a packet
 * @out: gets them, in the order of @pieces
 * @max: room in @out
 * @whole: the packet
 * @family: AF_INET or AF_INET6
 * @pieces: `OFFSET:LENGTH,...' in bytes from the UDP or TCP header on; without
 *	LENGTH to the end
 *
 * Return: how many.
 */
size_t frame_fragments(struct frame *out, size_t max, const struct frame *whole, int family,
		       const char *pieces)
{
	const char *at = pieces;
	size_t n = 0;
	char *end;

	for (;;) {
		size_t offset, len;

		offset = strtoul(at, &end, 10);
		if (end == at || *end != ':')
			break;
		at = end + 1;
		len = strtoul(at, &end, 10);
		if (n == max)
			die("at most %zu fragments", max);
		piece(&out[n++], whole, family, offset, len);
		if (!*end)
			return n;
		if (*end != ',')
			break;
		at = end + 1;
	}
	die("fragments are OFFSET:LENGTH,OFFSET:LENGTH..., not `%s'", pieces);
}
