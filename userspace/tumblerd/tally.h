/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_TALLY_H
#define _TUMBLERD_TALLY_H

#include <stdint.h>

#include "event.h"

/* Bans that are logged each, between two times that the others are counted. */
#define TALLY_BANS_EACH 16

/*
 * What strangers can make happen as often as they like is counted, and said now and then.
 */
enum tally_kind {
	TALLY_BANS,
	TALLY_LOST,
	TALLY_OVERFLOWS,
	TALLY_REFUSED,
	TALLY_SENT_AWAY,
	TALLY_KINDS
};

/**
 * struct tally - how often it happened
 * @count: of each kind
 * @said: as far as that was said
 * @bans: how many were logged each since then
 */
struct tally {
	uint64_t count[TALLY_KINDS];
	uint64_t said[TALLY_KINDS];
	unsigned int bans;
};

bool tally_passes(struct tally *tally, const struct event *event);
void tally_say(struct tally *tally);

#endif /* _TUMBLERD_TALLY_H */
