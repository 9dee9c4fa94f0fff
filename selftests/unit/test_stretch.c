// SPDX-License-Identifier: GPL-2.0
/* Stretched passphrases against vectors of an independent implementation. */
#include <stdlib.h>

#include "datagram.h"
#include "rows.h"
#include "stretch.h"
#include "url.h"

#define VECTORS_MIN 5
/* 2004-01-01 00:00 UTC */
#define MINUTE (1072915200 / 60)

enum { PASSPHRASE, SALT, STRETCHED, PAYLOAD, COLUMNS };

static bool check_row(char **column, void *data)
{
	static const u8 source[4] = { 192, 168, 0, 5 };
	struct knock_address address = knock_address_from_ipv4(source);
	char text[KNOCK_TUMBLER_TEXT_LEN], why[SECRET_WHY_SIZE];
	char salt_text[SALT_TEXT_SIZE];
	struct secret secret;
	struct salt salt;

	(void)data;
	memset(&secret, 0, sizeof(secret));
	secret.length = rows_hex(secret.bytes, sizeof(secret.bytes), column[PASSPHRASE]);
	assert_true(salt_parse(column[SALT], &salt));
	salt_format(salt_text, &salt);
	assert_string_equal(salt_text, column[SALT]);
	assert_true(stretch(&secret, &salt, why));
	assert_int_equal(secret.length, strlen(column[STRETCHED]));
	assert_memory_equal(secret.bytes, column[STRETCHED], secret.length);
	assert_true(datagram_make(text, MINUTE, &address, &secret));
	assert_int_equal(strlen(column[PAYLOAD]), sizeof(text));
	assert_memory_equal(text, column[PAYLOAD], sizeof(text));
	return true;
}

static void test_vectors(void **state)
{
	(void)state;
	assert_true(rows_for_each(VECTORS "/stretch.tsv", COLUMNS, check_row, NULL) >= VECTORS_MIN);
}

static void test_salt_text(void **state)
{
	static const char *const bad[] = {
		"", "AAECAwQFBgcICQoLDA0OD", "AAECAwQFBgcICQoLDA0ODww", "AAECAwQFBgcICQoLDA0OD=",
		"AAECAwQFBgcICQoLDA0OD ", "AAECAwQFBgcICQoLDA0OD+", "AAECAwQFBgcICQoLDA0OD/",
		/* 16 bytes leave two bits of the last letter. */
		"AAECAwQFBgcICQoLDA0ODx", "AAECAwQFBgcICQoLDA0ODB",
	};
	struct salt salt, other;
	char text[SALT_TEXT_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		assert_false(salt_parse(bad[i], &salt));
	for (i = 0; i < 1000; i++) {
		assert_true(salt_generate(&salt));
		salt_format(text, &salt);
		assert_int_equal(strlen(text), SALT_TEXT_SIZE - 1);
		assert_true(salt_parse(text, &other));
		assert_memory_equal(salt.bytes, other.bytes, sizeof(salt.bytes));
	}
}

static void test_url(void **state)
{
	static const struct {
		const char *text;
		bool has_secret;
	} good[] = {
		{ "tumbler://host/?stretch=AAECAwQFBgcICQoLDA0ODw", false },
		{ "tumbler://my%20passphrase@host:9/?stretch=AAECAwQFBgcICQoLDA0ODw", true },
	};
	static const char *const bad[] = {
		"tumbler://host?stretch=AAECAwQFBgcICQoLDA0ODw", "tumbler://host/?stretch=",
		"tumbler://host/?stretch", "tumbler://host/?stretch=AAECAwQFBgcICQoLDA0ODw&x=1",
		"tumbler://host/?stretch=AAECAwQFBgcICQoLDA0ODw/", "tumbler://host/?x=1",
		"tumbler://host/?stretch=AAECAwQFBgcICQoLDA0ODw==",
	};
	char why[URL_WHY_SIZE];
	struct url url;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++) {
		assert_true(url_parse(good[i].text, &url, why));
		assert_true(url.has_salt);
		assert_int_equal(url.salt.bytes[15], 15);
		assert_int_equal(url.has_secret, good[i].has_secret);
		assert_string_equal(url.host, "host");
	}
	for (i = 0; i < COUNT(bad); i++)
		assert_false(url_parse(bad[i], &url, why));
	assert_true(url_parse("tumbler://s@host/", &url, why));
	assert_false(url.has_salt);
}

static unsigned int bits_said(const char *passphrase, bool guessable)
{
	struct secret secret = { .length = strlen(passphrase) };
	char why[SECRET_WHY_SIZE] = "";
	const char *said;

	memcpy(secret.bytes, passphrase, secret.length);
	assert_int_equal(secret_is_guessable_stretched(&secret, why), guessable);
	said = strstr(why, "about ");
	return said ? (unsigned int)strtoul(said + 6, NULL, 10) : 0;
}

/* Four words do, where without stretching not even five would. */
static void test_guessable(void **state)
{
	(void)state;
	assert_int_equal(bits_said("hunter2", true), 13 + 3 + 23);
	assert_int_equal(bits_said("correct horse battery", true), 3 * 13 + 2 * 4 + 23);
	assert_int_equal(bits_said("correct horse battery staple", false), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_salt_text),
		cmocka_unit_test(test_url),
		cmocka_unit_test(test_guessable),
	};

	return cmocka_run_group_tests_name("stretch", tests, NULL, NULL);
}
