// SPDX-License-Identifier: GPL-2.0
/* That nobody runs the commands is said once, and not while somebody is only starting. */
#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "complain.h"
#include "others.h"

#define TEMPLATE "/tmp/test_others.XXXXXX"

static char state[sizeof(TEMPLATE)];
static struct settings settings;

/* How often it says so in as many looks. */
static int said(struct others *others, int looks)
{
	int pair[2], before = dup(STDERR_FILENO), times = 0;
	char text[4096], *at = text;
	ssize_t got;

	assert_int_equal(pipe2(pair, O_NONBLOCK), 0);
	dup2(pair[1], STDERR_FILENO);
	while (looks-- > 0)
		others_look(others, &settings);
	dup2(before, STDERR_FILENO);
	got = read(pair[0], text, sizeof(text) - 1);
	text[got > 0 ? got : 0] = '\0';
	close(pair[0]);
	close(pair[1]);
	close(before);
	while ((at = strstr(at, "nobody runs them"))) {
		times++;
		at++;
	}
	return times;
}

static void test_nobody(void **data)
{
	struct others others = { .state = state };

	(void)data;
	settings.others_commands = false;
	assert_int_equal(said(&others, 10), 0);
	settings.others_commands = true;
	assert_int_equal(said(&others, 2), 0);
	assert_int_equal(said(&others, 1), 1);
	assert_int_equal(said(&others, 10), 0);
}

/* While one is there nothing is said; when it has gone, it is once more. */
static void test_somebody(void **data)
{
	struct others others = { .state = state };
	char why[PRESENCE_WHY_SIZE], order;
	int ready[2], orders[2];
	bool first;
	pid_t child;

	(void)data;
	settings.others_commands = true;
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(orders), 0);
	child = fork();
	if (!child) {
		close(orders[1]);
		if (!presence_take(state, ROLE_COMMANDS, &first, why) ||
		    write(ready[1], "y", 1) != 1)
			_exit(1);
		_exit(read(orders[0], &order, 1) > 0);
	}
	assert_int_equal(read(ready[0], &order, 1), 1);
	assert_int_equal(said(&others, 10), 0);
	close(orders[1]);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(said(&others, 10), 1);
}

static int begin(void **data)
{
	(void)data;
	strcpy(state, TEMPLATE);
	return mkdtemp(state) ? 0 : -1;
}

static int end(void **data)
{
	char command[64];

	(void)data;
	snprintf(command, sizeof(command), "rm -rf '%s'", state);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_somebody),
	};

	complain_as("tumblerd");
	return cmocka_run_group_tests_name("others", tests, begin, end);
}
