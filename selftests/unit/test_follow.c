// SPDX-License-Identifier: GPL-2.0
#include "check.h"

#include <stdio.h>

#include "follow.h"

/* Commands of doors `ssh' and, only for the end, `web'; none of `other'. */
static struct settings settings;
static struct jobs jobs;
static struct follow follow;

static int begin(void **state)
{
	char why[WORDS_WHY_SIZE];

	(void)state;
	settings_init(&settings);
	assert_true(words_split(&settings_add(&settings, "ssh")->command[ON_OPENED], "/o", why));
	assert_true(words_split(&settings.door[0].command[ON_ENDED], "/e", why));
	assert_true(words_split(&settings_add(&settings, "web")->command[ON_ENDED], "/e", why));
	jobs_init(&jobs, 1, 4);
	follow_init(&follow, &settings, &jobs);
	return 0;
}

static int end(void **state)
{
	(void)state;
	jobs_forget(&jobs, NULL);
	follow_free(&follow);
	settings_wipe(&settings);
	return 0;
}

static struct event event(unsigned int kind, uint64_t grant, const char *door)
{
	struct event event = { .kind = kind, .grant = grant };

	strcpy(event.subject.name, door);
	strcpy(event.subject.ip, "10.0.0.2");
	return event;
}

static void tell(unsigned int kind, uint64_t grant, const char *door)
{
	struct event what = event(kind, grant, door);

	follow_event(&follow, &what);
}

static void dumped(uint64_t grant, const char *door, bool found)
{
	struct event what = event(KNOCK_EVENT_KIND_OPENED, grant, door);

	follow_dumped(&follow, &what, found);
}

/* What waits since it was asked last, as `o1e1' for grant 1 opened and ended. */
static void assert_waits(const char *want)
{
	const struct job *job;
	char text[64], *to = text;

	*to = '\0';
	for (job = jobs.first; job; job = job->next)
		to += sprintf(to, "%c%d", job->moment == ON_OPENED ? 'o' : 'e', (int)job->grant);
	assert_string_equal(text, want);
	jobs_forget(&jobs, NULL);
}

static void test_events(void **state)
{
	(void)state;
	tell(KNOCK_EVENT_KIND_OPENED, 1, "ssh");
	tell(KNOCK_EVENT_KIND_EXTENDED, 1, "ssh");
	tell(KNOCK_EVENT_KIND_OPENED, 2, "web");
	tell(KNOCK_EVENT_KIND_OPENED, 3, "other");
	tell(KNOCK_EVENT_KIND_OPENED, 4, "");
	assert_waits("o1");
	tell(KNOCK_EVENT_KIND_CLOSED, 1, "ssh");
	tell(KNOCK_EVENT_KIND_EXPIRED, 2, "web");
	tell(KNOCK_EVENT_KIND_CLOSED, 3, "other");
	tell(KNOCK_EVENT_KIND_REPLAY, 0, "ssh");
	assert_waits("e1e2");
	assert_int_equal(follow.count, 0);
}

static void test_once(void **state)
{
	(void)state;
	tell(KNOCK_EVENT_KIND_OPENED, 1, "ssh");
	tell(KNOCK_EVENT_KIND_OPENED, 1, "ssh");
	follow_dump(&follow);
	dumped(1, "ssh", false);
	follow_dump_end(&follow);
	assert_waits("o1");
	tell(KNOCK_EVENT_KIND_EXPIRED, 1, "ssh");
	tell(KNOCK_EVENT_KIND_CLOSED, 1, "ssh");
	tell(KNOCK_EVENT_KIND_OPENED, 1, "ssh");
	assert_waits("e1");
}

/* Who has only come as far as tumblerd has no command run for him, whoever he says he is. */
static void test_narrow(void **state)
{
	struct event what = event(KNOCK_EVENT_KIND_OPENED, 1, "ssh");

	(void)state;
	what.narrow = true;
	follow_event(&follow, &what);
	assert_int_equal(follow.count, 1);
	what.grant = 2;
	follow_dump(&follow);
	follow_dumped(&follow, &what, false);
	follow_dump_end(&follow);
	what.grant = 3;
	follow_dump(&follow);
	follow_dumped(&follow, &what, true);
	follow_dump_end(&follow);
	tell(KNOCK_EVENT_KIND_EXPIRED, 3, "ssh");
	assert_waits("");
	assert_int_equal(follow.count, 0);
}

/* What was lost: the opening of 2, the end of 1. */
static void test_lost(void **state)
{
	(void)state;
	tell(KNOCK_EVENT_KIND_OPENED, 1, "ssh");
	follow_dump(&follow);
	dumped(2, "ssh", false);
	dumped(3, "other", false);
	follow_dump_end(&follow);
	assert_waits("o1o2e1");
	tell(KNOCK_EVENT_KIND_OPENED, 2, "ssh");
	tell(KNOCK_EVENT_KIND_CLOSED, 1, "ssh");
	assert_waits("");
	tell(KNOCK_EVENT_KIND_EXPIRED, 2, "ssh");
	assert_waits("e2");
}

