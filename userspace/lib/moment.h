/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_MOMENT_H
#define _LIB_MOMENT_H

#include <stdint.h>

#include "parse.h"

/* RFC 3339, UTC, whole seconds, with its NUL; the year has four digits. */
#define TIME_TEXT_SIZE 24

bool parse_moment(const char *text, u64 *seconds, char why[PARSE_WHY_SIZE]);
void format_time(char text[TIME_TEXT_SIZE], uint64_t seconds);

#endif /* _LIB_MOMENT_H */
