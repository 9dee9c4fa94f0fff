// SPDX-License-Identifier: GPL-2.0
/* Which minutes are acceptable, and for how long a used one is kept. */
#include <knock/window.h>

#include "check.h"

static const u32 skews[] = { 0, 5, 60, 90, 300 };

static void expect(u64 now, u32 skew, u32 first, u32 last)
{
	struct knock_window window = knock_window_minutes(now, skew);

	assert_int_equal(window.first, first);
	assert_int_equal(window.last, last);
}

static void test_skew_of_5_s_at_the_edge(void **state)
{
	(void)state;
	expect(6000, 5, 99, 100);
	expect(6004, 5, 99, 100);
	expect(6005, 5, 100, 100);
	expect(6054, 5, 100, 100);
	expect(6055, 5, 100, 101);
	expect(6059, 5, 100, 101);
	expect(6060, 5, 100, 101);
}

static void test_other_skews_at_the_edge(void **state)
{
	(void)state;
	expect(6000, 0, 100, 100);
	expect(6059, 0, 100, 100);
	expect(6000, 60, 99, 101);
	expect(6059, 60, 99, 101);
	expect(6029, 90, 98, 101);
	expect(6030, 90, 99, 102);
	expect(6000, 300, 95, 105);
	expect(6059, 300, 95, 105);
}

/* A minute is in the window exactly if one of its seconds is within skew. */
static void test_every_second_of_ten_minutes(void **state)
{
	size_t i;
	u64 now;
	u64 second;

	(void)state;
	for (i = 0; i < COUNT(skews); i++) {
		for (now = 5400; now < 6000; now++) {
			u64 first = UINT64_MAX, last = 0;

			for (second = now - skews[i]; second <= now + skews[i]; second++) {
				if (second / 60 < first)
					first = second / 60;
				last = second / 60;
			}
			expect(now, skews[i], (u32)first, (u32)last);
		}
	}
}

static void test_ends_of_time(void **state)
{
	(void)state;
	expect(0, 0, 0, 0);
	expect(0, 300, 0, 5);
	expect(299, 300, 0, 9);
	expect(360, 300, 1, 11);
	expect((u64)UINT32_MAX * 60, 0, UINT32_MAX, UINT32_MAX);
	expect((u64)UINT32_MAX * 60, 60, UINT32_MAX - 1, UINT32_MAX);
	expect((u64)UINT32_MAX * 60 + 120, 5, UINT32_MAX, UINT32_MAX);
	expect(UINT64_MAX, 300, UINT32_MAX, UINT32_MAX);
	expect(0, UINT32_MAX, 0, UINT32_MAX / 60);
}

static void test_kept(void **state)
{
	(void)state;
	assert_int_equal(knock_window_kept(0), 0);
	assert_int_equal(knock_window_kept(1), 1);
	assert_int_equal(knock_window_kept(5), 1);
	assert_int_equal(knock_window_kept(30), 1);
	assert_int_equal(knock_window_kept(31), 2);
	assert_int_equal(knock_window_kept(60), 2);
	assert_int_equal(knock_window_kept(90), 3);
	assert_int_equal(knock_window_kept(300), 10);
	assert_int_equal(knock_window_kept(UINT32_MAX), 143165577);
}

static void test_floor(void **state)
{
	(void)state;
	assert_int_equal(knock_window_floor(100, 0), 100);
	assert_int_equal(knock_window_floor(100, 5), 99);
	assert_int_equal(knock_window_floor(100, 300), 90);
	assert_int_equal(knock_window_floor(10, 300), 0);
	assert_int_equal(knock_window_floor(9, 300), 0);
	assert_int_equal(knock_window_floor(0, 0), 0);
	assert_int_equal(knock_window_floor(UINT32_MAX, 5), UINT32_MAX - 1);
}

/* What may still be accepted is never below what is kept, the clock standing. */
static void test_floor_is_below_the_window(void **state)
{
	size_t i;
	u64 now;

	(void)state;
	for (i = 0; i < COUNT(skews); i++) {
		for (now = 5400; now < 5520; now++) {
			struct knock_window window = knock_window_minutes(now, skews[i]);

			assert_true(knock_window_floor(window.last, skews[i]) <= window.first);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_skew_of_5_s_at_the_edge),
		cmocka_unit_test(test_other_skews_at_the_edge),
		cmocka_unit_test(test_every_second_of_ten_minutes),
		cmocka_unit_test(test_ends_of_time),
		cmocka_unit_test(test_kept),
		cmocka_unit_test(test_floor),
		cmocka_unit_test(test_floor_is_below_the_window),
	};

	return cmocka_run_group_tests_name("window", tests, NULL, NULL);
}
