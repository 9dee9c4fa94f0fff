// SPDX-License-Identifier: GPL-2.0
/* Bans over a stop: what is torn is passed over, and no clock makes one longer. */
#include "check.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bans.h"
#include "place.h"

#define TEMPLATE "/tmp/test_bans.XXXXXX"

static char state[sizeof(TEMPLATE)];

static int make_directory(void **data)
{
	(void)data;
	strcpy(state, TEMPLATE);
	return mkdtemp(state) ? 0 : -1;
}

static int remove_directory(void **data)
{
	char command[64];

	(void)data;
	snprintf(command, sizeof(command), "rm -rf '%s'", state);
	return system(command);
}

/* 10.0.0.@number, or if it is odd an address of IPv6. */
static struct ban ban_of(unsigned int number)
{
	struct ban ban = { .until = 1700000000 + number, .left = 600 };

	if (number % 2) {
		ban.address.bytes[0] = 0x20;
		ban.address.bytes[1] = 0x01;
	} else {
		ban.address.bytes[10] = 0xff;
		ban.address.bytes[11] = 0xff;
		ban.address.bytes[12] = 10;
	}
	ban.address.bytes[14] = (unsigned char)(number >> 8);
	ban.address.bytes[15] = (unsigned char)number;
	return ban;
}

static void fill(struct bans *bans, unsigned int count)
{
	struct ban ban;
	unsigned int i;

	for (i = 1; i <= count; i++) {
		ban = ban_of(i);
		assert_true(bans_add(bans, &ban));
	}
}

static void assert_equal(const struct ban *ban, const struct ban *other)
{
	assert_memory_equal(&ban->address, &other->address, sizeof(ban->address));
	assert_int_equal(ban->until, other->until);
	assert_int_equal(ban->left, other->left);
}

/* Cut off anywhere: what stands in whole lines before is there, and nothing else. */
static void test_torn(void **data)
{
	struct bans bans = { .count = 0 }, again;
	size_t length, i, k, lines = 0;
	char *text;

	(void)data;
	fill(&bans, 7);
	text = bans_format(&bans);
	assert_non_null(text);
	length = strlen(text);
	for (i = 0; i <= length; i++) {
		lines += i && text[i - 1] == '\n';
		memset(&again, 0, sizeof(again));
		assert_true(bans_parse(&again, text, i));
		assert_int_equal(again.count, lines);
		for (k = 0; k < lines; k++)
			assert_equal(&again.ban[k], &bans.ban[k]);
		bans_free(&again);
	}
	assert_int_equal(lines, 7);
	free(text);
	bans_free(&bans);
}

/* Of bytes that are others each costs its own line at most. */
static void test_damaged(void **data)
{
	struct bans bans = { .count = 0 }, again;
	size_t length, i;
	char *text;

	(void)data;
	fill(&bans, 5);
	text = bans_format(&bans);
	length = strlen(text);
	for (i = 0; i < length; i++) {
		char was = text[i];

		text[i] = '\0';
		memset(&again, 0, sizeof(again));
		assert_true(bans_parse(&again, text, length));
		assert_in_range(again.count, was == '\n' ? 3 : 4, 4);
		bans_free(&again);
		text[i] = was;
	}
	free(text);
	bans_free(&bans);
}

static void test_lines(void **data)
{
	static const char text[] =
		"10.0.0.1 until 1700000000 left 600\n"
		"10.0.0.1 until 1700000000 left 600 more\n"
		"10.0.0.1 until 1700000000 left 0\n"
		"10.0.0.1 until 1700000000 left 604801\n"
		"10.0.0.01 until 1700000000 left 600\n"
		"example.com until 1700000000 left 600\n"
		" 10.0.0.1 until 1700000000 left 600\n"
		"10.0.0.1 until +1700000000 left 600\n"
		"10.0.0.1 until -1 left 600\n"
		"\n"
		"2001:db8::1 until 1700000000 left 604800\n"
		"1234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890 until\n"
		"10.0.0.2 until 1700000000 left 1\n";
	struct bans bans = { .count = 0 };

	(void)data;
	assert_true(bans_parse(&bans, text, strlen(text)));
	assert_int_equal(bans.count, 3);
	bans_free(&bans);
}

