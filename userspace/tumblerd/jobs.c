// SPDX-License-Identifier: GPL-2.0
/*
 * Which command may run, in what order, and for how long. Nothing here starts or ends
 * one, or asks what time it is.
 */
#include <stdlib.h>
#include <string.h>

#include "jobs.h"

/**
 * jobs_init() - nothing waits, nothing runs
 * @jobs: to set up; stays where it is
 * @at_once: how many may run
 * @queue: how many may wait
 */
void jobs_init(struct jobs *jobs, size_t at_once, size_t queue)
{
	memset(jobs, 0, sizeof(*jobs));
	jobs->last = &jobs->first;
	jobs->at_once = at_once;
	jobs->queue = queue;
}

/**
 * jobs_add() - put a command behind those that wait
 * @jobs: where to
 * @job: copied
 *
 * What ends a grant is never refused for want of room: what was done when it was opened
 * has to be undone, and there are no more of these than grants that are followed.
 *
 * Return: true; false if the queue is full, or there was no memory.
 */
bool jobs_add(struct jobs *jobs, const struct job *job)
{
	struct job *copy;

	if (job->moment == ON_OPENED && jobs->waiting >= jobs->queue)
		return false;
	copy = malloc(sizeof(*copy));
	if (!copy)
		return false;
	*copy = *job;
	copy->next = NULL;
	copy->state = JOB_WAITS;
	*jobs->last = copy;
	jobs->last = &copy->next;
	jobs->waiting++;
	return true;
}

static bool is_busy(const struct jobs *jobs, const char *ip)
{
	const struct job *job;

	for (job = jobs->runs; job; job = job->next)
		if (!strcmp(job->subject.ip, ip))
			return true;
	return false;
}

/**
 * jobs_next() - the command to be started now
 * @jobs: where to look
 *
 * Those of one address come one after the other, in the order they were added.
 *
 * Return: the command, to be given to jobs_start(); NULL if none may start.
 */
struct job *jobs_next(struct jobs *jobs)
{
	struct job *job;

	if (jobs->running >= jobs->at_once)
		return NULL;
	/* The first of an address comes before its others, so only what runs is in its way. */
	for (job = jobs->first; job; job = job->next)
		if (!is_busy(jobs, job->subject.ip))
			return job;
	return NULL;
}

/**
 * jobs_start() - a command runs from now on
 * @jobs: where it waited
 * @job: of jobs_next()
 * @now: what time it is
 */
void jobs_start(struct jobs *jobs, struct job *job, uint64_t now)
{
	struct job **at;

	for (at = &jobs->first; *at != job; at = &(*at)->next)
		;
	*at = job->next;
	if (jobs->last == &job->next)
		jobs->last = at;
	jobs->waiting--;
	job->next = jobs->runs;
	jobs->runs = job;
	jobs->running++;
	job->state = JOB_RUNS;
	job->since = now;
	job->until = now + 1000ULL * job->door->time_limit;
}

/**
 * jobs_due() - a command whose time is over
 * @jobs: where to look
 * @now: what time it is
 *
 * Return: a command that is to be asked to end, or killed, as its state then says; NULL
 * if there is none.
 */
struct job *jobs_due(struct jobs *jobs, uint64_t now)
{
	struct job *job;

	for (job = jobs->runs; job && job->until > now; job = job->next)
		;
	if (!job)
		return NULL;
	if (job->state == JOB_RUNS) {
		job->state = JOB_ASKED;
		job->until = now + JOB_GRACE_MS;
	} else {
		job->state = JOB_KILLED;
		job->until = JOBS_NEVER;
	}
	return job;
}

/**
 * jobs_hurry() - a command's time is over before its limit
 * @job: that runs
 * @until: when
 */
void jobs_hurry(struct job *job, uint64_t until)
{
	if (job->state == JOB_RUNS && job->until > until)
		job->until = until;
}

/**
 * jobs_wake() - when jobs_due() has one, if nothing happens before
 * @jobs: where to look
 *
 * Return: that time; or JOBS_NEVER.
 */
uint64_t jobs_wake(const struct jobs *jobs)
{
	uint64_t wake = JOBS_NEVER;
	const struct job *job;

	for (job = jobs->runs; job; job = job->next)
		if (job->until < wake)
			wake = job->until;
	return wake;
}

static void take_from_running(struct jobs *jobs, struct job *job)
{
	struct job **at;

	for (at = &jobs->runs; *at != job; at = &(*at)->next)
		;
	*at = job->next;
	jobs->running--;
}

/**
 * jobs_put_back() - a command could not be started after all
 * @jobs: where it runs
 * @job: waits again, before all others
 */
void jobs_put_back(struct jobs *jobs, struct job *job)
{
	take_from_running(jobs, job);
	job->state = JOB_WAITS;
	job->next = jobs->first;
	if (!jobs->first)
		jobs->last = &job->next;
	jobs->first = job;
	jobs->waiting++;
}

/**
 * jobs_done() - a command has ended
 * @jobs: where it ran
 * @job: freed
 */
void jobs_done(struct jobs *jobs, struct job *job)
{
	take_from_running(jobs, job);
	free(job);
}

/**
 * jobs_forget() - drop all that waits
 * @jobs: where
 * @ends: gets how many of them end what others began; may be NULL
 *
 * Return: how many others waited.
 */
size_t jobs_forget(struct jobs *jobs, size_t *ends)
{
	size_t count[2] = { 0, 0 };
	struct job *job;

	while (jobs->first) {
		job = jobs->first;
		jobs->first = job->next;
		count[job->moment == ON_ENDED]++;
		free(job);
	}
	jobs->last = &jobs->first;
	jobs->waiting = 0;
	if (ends)
		*ends = count[true];
	return count[false];
}
