// SPDX-License-Identifier: GPL-2.0
/*
 * A step is the next of something that its source has begun; or else a first step; or
 * one that was done already, since networks and TCP repeat themselves; or else a miss.
 */
#include "tracker.h"

/* With so many misses a tracker forgets static sequences, and with so many all. */
#define KNOCK_MISSES_STATIC	3
#define KNOCK_MISSES_ALL	32

/* Port and protocol; 0 is none. */
static u32 knock_step_word(const struct knock_step *step)
{
	return (u32)step->protocol << 16 | step->port;
}

static bool knock_words_have(const u32 *words, u32 count, u32 word)
{
	u32 i;

	for (i = 0; i < count; i++) {
		if (words[i] == word)
			return true;
	}
	return false;
}

static void knock_source_done(struct knock_walk *walk)
{
	struct knock_source *source = walk->source;
	u32 word = knock_step_word(walk->step);

	source->seen = walk->now;
	if (!knock_words_have(source->done, KNOCK_STEPS_DONE, word))
		source->done[source->n_done++ % KNOCK_STEPS_DONE] = word;
}

static void knock_walk_finish(struct knock_walk *walk, const struct knock_finish *finish)
{
	struct knock_progress *progress = walk->progress;

	if (progress->n_finishes < KNOCK_FINISHES)
		progress->finishes[progress->n_finishes++] = *finish;
}

/* What ends at the id that a tracker, or a first step, has come to. */
static void knock_walk_ends(struct knock_walk *walk, const struct knock_found *found, u8 kinds,
			    u32 begun)
{
	struct knock_finish finish = { .whole = found->whole, .begun = begun };
	struct knock_progress *progress = walk->progress;
	u32 i;

	if (found->whole && (kinds & KNOCK_PATH_STATIC))
		knock_walk_finish(walk, &finish);
	for (i = 0; i < found->n_heads && (kinds & KNOCK_PATH_HEAD); i++) {
		if (progress->n_arrivals == KNOCK_ARRIVALS)
			break;
		progress->arrivals[progress->n_arrivals++] = (struct knock_arrival){
			.head = found->heads[i],
			.begun = begun,
		};
	}
}

static bool knock_walk_look(struct knock_walk *walk, u64 id, struct knock_found *found)
{
	walk->progress->lookups++;
	return knock_path_find_rcu(walk->paths, id, found);
}

/* Two that have come to one place are one: the one that began later has more time. */
static void knock_source_merge(struct knock_walk *walk, struct knock_tracker *tracker)
{
	struct knock_tracker *other;
	u32 i;

	for (i = 0; i < KNOCK_TRACKERS; i++) {
		other = &walk->source->trackers[i];
		if (other == tracker || !other->steps || other->tail != KNOCK_NO_TAIL ||
		    other->id != tracker->id)
			continue;
		if (walk->now - other->begun < walk->now - tracker->begun)
			tracker->begun = other->begun;
		tracker->misses = min(tracker->misses, other->misses);
		tracker->kinds |= other->kinds;
		knock_tracker_end(walk, walk->source, other);
	}
}

/* Whether it is the next port of a tail. */
static bool knock_tracker_trail(struct knock_walk *walk, struct knock_tracker *tracker)
{
	struct knock_tail *tail = &walk->bin->tails[tracker->tail];
	u32 next = tracker->steps - KNOCK_DERIVE_HEAD;
	struct knock_finish finish = { .begun = tail->begun };

	if (walk->step->protocol != KNOCK_STEP_TCP || tail->ports[next] != walk->step->port)
		return false;
	tracker->steps++;
	if (next + 1 == tail->count) {
		finish.tail = *tail;
		knock_walk_finish(walk, &finish);
		knock_tracker_end(walk, walk->source, tracker);
	}
	return true;
}

/* Whether anything of these kinds goes on or ends there. */
static bool knock_found_is_of(const struct knock_found *found, u8 kinds)
{
	return (found->kinds & kinds) || (found->whole && (kinds & KNOCK_PATH_STATIC)) ||
	       (found->n_heads && (kinds & KNOCK_PATH_HEAD));
}

/* Whether the step is the next of a tracker. */
static bool knock_tracker_go(struct knock_walk *walk, struct knock_tracker *tracker)
{
	struct knock_found found;
	u64 id;

	if (tracker->tail != KNOCK_NO_TAIL)
		return knock_tracker_trail(walk, tracker);
	id = knock_path_next(walk->paths, tracker->id, walk->step);
	if (!knock_walk_look(walk, id, &found) || !knock_found_is_of(&found, tracker->kinds))
		return false;
	knock_walk_ends(walk, &found, tracker->kinds, tracker->begun);
	tracker->kinds &= found.kinds;
	if (!tracker->kinds) {
		knock_tracker_end(walk, walk->source, tracker);
		return true;
	}
	tracker->id = id;
	tracker->steps++;
	knock_source_merge(walk, tracker);
	return true;
}

