// SPDX-License-Identifier: GPL-2.0
/*
 * Which minutes a knock may be made for, and for how long a used one has to be
 * remembered.
 */
#include <knock/window.h>

#define SECONDS_PER_MINUTE	60u
#define MINUTE_LAST		((u32)~0u)

static u32 minute_of(u64 sec)
{
	u64 minute = knock_div_u64_u32(sec, SECONDS_PER_MINUTE);

	return minute > MINUTE_LAST ? MINUTE_LAST : (u32)minute;
}

/**
 * knock_window_minutes() - the minutes that are acceptable now
 * @now_sec: wall clock, seconds since the epoch
 * @skew_sec: by how much the client's clock may be off, in seconds
 *
 * Context: Any.
 * Return: first and last minute since the epoch, both included; never before
 *	   the epoch, and not beyond what 32 bits of minutes can hold
 */
struct knock_window knock_window_minutes(u64 now_sec, u32 skew_sec)
{
	struct knock_window window;
	u64 latest = now_sec + skew_sec;

	if (latest < now_sec)
		latest = ~(u64)0;
	window.first = minute_of(now_sec > skew_sec ? now_sec - skew_sec : 0);
	window.last = minute_of(latest);
	return window;
}

/**
 * knock_window_kept() - how many minutes below the highest are still good
 * @skew_sec: the key's skew in seconds
 *
 * Two clocks may disagree by the skew in either direction, so honest knocks
 * arrive up to twice the skew out of order.
 *
 * Context: Any.
 * Return: twice the skew in minutes, rounded up
 */
u32 knock_window_kept(u32 skew_sec)
{
	u64 seconds = 2 * (u64)skew_sec + SECONDS_PER_MINUTE - 1;

	return (u32)knock_div_u64_u32(seconds, SECONDS_PER_MINUTE);
}

/**
 * knock_window_floor() - the lowest minute a key still takes
 * @highest: the highest minute the key ever accepted
 * @skew_sec: the key's skew in seconds
 *
 * Whatever the clock says, minutes below are refused, and used digests from
 * here on are remembered: together they make a clock set back harmless.
 *
 * Context: Any.
 * Return: minutes since the epoch, not below 0
 */
u32 knock_window_floor(u32 highest, u32 skew_sec)
{
	u32 kept = knock_window_kept(skew_sec);

	return highest > kept ? highest - kept : 0;
}
