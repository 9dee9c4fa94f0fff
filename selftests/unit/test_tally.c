// SPDX-License-Identifier: GPL-2.0
/* Bans are logged each as long as they are few; all that is counted is said once. */
#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tally.h"

static struct tally tally;

static int begin(void **data)
{
	(void)data;
	memset(&tally, 0, sizeof(tally));
	return 0;
}

static unsigned int passed(unsigned int times, unsigned int kind, unsigned int cause)
{
	const struct event event = { .kind = kind, .cause = cause };
	unsigned int count = 0;

	while (times-- > 0)
		count += tally_passes(&tally, &event);
	return count;
}

/* What it says on standard error now. */
static void said(char text[4096])
{
	int pair[2], before = dup(STDERR_FILENO);
	ssize_t got;

	assert_int_equal(pipe2(pair, O_NONBLOCK), 0);
	dup2(pair[1], STDERR_FILENO);
	tally_say(&tally);
	dup2(before, STDERR_FILENO);
	got = read(pair[0], text, 4095);
	text[got > 0 ? got : 0] = '\0';
	close(pair[0]);
	close(pair[1]);
	close(before);
}

static void test_bans(void **data)
{
	char text[4096];

	(void)data;
	assert_int_equal(passed(5000, KNOCK_EVENT_KIND_BANNED, KNOCK_CAUSE_RULE), 0);
	assert_int_equal(passed(5000, KNOCK_EVENT_KIND_BANNED, KNOCK_CAUSE_KNOCK), TALLY_BANS_EACH);
	assert_int_equal(passed(5000, KNOCK_EVENT_KIND_OPENED, KNOCK_CAUSE_KNOCK), 5000);
	said(text);
	assert_non_null(strstr(text, "9984 addresses were banned"));
	assert_int_equal(passed(1, KNOCK_EVENT_KIND_BANNED, KNOCK_CAUSE_KNOCK), 1);
	assert_int_equal(passed(1, KNOCK_EVENT_KIND_BANNED, KNOCK_CAUSE_RULE), 0);
	said(text);
	assert_non_null(strstr(text, " 1 addresses were banned"));
	assert_ptr_equal(strchr(text, '\n'), text + strlen(text) - 1);
	said(text);
	assert_string_equal(text, "");
}

static void test_each_kind(void **data)
{
	char text[4096];
	int kind, lines = 0;
	char *at;

	(void)data;
	for (kind = 0; kind < TALLY_KINDS; kind++)
		tally.count[kind] = 100 + (uint64_t)kind;
	said(text);
	for (at = text; (at = strchr(at, '\n')); at++)
		lines++;
	assert_int_equal(lines, TALLY_KINDS);
	said(text);
	assert_string_equal(text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_bans, begin),
		cmocka_unit_test_setup(test_each_kind, begin),
	};

	return cmocka_run_group_tests_name("tally", tests, NULL, NULL);
}
