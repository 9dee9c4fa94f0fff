/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCK_MOON_H
#define _KNOCK_MOON_H

#include <knock/platform.h>

/* Eighths of the synodic month: 0 about the new moon, 4 about the full one. */
#define KNOCK_MOON_PHASES	8

u8 knock_moon_phase(u64 sec);

#endif /* _KNOCK_MOON_H */