/* Grants older than tumblerd: 1 was opened before, 2 is told of after all. */
static void test_found(void **state)
{
	(void)state;
	follow_dump(&follow);
	dumped(1, "ssh", true);
	dumped(2, "ssh", true);
	follow_dump_end(&follow);
	assert_waits("");
	tell(KNOCK_EVENT_KIND_OPENED, 2, "ssh");
	tell(KNOCK_EVENT_KIND_OPENED, 2, "ssh");
	assert_waits("o2");
	tell(KNOCK_EVENT_KIND_EXPIRED, 1, "ssh");
	tell(KNOCK_EVENT_KIND_EXPIRED, 2, "ssh");
	assert_waits("e1e2");
}

/* What was not done is not undone. */
static void test_full(void **state)
{
	uint64_t grant;

	(void)state;
	for (grant = 1; grant <= 5; grant++)
		tell(KNOCK_EVENT_KIND_OPENED, grant, "ssh");
	assert_int_equal(follow.refused, 1);
	assert_waits("o1o2o3o4");
	for (grant = 1; grant <= 5; grant++)
		tell(KNOCK_EVENT_KIND_EXPIRED, grant, "ssh");
	assert_waits("e1e2e3e4");
	for (grant = 10; grant < 10 + FOLLOWED_MAX; grant++)
		tell(KNOCK_EVENT_KIND_OPENED, grant, "web");
	assert_int_equal(follow.refused, 1);
	tell(KNOCK_EVENT_KIND_OPENED, grant, "web");
	assert_int_equal(follow.refused, 2);
}

static void owe(struct owed *owed, uint64_t grant, const char *door)
{
	struct event what = event(KNOCK_EVENT_KIND_OPENED, grant, door);

	owed_begin(owed, grant, &what.subject);
}

/* Of another tumblerd: 1 goes on, 2 has ended meanwhile, and 3's commands are no more. */
static void test_recalled(void **state)
{
	struct owed owed = { .directory = NULL };

	(void)state;
	owe(&owed, 1, "ssh");
	owe(&owed, 2, "web");
	owe(&owed, 3, "other");
	follow_recall(&follow, &owed);
	assert_int_equal(owed.count, 2);
	follow_dump(&follow);
	dumped(1, "ssh", true);
	dumped(4, "ssh", true);
	follow_dump_end(&follow);
	assert_waits("e2");
	/* It is not run yet, and 4 will have one as well. */
	assert_int_equal(owed.count, 3);
	owed_end(&owed, 2);
	tell(KNOCK_EVENT_KIND_OPENED, 1, "ssh");
	tell(KNOCK_EVENT_KIND_CLOSED, 1, "ssh");
	assert_waits("e1");
	owed_free(&owed);
}

/* What was not done is not owed, nor what nothing undoes. */
/* All of them, though more than are followed otherwise. */
static void test_recalled_all(void **state)
{
	struct owed owed = { .directory = NULL };
	struct subject subject = { .name = "ssh", .ip = "10.0.0.2" };
	const size_t many = FOLLOWED_MAX + 10;
	uint64_t grant;

	(void)state;
	for (grant = 1; grant <= many; grant++)
		owed_begin(&owed, grant, &subject);
	follow_recall(&follow, &owed);
	assert_int_equal(owed.count, many);
	assert_int_equal(follow.count, many);
	owed_free(&owed);
}

static void test_not_owed(void **state)
{
	struct owed owed = { .directory = NULL };
	uint64_t grant;

	(void)state;
	follow_recall(&follow, &owed);
	follow_dump(&follow);
	dumped(9, "ssh", true);
	follow_dump_end(&follow);
	for (grant = 1; grant <= 5; grant++)
		tell(KNOCK_EVENT_KIND_OPENED, grant, "ssh");
	tell(KNOCK_EVENT_KIND_OPENED, 6, "other");
	assert_int_equal(owed.count, 5);
	/* Found, and then told of: there was no room for its command. */
	tell(KNOCK_EVENT_KIND_OPENED, 9, "ssh");
	assert_int_equal(owed.count, 4);
	assert_waits("o1o2o3o4");
	owed_free(&owed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_events, begin, end),
		cmocka_unit_test_setup_teardown(test_once, begin, end),
		cmocka_unit_test_setup_teardown(test_narrow, begin, end),
		cmocka_unit_test_setup_teardown(test_lost, begin, end),
		cmocka_unit_test_setup_teardown(test_found, begin, end),
		cmocka_unit_test_setup_teardown(test_full, begin, end),
		cmocka_unit_test_setup_teardown(test_recalled, begin, end),
		cmocka_unit_test_setup_teardown(test_recalled_all, begin, end),
		cmocka_unit_test_setup_teardown(test_not_owed, begin, end),
	};

	return cmocka_run_group_tests_name("follow", tests, NULL, NULL);
}
