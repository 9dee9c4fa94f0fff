// SPDX-License-Identifier: GPL-2.0
/* Which payloads are knocks, by their spelling. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <knock/tumbler.h>

#include "check.h"

#define DIGITS "00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210"
#define UPPER "00112233445566778899AABBCCDDEEFF0123456789ABCDEFFEDCBA9876543210"
#define MIXED "00112233445566778899aAbBCcddEeFf0123456789AbcdEFfedCBa9876543210"
#define DIGITS_63 "0112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210"

static const u8 meant[KNOCK_TUMBLER_DIGEST_SIZE] = {
	0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77,
	0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff,
	0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef,
	0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10,
};

struct spelling {
	const char *text;
	size_t len;
};

#define SPELLING(text) { text, sizeof(text) - 1 }

/* In a block of its own, so that ASan sees a byte read too many. */
static bool parse(const char *text, size_t len, u8 digest[KNOCK_TUMBLER_DIGEST_SIZE])
{
	u8 *copy = malloc(len ? len : 1);
	bool good;

	assert_non_null(copy);
	memcpy(copy, text, len);
	good = knock_tumbler_parse(copy, len, digest);
	free(copy);
	return good;
}

static void test_good(void **state)
{
	static const struct spelling good[] = {
		SPELLING("TUMBLER1: " DIGITS), SPELLING("TUMBLER1:" DIGITS),
		SPELLING("TUMBLER1: " UPPER), SPELLING("TUMBLER1: " MIXED),
		SPELLING("TUMBLER1: " DIGITS "\n"), SPELLING("TUMBLER1: " DIGITS "\r\n"),
		SPELLING("TUMBLER1:" DIGITS "\n"), SPELLING("TUMBLER1:" UPPER "\r\n"),
	};
	u8 digest[KNOCK_TUMBLER_DIGEST_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++) {
		memset(digest, 0, sizeof(digest));
		if (!parse(good[i].text, good[i].len, digest))
			fail_msg("refused: %s", good[i].text);
		assert_memory_equal(digest, meant, sizeof(meant));
	}
}

static void test_bad(void **state)
{
	static const struct spelling bad[] = {
		SPELLING("TUMBLER1:  " DIGITS), SPELLING("TUMBLER1:\t" DIGITS),
		SPELLING("TUMBLER1: \t" DIGITS), SPELLING(" TUMBLER1:" DIGITS),
		SPELLING("TUMBLER1:\0" DIGITS), SPELLING("TUMBLER1 :" DIGITS),
		SPELLING("TUMBLER1: " DIGITS "\r"), SPELLING("TUMBLER1:" DIGITS "\r"),
		SPELLING("TUMBLER1: " DIGITS "\0"), SPELLING("TUMBLER1:" DIGITS "\0"),
		SPELLING("TUMBLER1: " DIGITS "\n\n"), SPELLING("TUMBLER1: " DIGITS "\n\r"),
		SPELLING("TUMBLER1: " DIGITS "\r\r"), SPELLING("TUMBLER1: " DIGITS "\n\0"),
		SPELLING("TUMBLER1: " DIGITS "\r\0"), SPELLING("TUMBLER1:" DIGITS "\r\n\n"),
		SPELLING("TUMBLER1: " DIGITS "\r\n\n"), SPELLING("TUMBLER1: " DIGITS " "),
		SPELLING("TUMBLER1: " DIGITS "0"), SPELLING("TUMBLER1:" DIGITS "0"),
		SPELLING("TUMBLER1: 0" DIGITS "\n"), SPELLING("TUMBLER2: " DIGITS),
		SPELLING("TUMBLER10: " DIGITS), SPELLING("TUMBLER10:" DIGITS),
		SPELLING("TUMBLER: " DIGITS), SPELLING("tumbler1: " DIGITS),
		SPELLING("Tumbler1: " DIGITS), SPELLING("TUMBLER1; " DIGITS),
		SPELLING("TUMBLER1: 0x" DIGITS), SPELLING(DIGITS), SPELLING("\n" DIGITS),
		/* 63 digits, also where the length is made up for. */
		SPELLING("TUMBLER1: " DIGITS_63),
		SPELLING("TUMBLER1: " DIGITS_63 "\n"),
		SPELLING("TUMBLER1: " DIGITS_63 "\r\n"),
		SPELLING("TUMBLER1:  " DIGITS_63),
	};
	u8 digest[KNOCK_TUMBLER_DIGEST_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		if (parse(bad[i].text, bad[i].len, digest))
			fail_msg("taken: %zu: %s", i, bad[i].text);
}

static void test_every_truncation(void **state)
{
	static const char text[] = "TUMBLER1: " DIGITS "\r\n";
	u8 digest[KNOCK_TUMBLER_DIGEST_SIZE];
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(text); len++) {
		/* Without its line end it is good; with half of it not; NUL is no part of it. */
		bool good = len == KNOCK_TUMBLER_TEXT_LEN || len == KNOCK_TUMBLER_TEXT_MAX;

		assert_int_equal(parse(text, len, digest), good);
	}
	/* The same without the space. */
	for (len = 0; len < 9 + 64; len++)
		assert_false(parse("TUMBLER1:" DIGITS, len, digest));
}

