// SPDX-License-Identifier: GPL-2.0
/* The life of once keys on the disk: only rising, whole, and believed only if whole. */
#include "check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "numbers.h"
#include "series.h"

#define TEMPLATE "/tmp/test_numbers.XXXXXX"

static char state[sizeof(TEMPLATE)];
static struct numbers_dir directory;

static int make_directory(void **data)
{
	char why[NUMBERS_WHY_SIZE];

	(void)data;
	strcpy(state, TEMPLATE);
	return mkdtemp(state) && numbers_open(&directory, state, true, why) ? 0 : -1;
}

static int remove_directory(void **data)
{
	char command[64];

	(void)data;
	numbers_close(&directory);
	snprintf(command, sizeof(command), "rm -rf '%s'", state);
	return system(command);
}

static void assert_numbers(const struct numbers *numbers, u64 handed, u64 mark, bool clean,
			   u64 used)
{
	assert_int_equal(numbers->handed, handed);
	assert_int_equal(numbers->mark, mark);
	assert_int_equal(numbers->clean, clean);
	assert_int_equal(numbers->used, used);
}

/* Added, used, stopped cleanly, started, stopped without a warning, started. */
static void test_life(void **data)
{
	struct numbers numbers = numbers_of_new(16);

	(void)data;
	assert_int_equal(numbers_begin(&numbers), 0);
	assert_numbers(&numbers, 16, 3, false, 0);
	numbers_advance(&numbers, 2);
	assert_numbers(&numbers, 16, 5, false, 0);
	assert_int_equal(numbers_used_at_least(&numbers), 2);
	numbers_end(&numbers, 4);
	assert_numbers(&numbers, 16, 5, true, 4);
	assert_int_equal(numbers_used_at_least(&numbers), 4);
	assert_int_equal(numbers_begin(&numbers), 4);
	assert_numbers(&numbers, 16, 7, false, 0);
	/* All that was armed may have been used. */
	assert_int_equal(numbers_begin(&numbers), 7);
	assert_int_equal(numbers_reach(&numbers, 7), 10);
	assert_numbers(&numbers, 16, 10, false, 0);
}

/* Five stops without a warning use a book of 16 up; rotate hands out more. */
static void test_empty(void **data)
{
	struct numbers numbers = numbers_of_new(16);
	u64 used;
	int i;

	(void)data;
	for (i = 0; i < 5; i++)
		numbers_begin(&numbers);
	assert_numbers(&numbers, 16, 15, false, 0);
	assert_int_equal(numbers_begin(&numbers), 15);
	used = numbers_begin(&numbers);
	assert_int_equal(used, 16);
	assert_int_equal(numbers_reach(&numbers, used), 16);
	numbers_hand_out(&numbers, used, 16);
	assert_int_equal(numbers.handed, 17);
	assert_int_equal(numbers_reach(&numbers, used), 17);
	for (i = 0; i < 40; i++)
		numbers_hand_out(&numbers, used, 16);
	assert_int_equal(numbers.handed, 32);
	/* A book that was deeper once stays as it is. */
	numbers_hand_out(&numbers, used, 8);
	assert_int_equal(numbers.handed, 32);
}

/* What the module says is never contradicted. */
static void test_behind(void **data)
{
	struct numbers numbers = { .handed = 5, .mark = 5 };

	(void)data;
	numbers_advance(&numbers, 9);
	assert_numbers(&numbers, 9, 9, false, 0);
	assert_int_equal(numbers_reach(&numbers, 9), 9);
	numbers_end(&numbers, 11);
	assert_numbers(&numbers, 11, 11, true, 11);
}

static struct numbers_entry entry_of(unsigned char first)
{
	struct numbers_entry entry = { .numbers = { 16, 3, true, 2 } };

	memset(entry.fingerprint, 0x5a, sizeof(entry.fingerprint));
	entry.fingerprint[0] = first;
	return entry;
}

static enum numbers_found read_back(const struct numbers_entry *entry, struct numbers *numbers)
{
	struct numbers_entry again = *entry;
	enum numbers_found found;

	memset(&again.numbers, 0xff, sizeof(again.numbers));
	found = numbers_read(&directory, &again);
	*numbers = again.numbers;
	return found;
}

