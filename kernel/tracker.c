// SPDX-License-Identifier: GPL-2.0
/*
 * Sources are forged, so there is room for as many as there is, and who knows nothing
 * gives way first: a source with no more than a first step, then the oldest of these.
 * All that a step can meet is in one bin: 16 sources, 8 tails, and their lock.
 */
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "tracker.h"

/**
 * knock_trackers_create - room for all sources that a namespace can have
 *
 * Context: process, may sleep.
 * Return: NULL for want of memory.
 */
struct knock_trackers *knock_trackers_create(void)
{
	struct knock_trackers *trackers = kvzalloc(sizeof(*trackers), KNOCK_GFP);
	u32 i;

	if (!trackers)
		return NULL;
	trackers->bins = kvcalloc(KNOCK_BINS, sizeof(*trackers->bins), KNOCK_GFP);
	if (!trackers->bins) {
		kvfree(trackers);
		return NULL;
	}
	for (i = 0; i < KNOCK_BINS; i++)
		spin_lock_init(&trackers->bins[i].lock);
	get_random_bytes(&trackers->secret, sizeof(trackers->secret));
	return trackers;
}

/**
 * knock_trackers_destroy - give the room back
 * @trackers: no packet finds them any more; may be NULL
 */
void knock_trackers_destroy(struct knock_trackers *trackers)
{
	if (!trackers)
		return;
	/* There are the ends of sequences in them. */
	kvfree_sensitive(trackers->bins, KNOCK_BINS * sizeof(*trackers->bins));
	kvfree(trackers);
}

/**
 * knock_trackers_allow - let sequences take so long
 * @trackers: the namespace's
 * @seconds: from the first step to the last
 *
 * Context: process; the namespace's mutex is held.
 */
void knock_trackers_allow(struct knock_trackers *trackers, u32 seconds)
{
	u32 ticks = knock_ticks((u64)seconds * NSEC_PER_SEC) + 1;

	if (ticks > trackers->longest)
		WRITE_ONCE(trackers->longest, ticks);
}

/**
 * knock_trackers_bin - where a source is
 * @trackers: the namespace's
 * @address: the source
 */
struct knock_bin *knock_trackers_bin(struct knock_trackers *trackers,
				     const struct knock_address *address)
{
	return &trackers->bins[siphash(address, sizeof(*address), &trackers->secret) % KNOCK_BINS];
}

/**
 * knock_tracker_is_over - whether no step can count any more
 * @walk: with the time
 * @tracker: the tracker
 */
bool knock_tracker_is_over(const struct knock_walk *walk, const struct knock_tracker *tracker)
{
	return walk->now - tracker->begun > READ_ONCE(walk->trackers->longest);
}

/**
 * knock_tracker_end - forget what a source has begun
 * @walk: with the bin, locked
 * @source: whose; without another tracker it is none any more
 * @tracker: which
 */
void knock_tracker_end(struct knock_walk *walk, struct knock_source *source,
		       struct knock_tracker *tracker)
{
	lockdep_assert_held(&walk->bin->lock);
	if (tracker->tail != KNOCK_NO_TAIL)
		walk->bin->tails[tracker->tail].count = 0;
	tracker->steps = 0;
	if (!--source->n_trackers)
		atomic_dec(&walk->trackers->used);
}

/* What gives way before @than does: what is over, then who knows less, then the older. */
static bool knock_tracker_is_less(const struct knock_walk *walk, const struct knock_tracker *one,
				  const struct knock_tracker *than)
{
	bool over = knock_tracker_is_over(walk, one);

	if (over != knock_tracker_is_over(walk, than))
		return over;
	if (one->steps != than->steps)
		return one->steps < than->steps;
	return walk->now - one->begun > walk->now - than->begun;
}

/* The most that a source knows; what is over is nothing. */
static u32 knock_source_rank(const struct knock_walk *walk, const struct knock_source *source)
{
	u32 i, rank = 0;

	for (i = 0; i < KNOCK_TRACKERS; i++) {
		if (source->trackers[i].steps && !knock_tracker_is_over(walk, &source->trackers[i]))
			rank = max_t(u32, rank, source->trackers[i].steps);
	}
	return rank;
}

/**
 * knock_bin_find - a source
 * @bin: of it, locked
 * @address: whose
 *
 * Return: NULL if it has begun nothing.
 */
struct knock_source *knock_bin_find(struct knock_bin *bin, const struct knock_address *address)
{
	u32 i;

	lockdep_assert_held(&bin->lock);
	for (i = 0; i < KNOCK_WAYS; i++) {
		if (bin->sources[i].n_trackers &&
		    knock_address_equal(&bin->sources[i].address, address))
			return &bin->sources[i];
	}
	return NULL;
}

/* Room for a source: an empty place, or of who gives way. */
static struct knock_source *knock_bin_place(struct knock_walk *walk)
{
	struct knock_source *source, *least = NULL;
	u32 i, rank, lowest = U32_MAX;

