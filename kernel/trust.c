// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "pool.h"
#include "trust.h"

static int knock_address_compare(const struct knock_address *a, const struct knock_address *b)
{
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

/* Of a byte, the bits that are beyond @len bits of an address. */
static u8 knock_prefix_rest(u32 byte, u8 len)
{
	if (len >= 8 * (byte + 1))
		return 0;
	return len <= 8 * byte ? 0xff : 0xff >> (len - 8 * byte);
}

/**
 * knock_prefix_set - a prefix by any address in it
 * @prefix: filled in
 * @address: an address in it
 * @len: bits that count
 */
void knock_prefix_set(struct knock_prefix *prefix, const struct knock_address *address, u8 len)
{
	u32 i;

	memset(prefix, 0, sizeof(*prefix));
	prefix->len = len;
	for (i = 0; i < sizeof(address->bytes); i++) {
		prefix->first.bytes[i] = address->bytes[i] & ~knock_prefix_rest(i, len);
		prefix->reach.bytes[i] = address->bytes[i] | knock_prefix_rest(i, len);
	}
}

/**
 * knock_prefix_has - whether an address is in a prefix
 * @prefix: of knock_prefix_set(), by itself
 * @address: the address
 */
bool knock_prefix_has(const struct knock_prefix *prefix, const struct knock_address *address)
{
	return knock_address_compare(&prefix->first, address) <= 0 &&
	       knock_address_compare(address, &prefix->reach) <= 0;
}

static int knock_prefix_compare(const struct knock_prefix *a, const struct knock_prefix *b)
{
	return knock_address_compare(&a->first, &b->first) ?: a->len - b->len;
}

/**
 * knock_trust_place - where a prefix is, or belongs
 * @trust: the prefixes; NULL is none
 * @prefix: of knock_prefix_set()
 *
 * Return: how many prefixes are before it.
 */
u32 knock_trust_place(const struct knock_trust *trust, const struct knock_prefix *prefix)
{
	u32 low = 0, high = trust ? trust->count : 0, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (knock_prefix_compare(&trust->prefixes[mid], prefix) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/**
 * knock_trust_is_at - whether a prefix is among the trusted ones
 * @trust: the prefixes; NULL is none
 * @place: of knock_trust_place()
 * @prefix: the prefix
 */
bool knock_trust_is_at(const struct knock_trust *trust, u32 place,
		       const struct knock_prefix *prefix)
{
	return trust && place < trust->count &&
	       !knock_prefix_compare(&trust->prefixes[place], prefix);
}

/**
 * knock_trust_has - whether an address is trusted
 * @trust: the prefixes; NULL is none
 * @address: the address
 *
 * Context: any, RCU reader; ten steps at most.
 */
bool knock_trust_has(const struct knock_trust *trust, const struct knock_address *address)
{
	u32 low = 0, high = trust ? trust->count : 0, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (knock_address_compare(&trust->prefixes[mid].first, address) <= 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low && knock_address_compare(address, &trust->prefixes[low - 1].reach) <= 0;
}

static struct knock_trust *knock_trust_create(u32 count)
{
	struct knock_trust *trust;

	trust = kvzalloc(struct_size(trust, prefixes, count), KNOCK_GFP);
	if (trust)
		trust->count = count;
	return trust;
}

/* How far each reaches, from what it has by itself. */
static void knock_trust_reach(struct knock_trust *trust)
{
	struct knock_prefix *prefix;
	struct knock_address first;
	u32 i;

	for (i = 0; i < trust->count; i++) {
		prefix = &trust->prefixes[i];
		first = prefix->first;
		knock_prefix_set(prefix, &first, prefix->len);
		if (i && knock_address_compare(&prefix->reach, &prefix[-1].reach) < 0)
			prefix->reach = prefix[-1].reach;
	}
}

/**
 * knock_trust_add - the trusted prefixes and one more
 * @trust: the prefixes; NULL is none
 * @place: of knock_trust_place()
 * @prefix: not among them
 *
 * Context: process, may sleep.
 * Return: to take the place of @trust; NULL for want of memory.
 */
struct knock_trust *knock_trust_add(const struct knock_trust *trust, u32 place,
				    const struct knock_prefix *prefix)
{
	u32 count = trust ? trust->count : 0;
	struct knock_trust *more;

	more = knock_trust_create(count + 1);
	if (!more)
		return NULL;
	if (trust) {
		memcpy(more->prefixes, trust->prefixes, place * sizeof(*prefix));
		memcpy(more->prefixes + place + 1, trust->prefixes + place,
		       (count - place) * sizeof(*prefix));
	}
	more->prefixes[place] = *prefix;
	knock_trust_reach(more);
	return more;
}

/**
 * knock_trust_del - the trusted prefixes without one
 * @trust: the prefixes, two at least
 * @place: of the one
 *
 * Context: process, may sleep.
 * Return: to take the place of @trust; NULL for want of memory.
 */
struct knock_trust *knock_trust_del(const struct knock_trust *trust, u32 place)
{
	u32 count = trust->count - 1;
	struct knock_trust *less;

	less = knock_trust_create(count);
	if (!less)
		return NULL;
	memcpy(less->prefixes, trust->prefixes, place * sizeof(*less->prefixes));
	memcpy(less->prefixes + place, trust->prefixes + place + 1,
	       (count - place) * sizeof(*less->prefixes));
	knock_trust_reach(less);
	return less;
}