static void test_bound(void **data)
{
	struct bans bans = { .count = 0 }, again = { .count = 0 };
	struct ban one = ban_of(1);
	char *text, *twice;

	(void)data;
	fill(&bans, BANS_MAX);
	assert_false(bans_add(&bans, &one));
	assert_int_equal(bans.count, BANS_MAX);
	text = bans_format(&bans);
	assert_true(asprintf(&twice, "%s%s", text, text) > 0);
	assert_true(bans_parse(&again, twice, strlen(twice)));
	assert_int_equal(again.count, BANS_MAX);
	bans_free(&again);
	bans_free(&bans);
	free(twice);
	free(text);
}

static void test_seconds(void **data)
{
	struct ban ban = { .until = 1000, .left = 600 };

	(void)data;
	assert_int_equal(bans_seconds(&ban, 400), 600);
	assert_int_equal(bans_seconds(&ban, 900), 100);
	assert_int_equal(bans_seconds(&ban, 999), 1);
	assert_int_equal(bans_seconds(&ban, 1000), 0);
	assert_int_equal(bans_seconds(&ban, 100000), 0);
	/* A clock that begins at 1970 again. */
	assert_int_equal(bans_seconds(&ban, 0), 600);
}

/* Of whatever network namespace the test is run in. */
static void path_of_bans(char path[PATH_MAX])
{
	char place[PLACE_NAME_SIZE];

	place_name(place);
	snprintf(path, PATH_MAX, "%s/bans%s%s", state, *place ? "." : "", place);
}

static void test_file(void **data)
{
	struct bans bans = { .count = 0 }, again = { .count = 0 };
	char why[KEEP_WHY_SIZE], path[PATH_MAX];
	struct stat status;

	(void)data;
	assert_true(bans_read(&again, state, why));
	assert_int_equal(again.count, 0);
	assert_true(bans_forget(state, why));
	fill(&bans, 3);
	assert_true(bans_write(&bans, state, why));
	path_of_bans(path);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_true(bans_read(&again, state, why));
	assert_int_equal(again.count, 3);
	assert_equal(&again.ban[2], &bans.ban[2]);
	bans_free(&again);
	/* Whoever reads them may still fail. */
	assert_true(bans_read(&again, state, why));
	assert_int_equal(again.count, 3);
	bans_free(&again);
	assert_true(bans_forget(state, why));
	assert_true(bans_read(&again, state, why));
	assert_int_equal(again.count, 0);
	/* None takes the place of some. */
	assert_true(bans_write(&bans, state, why));
	bans_free(&bans);
	assert_true(bans_write(&bans, state, why));
	assert_int_equal(stat(path, &status), -1);
	/* What cannot be read or forgotten does not come back. */
	assert_int_equal(mkdir(path, 0700), 0);
	assert_false(bans_read(&again, state, why));
	assert_non_null(strstr(why, "no ban of before the stop"));
	assert_int_equal(again.count, 0);
	assert_false(bans_forget(state, why));
	assert_non_null(strstr(why, "no ban of before the stop"));
	assert_int_equal(rmdir(path), 0);
}

/* Those of another network namespace are not read, nor replaced or forgotten. */
static void test_others(void **data)
{
	struct bans bans = { .count = 0 }, again = { .count = 0 };
	char why[KEEP_WHY_SIZE], path[PATH_MAX], other[PATH_MAX + 8];
	struct stat status;

	(void)data;
	path_of_bans(path);
	snprintf(other, sizeof(other), "%s.other", path);
	fill(&bans, 2);
	assert_true(bans_write(&bans, state, why));
	assert_int_equal(rename(path, other), 0);
	assert_true(bans_read(&again, state, why));
	assert_int_equal(again.count, 0);
	bans_free(&bans);
	assert_true(bans_write(&bans, state, why));
	assert_true(bans_forget(state, why));
	assert_int_equal(stat(other, &status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_torn),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_bound),
		cmocka_unit_test(test_seconds),
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests_name("bans", tests, make_directory, remove_directory);
}
