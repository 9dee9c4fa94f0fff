// SPDX-License-Identifier: GPL-2.0
/* What is owed outlasts a stop at any byte, and the file stays short. */
#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "owed.h"

#define TEMPLATE "/tmp/test_owed.XXXXXX"

static char directory[sizeof(TEMPLATE)];
static char path[sizeof(TEMPLATE) + 16];
static struct owed owed;

static int begin(void **data)
{
	(void)data;
	strcpy(directory, TEMPLATE);
	if (!mkdtemp(directory))
		return -1;
	snprintf(path, sizeof(path), "%s/commands", directory);
	memset(&owed, 0, sizeof(owed));
	owed_open(&owed, directory);
	return 0;
}

static int end(void **data)
{
	char command[64];

	(void)data;
	owed_close(&owed);
	snprintf(command, sizeof(command), "rm -rf '%s'", directory);
	return system(command);
}

static void owe(uint64_t grant)
{
	struct subject subject = { .ip = "2001:db8::1", .name = "ssh" };

	/* Every other was opened by hand. */
	if (grant % 2)
		strcpy(subject.key, "alice");
	owed_begin(&owed, grant, &subject);
}

static void count_one(const struct owed_grant *grant, void *data)
{
	uint64_t *sum = data;

	assert_string_equal(grant->subject.name, "ssh");
	assert_string_equal(grant->subject.ip, "2001:db8::1");
	assert_string_equal(grant->subject.key, grant->grant % 2 ? "alice" : "");
	*sum += grant->grant;
}

static uint64_t sum_of(struct owed *of)
{
	uint64_t sum = 0;

	owed_walk(of, count_one, &sum);
	return sum;
}

static size_t read_text(char **text)
{
	struct stat status;
	FILE *file = fopen(path, "r");

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &status), 0);
	*text = malloc((size_t)status.st_size + 1);
	assert_int_equal(fread(*text, 1, (size_t)status.st_size, file), status.st_size);
	fclose(file);
	return (size_t)status.st_size;
}

static void test_again(void **data)
{
	struct owed again = { .directory = NULL };

	(void)data;
	owe(1);
	owe(2);
	owe(4);
	owe(4);
	owed_flush(&owed);
	owed_end(&owed, 2);
	owed_end(&owed, 2);
	owed_end(&owed, 77);
	owe(8);
	owed_flush(&owed);
	owed_open(&again, directory);
	assert_int_equal(again.count, 3);
	assert_int_equal(sum_of(&again), 13);
	owed_end(&again, 8);
	owed_close(&again);
	owed_open(&again, directory);
	assert_int_equal(sum_of(&again), 5);
	owed_close(&again);
	owed_close(&again);
}

/* Cut off anywhere: each line that is whole counts, and no other. */
static void test_torn(void **data)
{
	struct owed again = { .directory = NULL };
	uint64_t want = 0;
	size_t length, i;
	char *text;

	(void)data;
	owed_flush(&owed);
	for (i = 1; i <= 64; i *= 2)
		owe(i);
	owed_end(&owed, 4);
	owed_end(&owed, 64);
	owed_flush(&owed);
	length = read_text(&text);
	for (i = 0; i <= length; i++) {
		if (i && text[i - 1] == '\n') {
			const char *line = text + i - 1;

			while (line > text && line[-1] != '\n')
				line--;
			if (*line == '+')
				want += strtoull(line + 2, NULL, 10);
			else
				want -= strtoull(line + 2, NULL, 10);
		}
		owed_parse(&again, text, i);
		assert_int_equal(sum_of(&again), want);
		owed_free(&again);
	}
	assert_int_equal(want, 1 + 2 + 8 + 16 + 32);
	free(text);
}

static void test_lines(void **data)
{
	static const char text[] =
		"+ 1 ssh alice 2001:db8::1\n"
		"+ 2 ssh - 2001:db8::1\n"
		"+ 05 ssh alice 2001:db8::1\n"
		"+ 7 $(ssh) alice 2001:db8::1\n"
		"+ 9 ssh a;b 2001:db8::1\n"
		"+ 11 ssh alice %%\n"
		"+ 13 ssh alice\n"
		"+ -1 ssh alice 2001:db8::1\n"
		"+ 15 an-name-that-is-longer-than-those-of-doors alice 2001:db8::1\n"
		"\n"
		"- 02\n"
		"* 1\n"
		"- 99\n";
	struct owed again = { .directory = NULL };

	(void)data;
	owed_parse(&again, text, strlen(text));
	assert_int_equal(sum_of(&again), 3);
	owed_free(&again);
}

/* However much comes and goes, the file is as long as what is there asks for. */
static void test_short(void **data)
{
	size_t most = 0;
	struct stat status;
	uint64_t i;

	(void)data;
	for (i = 1; i <= 10; i++)
		owe(i);
	for (i = 100; i < 20000; i++) {
		owe(i);
		owed_end(&owed, i);
		if (i % 50)
			continue;
		owed_flush(&owed);
		assert_int_equal(stat(path, &status), 0);
		if ((size_t)status.st_size > most)
			most = (size_t)status.st_size;
	}
	owed_flush(&owed);
	assert_int_equal(sum_of(&owed), 55);
	assert_in_range(most, 10000, 30000);
	assert_int_equal(status.st_mode & 07777, 0600);
}

static void test_bound(void **data)
{
	uint64_t i;

	(void)data;
	for (i = 1; i <= OWED_MAX + 10; i++)
		owe(i);
	assert_int_equal(owed.count, OWED_MAX);
}

/* What failed is made good when it can be. */
static void test_failed(void **data)
{
	struct owed again = { .directory = NULL };

	(void)data;
	owe(1);
	owed_flush(&owed);
	owe(2);
	/* Nothing more can be added through this one. */
	close(owed.descriptor);
	owed.descriptor = open("/dev/full", O_WRONLY | O_CLOEXEC);
	owed_flush(&owed);
	assert_true(owed.whole);
	assert_true(owed.told);
	owed_open(&again, directory);
	assert_int_equal(sum_of(&again), 1);
	owed_free(&again);
	/* Not in the same second. */
	owed.tried = -1;
	owed_flush(&owed);
	assert_false(owed.told);
	owed_open(&again, directory);
	assert_int_equal(sum_of(&again), 3);
	owed_free(&again);
}

/* What cannot be read is not written over. */
static void test_unreadable(void **data)
{
	static const off_t too_big = 65 << 20;
	struct owed again = { .directory = NULL };
	struct stat status;

	(void)data;
	owed_flush(&owed);
	assert_int_equal(truncate(path, too_big), 0);
	owed_open(&again, directory);
	assert_null(again.directory);
	owed_begin(&again, 1, &(struct subject){ .ip = "192.0.2.1", .name = "ssh" });
	owed_flush(&again);
	owed_close(&again);
	owed_free(&again);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_size, too_big);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_again, begin, end),
		cmocka_unit_test_setup_teardown(test_torn, begin, end),
		cmocka_unit_test_setup_teardown(test_lines, begin, end),
		cmocka_unit_test_setup_teardown(test_short, begin, end),
		cmocka_unit_test_setup_teardown(test_bound, begin, end),
		cmocka_unit_test_setup_teardown(test_failed, begin, end),
		cmocka_unit_test_setup_teardown(test_unreadable, begin, end),
	};

	return cmocka_run_group_tests_name("owed", tests, NULL, NULL);
}
