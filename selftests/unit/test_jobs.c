// SPDX-License-Identifier: GPL-2.0
#include "check.h"
#include "jobs.h"

static const struct door_settings door = { .name = "ssh", .time_limit = 30 };

static bool add(struct jobs *jobs, uint64_t grant, const char *ip, enum moment_kind moment)
{
	struct job job = { .door = &door, .moment = moment, .grant = grant };

	strcpy(job.subject.ip, ip);
	return jobs_add(jobs, &job);
}

/* Starts the next. Return: its grant, 0 if there is none. */
static uint64_t start(struct jobs *jobs, uint64_t now)
{
	struct job *job = jobs_next(jobs);

	if (!job)
		return 0;
	jobs_start(jobs, job, now);
	return job->grant;
}

static struct job *running(struct jobs *jobs, uint64_t grant)
{
	struct job *job = jobs->runs;

	while (job->grant != grant)
		job = job->next;
	return job;
}

static void test_order(void **state)
{
	struct jobs jobs;

	(void)state;
	jobs_init(&jobs, 8, 8);
	assert_int_equal(start(&jobs, 0), 0);
	assert_true(add(&jobs, 1, "a", ON_OPENED));
	assert_true(add(&jobs, 2, "a", ON_ENDED));
	assert_true(add(&jobs, 3, "b", ON_OPENED));
	assert_true(add(&jobs, 4, "a", ON_OPENED));
	/* Those of a wait for each other, b for none of them. */
	assert_int_equal(start(&jobs, 0), 1);
	assert_int_equal(start(&jobs, 0), 3);
	assert_int_equal(start(&jobs, 0), 0);
	jobs_done(&jobs, running(&jobs, 1));
	assert_int_equal(start(&jobs, 0), 2);
	assert_int_equal(start(&jobs, 0), 0);
	jobs_done(&jobs, running(&jobs, 2));
	assert_int_equal(start(&jobs, 0), 4);
	jobs_done(&jobs, running(&jobs, 3));
	jobs_done(&jobs, running(&jobs, 4));
	assert_int_equal(jobs.waiting + jobs.running, 0);
	/* The queue's end is where it was. */
	assert_true(add(&jobs, 5, "c", ON_OPENED));
	assert_int_equal(start(&jobs, 0), 5);
	jobs_done(&jobs, running(&jobs, 5));
}

static void test_limits(void **state)
{
	struct jobs jobs;
	size_t ends;

	(void)state;
	jobs_init(&jobs, 2, 3);
	assert_true(add(&jobs, 1, "a", ON_OPENED));
	assert_true(add(&jobs, 2, "b", ON_OPENED));
	assert_true(add(&jobs, 3, "c", ON_OPENED));
	assert_false(add(&jobs, 4, "d", ON_OPENED));
	/* What undoes something is never refused. */
	assert_true(add(&jobs, 5, "e", ON_ENDED));
	assert_int_equal(start(&jobs, 0), 1);
	assert_int_equal(start(&jobs, 0), 2);
	assert_int_equal(start(&jobs, 0), 0);
	assert_true(add(&jobs, 6, "f", ON_OPENED));
	assert_false(add(&jobs, 7, "g", ON_OPENED));
	jobs_done(&jobs, running(&jobs, 2));
	assert_int_equal(start(&jobs, 0), 3);
	jobs_done(&jobs, running(&jobs, 1));
	jobs_done(&jobs, running(&jobs, 3));
	assert_int_equal(jobs_forget(&jobs, &ends), 1);
	assert_int_equal(ends, 1);
	assert_int_equal(jobs_forget(&jobs, &ends), 0);
	assert_int_equal(ends, 0);
	assert_true(add(&jobs, 8, "h", ON_OPENED));
	assert_int_equal(start(&jobs, 0), 8);
	jobs_done(&jobs, running(&jobs, 8));
}

/* What could not be started is the next again, and none of its address is before it. */
static void test_put_back(void **state)
{
	struct jobs jobs;

	(void)state;
	jobs_init(&jobs, 8, 8);
	add(&jobs, 1, "a", ON_ENDED);
	assert_int_equal(start(&jobs, 0), 1);
	jobs_put_back(&jobs, running(&jobs, 1));
	assert_int_equal(jobs.running, 0);
	assert_true(jobs_wake(&jobs) == JOBS_NEVER);
	add(&jobs, 2, "a", ON_OPENED);
	add(&jobs, 3, "b", ON_OPENED);
	assert_int_equal(start(&jobs, 0), 1);
	assert_int_equal(start(&jobs, 0), 3);
	jobs_put_back(&jobs, running(&jobs, 1));
	assert_int_equal(jobs.waiting, 2);
	assert_int_equal(start(&jobs, 0), 1);
	jobs_done(&jobs, running(&jobs, 1));
	assert_int_equal(start(&jobs, 0), 2);
	jobs_done(&jobs, running(&jobs, 2));
	jobs_done(&jobs, running(&jobs, 3));
	assert_int_equal(jobs.waiting + jobs.running, 0);
	/* The queue's end is where it was. */
	add(&jobs, 4, "a", ON_OPENED);
	assert_int_equal(start(&jobs, 0), 4);
	jobs_done(&jobs, running(&jobs, 4));
}

static void test_time(void **state)
{
	struct jobs jobs;
	struct job *job;

	(void)state;
	jobs_init(&jobs, 8, 8);
	assert_true(jobs_wake(&jobs) == JOBS_NEVER);
	add(&jobs, 1, "a", ON_OPENED);
	add(&jobs, 2, "b", ON_OPENED);
	start(&jobs, 1000);
	start(&jobs, 2000);
	assert_int_equal(jobs_wake(&jobs), 31000);
	assert_null(jobs_due(&jobs, 30999));
	job = jobs_due(&jobs, 31000);
	assert_int_equal(job->grant, 1);
	assert_int_equal(job->state, JOB_ASKED);
	assert_null(jobs_due(&jobs, 31000));
	assert_int_equal(jobs_wake(&jobs), 32000);
	/* The other is hurried, but never for longer, the first has been asked already. */
	jobs_hurry(running(&jobs, 2), 40000);
	assert_int_equal(jobs_wake(&jobs), 32000);
	jobs_hurry(running(&jobs, 2), 31500);
	jobs_hurry(running(&jobs, 1), 31500);
	job = jobs_due(&jobs, 31500);
	assert_int_equal(job->grant, 2);
	assert_int_equal(job->state, JOB_ASKED);
	assert_int_equal(jobs_wake(&jobs), 31000 + JOB_GRACE_MS);
	assert_null(jobs_due(&jobs, 31000 + JOB_GRACE_MS - 1));
	job = jobs_due(&jobs, 31000 + JOB_GRACE_MS);
	assert_int_equal(job->grant, 1);
	assert_int_equal(job->state, JOB_KILLED);
	/* Killed once is enough. */
	assert_null(jobs_due(&jobs, 31000 + JOB_GRACE_MS));
	jobs_done(&jobs, job);
	jobs_done(&jobs, running(&jobs, 2));
	assert_true(jobs_wake(&jobs) == JOBS_NEVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_put_back),
		cmocka_unit_test(test_time),
	};

	return cmocka_run_group_tests_name("jobs", tests, NULL, NULL);
}
