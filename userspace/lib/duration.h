/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_DURATION_H
#define _LIB_DURATION_H

#include <knock/platform.h>

#define DURATION_MAX_SEC (7 * 24 * 3600)
#define SKEW_MAX_SEC 300

/* Room for `604800s'. */
#define DURATION_TEXT_SIZE 12

/* Room for a sentence about what is wrong with a text, which is quoted in it. */
#define DURATION_WHY_SIZE 320

const char *parse_digits(const char *text, u32 max, u32 *value);
bool parse_duration(const char *text, u32 *seconds, char why[DURATION_WHY_SIZE]);
bool parse_skew(const char *text, u32 *seconds, char why[DURATION_WHY_SIZE]);
void format_duration(char text[DURATION_TEXT_SIZE], u32 seconds);

#endif /* _LIB_DURATION_H */