static void test_written(void **data)
{
	struct numbers_entry entries[3] = { entry_of(1), entry_of(2), entry_of(3) };
	char why[NUMBERS_WHY_SIZE], path[64];
	struct numbers numbers;
	struct stat status;

	(void)data;
	assert_int_equal(read_back(&entries[0], &numbers), NUMBERS_NONE);
	assert_true(numbers_write(&directory, entries, 1, why));
	assert_int_equal(read_back(&entries[0], &numbers), NUMBERS_GOOD);
	assert_numbers(&numbers, 16, 3, true, 2);
	entries[0].numbers = (struct numbers){ 1ull << 53, 7, false, 0 };
	assert_true(numbers_write(&directory, entries, 3, why));
	assert_int_equal(read_back(&entries[0], &numbers), NUMBERS_GOOD);
	assert_numbers(&numbers, 1ull << 53, 7, false, 0);
	assert_int_equal(read_back(&entries[2], &numbers), NUMBERS_GOOD);
	snprintf(path, sizeof(path), "%s/once/015a5a5a5a5a5a5a", state);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	numbers_forget(&directory, &entries[0]);
	assert_int_equal(read_back(&entries[0], &numbers), NUMBERS_NONE);
}

static void overwrite(const char *path, const char *text, size_t length)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, length, file), length);
	fclose(file);
}

/* Cut off anywhere, any byte another, of another key: not believed. */
static void test_torn(void **data)
{
	struct numbers_entry entry = entry_of(4), other = entry_of(5);
	char path[64], copy[64], text[256], why[NUMBERS_WHY_SIZE];
	struct numbers numbers;
	size_t length, i;
	FILE *file;

	(void)data;
	assert_true(numbers_write(&directory, &entry, 1, why));
	snprintf(path, sizeof(path), "%s/once/045a5a5a5a5a5a5a", state);
	snprintf(copy, sizeof(copy), "%s/once/055a5a5a5a5a5a5a", state);
	file = fopen(path, "r");
	assert_non_null(file);
	length = fread(text, 1, sizeof(text), file);
	fclose(file);
	assert_in_range(length, 40, sizeof(text) - 1);
	for (i = 0; i < length; i++) {
		overwrite(path, text, i);
		assert_int_equal(read_back(&entry, &numbers), NUMBERS_BROKEN);
		text[i] ^= 1;
		overwrite(path, text, length);
		assert_int_equal(read_back(&entry, &numbers), NUMBERS_BROKEN);
		text[i] ^= 1;
	}
	overwrite(path, text, length);
	assert_int_equal(read_back(&entry, &numbers), NUMBERS_GOOD);
	overwrite(copy, text, length);
	assert_int_equal(read_back(&other, &numbers), NUMBERS_BROKEN);
	unlink(path);
	assert_int_equal(symlink(copy, path), 0);
	assert_int_equal(read_back(&entry, &numbers), NUMBERS_BROKEN);
}

/* Who cannot write says so, and what was there stays. */
static void test_refused(void **data)
{
	struct numbers_entry entry = entry_of(6);
	char path[64], why[NUMBERS_WHY_SIZE];
	struct numbers_dir none;
	struct numbers numbers;

	(void)data;
	assert_true(numbers_write(&directory, &entry, 1, why));
	snprintf(path, sizeof(path), "%s/once/.065a5a5a5a5a5a5a.new", state);
	assert_int_equal(mkdir(path, 0700), 0);
	entry.numbers.mark = 9;
	assert_false(numbers_write(&directory, &entry, 1, why));
	assert_non_null(strstr(why, "cannot be written"));
	assert_int_equal(read_back(&entry, &numbers), NUMBERS_GOOD);
	assert_int_equal(numbers.mark, 3);
	assert_true(numbers_can_write(&directory, why));
	snprintf(path, sizeof(path), "%s/once/.0000000000000000.new", state);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_false(numbers_can_write(&directory, why));
	assert_non_null(strstr(why, "make room"));
	snprintf(path, sizeof(path), "%s/nowhere", state);
	assert_false(numbers_open(&none, path, false, why));
	assert_int_equal(errno, ENOENT);
	assert_int_equal(none.descriptor, -1);
}

/* Who must not wait is told that somebody has them. */
static void test_busy(void **data)
{
	char why[NUMBERS_WHY_SIZE], path[64];
	struct numbers_dir other;

	(void)data;
	assert_false(numbers_try(&other, state, why));
	assert_int_equal(errno, EWOULDBLOCK);
	numbers_close(&directory);
	assert_true(numbers_try(&other, state, why));
	assert_false(numbers_try(&directory, state, why));
	assert_int_equal(errno, EWOULDBLOCK);
	numbers_close(&other);
	snprintf(path, sizeof(path), "%s/nowhere", state);
	assert_false(numbers_try(&other, path, why));
	assert_int_equal(errno, ENOENT);
	assert_true(numbers_open(&directory, state, false, why));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_life),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_behind),
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_torn),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_busy),
	};

	return cmocka_run_group_tests_name("numbers", tests, make_directory, remove_directory);
}
