/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCK_ADDRESS_H
#define _KNOCK_ADDRESS_H

#include <knock/platform.h>

/* The longest text with its NUL: an IPv6 address that ends in dotted decimal. */
#define KNOCK_ADDRESS_TEXT_SIZE 46

/**
 * struct knock_address - an IPv6 address, or an IPv4 one as ::ffff:a.b.c.d
 * @bytes: network byte order
 *
 * One form for both families: an IPv6 packet with a source in ::ffff:0:0/96 is
 * never a knock and never admitted, so the two cannot be confused.
 */
struct knock_address {
	u8 bytes[16];
} __attribute__((aligned(8)));

struct knock_address knock_address_from_ipv4(const u8 bytes[4]);
bool knock_address_is_ipv4(const struct knock_address *address);
bool knock_address_equal(const struct knock_address *a, const struct knock_address *b);
size_t knock_address_format(char text[KNOCK_ADDRESS_TEXT_SIZE],
			    const struct knock_address *address);

#endif /* _KNOCK_ADDRESS_H */
