// SPDX-License-Identifier: GPL-2.0
/* tumblerd is there as long as its process is, and no file that it left says otherwise. */
#include "check.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "presence.h"

#define TEMPLATE "/tmp/test_presence.XXXXXX"

static char directory[sizeof(TEMPLATE)];
static char state[sizeof(TEMPLATE) + 8];

static int make_directory(void **data)
{
	(void)data;
	strcpy(directory, TEMPLATE);
	if (!mkdtemp(directory))
		return -1;
	snprintf(state, sizeof(state), "%s/state", directory);
	return 0;
}

static int remove_directory(void **data)
{
	char command[64];

	(void)data;
	snprintf(command, sizeof(command), "rm -rf '%s'", directory);
	return system(command);
}

/* A process that holds it, with a child that outlives it and holds nothing. */
static void be_there(enum presence_role roles, int ready, int orders)
{
	char why[PRESENCE_WHY_SIZE], order;
	bool first, good = presence_take(state, roles, &first, why);

	if (good && !fork()) {
		/* Until the test closes its end. */
		while (read(orders, &order, 1) > 0)
			;
		_exit(0);
	}
	if (write(ready, good && first == !!(roles & ROLE_COMMANDS) ? "y" : "n", 1) != 1)
		_exit(1);
	pause();
	_exit(0);
}

static int orders[2];

/* Return: a process that is there; to be killed. */
static pid_t start(enum presence_role roles)
{
	char answer = 0;
	int ready[2];
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(orders), 0);
	child = fork();
	if (!child) {
		close(orders[1]);
		be_there(roles, ready[1], orders[0]);
	}
	assert_int_equal(read(ready[0], &answer, 1), 1);
	assert_int_equal(answer, 'y');
	close(ready[0]);
	close(ready[1]);
	close(orders[0]);
	return child;
}

static void end(pid_t child)
{
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
}

static void test_life(void **data)
{
	char why[PRESENCE_WHY_SIZE];
	struct stat status;
	pid_t child;
	bool first;

	(void)data;
	assert_int_equal(presence_find(state, ROLE_AGENT), PRESENCE_NONE);
	child = start(ROLE_BOTH);
	assert_int_equal(stat(state, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0700);
	assert_int_equal(presence_find(state, ROLE_AGENT), PRESENCE_HERE);
	/* To look ends nothing. */
	assert_int_equal(presence_find(state, ROLE_AGENT), PRESENCE_HERE);
	assert_int_equal(presence_find(state, ROLE_COMMANDS), PRESENCE_HERE);
	assert_false(presence_take(state, ROLE_BOTH, &first, why));
	assert_int_equal(errno, EAGAIN);
	assert_non_null(strstr(why, "another tumblerd runs for"));
	assert_false(presence_take(state, ROLE_COMMANDS, &first, why));
	assert_int_equal(errno, EAGAIN);
	assert_non_null(strstr(why, "another tumblerd runs commands"));
	end(child);
	assert_int_equal(presence_find(state, ROLE_AGENT), PRESENCE_NONE);
	assert_int_equal(presence_find(state, ROLE_COMMANDS), PRESENCE_NONE);
	close(orders[1]);
}

/* In a process of its own, since what is taken stays so as long as that lives. */
static void take(enum presence_role roles, bool taken, bool first)
{
	char why[PRESENCE_WHY_SIZE];
	pid_t child = fork();
	int status = 1;
	bool its;

	if (!child)
		_exit(presence_take(state, roles, &its, why) != taken || its != first);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* What one does not do another may; two that do the same may not be. */
static void test_roles(void **data)
{
	pid_t agent, commands;

	(void)data;
	agent = start(ROLE_AGENT);
	assert_int_equal(presence_find(state, ROLE_COMMANDS), PRESENCE_NONE);
	take(ROLE_BOTH, false, false);
	take(ROLE_AGENT, false, false);
	take(ROLE_COMMANDS, true, true);
	commands = start(ROLE_COMMANDS);
	take(ROLE_COMMANDS, false, false);
	end(agent);
	close(orders[1]);
	assert_int_equal(presence_find(state, ROLE_AGENT), PRESENCE_NONE);
	assert_int_equal(presence_find(state, ROLE_COMMANDS), PRESENCE_HERE);
	take(ROLE_BOTH, false, false);
	take(ROLE_AGENT, true, false);
	end(commands);
	take(ROLE_BOTH, true, true);
}

/* Who cannot be both is neither, though it lives on. */
static void test_half(void **data)
{
	char why[PRESENCE_WHY_SIZE];
	pid_t commands;
	bool first;

	(void)data;
	commands = start(ROLE_COMMANDS);
	assert_false(presence_take(state, ROLE_BOTH, &first, why));
	assert_non_null(strstr(why, "--no-commands"));
	take(ROLE_AGENT, true, false);
	end(commands);
}

/* Who cannot look does not say that nobody is there. */
static void test_unknown(void **data)
{
	char why[PRESENCE_WHY_SIZE], path[sizeof(state) + 16];
	bool first;

	(void)data;
	snprintf(path, sizeof(path), "%s/deeper", state);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/deeper/tumblerd", state);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/deeper", state);
	assert_int_equal(presence_find(path, ROLE_AGENT), PRESENCE_UNKNOWN);
	assert_false(presence_take(path, ROLE_BOTH, &first, why));
	assert_int_not_equal(errno, EAGAIN);
	assert_non_null(strstr(why, "cannot be locked"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_life),
		cmocka_unit_test(test_roles),
		cmocka_unit_test(test_half),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests_name("presence", tests, make_directory, remove_directory);
}
