/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which sequences of derived keys are good now: made a slot early, and again when the
 * clock was set.
 */
#ifndef _KNOCK_DERIVED_H
#define _KNOCK_DERIVED_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

struct knock_derived;
struct knock_key;
struct knock_tables;

/**
 * struct knock_deriveds - the derived keys of a namespace
 * @tables: the namespace's
 * @mutex: who makes heads, packets never; process context, inside the namespace's,
 *	outside the lock of a key
 * @list: all of them; under @mutex
 * @work: makes heads
 * @built: unix seconds at which it did, as far as 32 bits hold them; under @mutex
 * @span: for how many seconds the heads are good; under @mutex
 * @asked: bit 0: a packet has used one, so the next are to be made
 */
struct knock_deriveds {
	struct knock_tables *tables;
	struct mutex mutex; /* @list, @built, @span, spare heads */
	struct list_head list;
	struct delayed_work work;
	u32 built;
	u32 span;
	unsigned long asked;
};

void knock_deriveds_init(struct knock_deriveds *deriveds, struct knock_tables *tables);
void knock_deriveds_stop(struct knock_deriveds *deriveds);
void knock_derived_ask(struct knock_deriveds *deriveds);
int knock_derived_add(struct knock_deriveds *deriveds, struct knock_key *key);
void knock_derived_del(struct knock_deriveds *deriveds, struct knock_key *key);
void knock_derived_free(struct knock_derived *derived);

#endif /* _KNOCK_DERIVED_H */