/* Whether it goes on with anything that its source has begun. */
static bool knock_walk_on(struct knock_walk *walk)
{
	struct knock_tracker *tracker;
	bool on = false, late = false;
	u32 i;

	for (i = 0; walk->source && i < KNOCK_TRACKERS; i++) {
		tracker = &walk->source->trackers[i];
		if (!tracker->steps)
			continue;
		if (!knock_tracker_is_over(walk, tracker)) {
			on |= knock_tracker_go(walk, tracker);
			continue;
		}
		late |= knock_tracker_go(walk, tracker);
		if (tracker->steps)
			knock_tracker_end(walk, walk->source, tracker);
	}
	if (on || late)
		walk->progress->reason = on ? KNOCK_REASON_STEP : KNOCK_REASON_TOO_SLOW;
	return on || late;
}

/* A first step that comes again begins anew, beside what has come further. */
static bool knock_walk_begin(struct knock_walk *walk, const struct knock_address *address)
{
	struct knock_tracker *tracker;
	struct knock_found found;
	u64 id;
	u32 i;

	id = knock_path_next(walk->paths, 0, walk->step);
	if (!knock_walk_look(walk, id, &found))
		return false;
	walk->progress->reason = KNOCK_REASON_STEP;
	knock_walk_ends(walk, &found, KNOCK_PATH_STATIC, walk->now);
	if (!found.kinds)
		return true;
	if (!walk->source || !walk->source->n_trackers)
		knock_source_begin(walk, address);
	for (i = 0; i < KNOCK_TRACKERS; i++) {
		tracker = &walk->source->trackers[i];
		if (tracker->steps != 1 || tracker->id != id)
			continue;
		tracker->begun = walk->now;
		tracker->misses = 0;
		tracker->kinds = found.kinds;
		walk->progress->reason = KNOCK_REASON_STEP_AGAIN;
		return true;
	}
	tracker = knock_source_track(walk);
	tracker->steps = 1;
	tracker->id = id;
	tracker->begun = walk->now;
	tracker->kinds = found.kinds;
	return true;
}

static void knock_walk_miss(struct knock_walk *walk)
{
	struct knock_source *source = walk->source;
	u32 i, word = knock_step_word(walk->step);
	struct knock_tracker *tracker;

	if (knock_words_have(source->missed, KNOCK_STEPS_MISSED, word))
		return;
	source->missed[source->n_missed++ % KNOCK_STEPS_MISSED] = word;
	for (i = 0; i < KNOCK_TRACKERS; i++) {
		tracker = &source->trackers[i];
		if (!tracker->steps)
			continue;
		tracker->misses++;
		if (tracker->misses == KNOCK_MISSES_STATIC)
			tracker->kinds &= ~KNOCK_PATH_STATIC;
		if (tracker->kinds && tracker->misses < KNOCK_MISSES_ALL)
			continue;
		knock_tracker_end(walk, source, tracker);
		walk->progress->reason = KNOCK_REASON_STRAYED;
	}
}

static void knock_walk_step(struct knock_walk *walk, const struct knock_address *address)
{
	struct knock_source *source;

	if (knock_walk_on(walk) || knock_walk_begin(walk, address)) {
		source = walk->source;
		if (source && source->n_trackers)
			knock_source_done(walk);
		return;
	}
	walk->progress->reason = KNOCK_REASON_NO_STEP;
	source = walk->source;
	if (!source || !source->n_trackers)
		return;
	if (knock_words_have(source->done, KNOCK_STEPS_DONE, knock_step_word(walk->step)))
		walk->progress->reason = KNOCK_REASON_STEP_AGAIN;
	else
		knock_walk_miss(walk);
}

/**
 * knock_trackers_step - take a step with all that its source has begun
 * @trackers: the namespace's
 * @paths: the namespace's
 * @address: the source
 * @step: the step
 * @now: ticks
 * @progress: filled in
 *
 * At most a look-up for each tracker of the source, and one more.
 *
 * Context: softirq, RCU reader. Allocates nothing.
 */
void knock_trackers_step(struct knock_trackers *trackers, struct knock_paths *paths,
			 const struct knock_address *address, const struct knock_step *step,
			 u32 now, struct knock_progress *progress)
{
	struct knock_walk walk = {
		.trackers = trackers,
		.paths = paths,
		.bin = knock_trackers_bin(trackers, address),
		.step = step,
		.now = now,
		.progress = progress,
	};

	progress->lookups = 0;
	progress->n_arrivals = 0;
	progress->n_finishes = 0;
	spin_lock_bh(&walk.bin->lock);
	walk.source = knock_bin_find(walk.bin, address);
	knock_walk_step(&walk, address);
	spin_unlock_bh(&walk.bin->lock);
}
