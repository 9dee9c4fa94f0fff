// SPDX-License-Identifier: GPL-2.0
/*
 * From events to commands: for each grant one when it is opened and one when it has
 * ended, however often that is told, and also if it was told only by a dump.
 */
#include <stdlib.h>
#include <string.h>

#include "follow.h"

/**
 * follow_init() - no grant is known
 * @follow: to set up
 * @settings: which doors have commands; stay as they are
 * @jobs: where commands go
 */
void follow_init(struct follow *follow, const struct settings *settings, struct jobs *jobs)
{
	memset(follow, 0, sizeof(*follow));
	follow->settings = settings;
	follow->jobs = jobs;
}

static struct followed **find(struct follow *follow, uint64_t grant)
{
	struct followed **at;

	for (at = &follow->bucket[grant % FOLLOW_BUCKETS]; *at; at = &(*at)->next)
		if ((*at)->grant == grant)
			break;
	return at;
}

/* Return: whether it is seen to, which it is if nothing is to be done. */
static bool add_job(struct follow *follow, const struct followed *followed,
		    enum moment_kind moment)
{
	struct job job = { .door = followed->door, .moment = moment,
			   .subject = followed->subject, .grant = followed->grant };

	if (!followed->door->command[moment].count || jobs_add(follow->jobs, &job))
		return true;
	follow->refused++;
	return false;
}

/* Return: the grant, known from now on; NULL if it has no commands, or there is no room. */
static struct followed *begin(struct follow *follow, const struct event *event, size_t most)
{
	const struct door_settings *door = settings_find(follow->settings, event->subject.name);
	struct followed *followed;

	if (!door || !event->grant || follow->ended[event->grant % FOLLOW_BUCKETS] == event->grant)
		return NULL;
	followed = follow->count < most ? calloc(1, sizeof(*followed)) : NULL;
	if (!followed) {
		follow->refused++;
		return NULL;
	}
	followed->grant = event->grant;
	followed->door = door;
	followed->subject = event->subject;
	followed->round = follow->round;
	*find(follow, event->grant) = followed;
	follow->count++;
	follow->came++;
	return followed;
}

/* What was done for it is to be undone, whatever happens to tumblerd. */
static void keep(struct follow *follow, const struct followed *followed)
{
	if (!follow->owed || !followed->door->command[ON_ENDED].count)
		return;
	if (followed->how == FOLLOWED_REFUSED)
		owed_end(follow->owed, followed->grant);
	else
		owed_begin(follow->owed, followed->grant, &followed->subject);
}

static void opened(struct follow *follow, const struct event *event, bool found)
{
	struct followed *followed = *find(follow, event->grant);

	if (!followed)
		followed = begin(follow, event, FOLLOWED_MAX);
	else if (followed->how != FOLLOWED_FOUND)
		found = true;
	if (followed && event->narrow) {
		followed->how = FOLLOWED_NARROW;
		return;
	}
	if (followed && !found)
		followed->how = add_job(follow, followed, ON_OPENED) ? FOLLOWED_DONE :
								       FOLLOWED_REFUSED;
	if (followed)
		keep(follow, followed);
}

static void ended(struct follow *follow, struct followed **at)
{
	struct followed *followed = *at;

	if (followed->how != FOLLOWED_REFUSED && followed->how != FOLLOWED_NARROW)
		add_job(follow, followed, ON_ENDED);
	follow->ended[followed->grant % FOLLOW_BUCKETS] = followed->grant;
	*at = followed->next;
	free(followed);
	follow->count--;
}

static void recall(const struct owed_grant *grant, void *data)
{
	struct event event = { .grant = grant->grant, .subject = grant->subject };
	struct follow *follow = data;
	const struct door_settings *door = settings_find(follow->settings, grant->subject.name);
	struct followed *followed = *find(follow, grant->grant);

	if (!door || !door->command[ON_ENDED].count) {
		owed_end(follow->owed, grant->grant);
		return;
	}
	/* Room or not: nobody else would run its command, ever. */
	if (!followed)
		followed = begin(follow, &event, OWED_MAX);
	if (followed)
		followed->how = FOLLOWED_DONE;
}

/**
 * follow_recall() - take over what another tumblerd followed
 * @follow: no grant is known
 * @owed: those with a close-command, kept there from now on
 *
 * What is in no dump from now on has ended; its close-command is run then.
 */
void follow_recall(struct follow *follow, struct owed *owed)
{
	follow->owed = owed;
	owed_walk(owed, recall, follow);
}

/**
 * follow_event() - see to an event
 * @follow: what is known so far
 * @event: what happened, maybe known already
 */
void follow_event(struct follow *follow, const struct event *event)
{
	struct followed **at;

	switch (event->kind) {
	case KNOCK_EVENT_KIND_OPENED:
		opened(follow, event, false);
		break;
	case KNOCK_EVENT_KIND_EXTENDED:
		at = find(follow, event->grant);
		if (*at)
			(*at)->handed = 0;
		break;
	case KNOCK_EVENT_KIND_CLOSED:
	case KNOCK_EVENT_KIND_EXPIRED:
		at = find(follow, event->grant);
		if (*at)
			ended(follow, at);
		break;
	}
}

/**
 * follow_dump() - all live grants come next, each by follow_dumped()
 * @follow: what is known so far
 *
 * All events that were sent before must have been seen to.
 */
void follow_dump(struct follow *follow)
{
	follow->round++;
}

/**
 * follow_dumped() - see to a live grant
 * @follow: what is known so far
 * @event: the grant, as if it were opened just now
 * @found: it may be older than tumblerd; then nothing is done until it ends, or its
 *	opening is told
 */
void follow_dumped(struct follow *follow, const struct event *event, bool found)
{
	struct followed *followed = *find(follow, event->grant);

	if (followed)
		followed->round = follow->round;
	else
		opened(follow, event, found);
}

/**
 * follow_dump_end() - what was in no dump has ended
 * @follow: what is known so far
 */
void follow_dump_end(struct follow *follow)
{
	struct followed **at;
	size_t i;

	for (i = 0; i < FOLLOW_BUCKETS; i++) {
		at = &follow->bucket[i];
		while (*at) {
			if ((*at)->round == follow->round)
				at = &(*at)->next;
			else
				ended(follow, at);
		}
	}
}

/**
 * follow_find() - a live grant of an address
 * @follow: what is known so far
 * @ip: the address
 * @fits: whether a grant is the one
 * @data: for @fits
 *
 * Return: the grant, until the next event; NULL if there is none.
 */
struct followed *follow_find(const struct follow *follow, const char *ip,
			     bool (*fits)(struct followed *followed, void *data),
			     void *data)
{
	struct followed *followed;
	size_t i;

	for (i = 0; i < FOLLOW_BUCKETS; i++)
		for (followed = follow->bucket[i]; followed; followed = followed->next)
			if (!strcmp(followed->subject.ip, ip) && fits(followed, data))
				return followed;
	return NULL;
}

/**
 * follow_free() - forget all grants
 * @follow: set up; nothing is done about them
 */
void follow_free(struct follow *follow)
{
	struct followed *followed;
	size_t i;

	for (i = 0; i < FOLLOW_BUCKETS; i++) {
		while (follow->bucket[i]) {
			followed = follow->bucket[i];
			follow->bucket[i] = followed->next;
			free(followed);
		}
	}
	follow->count = 0;
}
