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
static void be_there(int ready, int orders)
{
	char why[PRESENCE_WHY_SIZE], order;
	bool first, good = presence_take(state, &first, why);

	if (good && !fork()) {
		/* Until the test closes its end. */
		while (read(orders, &order, 1) > 0)
			;
		_exit(0);
	}
	if (write(ready, good && first ? "y" : "n", 1) != 1)
		_exit(1);
	pause();
	_exit(0);
}

static void test_life(void **data)
{
	int ready[2], orders[2];
	char why[PRESENCE_WHY_SIZE], answer = 0;
	struct stat status;
	pid_t child;
	bool first;

	(void)data;
	assert_int_equal(presence_find(state), PRESENCE_NONE);
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(orders), 0);
	child = fork();
	if (!child) {
		close(orders[1]);
		be_there(ready[1], orders[0]);
	}
	assert_int_equal(read(ready[0], &answer, 1), 1);
	assert_int_equal(answer, 'y');
	assert_int_equal(stat(state, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0700);
	assert_int_equal(presence_find(state), PRESENCE_HERE);
	/* To look ends nothing. */
	assert_int_equal(presence_find(state), PRESENCE_HERE);
	assert_false(presence_take(state, &first, why));
	assert_int_equal(errno, EAGAIN);
	assert_non_null(strstr(why, "another tumblerd"));
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_int_equal(presence_find(state), PRESENCE_NONE);
	assert_true(presence_take(state, &first, why));
	assert_true(first);
	close(orders[1]);
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
	assert_int_equal(presence_find(path), PRESENCE_UNKNOWN);
	assert_false(presence_take(path, &first, why));
	assert_int_not_equal(errno, EAGAIN);
	assert_non_null(strstr(why, "cannot be locked"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_life),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests_name("presence", tests, make_directory, remove_directory);
}
