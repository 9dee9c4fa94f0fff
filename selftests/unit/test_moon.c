// SPDX-License-Identifier: GPL-2.0
/* The moon's phase, against published new and full moons. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include <knock/moon.h>

#define NEW_MOON	947182440u
#define MONTH		2551443u
#define HOUR		3600u
/* A phase reaches 44 hours before and behind its middle, and a true moon is within 18 of
 * the even one: within 24 hours of it is its phase, and beyond 64 another.
 */
#define INSIDE		(24 * HOUR)
#define OUTSIDE		(64 * HOUR)

static void check_moon(const char *kind, u64 sec)
{
	u8 phase = strcmp(kind, "full") ? 0 : 4;

	assert_int_equal(knock_moon_phase(sec), phase);
	assert_int_equal(knock_moon_phase(sec - INSIDE), phase);
	assert_int_equal(knock_moon_phase(sec + INSIDE), phase);
	assert_int_equal(knock_moon_phase(sec - OUTSIDE), (phase + 7) % 8);
	assert_int_equal(knock_moon_phase(sec + OUTSIDE), (phase + 1) % 8);
}

static void published(void **state)
{
	FILE *file = fopen(VECTORS "/moons.tsv", "r");
	char line[128], kind[8];
	int moons = 0, found;

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		struct tm date = { 0 };

		if (*line == '#')
			continue;
		found = sscanf(line, "%7s %d-%d-%d %d:%d", kind, &date.tm_year, &date.tm_mon,
			       &date.tm_mday, &date.tm_hour, &date.tm_min);
		assert_int_equal(found, 6);
		date.tm_year -= 1900;
		date.tm_mon--;
		check_moon(kind, (u64)timegm(&date));
		moons++;
	}
	fclose(file);
	assert_true(moons >= 25);
}

/* 16 x + MONTH reaches each multiple of 2 MONTH. */
static void edges(void **state)
{
	u32 eighth, into;

	(void)state;
	for (eighth = 1; eighth <= 8; eighth++) {
		into = ((2 * eighth - 1) * MONTH + 15) / 16;
		assert_int_equal(knock_moon_phase(NEW_MOON + into - 1), eighth - 1);
		assert_int_equal(knock_moon_phase(NEW_MOON + into), eighth % 8);
	}
}

static void goes_round(void **state)
{
	u64 month, sec;

	(void)state;
	for (month = 1; month < 100000; month += 997) {
		for (sec = NEW_MOON; sec < NEW_MOON + MONTH; sec += MONTH / 37)
			assert_int_equal(knock_moon_phase(sec + month * MONTH),
					 knock_moon_phase(sec));
	}
}

/* Before the new moon that is counted from, a difference would be negative. */
static void before(void **state)
{
	u64 sec;

	(void)state;
	for (sec = NEW_MOON % MONTH; sec < NEW_MOON; sec += MONTH)
		assert_int_equal(knock_moon_phase(sec), 0);
	assert_int_equal(knock_moon_phase(NEW_MOON - MONTH / 2), 4);
	assert_int_equal(knock_moon_phase(0), 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published),
		cmocka_unit_test(edges),
		cmocka_unit_test(goes_round),
		cmocka_unit_test(before),
	};

	return cmocka_run_group_tests_name("moon", tests, NULL, NULL);
}
