// SPDX-License-Identifier: GPL-2.0
/* How long something lasts, as people write it: a whole number and a unit. */
#include <stdio.h>

#include "duration.h"

/* Quotes at most this much of what was typed. */
#define QUOTED "%.64s"

/**
 * parse_digits() - read decimal digits up to the first character that is none
 * @text: no sign, no space
 * @max: values above it come back as @max + 1
 * @value: receives it
 *
 * Return: what follows the digits; NULL if there are none.
 */
const char *parse_digits(const char *text, u32 max, u32 *value)
{
	u64 sum = 0;

	if (*text < '0' || *text > '9')
		return NULL;
	for (; *text >= '0' && *text <= '9'; text++) {
		sum = sum * 10 + (u64)(*text - '0');
		if (sum > max)
			sum = (u64)max + 1;
	}
	*value = (u32)sum;
	return text;
}

static u32 unit_seconds(const char *unit)
{
	if (!strcmp(unit, "") || !strcmp(unit, "s"))
		return 1;
	if (!strcmp(unit, "m"))
		return 60;
	if (!strcmp(unit, "h"))
		return 3600;
	if (!strcmp(unit, "d"))
		return 24 * 3600;
	return 0;
}

static bool read_duration(const char *text, u32 max, u32 *seconds)
{
	const char *unit;
	u32 number;
	u64 sum;

	unit = parse_digits(text, max, &number);
	if (!unit || !unit_seconds(unit))
		return false;
	sum = (u64)number * unit_seconds(unit);
	*seconds = sum > max ? max + 1 : (u32)sum;
	return true;
}

/**
 * parse_duration() - read how long something lasts
 * @text: a whole number and s, m, h or d, or of seconds; 1s to 7d
 * @seconds: receives it
 * @why: a sentence, on failure
 *
 * Return: true if it is that.
 */
bool parse_duration(const char *text, u32 *seconds, char why[DURATION_WHY_SIZE])
{
	if (!read_duration(text, DURATION_MAX_SEC, seconds)) {
		snprintf(why, DURATION_WHY_SIZE,
			 "`" QUOTED "' is no duration, write a whole number and s, m, h or d, like 30s",
			 text);
		return false;
	}
	if (*seconds < 1 || *seconds > DURATION_MAX_SEC) {
		snprintf(why, DURATION_WHY_SIZE,
			 "`" QUOTED "' is out of range, a duration is from 1s to 7d", text);
		return false;
	}
	return true;
}

/**
 * parse_skew() - read by how much clocks may differ
 * @text: as for parse_duration(), 0s to 300s
 * @seconds: receives it
 * @why: a sentence, on failure
 *
 * Return: true if it is that.
 */
bool parse_skew(const char *text, u32 *seconds, char why[DURATION_WHY_SIZE])
{
	if (read_duration(text, SKEW_MAX_SEC, seconds) && *seconds <= SKEW_MAX_SEC)
		return true;
	snprintf(why, DURATION_WHY_SIZE,
		 "`" QUOTED "' is no skew, it is how far clocks may differ: from 0s to 300s", text);
	return false;
}

/**
 * format_duration() - a duration as parse_duration() and parse_skew() read it
 * @text: where to write it
 * @seconds: how long
 */
void format_duration(char text[DURATION_TEXT_SIZE], u32 seconds)
{
	static const char units[] = "dhm";
	const u32 sizes[] = { 24 * 3600, 3600, 60 };
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (seconds && seconds % sizes[i] == 0) {
			snprintf(text, DURATION_TEXT_SIZE, "%u%c", seconds / sizes[i], units[i]);
			return;
		}
	snprintf(text, DURATION_TEXT_SIZE, "%us", seconds);
}