/* Every byte at every place: only the other case of a digit, or another digit. */
static void test_every_byte_everywhere(void **state)
{
	char text[] = "TUMBLER1: " DIGITS;
	u8 digest[KNOCK_TUMBLER_DIGEST_SIZE];
	size_t at;
	int byte;

	(void)state;
	for (at = 0; at < sizeof(text) - 1; at++) {
		char kept = text[at];

		for (byte = 0; byte < 256; byte++) {
			bool good = byte == (u8)kept;

			text[at] = (char)byte;
			if (at >= 10)
				good = byte && strchr("0123456789abcdefABCDEF", byte);
			if (parse(text, sizeof(text) - 1, digest) != good)
				fail_msg("byte %d at %zu", byte, at);
		}
		text[at] = kept;
	}
}

/* Every digit at every place means its value, and touches no other. */
static void test_every_digit_counts(void **state)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	char text[] = "TUMBLER1:" DIGITS;
	u8 digest[KNOCK_TUMBLER_DIGEST_SIZE];
	u8 expected[KNOCK_TUMBLER_DIGEST_SIZE];
	size_t at, i;

	(void)state;
	for (at = 0; at < 64; at++) {
		char kept = text[9 + at];

		for (i = 0; i < sizeof(digits) - 1; i++) {
			u8 value = (u8)(i < 16 ? i : i - 6);

			memcpy(expected, meant, sizeof(expected));
			if (at % 2)
				expected[at / 2] = (u8)((expected[at / 2] & 0xf0) | value);
			else
				expected[at / 2] = (u8)((expected[at / 2] & 0x0f) | value << 4);
			text[9 + at] = digits[i];
			assert_true(parse(text, sizeof(text) - 1, digest));
			assert_memory_equal(digest, expected, sizeof(expected));
		}
		text[9 + at] = kept;
	}
}

static void test_long_payloads(void **state)
{
	static char text[65535];
	u8 digest[KNOCK_TUMBLER_DIGEST_SIZE];
	size_t len;

	(void)state;
	memset(text, '0', sizeof(text));
	memcpy(text, "TUMBLER1: ", 10);
	for (len = KNOCK_TUMBLER_TEXT_LEN + 1; len < 300; len++)
		assert_false(parse(text, len, digest));
	assert_false(parse(text, sizeof(text), digest));
}

/* What a client writes: one space, lower case, no line end, nothing behind it. */
static void test_format(void **state)
{
	char text[KNOCK_TUMBLER_TEXT_LEN + 1];

	(void)state;
	text[KNOCK_TUMBLER_TEXT_LEN] = '#';
	knock_tumbler_format(text, meant);
	assert_memory_equal(text, "TUMBLER1: " DIGITS "#", sizeof(text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_every_truncation),
		cmocka_unit_test(test_every_byte_everywhere),
		cmocka_unit_test(test_every_digit_counts),
		cmocka_unit_test(test_long_payloads),
		cmocka_unit_test(test_format),
	};

	return cmocka_run_group_tests_name("spelling", tests, NULL, NULL);
}
