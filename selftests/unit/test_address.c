// SPDX-License-Identifier: GPL-2.0
/* Address text is what glibc's inet_ntop() prints. */
#include <arpa/inet.h>
#include <string.h>

#include <knock/address.h>

#include "check.h"

#define RANDOM_ADDRESSES 1000000

/* xorshift64: the same addresses in each run. */
static u64 random_next(u64 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static void compare(const struct knock_address *address)
{
	char expected[INET6_ADDRSTRLEN];
	char text[KNOCK_ADDRESS_TEXT_SIZE];
	size_t len;

	if (knock_address_is_ipv4(address))
		inet_ntop(AF_INET, address->bytes + 12, expected, sizeof(expected));
	else
		inet_ntop(AF_INET6, address->bytes, expected, sizeof(expected));
	memset(text, '#', sizeof(text));
	len = knock_address_format(text, address);
	if (strcmp(text, expected))
		fail_msg("%s, should be %s", text, expected);
	assert_int_equal(len, strlen(expected));
}

/* Each of the 8 groups is 0 or one of three others: 4^8. */
static void test_every_pattern_of_zeros(void **state)
{
	static const u16 groups[] = { 0, 1, 0xffff, 0x5efe };
	struct knock_address address;
	unsigned int pattern;
	int i;

	(void)state;
	for (pattern = 0; pattern < 1 << 16; pattern++) {
		for (i = 0; i < 8; i++) {
			u16 group = groups[pattern >> (2 * i) & 3];

			address.bytes[2 * i] = (u8)(group >> 8);
			address.bytes[2 * i + 1] = (u8)group;
		}
		compare(&address);
	}
}

static void test_random_addresses(void **state)
{
	struct knock_address address;
	u64 seed = 0x8675309;
	int i, j;

	(void)state;
	for (i = 0; i < RANDOM_ADDRESSES; i++) {
		u64 zeros = random_next(&seed);

		for (j = 0; j < 16; j++)
			address.bytes[j] = (u8)random_next(&seed);
		/* Half of them with groups of zeros, which chance does not make. */
		for (j = 0; i & 1 && j < 8; j++)
			if (zeros >> (2 * j) & 1)
				memset(address.bytes + 2 * j, 0, 2);
		compare(&address);
	}
}

/* Every value of a byte of an IPv4 address, and of a group. */
static void test_every_number(void **state)
{
	u8 ipv4[4] = { 192, 0, 2, 1 };
	struct knock_address address;
	unsigned int i, j;

	(void)state;
	for (i = 0; i < 4; i++) {
		for (j = 0; j < 256; j++) {
			ipv4[i] = (u8)j;
			address = knock_address_from_ipv4(ipv4);
			assert_true(knock_address_is_ipv4(&address));
			compare(&address);
		}
	}
	memset(&address, 0x20, sizeof(address));
	for (j = 0; j < 65536; j++) {
		address.bytes[6] = (u8)(j >> 8);
		address.bytes[7] = (u8)j;
		compare(&address);
	}
}

/* By name, since these are what formatters disagree about. */
static void test_known_texts(void **state)
{
	static const char *const texts[] = {
		"::", "::1", "::ffff", "::1:0", "1::", "::192.0.2.1", "::0.1.0.0",
		"::ffff:0:192.0.2.1", "::fffe:c000:201", "64:ff9b::c000:201",
		"fe80::5efe:c000:201", "fe80::200:5efe:c000:201", "2001:db8:0:1:1:1:1:1",
		"2001:db8::1:0:0:1", "2001:0:0:1::1", "2001:db8::", "0:1::", "1:0:1:0:1:0:1:0",
		"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
	};
	struct knock_address address;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(texts); i++) {
		assert_int_equal(inet_pton(AF_INET6, texts[i], address.bytes), 1);
		assert_false(knock_address_is_ipv4(&address));
		compare(&address);
	}
	/* Not by glibc's word alone. */
	assert_int_equal(inet_pton(AF_INET6, "fe80::5efe:192.0.2.1", address.bytes), 1);
	{
		char text[KNOCK_ADDRESS_TEXT_SIZE];

		knock_address_format(text, &address);
		assert_string_equal(text, "fe80::5efe:c000:201");
	}
}

static void test_equal(void **state)
{
	struct knock_address a, b;
	int i;

	(void)state;
	memset(&a, 7, sizeof(a));
	b = a;
	assert_true(knock_address_equal(&a, &b));
	for (i = 0; i < 16; i++) {
		b.bytes[i] ^= 1;
		assert_false(knock_address_equal(&a, &b));
		b = a;
	}
}

/* One bit from ::ffff:0:0/96 is not IPv4. */
static void test_is_ipv4(void **state)
{
	static const u8 bytes[4] = { 198, 51, 100, 7 };
	struct knock_address address;
	int bit;

	(void)state;
	for (bit = 0; bit < 96; bit++) {
		address = knock_address_from_ipv4(bytes);
		address.bytes[bit / 8] ^= (u8)(1 << bit % 8);
		assert_false(knock_address_is_ipv4(&address));
		compare(&address);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_pattern_of_zeros),
		cmocka_unit_test(test_random_addresses),
		cmocka_unit_test(test_every_number),
		cmocka_unit_test(test_known_texts),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_is_ipv4),
	};

	return cmocka_run_group_tests_name("address", tests, NULL, NULL);
}
