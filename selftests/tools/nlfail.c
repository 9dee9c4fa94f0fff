// SPDX-License-Identifier: GPL-2.0
/*
 * nlfail: a good request of each kind, with each of the kernel's allocations for it failed
 * in turn (/proc/thread-self/fail-nth): it is done all the same, or refused with a sentence
 * and nothing is changed. Run it in a network namespace without doors.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "requests.h"
#include "words.h"

static const char usage[] = "usage: nlfail [--traffic]\n"
"--traffic: packets come meanwhile, so what is counted is not compared\n";

/* More allocations than any request makes. */
#define FAILURES_MAX 1000
/* Before the module is asked, and for the answer, the core allocates, without a sentence. */
#define SILENT_MAX 4

/**
 * struct course - what became of a request in all its trials
 * @refused: with a sentence
 * @silent: without one
 * @unanswered: it was not sent, or the answer was lost
 * @done: all the same
 * @bad: one was not as it should be
 */
struct course {
	int refused, silent, unanswered, done;
	bool bad;
};

static struct request good[REQUESTS_MAX];
static bool traffic;
static int switch_fd;
static int nth_to_fail;

/* The @nth allocation from now on fails; 0: none. */
static void fail_nth(int nth)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%d", nth);

	if (pwrite(switch_fd, text, (size_t)length, 0) != length)
		die("/proc/thread-self/fail-nth cannot be written");
}

static void fail_from_here(void)
{
	fail_nth(nth_to_fail);
}

/* Whether it came to that. */
static bool has_failed(void)
{
	char text[16] = "";

	if (pread(switch_fd, text, sizeof(text) - 1, 0) <= 0)
		die("/proc/thread-self/fail-nth cannot be read");
	return !atoi(text);
}

static void connect_or_die(void)
{
	if (!refusal_connect())
		die("no family `knock' here: is the module loaded?");
}

static void take_all_away(void)
{
	struct request door = request_make("door-del", KNOCK_CMD_DOOR_DEL, "door");
	struct request other = request_make("door-del", KNOCK_CMD_DOOR_DEL, "other");
	struct request flush = request_make("blacklist-flush", KNOCK_CMD_BLACKLIST_FLUSH, NULL);
	size_t i;

	refusal_send(&door, NULL);
	refusal_send(&other, NULL);
	refusal_send(&flush, NULL);
	for (i = 0; i < REQUESTS_MAX; i++)
		if (good[i].command == KNOCK_CMD_TRUST_DEL)
			refusal_send(&good[i], NULL);
}

/* All requests before this one were done. */
static void prepare(size_t upto)
{
	struct answer answer;
	size_t i;

	take_all_away();
	if (!requests_set_up())
		die("what the requests are about cannot be had");
	for (i = 0; i < upto; i++) {
		answer = refusal_send(&good[i], NULL);
		if (answer.error)
			die("%s: %s", good[i].name, answer.sentence);
	}
}

static void complain(struct course *course, const char *name, int nth, const char *what)
{
	course->bad = true;
	printf("# %s, allocation %d: %s\n", name, nth, what);
}

static void judge_refusal(struct course *course, const struct answer *answer, const char *name,
			  int nth)
{
	if (*answer->sentence)
		course->refused++;
	else if (course->refused || ++course->silent > SILENT_MAX)
		complain(course, name, nth, strerror(-answer->error));
}

/* Whether all is as it was; if not, where it differs first. */
static bool is_as_before(const struct snapshot *before, char where[64])
{
	static struct snapshot after;
	size_t i = 0;

	if (!refusal_snapshot(&after, !traffic))
		die("the state cannot be had");
	while (i < before->length && i < after.length && before->bytes[i] == after.bytes[i])
		i++;
	snprintf(where, 64, "something is changed, at %zu of %zu, now %zu", i, before->length,
		 after.length);
	return i == before->length && i == after.length;
}

/* Return: false if the request makes fewer allocations than @nth. */
static bool try(struct course *course, size_t at, int nth)
{
	static struct snapshot before;
	struct answer answer;
	char where[64];
	bool failed;

	if (!refusal_snapshot(&before, !traffic))
		die("the state cannot be had");
	/* What the program itself allocates shall not count. */
	nth_to_fail = nth;
	refusal_on_send(fail_from_here);
	answer = refusal_send(&good[at], NULL);
	failed = has_failed();
	fail_nth(0);
	refusal_on_send(NULL);
	if (answer.lost) {
		course->unanswered++;
		refusal_disconnect();
		connect_or_die();
		prepare(at);
	} else if (answer.error) {
		judge_refusal(course, &answer, good[at].name, nth);
		if (!is_as_before(&before, where)) {
			complain(course, good[at].name, nth, where);
			prepare(at);
		}
	} else if (failed) {
		course->done++;
		prepare(at);
	}
	return failed;
}

/* What was refused last may not be on record any more when others come. */
static size_t without_records(size_t count)
{
	size_t i, kept = 0;

	for (i = 0; i < count; i++)
		if (good[i].command != KNOCK_CMD_RECORD_GET)
			good[kept++] = good[i];
	return kept;
}

static bool try_all(size_t at)
{
	struct course course = { 0 };
	int nth = 1;

	prepare(at);
	while (nth < FAILURES_MAX && try(&course, at, nth))
		nth++;
	if (nth == FAILURES_MAX)
		complain(&course, good[at].name, nth, "there is no end of them");
	printf("%s %zu %s: refused %d, without a sentence %d, no answer %d, done %d\n",
	       course.bad ? "not ok" : "ok", at + 1, good[at].name, course.refused,
	       course.silent, course.unanswered, course.done);
	fflush(stdout);
	return !course.bad;
}

int main(int argc, char **argv)
{
	size_t i, count = requests_good(good);
	int failed = 0;

	traffic = argc == 2 && !strcmp(argv[1], "--traffic");
	if (argc > 1 && !traffic) {
		fputs(usage, stderr);
		return 2;
	}
	switch_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (switch_fd < 0)
		die("this kernel fails no allocations on request");
	if (traffic)
		count = without_records(count);
	connect_or_die();
	printf("KTAP version 1\n1..%zu\n", count);
	for (i = 0; i < count; i++)
		failed += !try_all(i);
	take_all_away();
	return failed > 0;
}
