// SPDX-License-Identifier: GPL-2.0
/* TUMBLER1 against vectors of an independent implementation, both ways. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/sha.h>

#include <knock/tumbler.h>

#include "check.h"
#include "datagram.h"

#define VECTORS_MIN 14

struct vector {
	long long unix_time;
	char address[64];
	char secret_hex[2 * KNOCK_TUMBLER_SECRET_MAX + 1];
	char time[16];
	char payload[128];
};

static size_t secret_of(const struct vector *vector, struct secret *secret)
{
	size_t i;

	memset(secret, 0, sizeof(*secret));
	secret->length = strlen(vector->secret_hex) / 2;
	for (i = 0; i < secret->length; i++)
		if (sscanf(vector->secret_hex + 2 * i, "%2hhx", &secret->bytes[i]) != 1)
			fail_msg("no hex: %s", vector->secret_hex);
	return secret->length;
}

static struct knock_address address_of(const struct vector *vector)
{
	struct knock_address address;
	u8 bytes[4];

	if (inet_pton(AF_INET, vector->address, bytes) == 1)
		return knock_address_from_ipv4(bytes);
	assert_int_equal(inet_pton(AF_INET6, vector->address, address.bytes), 1);
	return address;
}

/* As a client: time, address and secret make the payload. */
static void make(const struct vector *vector)
{
	struct knock_address address = address_of(vector);
	char prefix[KNOCK_TUMBLER_PREFIX_MAX];
	char text[KNOCK_TUMBLER_TEXT_LEN];
	u32 minute = (u32)(vector->unix_time / 60);
	struct secret secret;
	size_t len;

	assert_in_range(secret_of(vector, &secret), 1, KNOCK_TUMBLER_SECRET_MAX);
	len = knock_tumbler_prefix(prefix, minute, &address);
	assert_int_equal(len, strlen(vector->time) + strlen(vector->address));
	assert_memory_equal(prefix, vector->time, strlen(vector->time));
	assert_memory_equal(prefix + strlen(vector->time), vector->address,
			    strlen(vector->address));

	assert_true(datagram_make(text, minute, &address, &secret));
	assert_int_equal(strlen(vector->payload), sizeof(text));
	assert_memory_equal(text, vector->payload, sizeof(text));
}

/* As a server: the payload proves the secret, and no other minute does. */
static void prove(const struct vector *vector)
{
	struct knock_address address = address_of(vector);
	u8 message[KNOCK_TUMBLER_MESSAGE_MAX];
	u8 sent[KNOCK_TUMBLER_DIGEST_SIZE];
	u8 digest[KNOCK_TUMBLER_DIGEST_SIZE];
	struct secret secret;
	int off;

	secret_of(vector, &secret);
	assert_true(knock_tumbler_parse((const u8 *)vector->payload, strlen(vector->payload),
					sent));
	for (off = -1; off <= 1; off++) {
		u32 minute = (u32)(vector->unix_time / 60 + off);
		size_t len = knock_tumbler_prefix((char *)message, minute, &address);

		memcpy(message + len, secret.bytes, secret.length);
		SHA256(message, len + secret.length, digest);
		assert_int_equal(!memcmp(digest, sent, sizeof(sent)), !off);
	}
}

static unsigned int for_each(void (*check)(const struct vector *vector))
{
	FILE *file = fopen(VECTORS "/tumbler1.tsv", "r");
	struct vector vector;
	unsigned int count = 0;
	char line[1024];

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (*line == '#')
			continue;
		if (sscanf(line, "%lld\t%63s\t%510s\t%15s\t%127[^\n]", &vector.unix_time,
			   vector.address, vector.secret_hex, vector.time, vector.payload) != 5)
			fail_msg("no vector: %s", line);
		check(&vector);
		count++;
	}
	fclose(file);
	return count;
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
