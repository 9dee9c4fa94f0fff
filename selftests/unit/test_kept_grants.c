// SPDX-License-Identifier: GPL-2.0
/* Grants over a stop: what is torn is passed over, and no clock makes one longer. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kept_grants.h"

#define TEMPLATE "/tmp/test_grants.XXXXXX"

static char state[sizeof(TEMPLATE)];

static int make_directory(void **data)
{
	(void)data;
	strcpy(state, TEMPLATE);
	return mkdtemp(state) ? 0 : -1;
}

static int remove_directory(void **data)
{
	(void)data;
	return rmdir(state);
}

/* 10.0.0.@number; if it is odd by a key, else by hand. */
static struct kept_grant grant_of(unsigned int number)
{
	struct kept_grant grant = { .until = 1700000000 + number, .left = 600, .door = "ssh" };

	grant.address.bytes[10] = 0xff;
	grant.address.bytes[11] = 0xff;
	grant.address.bytes[12] = 10;
	grant.address.bytes[14] = (unsigned char)(number >> 8);
	grant.address.bytes[15] = (unsigned char)number;
	if (number % 2) {
		snprintf(grant.key, sizeof(grant.key), "key-%u", number);
		memset(grant.fingerprint, (int)number, sizeof(grant.fingerprint));
	}
	return grant;
}

static void fill(struct kept_grants *grants, unsigned int count)
{
	struct kept_grant grant;
	unsigned int i;

	for (i = 1; i <= count; i++) {
		grant = grant_of(i);
		assert_true(kept_grants_add(grants, &grant));
	}
}

static void assert_equal(const struct kept_grant *grant, const struct kept_grant *other)
{
	assert_memory_equal(&grant->address, &other->address, sizeof(grant->address));
	assert_int_equal(grant->until, other->until);
	assert_int_equal(grant->left, other->left);
	assert_string_equal(grant->door, other->door);
	assert_string_equal(grant->key, other->key);
	assert_memory_equal(grant->fingerprint, other->fingerprint, sizeof(grant->fingerprint));
}

/* Cut off anywhere: what stands in whole lines before is there, and nothing else. */
static void test_torn(void **data)
{
	struct kept_grants grants = { .count = 0 }, again;
	size_t length, i, k, lines = 0;
	char *text;

	(void)data;
	fill(&grants, 6);
	text = kept_grants_format(&grants);
	assert_non_null(text);
	length = strlen(text);
	for (i = 0; i <= length; i++) {
		lines += i && text[i - 1] == '\n';
		memset(&again, 0, sizeof(again));
		assert_true(kept_grants_parse(&again, text, i));
		assert_int_equal(again.count, lines);
		for (k = 0; k < lines; k++)
			assert_equal(&again.grant[k], &grants.grant[k]);
		kept_grants_free(&again);
	}
	assert_int_equal(lines, 6);
	free(text);
	kept_grants_free(&grants);
}

