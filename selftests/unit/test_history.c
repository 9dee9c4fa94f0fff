// SPDX-License-Identifier: GPL-2.0
/* What a sealed key remembers, whatever came in which order. */
#include <stdlib.h>
#include <string.h>

#include <knock/history.h>

#include "check.h"

static struct knock_taken taken_at(u64 sec, u32 nsec)
{
	struct knock_taken taken = { .used = sec };

	knock_tai64n_set(taken.tai64n, sec, nsec);
	return taken;
}

/* Whatever the order, the sixteen highest are remembered, with who used them. */
static void test_sixteen_highest(void **state)
{
	struct knock_history history = { 0 };
	struct knock_taken taken;
	const struct knock_taken *found;
	u64 sec;
	int i;

	(void)state;
	srandom(1);
	for (i = 0; i < 1000; i++) {
		taken = taken_at(1000 + (u64)random() % 100, 0);
		if (knock_history_find(&history, taken.tai64n) ||
		    knock_history_is_stale(&history, taken.tai64n))
			continue;
		knock_history_add(&history, &taken, KNOCK_SEALED_OPEN);
	}
	for (sec = 1000; sec < 1100; sec++) {
		taken = taken_at(sec, 0);
		found = knock_history_find(&history, taken.tai64n);
		assert_int_equal(!found, sec < 1084);
		assert_true(!found || found->used == sec);
		assert_int_equal(knock_history_is_stale(&history, taken.tai64n), sec < 1084);
	}
}

/* One nanosecond tells two knocks apart. */
static void test_nanosecond(void **state)
{
	struct knock_history history = { 0 };
	struct knock_sealed_plain plain = { .action = KNOCK_SEALED_OPEN };
	struct knock_taken taken = taken_at(1000, 5);

	(void)state;
	knock_history_add(&history, &taken, KNOCK_SEALED_CLOSE);
	assert_non_null(knock_history_find(&history, taken.tai64n));
	taken = taken_at(1000, 4);
	assert_null(knock_history_find(&history, taken.tai64n));
	memcpy(plain.tai64n, taken.tai64n, sizeof(plain.tai64n));
	assert_true(knock_history_is_closed(&history, &plain));
	plain.action = KNOCK_SEALED_CLOSE;
	assert_false(knock_history_is_closed(&history, &plain));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sixteen_highest),
		cmocka_unit_test(test_nanosecond),
	};

	return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
