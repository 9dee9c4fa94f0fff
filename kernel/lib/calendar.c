// SPDX-License-Identifier: GPL-2.0
/*
 * Minutes since the epoch as a date. Unix time has no leap seconds, and 32 bits
 * of minutes end in the year 10136, so nothing here can overflow.
 */
#include <knock/calendar.h>

#define MINUTES_PER_DAY		1440u
#define DAYS_PER_4_YEARS	1461u
#define DAYS_PER_100_YEARS	36524u
#define DAYS_PER_400_YEARS	146097u
/* 0000-03-01 to 1970-01-01 */
#define DAYS_BEFORE_EPOCH	719468u

/**
 * knock_calendar_minute() - the date and time of day of a minute
 * @minute: minutes since 1970-01-01 00:00 UTC
 *
 * Years are counted from March, so that a leap day is the last of its year and
 * the months before it have a regular pattern: 153 days in five.
 *
 * Context: Any.
 * Return: the date in UTC
 */
struct knock_utc knock_calendar_minute(u32 minute)
{
	u32 of_day = minute % MINUTES_PER_DAY;
	u32 days = minute / MINUTES_PER_DAY + DAYS_BEFORE_EPOCH;
	u32 of_era = days % DAYS_PER_400_YEARS;
	u32 year_of_era, of_year, month;
	struct knock_utc utc;

	/* Take the leap days out, then all years have 365. */
	year_of_era = (of_era - of_era / (DAYS_PER_4_YEARS - 1) + of_era / DAYS_PER_100_YEARS -
		       of_era / (DAYS_PER_400_YEARS - 1)) / 365;
	of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	month = (5 * of_year + 2) / 153;

	utc.year = days / DAYS_PER_400_YEARS * 400 + year_of_era + (month >= 10);
	utc.month = (u8)(month < 10 ? month + 3 : month - 9);
	utc.day = (u8)(of_year - (153 * month + 2) / 5 + 1);
	utc.hour = (u8)(of_day / 60);
	utc.minute = (u8)(of_day % 60);
	return utc;
}
