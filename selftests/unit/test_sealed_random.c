// SPDX-License-Identifier: GPL-2.0
/*
 * Ten thousand sealed knocks look like random bytes: each byte is uniform, and but for
 * the hint nothing repeats. The random bytes that go in are the same in each run, so the
 * verdict is, too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/sha.h>

#include <knock/sealed.h>

#include "check.h"
#include "sealed_crypto.h"

#define KNOCKS		10000
#define NOW		1795340640u	/* the first second of a minute */
/* For 256 values, all as likely, chi-square is above this in one case of 10^7. */
#define CHI_SQUARE_MAX	390.2
#define WINDOW		8

static u8 knocks[KNOCKS][KNOCK_SEALED_LEN];

/* Bytes that depend on nothing but LABEL and NUMBER. */
static void stream(u8 bytes[SHA256_DIGEST_LENGTH], const char *label, unsigned int number)
{
	char text[64];
	int len = snprintf(text, sizeof(text), "%s %u", label, number);

	SHA256((const u8 *)text, (size_t)len, bytes);
}

/* The same host, the same door, one moment after the other. */
static void make(unsigned int i, const u8 key[KNOCK_SEALED_KEY_SIZE], u64 sec)
{
	struct knock_sealed_plain plain = { .action = KNOCK_SEALED_OPEN };
	u8 random[KNOCK_SEALED_RANDOM_SIZE];

	memcpy(plain.address.bytes, "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\1", 16);
	memcpy(plain.door_hash, "\1\2\3\4\5\6\7\x8", sizeof(plain.door_hash));
	knock_tai64n_set(plain.tai64n, sec, i);
	stream(random, "random", i);
	assert_true(knock_sealed_make(&sealed_crypto, key, &plain, random, knocks[i]));
}

static void make_of_one_key(void)
{
	u8 key[KNOCK_SEALED_KEY_SIZE];
	unsigned int i;

	stream(key, "key", 0);
	for (i = 0; i < KNOCKS; i++)
		make(i, key, NOW + i % 60);
}

static void make_of_many_keys(void)
{
	u8 key[KNOCK_SEALED_KEY_SIZE];
	unsigned int i;

	for (i = 0; i < KNOCKS; i++) {
		stream(key, "key", i);
		make(i, key, NOW);
	}
}

static double chi_square(unsigned int at)
{
	const double expected = KNOCKS / 256.0;
	unsigned int count[256] = { 0 };
	double sum = 0;
	unsigned int i;

	for (i = 0; i < KNOCKS; i++)
		count[knocks[i][at]]++;
	for (i = 0; i < 256; i++)
		sum += (count[i] - expected) * (count[i] - expected) / expected;
	return sum;
}

static void assert_uniform(unsigned int first, unsigned int end)
{
	for (; first < end; first++)
		if (chi_square(first) > CHI_SQUARE_MAX)
			fail_msg("byte %u: chi-square is %.1f", first, chi_square(first));
}

static void test_bytes(void **state)
{
	(void)state;
	make_of_one_key();
	assert_uniform(KNOCK_SEALED_HINT_SIZE, KNOCK_SEALED_LEN);
}

static void test_hints(void **state)
{
	(void)state;
	make_of_many_keys();
	assert_uniform(0, KNOCK_SEALED_LEN);
}

static int compare(const void *a, const void *b)
{
	return memcmp(a, b, WINDOW);
}

/* How often the 8 bytes at this offset are those of another knock. */
static unsigned int repeats(unsigned int at)
{
	static u8 windows[KNOCKS][WINDOW];
	unsigned int i, found = 0;

	for (i = 0; i < KNOCKS; i++)
		memcpy(windows[i], knocks[i] + at, WINDOW);
	qsort(windows, KNOCKS, WINDOW, compare);
	for (i = 1; i < KNOCKS; i++)
		found += !memcmp(windows[i - 1], windows[i], WINDOW);
	return found;
}

static void test_repeats(void **state)
{
	unsigned int at;

	(void)state;
	make_of_one_key();
	assert_int_equal(repeats(0), KNOCKS - 1);
	for (at = KNOCK_SEALED_HINT_SIZE; at < KNOCK_SEALED_LEN; at += WINDOW)
		assert_int_equal(repeats(at), 0);
}

/* Nor does the hint outlive its minute. */
static void test_next_minute(void **state)
{
	u8 key[KNOCK_SEALED_KEY_SIZE];
	unsigned int i;

	(void)state;
	stream(key, "key", 0);
	for (i = 0; i < KNOCKS; i++)
		make(i, key, NOW + (u64)60 * i);
	assert_uniform(0, KNOCK_SEALED_LEN);
	for (i = 0; i < KNOCK_SEALED_LEN; i += WINDOW)
		assert_int_equal(repeats(i), 0);
}

/* It would be seen if one knock in eight had three bits of a byte at 0, or two knocks
 * eight bytes in common.
 */
static void test_is_seen(void **state)
{
	unsigned int i;

	(void)state;
	for (i = 0; i < KNOCKS; i++)
		stream(knocks[i], "knock", i);
	assert_true(chi_square(16) < CHI_SQUARE_MAX);
	assert_int_equal(repeats(24), 0);
	for (i = 0; i < KNOCKS; i += 8)
		knocks[i][16] &= 0xf8;
	assert_true(chi_square(16) > CHI_SQUARE_MAX);
	memcpy(knocks[KNOCKS - 1] + 24, knocks[0] + 24, WINDOW);
	assert_int_equal(repeats(24), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_hints),
		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_next_minute),
		cmocka_unit_test(test_is_seen),
	};

	return cmocka_run_group_tests_name("sealed_random", tests, NULL, NULL);
}
