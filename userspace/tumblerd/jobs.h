/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_JOBS_H
#define _TUMBLERD_JOBS_H

#include "settings.h"

/* From being asked to end to being made to. */
#define JOB_GRACE_MS 5000

/* No time: nothing is to be done until something happens. */
#define JOBS_NEVER UINT64_MAX

/**
 * enum job_state - how far a command has come
 * @JOB_WAITS: it is in the queue
 * @JOB_RUNS: it was started
 * @JOB_ASKED: it was told to end
 * @JOB_KILLED: it was made to end, and has not been seen to yet
 */
enum job_state {
	JOB_WAITS,
	JOB_RUNS,
	JOB_ASKED,
	JOB_KILLED
};

/**
 * struct job - a command to be run once, for a grant
 * @next: behind it in the queue, or beside it among those that run
 * @door: whose command
 * @moment: which of them
 * @subject: who it is about
 * @grant: the grant's id
 * @state: how far it has come
 * @since: when it was started, in ms
 * @until: when the next is to be done about it, in ms
 */
struct job {
	struct job *next;
	const struct door_settings *door;
	enum moment_kind moment;
	struct subject subject;
	uint64_t grant;
	enum job_state state;
	uint64_t since;
	uint64_t until;
};

/**
 * struct jobs - what waits and what runs
 * @first: of the queue, oldest first
 * @last: where the next is put
 * @waiting: how many wait
 * @queue: how many may, but for those that end what others began
 * @runs: those that run
 * @running: how many
 * @at_once: how many may
 *
 * All times are the caller's, from one clock that never goes back.
 */
struct jobs {
	struct job *first;
	struct job **last;
	size_t waiting;
	size_t queue;
	struct job *runs;
	size_t running;
	size_t at_once;
};

void jobs_init(struct jobs *jobs, size_t at_once, size_t queue);
bool jobs_add(struct jobs *jobs, const struct job *job);
struct job *jobs_next(struct jobs *jobs);
void jobs_start(struct jobs *jobs, struct job *job, uint64_t now);
struct job *jobs_due(struct jobs *jobs, uint64_t now);
void jobs_put_back(struct jobs *jobs, struct job *job);
void jobs_hurry(struct job *job, uint64_t until);
uint64_t jobs_wake(const struct jobs *jobs);
void jobs_done(struct jobs *jobs, struct job *job);
size_t jobs_forget(struct jobs *jobs, size_t *ends);

#endif /* _TUMBLERD_JOBS_H */