/* The longest line there is, and what may not be one. */
static void test_lines(void **data)
{
#define NAME31 "1234567890123456789012345678901"
	static const char text[] =
		"2001:db8:1111:2222:3333:4444:5555:6666 until 18446744073709551615 left 604800 door "
		NAME31 " key " NAME31 " 0123456789abcdef\n"
		"10.0.0.1 until 1700000000 left 600 door ssh\n"
		"10.0.0.1 until 1700000000 left 600 door ssh more\n"
		"10.0.0.1 until 1700000000 left 600 door ssh key\n"
		"10.0.0.1 until 1700000000 left 600 door ssh key a\n"
		"10.0.0.1 until 1700000000 left 600 door ssh key a 0123456789abcde\n"
		"10.0.0.1 until 1700000000 left 600 door ssh key a 0123456789ABCDEF\n"
		"10.0.0.1 until 1700000000 left 600 door ssh key a 0123456789abcdeg\n"
		"10.0.0.1 until 1700000000 left 600 door ssh key a 0123456789abcdef0\n"
		"10.0.0.1 until 1700000000 left 600 door ssh key -a 0123456789abcdef\n"
		"10.0.0.1 until 1700000000 left 600 door " NAME31 "2\n"
		"10.0.0.1 until 1700000000 left 600 door a/b\n"
		"10.0.0.1 until 1700000000 left 600\n"
		"10.0.0.1 until 1700000000 left 0 door ssh\n"
		"10.0.0.1 until 1700000000 left 604801 door ssh\n"
		"10.0.0.01 until 1700000000 left 600 door ssh\n"
		" 10.0.0.1 until 1700000000 left 600 door ssh\n"
		"10.0.0.1 until -1 left 600 door ssh\n"
		"\n"
		"10.0.0.2 until 1700000000 left 1 door ssh key a 0000000000000000\n";
	struct kept_grants grants = { .count = 0 };

	(void)data;
	assert_true(kept_grants_parse(&grants, text, strlen(text)));
	assert_int_equal(grants.count, 3);
	assert_string_equal(grants.grant[0].key, NAME31);
	assert_int_equal(grants.grant[0].fingerprint[7], 0xef);
	kept_grants_free(&grants);
}

static void test_bound(void **data)
{
	struct kept_grants grants = { .count = 0 }, again = { .count = 0 };
	struct kept_grant one = grant_of(1);
	char *text, *twice;

	(void)data;
	fill(&grants, KEPT_GRANTS_MAX);
	assert_false(kept_grants_add(&grants, &one));
	text = kept_grants_format(&grants);
	assert_true(asprintf(&twice, "%s%s", text, text) > 0);
	assert_true(kept_grants_parse(&again, twice, strlen(twice)));
	assert_int_equal(again.count, KEPT_GRANTS_MAX);
	kept_grants_free(&again);
	kept_grants_free(&grants);
	free(twice);
	free(text);
}

static void test_seconds(void **data)
{
	struct kept_grant grant = { .until = 1000, .left = 600 };

	(void)data;
	assert_int_equal(kept_grant_seconds(&grant, 400), 600);
	assert_int_equal(kept_grant_seconds(&grant, 999), 1);
	assert_int_equal(kept_grant_seconds(&grant, 1000), 0);
	assert_int_equal(kept_grant_seconds(&grant, 100000), 0);
	/* A clock that begins at 1970 again. */
	assert_int_equal(kept_grant_seconds(&grant, 0), 600);
}

/* All that there may be can be read again, each of the longest; then it is forgotten. */
static void test_file(void **data)
{
	struct kept_grants grants = { .count = 0 }, again = { .count = 0 };
	char why[KEEP_WHY_SIZE];
	struct kept_grant one;
	unsigned int i;

	(void)data;
	assert_true(kept_grants_read(&again, state, why));
	assert_int_equal(again.count, 0);
	for (i = 0; i < KEPT_GRANTS_MAX; i++) {
		one = grant_of(i);
		memset(&one.address, 0x2f, sizeof(one.address));
		memset(one.door, 'd', sizeof(one.door) - 1);
		memset(one.key, 'k', sizeof(one.key) - 1);
		one.until = UINT64_MAX;
		one.left = KEPT_GRANT_SECONDS_MAX;
		assert_true(kept_grants_add(&grants, &one));
	}
	assert_true(kept_grants_write(&grants, state, why));
	assert_true(kept_grants_read(&again, state, why));
	assert_int_equal(again.count, KEPT_GRANTS_MAX);
	assert_equal(&again.grant[4095], &grants.grant[4095]);
	kept_grants_free(&again);
	assert_true(kept_grants_forget(state, why));
	assert_true(kept_grants_read(&again, state, why));
	assert_int_equal(again.count, 0);
	kept_grants_free(&grants);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_torn),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_seconds),
		cmocka_unit_test(test_file),
	};

	return cmocka_run_group_tests_name("kept_grants", tests, make_directory,
					   remove_directory);
}
