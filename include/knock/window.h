/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCK_WINDOW_H
#define _KNOCK_WINDOW_H

#include <knock/platform.h>

/* The largest skew a key may have, in seconds. */
#define KNOCK_SKEW_MAX		300
/* What a tumbler key has unless told, in seconds. */
#define KNOCK_SKEW_TUMBLER	5
/* What a sealed key has unless told, in seconds. */
#define KNOCK_SKEW_SEALED	90

/**
 * struct knock_window - the minutes a knock may be made for
 * @first: first minute since the epoch
 * @last: last minute since the epoch, included
 */
struct knock_window {
	u32 first;
	u32 last;
};

struct knock_window knock_window_minutes(u64 now_sec, u32 skew_sec);
u32 knock_window_kept(u32 skew_sec);
u32 knock_window_floor(u32 highest, u32 skew_sec);

#endif /* _KNOCK_WINDOW_H */
