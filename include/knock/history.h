/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a sealed key remembers of the knocks it took. See Documentation/protocol.rst.
 */
#ifndef _KNOCK_HISTORY_H
#define _KNOCK_HISTORY_H

#include <knock/address.h>
#include <knock/platform.h>
#include <knock/sealed.h>

/* The latest times that a key remembers one by one. */
#define KNOCK_HISTORY_MAX	16

/**
 * struct knock_taken - a knock that was taken
 * @address: whose it was
 * @used: when, by a clock of the caller's that nobody sets
 * @tai64n: its time
 */
struct knock_taken {
	struct knock_address address;
	u64 used;
	u8 tai64n[KNOCK_TAI64N_SIZE];
};

/**
 * struct knock_history - the knocks that a key took; all zero is none
 * @count: of @taken
 * @closed: time of the latest close; zero if there was none
 * @taken: those of the highest times, in no order
 */
struct knock_history {
	u32 count;
	u8 closed[KNOCK_TAI64N_SIZE];
	struct knock_taken taken[KNOCK_HISTORY_MAX];
};

const struct knock_taken *knock_history_find(const struct knock_history *history,
					     const u8 tai64n[KNOCK_TAI64N_SIZE]);
bool knock_history_is_stale(const struct knock_history *history,
			    const u8 tai64n[KNOCK_TAI64N_SIZE]);
bool knock_history_is_closed(const struct knock_history *history,
			     const struct knock_sealed_plain *plain);
void knock_history_add(struct knock_history *history, const struct knock_taken *taken,
		       u8 action);

#endif /* _KNOCK_HISTORY_H */
