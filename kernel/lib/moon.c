// SPDX-License-Identifier: GPL-2.0
/*
 * The phase of the moon: of one that goes round evenly. The true moon is up to 14 hours
 * ahead of the mean one or behind, and the new moon that is counted from was itself 4
 * hours late, so this one may be 18 hours off: less than half an eighth, 44 hours.
 */
#include <knock/moon.h>

/* The mean synodic month, rounded to seconds. */
#define MONTH_SEC	2551443u
/* The new moon of 2000-01-06 18:14 UTC. */
#define NEW_MOON_SEC	947182440u
/* What to add for a difference that is never negative: whole months beyond it. */
#define MONTHS_BEFORE	(((u64)NEW_MOON_SEC / MONTH_SEC + 1) * MONTH_SEC)

/**
 * knock_moon_phase() - the moon's phase at a moment
 * @sec: unix seconds; in the last month that 64 bits can hold the phase means nothing
 *
 * Eight phases, each centred on its eighth of the month: the new moon's begins a
 * sixteenth before it.
 *
 * Context: Any.
 * Return: 0 to 7
 */
u8 knock_moon_phase(u64 sec)
{
	u64 since = sec + (MONTHS_BEFORE - NEW_MOON_SEC);
	u32 of_month = (u32)(since - knock_div_u64_u32(since, MONTH_SEC) * MONTH_SEC);

	return (u8)((16 * of_month + MONTH_SEC) / (2 * MONTH_SEC) % KNOCK_MOON_PHASES);
}
