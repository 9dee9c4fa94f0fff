/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How far along which sequences a source has come.
 */
#ifndef _KNOCK_TRACKER_H
#define _KNOCK_TRACKER_H

#include <linux/knock.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <knock/address.h>

#include "path.h"

#define KNOCK_SOURCES		65536
/* Of one source. */
#define KNOCK_TRACKERS		8
/* More sequences than these do not end with one step. */
#define KNOCK_FINISHES		4
#define KNOCK_WAYS		16
#define KNOCK_BINS		(KNOCK_SOURCES / KNOCK_WAYS)
#define KNOCK_BIN_TAILS		8
#define KNOCK_STEPS_DONE	16
#define KNOCK_STEPS_MISSED	8
#define KNOCK_NO_TAIL		U8_MAX

/**
 * struct knock_tail - what a source that has done a head has still to do
 * @key: id of the key
 * @slot: of the head
 * @number: of the head
 * @begun: ticks at the first step
 * @old: it is an old one's
 * @count: of @ports
 * @ports: as they should come
 */
struct knock_tail {
	u32 key;
	u32 begun;
	u64 slot;
	u64 number;
	bool old;
	u8 count;
	u16 ports[KNOCK_TAIL_MAX];
};

/**
 * struct knock_tracker - one beginning that a source has done
 * @id: of it; of a tail, nothing
 * @begun: ticks at its first step
 * @steps: how many were done; 0 is no tracker
 * @kinds: what it may end as, bits of enum knock_path_kind
 * @misses: since its first step
 * @tail: which of the bin, if its head is done; else KNOCK_NO_TAIL
 */
struct knock_tracker {
	u64 id;
	u32 begun;
	u8 steps;
	u8 kinds;
	u8 misses;
	u8 tail;
};

/**
 * struct knock_source - a source and all that it has begun
 * @address: whose
 * @seen: ticks at its latest step
 * @n_trackers: how many there are; 0 is no source
 * @n_done: how many steps were ever put into @done
 * @n_missed: how many into @missed
 * @trackers: what it has begun
 * @done: the latest steps done, as knock_step_word()
 * @missed: the latest that were none, each counted once
 */
struct knock_source {
	struct knock_address address;
	u32 seen;
	u8 n_trackers;
	u8 n_done;
	u8 n_missed;
	struct knock_tracker trackers[KNOCK_TRACKERS];
	u32 done[KNOCK_STEPS_DONE];
	u32 missed[KNOCK_STEPS_MISSED];
};

/**
 * struct knock_bin - sources whose hash is the same
 * @lock: guards all of it; taken in softirq, and nothing inside it
 * @sources: in no order
 * @tails: of their trackers; @count 0 is none
 */
struct knock_bin {
	spinlock_t lock; /* all of it */
	struct knock_source sources[KNOCK_WAYS];
	struct knock_tail tails[KNOCK_BIN_TAILS];
};

/**
 * struct knock_trackers - all sources of a namespace that have begun something
 * @secret: key of the hash that says where a source is
 * @bins: KNOCK_SOURCES in all
 * @used: sources there are
 * @longest: longer than this after its first step, in ticks, no step counts
 */
struct knock_trackers {
	siphash_key_t secret;
	struct knock_bin *bins;
	atomic_t used;
	u32 longest;
};

/**
 * struct knock_arrival - the end of a head
 * @head: which; RCU
 * @begun: ticks at the first step
 */
struct knock_arrival {
	struct knock_head *head;
	u32 begun;
};

/**
 * struct knock_finish - the end of a sequence
 * @whole: key of a static sequence, RCU; NULL of others
 * @begun: ticks at the first step
 * @tail: of others
 */
struct knock_finish {
	struct knock_key *whole;
	u32 begun;
	struct knock_tail tail;
};

/**
 * struct knock_progress - what a step did
 * @reason: what became of it, as long as nothing ends with it
 * @lookups: how many it took
 * @n_arrivals: how many
 * @arrivals: heads that end with it
 * @n_finishes: how many
 * @finishes: sequences that end with it
 */
struct knock_progress {
	enum knock_reason reason;
	u32 lookups;
	u32 n_arrivals;
	struct knock_arrival arrivals[KNOCK_ARRIVALS];
	u32 n_finishes;
	struct knock_finish finishes[KNOCK_FINISHES];
};

/**
 * struct knock_walk - one step on its way
 * @trackers: the namespace's
 * @paths: the namespace's
 * @bin: of the source, locked
 * @source: NULL while there is none
 * @step: the step
 * @now: ticks
 * @progress: what is said of it
 */
struct knock_walk {
	struct knock_trackers *trackers;
	struct knock_paths *paths;
	struct knock_bin *bin;
	struct knock_source *source;
	const struct knock_step *step;
	u32 now;
	struct knock_progress *progress;
};

/* Time as trackers have it, in steps of 1.05 ms. It goes round in 52 days; what counts
 * is how long ago something was, and that is minutes at most.
 */
#define KNOCK_TICK_SHIFT	20

static inline u32 knock_ticks(u64 ns)
{
	return ns >> KNOCK_TICK_SHIFT;
}

struct knock_trackers *knock_trackers_create(void);
void knock_trackers_destroy(struct knock_trackers *trackers);
void knock_trackers_allow(struct knock_trackers *trackers, u32 seconds);
struct knock_bin *knock_trackers_bin(struct knock_trackers *trackers,
				     const struct knock_address *address);
bool knock_tracker_is_over(const struct knock_walk *walk, const struct knock_tracker *tracker);
void knock_tracker_end(struct knock_walk *walk, struct knock_source *source,
		       struct knock_tracker *tracker);
struct knock_source *knock_bin_find(struct knock_bin *bin, const struct knock_address *address);
void knock_source_begin(struct knock_walk *walk, const struct knock_address *address);
struct knock_tracker *knock_source_track(struct knock_walk *walk);
void knock_trackers_follow(struct knock_trackers *trackers, const struct knock_address *address,
			   const struct knock_tail *tail, u32 now);

/* walk.c */
void knock_trackers_step(struct knock_trackers *trackers, struct knock_paths *paths,
			 const struct knock_address *address, const struct knock_step *step,
			 u32 now, struct knock_progress *progress);

#endif /* _KNOCK_TRACKER_H */
