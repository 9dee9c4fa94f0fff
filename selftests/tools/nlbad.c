// SPDX-License-Identifier: GPL-2.0
/*
 * Bad requests to the family `knock': each must be refused with a sentence,
 * and change nothing. Run it in a network namespace without doors.
 *
 * usage: nlbad [--unprivileged|--foreign]
 *
 * --unprivileged: gives up all privileges first; then every request, reads and
 * events included, must be refused with EPERM.
 *
 * --foreign: the same, by root of a user namespace and a network namespace of his own,
 * through a socket of this one.
 */
#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netlink/msg.h>

#include "bad_values.h"
#include "requests.h"

#define NOBODY 65534

static bool counting;
static int number, failed;

static void report(bool good, const char *name, const char *what, const char *detail)
{
	number++;
	if (counting)
		return;
	failed += !good;
	printf("%s %d %s: %s\n", good ? "ok" : "not ok", number, name, what);
	if (!good)
		printf("# %s\n", detail);
	fflush(stdout);
}

/**
 * refused() - send what is bad: refused, with a sentence, and nothing is changed
 * @bad: the request
 * @what: is wrong with it
 */
void refused(const struct request *bad, const char *what)
{
	static struct snapshot before, after;
	struct answer answer;
	char detail[512];
	bool same;

	if (counting) {
		report(true, bad->name, what, "");
		return;
	}
	refusal_snapshot(&before, true);
	answer = refusal_send(bad, NULL);
	same = refusal_snapshot(&after, true) && before.length == after.length &&
	       !memcmp(before.bytes, after.bytes, before.length);
	snprintf(detail, sizeof(detail), "%s, sentence `%s', state %s", strerror(-answer.error),
		 answer.sentence, same ? "unchanged" : "changed");
	report(answer.error < 0 && *answer.sentence && same, bad->name, what, detail);
}

static void spoil(const struct request *good, size_t at, uint16_t length, uint16_t type,
		  const char *how)
{
	struct request bad = *good;
	char what[64];

	/* Bytes beyond the value, of which none ends it, in the place of its NUL. */
	if (length > good->part[at].length)
		memset(bad.part[at].data + (size_t)(good->part[at].length ?
						    good->part[at].length - 1 : 0),
		       'a', length);
	bad.part[at].length = length;
	bad.part[at].type = type;
	snprintf(what, sizeof(what), "attribute %u %s", good->part[at].type, how);
	refused(&bad, what);
}

static void leave_out(const struct request *good, size_t at)
{
	struct request bad = *good;
	char what[64];

	memmove(&bad.part[at], &bad.part[at + 1],
		(bad.count - at - 1) * sizeof(bad.part[0]));
	bad.count--;
	snprintf(what, sizeof(what), "attribute %u is missing", good->part[at].type);
	refused(&bad, what);
}

static bool is_text_or_bytes(uint16_t type)
{
	return type == KNOCK_A_DOOR_NAME || type == KNOCK_A_KEY_NAME ||
	       type == KNOCK_A_KEY_SECRET;
}

static void spoil_each_part(const struct request *good)
{
	size_t i;

	for (i = 0; i < good->count; i++) {
		const struct part *part = &good->part[i];
		uint16_t less = is_text_or_bytes(part->type) ? 0 : (uint16_t)(part->length - 1);
		uint16_t more = is_text_or_bytes(part->type) ? 300 : (uint16_t)(part->length + 1);

		if (part->required)
			leave_out(good, i);
		if (part->length)
			spoil(good, i, less, part->type, "is too short");
		spoil(good, i, more, part->type, "is too long");
		spoil(good, i, part->length, part->type | NLA_F_NESTED, "claims to be a nest");
	}
}

static void spoil_whole(const struct request *good)
{
	struct request bad = *good;

	request_add_u32(&bad, KNOCK_A_MAX + 1, 1);
	refused(&bad, "with an unknown attribute");
	bad = *good;
	request_add_text(&bad, KNOCK_A_STATE_VERSION, "1", false);
	refused(&bad, "with an attribute of a reply");
	bad = *good;
	request_add(&bad, KNOCK_A_REASON | NLA_F_NESTED, "\4\0\1\0", 4, false);
	refused(&bad, "with a nest");
	bad = *good;
	bad.tail = 3;
	refused(&bad, "with bytes after the last attribute");
}

static void accepted(const struct request *good)
{
	struct answer answer = { 0 };

	if (!counting)
		answer = refusal_send(good, NULL);
	report(!answer.error, good->name, "is done when nothing is wrong with it",
	       *answer.sentence ? answer.sentence : strerror(-answer.error));
}

static void run_bad(void)
{
	static struct request good[REQUESTS_MAX];
	size_t n = requests_good(good), i;

	for (i = 0; i < n; i++) {
		spoil_each_part(&good[i]);
		spoil_whole(&good[i]);
		bad_values(&good[i]);
	}
	/* So what was refused above was refused for what was wrong with it. */
	for (i = 0; i < n; i++)
		accepted(&good[i]);
}

static void run_unprivileged(void)
{
	static struct request good[REQUESTS_MAX];
	size_t n = requests_good(good), i;
	struct answer answer = { .error = -EPERM };
	int error = -EPERM;

	for (i = 0; i < n; i++) {
		if (!counting)
			answer = refusal_send(&good[i], NULL);
		report(answer.error == -EPERM, good[i].name, "is not permitted",
		       strerror(-answer.error));
	}
	if (!counting)
		error = refusal_join_events();
	report(error == -EPERM, "events", "are not permitted", strerror(-error));
}

static bool give_up_privileges(void)
{
	return !setgroups(0, NULL) && !setresgid(NOBODY, NOBODY, NOBODY) &&
	       !setresuid(NOBODY, NOBODY, NOBODY);
}

static bool begin(bool unprivileged, bool foreign)
{
	if (!refusal_connect())
		return false;
	if (!unprivileged)
		return requests_set_up();
	return give_up_privileges() && (!foreign || !unshare(CLONE_NEWUSER | CLONE_NEWNET));
}

int main(int argc, char **argv)
{
	bool foreign = argc == 2 && !strcmp(argv[1], "--foreign");
	bool unprivileged = foreign || (argc == 2 && !strcmp(argv[1], "--unprivileged"));
	void (*run)(void) = unprivileged ? run_unprivileged : run_bad;

	if (argc > 1 && !unprivileged) {
		fputs("usage: nlbad [--unprivileged|--foreign]\n", stderr);
		return 2;
	}
	puts("KTAP version 1");
	if (!begin(unprivileged, foreign)) {
		puts("Bail out! needs xt_knock loaded, root, and no door named `door'");
		return 1;
	}
	counting = true;
	run();
	printf("1..%d\n", number);
	counting = false;
	number = 0;
	run();
	return failed > 0;
}
