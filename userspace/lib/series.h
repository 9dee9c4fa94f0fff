/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_SERIES_H
#define _LIB_SERIES_H

#include <knock/sequence.h>
#include <linux/knock.h>

#include "port_ranges.h"

/* So many numbers of a once key are armed above the one that was used. */
#define SERIES_WINDOW 3

/* How far above the used one numbers are handed out. */
#define SERIES_DEPTH 16
#define SERIES_DEPTH_MIN (2 * SERIES_WINDOW + 2)
#define SERIES_DEPTH_MAX 60

#define SERIES_WITHIN 10
#define SERIES_WITHIN_MAX 300
#define SERIES_AHEAD 4
#define SERIES_AHEAD_MAX 16

/* A location as files have it, in one line, with its NUL. */
#define SERIES_LOCATION_SIZE 161

/**
 * struct series - what a sequence key has beside what all keys have
 * @kind: enum knock_sequence_kind; 0 of a key of another type
 * @unbound: the ports of a once key are of no address
 * @steps: of each once or derived sequence
 * @ahead: counters of a derived key that are good in a slot
 * @depth: how far above the used one numbers of a once key are handed out
 * @within: seconds from the first step to the last
 * @slot: length of a derived key's slot in seconds
 * @ports: of a static key
 * @avoid: ports that are no steps of a once or derived key
 * @location: of a derived key
 */
struct series {
	u8 kind;
	bool unbound;
	u8 steps;
	u8 ahead;
	u8 depth;
	u32 within;
	u32 slot;
	struct knock_sequence ports;
	struct port_ranges avoid;
	char location[SERIES_LOCATION_SIZE];
};

void series_init(struct series *series);
bool series_equal(const struct series *a, const struct series *b);
const char *series_weakness(const struct series *series);

#endif /* _LIB_SERIES_H */
