/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCK_CALENDAR_H
#define _KNOCK_CALENDAR_H

#include <knock/platform.h>

/**
 * struct knock_utc - a minute of UTC in the proleptic Gregorian calendar
 * @year: full year, 1970 and later
 * @month: 1 to 12
 * @day: 1 to 31
 * @hour: 0 to 23
 * @minute: 0 to 59
 */
struct knock_utc {
	u32 year;
	u8 month;
	u8 day;
	u8 hour;
	u8 minute;
};

struct knock_utc knock_calendar_minute(u32 minute);

#endif /* _KNOCK_CALENDAR_H */
