// SPDX-License-Identifier: GPL-2.0
#include "check.h"

#include <string.h>

#include "lines.h"

static char said[4 * LINES_BYTES_MAX];
static size_t count;

static void take(const char *line, void *data)
{
	assert_ptr_equal(data, &count);
	assert_in_range(strlen(line), 0, LINE_SIZE - 1);
	strcat(said, line);
	strcat(said, "|");
	count++;
}

static bool feed(struct lines *lines, const char *text)
{
	return lines_feed(lines, text, strlen(text), take, &count);
}

static int begin(void **state)
{
	(void)state;
	said[0] = '\0';
	count = 0;
	return 0;
}

static void test_lines(void **state)
{
	struct lines lines = { 0 };

	(void)state;
	assert_true(feed(&lines, "one\ntw"));
	assert_string_equal(said, "one|");
	assert_true(feed(&lines, "o\n\nthree"));
	assert_string_equal(said, "one|two||");
	lines_end(&lines, take, &count);
	assert_string_equal(said, "one|two||three|");
	lines_end(&lines, take, &count);
	assert_int_equal(count, 4);
}

static void test_printable(void **state)
{
	struct lines lines = { 0 };

	(void)state;
	assert_true(feed(&lines, "\33[2Ja\tb\r\xc3\xa4\x7f ~\n"));
	assert_true(lines_feed(&lines, "a\0b\n", 4, take, &count));
	assert_string_equal(said, "?[2Ja b???? ~|a?b|");
}

static void test_long_line(void **state)
{
	struct lines lines = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < 2 * LINE_SIZE; i++)
		assert_true(feed(&lines, "x"));
	assert_true(feed(&lines, "\ny\n"));
	assert_int_equal(count, 2);
	assert_int_equal(strlen(said), LINE_SIZE - 1 + 3);
}

static void test_many_lines(void **state)
{
	struct lines lines = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < LINES_MAX; i++)
		assert_true(feed(&lines, "x\n"));
	assert_false(feed(&lines, "y"));
	assert_false(feed(&lines, "\n"));
	lines_end(&lines, take, &count);
	assert_int_equal(count, LINES_MAX);
}

static void test_many_bytes(void **state)
{
	struct lines lines = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < LINES_BYTES_MAX; i++)
		assert_true(feed(&lines, "x"));
	assert_false(feed(&lines, "x"));
	lines_end(&lines, take, &count);
	assert_int_equal(count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_lines, begin),
		cmocka_unit_test_setup(test_printable, begin),
		cmocka_unit_test_setup(test_long_line, begin),
		cmocka_unit_test_setup(test_many_lines, begin),
		cmocka_unit_test_setup(test_many_bytes, begin),
	};

	return cmocka_run_group_tests_name("lines", tests, NULL, NULL);
}
