// SPDX-License-Identifier: GPL-2.0
/*
 * Commands from when they may run until they have ended. That a close-command is due is on
 * the disk before the command is begun that it undoes, and that it was run before it is.
 */
#include <signal.h>
#include <string.h>

#include "commands.h"
#include "complain.h"
#include "journal.h"

/* After the host had no room for one more process. */
#define NO_ROOM_MS 5000

/* What a close-command has left of its time when tumblerd is to end: nobody runs it again. */
#define STOP_MS 5000

/**
 * commands_init() - none waits, none runs
 * @commands: to set up; stays where it is
 * @settings: how many may run and wait; stay as they are
 */
void commands_init(struct commands *commands, const struct settings *settings)
{
	memset(commands, 0, sizeof(*commands));
	commands->settings = settings;
	jobs_init(&commands->jobs, settings->at_once, settings->queue);
}

static struct run *free_run(struct commands *commands)
{
	struct run *run = commands->run;

	while (run->job)
		run++;
	return run;
}

/* Return: false if there is no room now to start any. */
static bool start(struct commands *commands, struct job *job, uint64_t now)
{
	enum run_began began;

	jobs_start(&commands->jobs, job, now);
	/* At most once: from here on it was run. */
	if (job->moment == ON_ENDED)
		owed_end(&commands->owed, job->grant);
	owed_flush(&commands->owed);
	began = run_start(free_run(commands), job);
	if (began == RUN_NO_ROOM) {
		if (job->moment == ON_ENDED)
			owed_begin(&commands->owed, job->grant, &job->subject);
		jobs_put_back(&commands->jobs, job);
	} else if (began == RUN_CANNOT) {
		jobs_done(&commands->jobs, job);
	}
	return began != RUN_NO_ROOM;
}

/**
 * commands_start() - start the next command that may run
 * @commands: where it waits
 * @now: what time it is, in ms
 *
 * Return: whether another may be tried at once.
 */
bool commands_start(struct commands *commands, uint64_t now)
{
	struct job *job;

	if (now < commands->start_again)
		return false;
	job = jobs_next(&commands->jobs);
	if (!job)
		return false;
	if (start(commands, job, now))
		return true;
	commands->start_again = now + NO_ROOM_MS;
	return false;
}

static struct run *run_of(struct commands *commands, const struct job *job)
{
	struct run *run = commands->run;

	while (run->job != job)
		run++;
	return run;
}

/**
 * commands_end() - end those whose time is over
 * @commands: that run
 * @now: what time it is, in ms
 */
void commands_end(struct commands *commands, uint64_t now)
{
	struct job *job;

	while ((job = jobs_due(&commands->jobs, now))) {
		bool killed = job->state == JOB_KILLED;

		journal_command(job, LOG_WARNING, "has run too long, said too much, or is not to go on: it is %s",
				killed ? "killed" : "asked to end");
		run_signal(run_of(commands, job), killed ? SIGKILL : SIGTERM);
	}
}

/**
 * commands_watch() - what they say is to be waited for
 * @commands: that run
 * @entry: to fill
 *
 * Return: how many were filled.
 */
size_t commands_watch(const struct commands *commands, struct pollfd entry[AT_ONCE_MAX])
{
	size_t count = commands->settings->at_once, i;

	for (i = 0; i < count; i++)
		entry[i] = (struct pollfd){
			.fd = commands->run[i].job ? commands->run[i].output : -1,
			.events = POLLIN,
		};
	return count;
}

/**
 * commands_hear() - hear what they say
 * @commands: that run
 * @entry: of commands_watch(), by poll()
 * @now: what time it is, in ms
 */
void commands_hear(struct commands *commands, const struct pollfd entry[AT_ONCE_MAX],
		   uint64_t now)
{
	size_t i;

	for (i = 0; i < commands->settings->at_once; i++) {
		struct run *run = &commands->run[i];

		if (entry[i].revents && run->job && run->output == entry[i].fd && !run_read(run))
			jobs_hurry(run->job, now);
	}
}

/**
 * commands_reap() - see to those that have ended
 * @commands: that ran
 * @now: what time it is, in ms
 */
void commands_reap(struct commands *commands, uint64_t now)
{
	size_t i;

	for (i = 0; i < commands->settings->at_once; i++) {
		struct job *job = commands->run[i].job;

		if (job && run_ended(&commands->run[i], now))
			jobs_done(&commands->jobs, job);
	}
}

/**
 * commands_stop() - begin no more, and have those that run end soon
 * @commands: that wait and run; those that wait are forgotten
 * @now: what time it is, in ms
 */
void commands_stop(struct commands *commands, uint64_t now)
{
	size_t ends, begins = jobs_forget(&commands->jobs, &ends);
	struct job *job;

	if (begins)
		complain("%zu commands had to wait, and are not run any more", begins);
	if (ends)
		complain("%zu close-commands had to wait, and are %s", ends,
			 commands->owed.directory ? "run when tumblerd runs again" :
						    "not run any more");
	for (job = commands->jobs.runs; job; job = job->next)
		jobs_hurry(job, now + (job->moment == ON_ENDED ? STOP_MS : 0));
}

/**
 * commands_kill() - end all that run, since nobody will see to them any more
 * @commands: that run
 */
void commands_kill(struct commands *commands)
{
	size_t i;

	for (i = 0; i < commands->settings->at_once; i++)
		if (commands->run[i].job)
			run_signal(&commands->run[i], SIGKILL);
}

/**
 * commands_forget() - forget those that wait; what is on the disk stays
 * @commands: of which none runs any more
 */
void commands_forget(struct commands *commands)
{
	jobs_forget(&commands->jobs, NULL);
	owed_close(&commands->owed);
}