	for (i = 0; i < KNOCK_WAYS; i++) {
		source = &walk->bin->sources[i];
		if (!source->n_trackers)
			return source;
		rank = knock_source_rank(walk, source);
		if (rank < lowest || (rank == lowest &&
				      walk->now - source->seen > walk->now - least->seen)) {
			lowest = rank;
			least = source;
		}
	}
	for (i = 0; i < KNOCK_TRACKERS; i++) {
		if (least->trackers[i].steps)
			knock_tracker_end(walk, least, &least->trackers[i]);
	}
	return least;
}

/**
 * knock_source_begin - have a source; the least of the bin gives way
 * @walk: with the bin, locked; gets the source, which must be given a tracker before
 *	the bin is unlocked
 * @address: whose
 */
void knock_source_begin(struct knock_walk *walk, const struct knock_address *address)
{
	lockdep_assert_held(&walk->bin->lock);
	walk->source = knock_bin_place(walk);
	memset(walk->source, 0, sizeof(*walk->source));
	walk->source->address = *address;
}

/**
 * knock_source_track - one more tracker of a source; its least gives way
 * @walk: with the bin, locked, and the source
 *
 * Return: all of it is to be set, @steps first of all.
 */
struct knock_tracker *knock_source_track(struct knock_walk *walk)
{
	struct knock_source *source = walk->source;
	struct knock_tracker *tracker, *least = NULL;
	u32 i;

	lockdep_assert_held(&walk->bin->lock);
	for (i = 0; i < KNOCK_TRACKERS; i++) {
		tracker = &source->trackers[i];
		if (!tracker->steps) {
			least = tracker;
			break;
		}
		if (!least || knock_tracker_is_less(walk, tracker, least))
			least = tracker;
	}
	if (least->steps)
		knock_tracker_end(walk, source, least);
	if (!source->n_trackers++)
		atomic_inc(&walk->trackers->used);
	memset(least, 0, sizeof(*least));
	least->tail = KNOCK_NO_TAIL;
	return least;
}

/* A tracker whose tail is that of the same sequence, or one that is new. */
static struct knock_tracker *knock_walk_heir(struct knock_walk *walk,
					     const struct knock_tail *tail)
{
	struct knock_tracker *tracker;
	struct knock_tail *have;
	u32 i;

	for (i = 0; i < KNOCK_TRACKERS; i++) {
		tracker = &walk->source->trackers[i];
		if (tracker->steps != KNOCK_DERIVE_HEAD || tracker->tail == KNOCK_NO_TAIL)
			continue;
		have = &walk->bin->tails[tracker->tail];
		if (have->key == tail->key && have->number == tail->number &&
		    have->slot == tail->slot && have->old == tail->old)
			return tracker;
	}
	return NULL;
}

/* Whose tail a place of the bin is; only of one that is taken. */
static struct knock_tracker *knock_bin_owner(struct knock_bin *bin, u8 tail,
					     struct knock_source **source)
{
	u32 i, j;

	for (i = 0; i < KNOCK_WAYS; i++) {
		for (j = 0; j < KNOCK_TRACKERS; j++) {
			*source = &bin->sources[i];
			if ((*source)->trackers[j].steps && (*source)->trackers[j].tail == tail)
				return &(*source)->trackers[j];
		}
	}
	return NULL;
}

/* A place for one more tail of the bin: the least gives way. */
static u8 knock_bin_tail(struct knock_walk *walk)
{
	struct knock_source *source, *least_source = NULL;
	struct knock_tracker *owner, *least = NULL;
	u8 i, tail;

	for (i = 0; i < KNOCK_BIN_TAILS; i++) {
		if (!walk->bin->tails[i].count)
			return i;
		owner = knock_bin_owner(walk->bin, i, &source);
		if (owner && (!least || knock_tracker_is_less(walk, owner, least))) {
			least = owner;
			least_source = source;
		}
	}
	tail = least->tail;
	knock_tracker_end(walk, least_source, least);
	return tail;
}

/**
 * knock_trackers_follow - have a source that has done a head go on with its tail
 * @trackers: the namespace's
 * @address: the source
 * @tail: copied
 * @now: ticks
 *
 * Context: softirq. Allocates nothing.
 */
void knock_trackers_follow(struct knock_trackers *trackers, const struct knock_address *address,
			   const struct knock_tail *tail, u32 now)
{
	struct knock_walk walk = {
		.trackers = trackers,
		.bin = knock_trackers_bin(trackers, address),
		.now = now,
	};
	struct knock_tracker *tracker;
	u8 place;

	spin_lock_bh(&walk.bin->lock);
	walk.source = knock_bin_find(walk.bin, address);
	tracker = walk.source ? knock_walk_heir(&walk, tail) : NULL;
	if (tracker) {
		place = tracker->tail;
	} else {
		place = knock_bin_tail(&walk);
		/* It may have been the source's only one that gave way. */
		if (!walk.source || !walk.source->n_trackers)
			knock_source_begin(&walk, address);
		tracker = knock_source_track(&walk);
	}
	walk.bin->tails[place] = *tail;
	tracker->steps = KNOCK_DERIVE_HEAD;
	tracker->kinds = KNOCK_PATH_HEAD;
	tracker->begun = tail->begun;
	tracker->misses = 0;
	tracker->tail = place;
	walk.source->seen = now;
	spin_unlock_bh(&walk.bin->lock);
}
