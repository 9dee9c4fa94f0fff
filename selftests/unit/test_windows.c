// SPDX-License-Identifier: GPL-2.0
/* Which once keys are looked at: each once, and none is forgotten when they are too many. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "windows.h"

static struct windows windows;

static int begin(void **data)
{
	(void)data;
	memset(&windows, 0, sizeof(windows));
	return 0;
}

static int end(void **data)
{
	struct window window;

	(void)data;
	windows_free(&windows);
	return windows_next(&windows, &window);
}

static void look(unsigned int door, unsigned int key)
{
	char names[2][NAME_SIZE];

	snprintf(names[0], NAME_SIZE, "door-%u", door);
	snprintf(names[1], NAME_SIZE, "key-%u", key);
	windows_look(&windows, names[0], names[1]);
}

static unsigned int number_of(const char *name)
{
	return (unsigned int)strtoul(strchr(name, '-') + 1, NULL, 10);
}

static void test_each_once(void **data)
{
	bool seen[2][40] = { 0 };
	unsigned int door, key;
	struct window window;

	(void)data;
	assert_true(windows_wake(&windows) == WINDOWS_NEVER);
	for (key = 0; key < 200; key++)
		look(key % 2, key % 40);
	assert_int_equal(windows.count, 40);
	windows.again = 7;
	assert_true(windows_wake(&windows) == 7);
	while (windows_next(&windows, &window)) {
		door = number_of(window.door);
		key = number_of(window.key);
		assert_in_range(door, 0, 1);
		assert_in_range(key, 0, 39);
		assert_false(seen[door][key]);
		assert_int_equal(door, key % 2);
		seen[door][key] = true;
	}
	assert_true(windows_wake(&windows) == WINDOWS_NEVER);
}

/* Then all are listed, however many these are. */
static void test_too_many(void **data)
{
	char name[NAME_SIZE];
	unsigned int i;

	(void)data;
	for (i = 0; i < WINDOWS_WAITING; i++)
		look(1, i);
	assert_false(windows.all);
	look(1, WINDOWS_WAITING);
	assert_true(windows.all);
	assert_int_equal(windows.count, WINDOWS_WAITING);
	windows_list(&windows, 1000);
	assert_false(windows.all);
	assert_true(windows_wake(&windows) == WINDOWS_NEVER);
	for (i = 0; i < 4 * WINDOWS_WAITING; i++) {
		snprintf(name, sizeof(name), "key-%u", i);
		windows_listed(&windows, "door", name);
	}
	assert_int_equal(windows.count, 4 * WINDOWS_WAITING);
	assert_false(windows.all);
	/* And what is used while they wait is not lost. */
	look(1, 1);
	assert_true(windows.all);
}

/* However often it is not known which, and whatever was used waits for no list. */
static void test_now_and_then(void **data)
{
	struct window window;

	(void)data;
	windows_look_at_all(&windows);
	assert_true(windows_wake(&windows) == 0);
	windows_list(&windows, 7000);
	assert_true(windows_wake(&windows) == WINDOWS_NEVER);
	windows_look_at_all(&windows);
	windows_look_at_all(&windows);
	assert_int_equal(windows_wake(&windows), 7000 + WINDOWS_LIST_MS);
	look(1, 1);
	assert_int_equal(windows_wake(&windows), 0);
	assert_true(windows_next(&windows, &window));
	assert_int_equal(windows_wake(&windows), 7000 + WINDOWS_LIST_MS);
	windows.again = 7001 + WINDOWS_LIST_MS;
	assert_int_equal(windows_wake(&windows), 7001 + WINDOWS_LIST_MS);
}

static void test_no_names(void **data)
{
	(void)data;
	windows_look(&windows, "", "key");
	windows_look(&windows, "door", "");
	windows_listed(&windows, "a name that is longer than those of all doors", "key");
	windows_look(&windows, "door/..", "key");
	assert_int_equal(windows.count, 0);
	windows_look_at_all(&windows);
	assert_true(windows_wake(&windows) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_each_once, begin, end),
		cmocka_unit_test_setup_teardown(test_too_many, begin, end),
		cmocka_unit_test_setup_teardown(test_now_and_then, begin, end),
		cmocka_unit_test_setup_teardown(test_no_names, begin, end),
	};

	return cmocka_run_group_tests_name("windows", tests, NULL, NULL);
}
