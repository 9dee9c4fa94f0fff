// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses as text. A knock hashes this text, so it must be the client's, byte
 * for byte, and clients ask glibc. The kernel's own %pI6c differs from it for
 * ISATAP and for some addresses that embed an IPv4 one.
 */
#include <knock/address.h>

#define GROUPS 8

/* A run of zero groups; none is len 0. */
struct zero_run {
	int start;
	int len;
};

static const u8 ipv4_mapped[12] = {
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff
};

/**
 * knock_address_from_ipv4() - make an address of an IPv4 one
 * @bytes: four bytes in network byte order
 *
 * Context: Any.
 * Return: ::ffff:a.b.c.d
 */
struct knock_address knock_address_from_ipv4(const u8 bytes[4])
{
	struct knock_address address;

	memcpy(address.bytes, ipv4_mapped, sizeof(ipv4_mapped));
	memcpy(address.bytes + sizeof(ipv4_mapped), bytes, 4);
	return address;
}

/**
 * knock_address_is_ipv4() - is this the form of an IPv4 address?
 * @address: any address
 *
 * Context: Any.
 * Return: true for ::ffff:0:0/96
 */
bool knock_address_is_ipv4(const struct knock_address *address)
{
	return !memcmp(address->bytes, ipv4_mapped, sizeof(ipv4_mapped));
}

/**
 * knock_address_equal() - are two addresses the same?
 * @a: one
 * @b: the other
 *
 * Addresses are no secrets: the time this takes may depend on them.
 *
 * Context: Any.
 * Return: true if all 16 bytes are equal
 */
bool knock_address_equal(const struct knock_address *a, const struct knock_address *b)
{
	return !memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

static char *put_decimal(char *at, unsigned int byte)
{
	if (byte >= 100)
		*at++ = (char)('0' + byte / 100);
	if (byte >= 10)
		*at++ = (char)('0' + byte / 10 % 10);
	*at++ = (char)('0' + byte % 10);
	return at;
}

static char *put_dotted(char *at, const u8 bytes[4])
{
	int i;

	for (i = 0; i < 4; i++) {
		if (i)
			*at++ = '.';
		at = put_decimal(at, bytes[i]);
	}
	return at;
}

static char *put_group(char *at, unsigned int group)
{
	static const char digits[] = "0123456789abcdef";
	int shift = 12;

	while (shift && !(group >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*at++ = digits[group >> shift & 0xf];
	return at;
}

static unsigned int group_at(const struct knock_address *address, int i)
{
	return (unsigned int)address->bytes[2 * i] << 8 | address->bytes[2 * i + 1];
}

/* The longest run of two groups or more; of equally long ones, the first. */
static struct zero_run longest_zero_run(const struct knock_address *address)
{
	struct zero_run best = { 0, 0 };
	struct zero_run run = { 0, 0 };
	int i;

	for (i = 0; i < GROUPS; i++) {
		if (group_at(address, i)) {
			run.len = 0;
			continue;
		}
		if (!run.len++)
			run.start = i;
		if (run.len > best.len)
			best = run;
	}
	if (best.len < 2)
		best.len = 0;
	return best;
}

static char *put_ipv6(char *at, const struct knock_address *address)
{
	struct zero_run zeros = longest_zero_run(address);
	int i = 0;

	while (i < GROUPS) {
		if (zeros.len && i == zeros.start) {
			*at++ = ':';
			i += zeros.len;
			if (i == GROUPS)
				*at++ = ':';
			continue;
		}
		if (i)
			*at++ = ':';
		/* ::a.b.c.d, but not ::1: its zeros are more than 96 bits. */
		if (i == 6 && !zeros.start && zeros.len == 6)
			return put_dotted(at, address->bytes + 12);
		at = put_group(at, group_at(address, i));
		i++;
	}
	return at;
}

/**
 * knock_address_format() - write an address as glibc's inet_ntop() does
 * @text: receives the text and a NUL
 * @address: any address; an IPv4 one becomes dotted decimal
 *
 * Context: Any.
 * Return: length of the text without its NUL
 */
size_t knock_address_format(char text[KNOCK_ADDRESS_TEXT_SIZE],
			    const struct knock_address *address)
{
	char *end;

	if (knock_address_is_ipv4(address))
		end = put_dotted(text, address->bytes + 12);
	else
		end = put_ipv6(text, address);
	*end = '\0';
	return (size_t)(end - text);
}
