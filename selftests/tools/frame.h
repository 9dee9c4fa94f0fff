/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SELFTESTS_FRAME_H
#define _SELFTESTS_FRAME_H

#include <knock/address.h>

#define FRAME_SIZE	1800
#define FRAME_ETHERNET	14
#define FRAME_EXT_MAX	40

enum frame_checksum { CHECKSUM_GOOD, CHECKSUM_BAD, CHECKSUM_ZERO };

/**
 * struct frame_spec - a packet, and what shall be wrong with it
 * @family: AF_INET or AF_INET6
 * @protocol: IPPROTO_UDP, or IPPROTO_TCP for a lone SYN; any other: a SYN's bytes
 * @src: source; IPv4 as ::ffff:a.b.c.d
 * @dst: destination, alike
 * @sport: source port, host order
 * @dport: destination port, host order
 * @src_mac: Ethernet source
 * @dst_mac: Ethernet destination
 * @payload: of a datagram
 * @payload_len: its length in bytes
 * @ip_length: of the IP header's length field (IPv6: payload length); -1: true
 * @udp_length: of the UDP header's length field; -1: true
 * @udp_checksum: of UDP or TCP
 * @tcp_flags: of TCP; 0: a lone SYN
 * @ip_checksum_bad: spoil the IPv4 header's checksum
 * @ttl: or hop limit
 * @options: IPv4 options, a multiple of four bytes
 * @options_len: their length
 * @ext: IPv6 extension headers by number, in order
 * @ext_len: how many
 * @ext_length: what the last of them says of its length; -1: true
 * @cut: leave so many bytes behind the IP header and its extensions, and let IP's
 *	length agree; -1: all
 * @truncate: send so many bytes of the IP packet, whatever its header says; -1: all
 */
struct frame_spec {
	int family;
	u8 protocol;
	struct knock_address src, dst;
	u16 sport, dport;
	u8 src_mac[6], dst_mac[6];
	const u8 *payload;
	size_t payload_len;
	int ip_length;
	int udp_length;
	enum frame_checksum udp_checksum;
	u8 tcp_flags;
	bool ip_checksum_bad;
	u8 ttl;
	u8 options[40];
	size_t options_len;
	u8 ext[FRAME_EXT_MAX];
	size_t ext_len;
	int ext_length;
	int cut;
	int truncate;
};

/**
 * struct frame - a packet as it goes on the wire
 * @len: bytes in @bytes
 * @ip_header: length of the IP header without IPv6 extensions
 * @transport: where in @bytes the UDP or TCP header begins
 * @last_next: where in @bytes the number of that protocol stands
 * @bytes: from the Ethernet header on
 */
struct frame {
	size_t len;
	size_t ip_header;
	size_t transport;
	size_t last_next;
	u8 bytes[FRAME_SIZE];
};

extern const struct frame_spec frame_spec_default;

void frame_build(struct frame *frame, const struct frame_spec *spec);
void frame_ipv4_checksum(struct frame *frame);
size_t frame_fragments(struct frame *out, size_t max, const struct frame *whole, int family,
		       const char *pieces);

#endif /* _SELFTESTS_FRAME_H */
