// SPDX-License-Identifier: GPL-2.0
/* Moments of UTC as text: RFC 3339, or a date alone. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "moment.h"

#define DAY_SEC (24 * 3600)

/**
 * format_time() - write a time as RFC 3339, in UTC
 * @text: where to
 * @seconds: unix time
 */
void format_time(char text[TIME_TEXT_SIZE], uint64_t seconds)
{
	time_t time = (time_t)seconds;
	struct tm parts;

	if (!gmtime_r(&time, &parts) || !strftime(text, TIME_TEXT_SIZE, "%FT%TZ", &parts))
		strcpy(text, "?");
}

/* Return: whether @text is what @seconds are written as, so that no 31st of June is taken. */
static bool is_written_so(const char *text, time_t seconds)
{
	char again[TIME_TEXT_SIZE];

	format_time(again, (uint64_t)seconds);
	return !strncmp(text, again, strlen(text));
}

/**
 * parse_moment() - read a moment of UTC
 * @text: 2026-12-31T12:00:00Z, or 2026-12-31, which is that day's last second
 * @seconds: receives unix time
 * @why: a sentence, on failure
 *
 * Return: true if it is that, from 1970 on.
 */
bool parse_moment(const char *text, u64 *seconds, char why[PARSE_WHY_SIZE])
{
	struct tm parts = { 0 };
	time_t time = -1;
	char end = 'Z';
	int got;

	got = sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d%c", &parts.tm_year, &parts.tm_mon,
		     &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &end);
	parts.tm_year -= 1900;
	parts.tm_mon--;
	if ((got == 7 && strlen(text) == strlen("2026-12-31T12:00:00Z")) ||
	    (got == 3 && strlen(text) == strlen("2026-12-31")))
		time = timegm(&parts);
	if (time >= 0 && is_written_so(text, time)) {
		*seconds = (u64)time + (got == 3 ? DAY_SEC - 1 : 0);
		return true;
	}
	snprintf(why, PARSE_WHY_SIZE,
		 "`%.64s' is no time, write a date of UTC like 2026-12-31, which ends with it, or 2026-12-31T12:00:00Z",
		 text);
	return false;
}
