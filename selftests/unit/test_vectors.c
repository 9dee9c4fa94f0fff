// SPDX-License-Identifier: GPL-2.0
/* TUMBLER1 against vectors of an independent implementation, both ways. */
#include <stdlib.h>

#include <openssl/sha.h>

#include <knock/tumbler.h>

#include "datagram.h"
#include "rows.h"

#define VECTORS_MIN 14

enum { TIME, ADDRESS, SECRET, HASHED, PAYLOAD, COLUMNS };

struct vector {
	long long unix_time;
	struct knock_address address;
	struct secret secret;
	char **column;
};

/* As a client: time, address and secret make the payload. */
static void make(const struct vector *vector)
{
	const char *time = vector->column[HASHED], *address = vector->column[ADDRESS];
	char prefix[KNOCK_TUMBLER_PREFIX_MAX];
	char text[KNOCK_TUMBLER_TEXT_LEN];
	u32 minute = (u32)(vector->unix_time / 60);
	size_t len;

	assert_in_range(vector->secret.length, 1, KNOCK_TUMBLER_SECRET_MAX);
	len = knock_tumbler_prefix(prefix, minute, &vector->address);
	assert_int_equal(len, strlen(time) + strlen(address));
	assert_memory_equal(prefix, time, strlen(time));
	assert_memory_equal(prefix + strlen(time), address, strlen(address));

	assert_true(datagram_make(text, minute, &vector->address, &vector->secret));
	assert_int_equal(strlen(vector->column[PAYLOAD]), sizeof(text));
	assert_memory_equal(text, vector->column[PAYLOAD], sizeof(text));
}

/* As a server: the payload proves the secret, and no other minute does. */
static void prove(const struct vector *vector)
{
	const char *payload = vector->column[PAYLOAD];
	u8 message[KNOCK_TUMBLER_MESSAGE_MAX];
	u8 sent[KNOCK_TUMBLER_DIGEST_SIZE];
	u8 digest[KNOCK_TUMBLER_DIGEST_SIZE];
	int off;

	assert_true(knock_tumbler_parse((const u8 *)payload, strlen(payload), sent));
	for (off = -1; off <= 1; off++) {
		u32 minute = (u32)(vector->unix_time / 60 + off);
		size_t len = knock_tumbler_prefix((char *)message, minute, &vector->address);

		memcpy(message + len, vector->secret.bytes, vector->secret.length);
		SHA256(message, len + vector->secret.length, digest);
		assert_int_equal(!memcmp(digest, sent, sizeof(sent)), !off);
	}
}

/* A row, for the function at DATA. */
static bool check_row(char **column, void *data)
{
	void (**check)(const struct vector *vector) = data;
	struct vector vector = {
		.unix_time = strtoll(column[TIME], NULL, 10),
		.address = rows_address(column[ADDRESS]),
		.column = column,
	};

	vector.secret.length = rows_hex(vector.secret.bytes, sizeof(vector.secret.bytes),
					column[SECRET]);
	(*check)(&vector);
	return true;
}

static unsigned int for_each(void (*check)(const struct vector *vector))
{
	return rows_for_each(VECTORS "/tumbler1.tsv", COLUMNS, check_row, &check);
}

static void test_make(void **state)
{
	(void)state;
	assert_true(for_each(make) >= VECTORS_MIN);
}

static void test_prove(void **state)
{
	(void)state;
	assert_true(for_each(prove) >= VECTORS_MIN);
}

/* Everything as long as it can be fits. */
static void test_longest(void **state)
{
	struct knock_address address;
	char text[KNOCK_TUMBLER_TEXT_LEN];
	struct secret secret;

	(void)state;
	memset(&address, 0xff, sizeof(address));
	memset(&secret, 'x', sizeof(secret));
	secret.length = KNOCK_TUMBLER_SECRET_MAX;
	assert_true(datagram_make(text, 29922129, &address, &secret));
	assert_false(datagram_make(text, UINT32_MAX, &address, &secret));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_make),
		cmocka_unit_test(test_prove),
		cmocka_unit_test(test_longest),
	};

	return cmocka_run_group_tests_name("vectors", tests, NULL, NULL);
}
