/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Addresses that are neither banned nor hit by rules.
 */
#ifndef _KNOCK_TRUST_H
#define _KNOCK_TRUST_H

#include <linux/rcupdate.h>
#include <knock/address.h>

#define KNOCK_TRUST_MAX		1024
#define KNOCK_PREFIX_LEN_MAX	128
/* How many bits of ::ffff:0:0/96 say that an address is an IPv4 one. */
#define KNOCK_PREFIX_LEN_IPV4	96

/**
 * struct knock_prefix - a trusted prefix
 * @first: its first address
 * @reach: the last address of this prefix and of all before it
 * @len: bits that count
 */
struct knock_prefix {
	struct knock_address first;
	struct knock_address reach;
	u8 len;
};

/**
 * struct knock_trust - the trusted prefixes of a namespace; replaced whole
 * @rcu: to free it
 * @count: how many
 * @prefixes: rising by @first, then by @len
 *
 * Two prefixes lie apart, or one in the other. So if the last that begins not behind
 * an address reaches it, itself or by one before, the address is in one of them.
 */
struct knock_trust {
	struct rcu_head rcu;
	u32 count;
	struct knock_prefix prefixes[];
};

void knock_prefix_set(struct knock_prefix *prefix, const struct knock_address *address, u8 len);
bool knock_prefix_has(const struct knock_prefix *prefix, const struct knock_address *address);
u32 knock_trust_place(const struct knock_trust *trust, const struct knock_prefix *prefix);
bool knock_trust_is_at(const struct knock_trust *trust, u32 place,
		       const struct knock_prefix *prefix);
bool knock_trust_has(const struct knock_trust *trust, const struct knock_address *address);
struct knock_trust *knock_trust_add(const struct knock_trust *trust, u32 place,
				    const struct knock_prefix *prefix);
struct knock_trust *knock_trust_del(const struct knock_trust *trust, u32 place);

#endif /* _KNOCK_TRUST_H */
