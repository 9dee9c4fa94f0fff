// SPDX-License-Identifier: GPL-2.0
/* Sealed keys of key pairs, from both sides, against vectors of other hands. */
#include <stdlib.h>

#include "base64.h"
#include "rows.h"
#include "x25519.h"

#define VECTORS_MIN 12

enum { NAME, SERVER_PRIVATE, SERVER, CLIENT_PRIVATE, CLIENT, DOOR, SHARED, KEY, COLUMNS };

static void read_hex(unsigned char bytes[X25519_SIZE], const char *text)
{
	assert_int_equal(rows_hex(bytes, X25519_SIZE, text), X25519_SIZE);
}

/* As the side whose private key is given. */
static void agree(char **column, int private_key, int public_key)
{
	unsigned char server[X25519_SIZE], client[X25519_SIZE], key[X25519_SIZE];
	unsigned char want[X25519_SIZE];
	const struct x25519_parties parties = { server, client, column[DOOR] };
	struct x25519_pair own;
	bool good;

	if (!strcmp(column[private_key], "-"))
		return;
	read_hex(server, column[SERVER]);
	read_hex(client, column[CLIENT]);
	read_hex(own.private_key, column[private_key]);
	read_hex(want, column[public_key]);
	assert_true(x25519_publish(&own));
	assert_memory_equal(own.public_key, want, X25519_SIZE);
	memset(key, 0xaa, sizeof(key));
	good = x25519_agree(key, &own, &parties);
	if (strcmp(column[KEY], "refused")) {
		read_hex(want, column[KEY]);
		assert_true(good);
	} else {
		memset(want, 0, sizeof(want));
		assert_false(good);
	}
	if (memcmp(key, want, X25519_SIZE))
		fail_msg("%s", column[NAME]);
}

static bool agree_both(char **column, void *data)
{
	(void)data;
	agree(column, SERVER_PRIVATE, SERVER);
	agree(column, CLIENT_PRIVATE, CLIENT);
	return true;
}

static void test_vectors(void **state)
{
	(void)state;
	assert_in_range(rows_for_each(VECTORS "/sealed-keys.tsv", COLUMNS, agree_both, NULL),
			VECTORS_MIN, 1000);
}

/* Both sides have the same, and nobody else, for no other door. */
static void test_both_sides(void **state)
{
	unsigned char a[X25519_SIZE], b[X25519_SIZE];
	struct x25519_pair server, client, other;
	struct x25519_parties parties = { server.public_key, client.public_key, "ssh" };

	(void)state;
	assert_true(x25519_generate(&server));
	assert_true(x25519_generate(&client));
	assert_true(x25519_generate(&other));
	assert_true(x25519_agree(a, &server, &parties));
	assert_true(x25519_agree(b, &client, &parties));
	assert_memory_equal(a, b, X25519_SIZE);
	assert_false(x25519_agree(b, &other, &parties));
	parties.door = "web";
	assert_true(x25519_agree(b, &client, &parties));
	assert_memory_not_equal(a, b, X25519_SIZE);
	/* Who is server and who is client is part of it. */
	parties = (struct x25519_parties){ client.public_key, server.public_key, "ssh" };
	assert_true(x25519_agree(b, &client, &parties));
	assert_memory_not_equal(a, b, X25519_SIZE);
	parties.door = "a-name-that-is-much-too-long-to-be-one";
	assert_false(x25519_agree(b, &client, &parties));
}

/* Only as it is written, and no other way. */
static void test_base64(void **state)
{
	static const char *const bad[] = {
		"", "A", "AA", "AAA", "AA=A", "A===", "====", "AAAA====", "AA==AAAA", "AAAAA", "AAB=",
		"AB==", "AA=\n", "AAA-", "AAA_", " AAA", "AAAA ", "AAAA\n",
	};
	unsigned char bytes[300], again[300];
	char text[BASE64_SIZE(300)];
	size_t length, size, i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		assert_false(base64_decode(bad[i], bytes, sizeof(bytes), &length));
	for (size = 1; size <= 256; size++) {
		for (i = 0; i < size; i++)
			bytes[i] = (unsigned char)(size * 31 + i * 7);
		base64_encode(text, bytes, size);
		assert_int_equal(strlen(text) + 1, BASE64_SIZE(size));
		assert_false(base64_decode(text, again, size - 1, &length));
		assert_true(base64_decode(text, again, size, &length));
		assert_int_equal(length, size);
		assert_memory_equal(again, bytes, size);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_both_sides),
		cmocka_unit_test(test_base64),
	};

	return cmocka_run_group_tests_name("x25519", tests, NULL, NULL);
}
