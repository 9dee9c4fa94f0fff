/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_DIAGNOSE_H
#define _KNOCKCTL_DIAGNOSE_H

#include <knock/tumbler.h>
#include <linux/knock.h>

#include "secret.h"

/* Hashes that a search may cost: about two seconds of one processor. */
#define DIAGNOSE_HASHES_MAX 12000000u

/* Minutes that a clock is searched for on either side: more than any time zone is off. */
#define DIAGNOSE_MINUTES (26u * 60)

/**
 * struct suspect - a key whose secret is known
 * @door: name of its door
 * @key: its name
 * @knock_port: its door's
 * @skew: by how many seconds clocks may differ
 * @not_after: unix seconds after which it is refused, 0 for never
 * @roams: its knocks may be for no address in particular
 * @secret: wiped by whoever made it
 */
struct suspect {
	char door[KNOCK_NAME_SIZE];
	char key[KNOCK_NAME_SIZE];
	u16 knock_port;
	u32 skew;
	u64 not_after;
	bool roams;
	struct secret secret;
};

/**
 * struct refused - a knock that the module refused
 * @source: where it came from
 * @time: when, in unix seconds
 * @port: where it came to
 * @digest: what it said
 */
struct refused {
	struct knock_address source;
	u64 time;
	u16 port;
	u8 digest[KNOCK_TUMBLER_DIGEST_SIZE];
};

/**
 * struct inquiry - what a search looks through
 * @knock: whose maker is wanted
 * @suspects: the keys, in any order
 * @count: how many
 * @addresses: those that clients are known to have, tried before all others
 * @address_count: how many
 */
struct inquiry {
	const struct refused *knock;
	const struct suspect *suspects;
	size_t count;
	const struct knock_address *addresses;
	size_t address_count;
};

/**
 * struct finding - how a knock was made
 * @suspect: with which key; NULL if none was found, and then only @exhausted counts
 * @minute: for which minute since the epoch
 * @month_from_one: its month was counted from 1, where it is from 0
 * @address: for which address
 * @exhausted: the search ended before everything was tried
 */
struct finding {
	const struct suspect *suspect;
	u32 minute;
	bool month_from_one;
	struct knock_address address;
	bool exhausted;
};

/**
 * struct clock_off - by how much a client's clock differs from ours
 * @least: seconds, below 0 if it is behind
 * @most: seconds; from @least away from 0
 */
struct clock_off {
	long long least;
	long long most;
};

bool diagnose(const struct inquiry *inquiry, u32 hashes_max, struct finding *finding);
struct clock_off diagnose_clock(u64 time, u32 minute);

#endif /* _KNOCKCTL_DIAGNOSE_H */
