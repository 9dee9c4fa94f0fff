/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What sealed knocks may begin with: a hint for each sealed key and minute that
 * it accepts, and for the minute behind these. A packet only looks it up.
 */
#ifndef _KNOCK_HINT_H
#define _KNOCK_HINT_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>
#include <knock/sealed.h>
#include <knock/window.h>

#include "node_table.h"

struct knock_hint_set;
struct knock_key;

/**
 * struct knock_hint - the hint of a key and minute
 * @node: in the table, by @bytes
 * @set: which it is of
 * @minute: since the epoch
 * @known: in the table; under the table's mutex
 * @bytes: what a datagram begins with
 *
 * All but @known stays as it is while a reader can find it.
 */
struct knock_hint {
	struct knock_node node;
	struct knock_hint_set *set;
	u32 minute;
	bool known;
	u8 bytes[KNOCK_SEALED_HINT_SIZE];
};

/**
 * struct knock_hint_set - the hints of a key
 * @list: in the table's sets; under its mutex
 * @key: whose; outlives this
 * @secret: its 32 bytes
 * @skew: its skew in seconds
 * @count: of @hints
 * @twin: of a minute that never comes, to find a key of the same secret by
 * @hints: the one of a minute is at its number modulo @count
 */
struct knock_hint_set {
	struct list_head list;
	struct knock_key *key;
	const u8 *secret;
	u32 skew;
	u32 count;
	struct knock_hint twin;
	struct knock_hint hints[];
};

/**
 * struct knock_hints - the hints of a namespace
 * @table: all of them
 * @mutex: who writes, packets never; process context, inside the namespace's,
 *	outside the stripes of @table
 * @sets: of all sealed keys; under @mutex
 * @work: makes them anew
 * @built: unix seconds at which they were made, as far as 32 bits hold them
 * @span: for how many seconds they are good; 0 while there are no keys. Written
 *	under @mutex, as @built, and read without
 * @asked: bit 0: a packet has asked for @work
 */
struct knock_hints {
	struct knock_table table;
	struct mutex mutex; /* @sets, @built, @span, who writes to @table */
	struct list_head sets;
	struct delayed_work work;
	u32 built;
	u32 span;
	unsigned long asked;
};

int knock_hints_init(struct knock_hints *hints);
void knock_hints_stop(struct knock_hints *hints);
void knock_hints_exit(struct knock_hints *hints);
u64 knock_hints_hash(struct knock_hints *hints, const u8 bytes[KNOCK_SEALED_HINT_SIZE]);
void knock_hints_missed(struct knock_hints *hints, u64 now_sec);
struct knock_hint_set *knock_hint_set_create(struct knock_key *key, const u8 *secret, u32 skew);
int knock_hint_set_add(struct knock_hints *hints, struct knock_hint_set *set);
void knock_hint_set_del(struct knock_hints *hints, struct knock_hint_set *set);

#endif /* _KNOCK_HINT_H */
