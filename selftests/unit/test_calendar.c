// SPDX-License-Identifier: GPL-2.0
/* Dates are what gmtime() says. */
#include <time.h>

#include <knock/calendar.h>
#include <knock/tumbler.h>

#include "check.h"

#define DAY 1440u
/* 2101-01-01 */
#define DAYS_TO_2101 47847u
/* 2900-01-01 */
#define DAYS_TO_2900 339676u

static void compare(u32 minute)
{
	struct knock_utc utc = knock_calendar_minute(minute);
	time_t seconds = (time_t)minute * 60;
	struct tm expected;

	gmtime_r(&seconds, &expected);
	if (utc.year != (u32)expected.tm_year + 1900 || utc.month != expected.tm_mon + 1 ||
	    utc.day != expected.tm_mday || utc.hour != expected.tm_hour ||
	    utc.minute != expected.tm_min)
		fail_msg("minute %u is %u-%u-%u %u:%u", minute, utc.year, utc.month, utc.day,
			 utc.hour, utc.minute);
}

/* First, last and some minute of each. */
static void test_every_day_to_2100(void **state)
{
	u32 day;

	(void)state;
	for (day = 0; day < DAYS_TO_2101; day++) {
		compare(day * DAY);
		compare(day * DAY + DAY - 1);
		compare(day * DAY + day % DAY);
	}
}

static void test_every_minute_of_a_day(void **state)
{
	u32 minute;

	(void)state;
	for (minute = 0; minute < DAY; minute++)
		compare(20000 * DAY + minute);
}

/* To the end of 32 bits, leap centuries included. */
static void test_far_years(void **state)
{
	u32 day;

	(void)state;
	for (day = 0; day < UINT32_MAX / DAY; day += 7)
		compare(day * DAY + day % DAY);
	compare(UINT32_MAX);
	compare(UINT32_MAX - 1);
}

static void expect(u32 minute, u32 year, int month, int day, int hour, int of_hour)
{
	struct knock_utc utc = knock_calendar_minute(minute);

	assert_int_equal(utc.year, year);
	assert_int_equal(utc.month, month);
	assert_int_equal(utc.day, day);
	assert_int_equal(utc.hour, hour);
	assert_int_equal(utc.minute, of_hour);
}

static void test_edges(void **state)
{
	(void)state;
	expect(0, 1970, 1, 1, 0, 0);
	expect(951782400 / 60, 2000, 2, 29, 0, 0);
	expect(951868800 / 60 - 1, 2000, 2, 29, 23, 59);
	expect(951868800 / 60, 2000, 3, 1, 0, 0);
	expect(1709164800 / 60, 2024, 2, 29, 0, 0);
	expect(1798761600 / 60 - 1, 2026, 12, 31, 23, 59);
	expect(1798761600 / 60, 2027, 1, 1, 0, 0);
	/* The ends of 31 and of 32 bits of seconds. */
	expect(2147483647 / 60, 2038, 1, 19, 3, 14);
	expect(2147483700 / 60, 2038, 1, 19, 3, 15);
	expect(4294967295u / 60, 2106, 2, 7, 6, 28);
	/* 2100 is no leap year. */
	expect(4107542400u / 60 - 1, 2100, 2, 28, 23, 59);
	expect(4107542400u / 60, 2100, 3, 1, 0, 0);
}

/* Three digits hold the years to 2899. */
static void test_last_year_of_knocks(void **state)
{
	static const u8 bytes[4] = { 1, 2, 3, 4 };
	struct knock_address address = knock_address_from_ipv4(bytes);
	char prefix[KNOCK_TUMBLER_PREFIX_MAX];

	(void)state;
	assert_int_equal(knock_tumbler_prefix(prefix, DAYS_TO_2900 * DAY - 1, &address), 18);
	assert_memory_equal(prefix, "999113123591.2.3.4", 18);
	assert_int_equal(knock_tumbler_prefix(prefix, DAYS_TO_2900 * DAY, &address), 0);
	assert_int_equal(knock_tumbler_prefix(prefix, UINT32_MAX, &address), 0);
	assert_int_equal(knock_tumbler_prefix(prefix, 0, &address), 18);
	assert_memory_equal(prefix, "070000100001.2.3.4", 18);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_day_to_2100),
		cmocka_unit_test(test_every_minute_of_a_day),
		cmocka_unit_test(test_far_years),
		cmocka_unit_test(test_edges),
		cmocka_unit_test(test_last_year_of_knocks),
	};

	return cmocka_run_group_tests_name("calendar", tests, NULL, NULL);
}
