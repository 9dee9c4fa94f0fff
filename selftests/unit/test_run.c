// SPDX-License-Identifier: GPL-2.0
/* Real processes, and what is logged of them to stderr. */
#include "check.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run.h"

static struct settings settings;
static struct door_settings *door;
static struct job job;
static int log_file;

static int begin(void **state)
{
	char path[] = "/tmp/test-run-XXXXXX";

	(void)state;
	/* The lines go to stderr, not to the journal alone. */
	unsetenv("JOURNAL_STREAM");
	settings_init(&settings);
	door = settings_add(&settings, "ssh");
	job = (struct job){ .door = door, .grant = 7, .state = JOB_RUNS, .since = 1000,
			    .subject = { "10.0.0.2", "ssh", "alice" } };
	log_file = mkstemp(path);
	assert_true(log_file >= 0);
	return unlink(path);
}

static int end(void **state)
{
	(void)state;
	settings_wipe(&settings);
	return close(log_file);
}

/* To its end, or until @signal was sent once it said something. Return: what was logged. */
static const char *run(const char *command, int signal)
{
	static char text[1 << 18];
	char why[WORDS_WHY_SIZE];
	struct run run = { .output = -1 };
	int error = dup(STDERR_FILENO), little = 1;
	ssize_t length;

	assert_true(words_split(&door->command[ON_OPENED], command, why));
	assert_true(dup2(log_file, STDERR_FILENO) >= 0);
	if (run_start(&run, &job) == RUN_BEGAN) {
		while (!run_ended(&run, 3000)) {
			struct pollfd entry = { .fd = run.output, .events = POLLIN };

			poll(&entry, 1, 10);
			if (run.output >= 0 && entry.revents)
				little = run_read(&run);
			if (!little || (signal && run.lines.told))
				run_signal(&run, little ? signal : SIGTERM);
		}
	}
	dup2(error, STDERR_FILENO);
	close(error);
	length = pread(log_file, text, sizeof(text) - 1, 0);
	assert_true(length >= 0);
	text[length] = '\0';
	return text;
}

#define HEAD "tumblerd: command of door ssh for 10.0.0.2: "

static void test_words(void **state)
{
	static const char command[] =
		"/usr/bin/printf '<%s>' a 'b  c' %IP% \"%NAME% %KEY%\" ';$(id)'";

	(void)state;
	assert_string_equal(run(command, 0),
			    HEAD "says: <a><b  c><10.0.0.2><ssh alice><;$(id)>\n"
			    HEAD "ended with status 0 after 2000 ms\n");
}

static void test_environment(void **state)
{
	const char *said;

	(void)state;
	setenv("LD_PRELOAD", "", 1);
	setenv("EVIL", "evil", 1);
	said = run("/usr/bin/env", 0);
	assert_non_null(strstr(said, "says: KNOCK_IP=10.0.0.2\n"));
	assert_non_null(strstr(said, "says: KNOCK_NAME=ssh\n"));
	assert_non_null(strstr(said, "says: KNOCK_KEY=alice\n"));
	assert_non_null(strstr(said, "says: KNOCK_MOMENT=opened\n"));
	assert_non_null(strstr(said, "says: PATH="));
	assert_null(strstr(said, "EVIL"));
	assert_null(strstr(said, "LD_PRELOAD"));
	unsetenv("LD_PRELOAD");
}

static void test_status(void **state)
{
	(void)state;
	assert_string_equal(run("/bin/sh -c 'echo out; echo err >&2; exit 3'", 0),
			    HEAD "says: out\n" HEAD "says: err\n"
			    HEAD "ended with status 3 after 2000 ms\n");
}

static void test_missing(void **state)
{
	(void)state;
	assert_string_equal(run("/no/such/program", 0),
			    HEAD "cannot be started: No such file or directory\n");
}

/* That may be otherwise later, and is told from what will not. */
static void test_no_room(void **state)
{
	struct rlimit limit, none;
	struct run run = { .output = -1 };
	enum run_began began;
	char why[WORDS_WHY_SIZE];

	(void)state;
	assert_true(words_split(&door->command[ON_OPENED], "/bin/true", why));
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	began = run_start(&run, &job);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(began, RUN_NO_ROOM);
	assert_null(run.job);
	words_free(&door->command[ON_OPENED]);
	assert_true(words_split(&door->command[ON_OPENED], "/nowhere/at/all", why));
	assert_int_equal(run_start(&run, &job), RUN_CANNOT);
	assert_null(run.job);
}

static void test_signals(void **state)
{
	(void)state;
	/* What blocks or ignores signals here is not handed on. */
	assert_true(signal(SIGTERM, SIG_IGN) != SIG_ERR);
	job.state = JOB_ASKED;
	assert_string_equal(run("/bin/sh -c 'echo x; exec sleep 1000'", SIGTERM),
			    HEAD "says: x\n" HEAD
			    "ended by signal 15 after 2000 ms, its time was over\n");
	signal(SIGTERM, SIG_DFL);
}

/* Its new parent may not have waited for it yet. */
static bool has_ended(int pid)
{
	char path[64], status[512] = "";
	FILE *file;

	if (kill(pid, 0))
		return true;
	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "r");
	if (!file)
		return true;
	assert_non_null(fgets(status, sizeof(status), file));
	fclose(file);
	return strstr(status, ") Z ");
}

/* What is left behind keeps no one waiting, and is not left for long. */
static void test_group(void **state)
{
	const char *said;
	int pid;

	(void)state;
	said = run("/bin/sh -c 'sleep 1000 & echo $!'", 0);
	pid = atoi(said + strlen(HEAD "says: "));
	assert_true(pid > 1);
	assert_non_null(strstr(said, "ended with status 0"));
	while (!has_ended(pid))
		usleep(1000);
}

/* Killed, it leaves no command that nobody would end. */
static void test_killed(void **state)
{
	char why[USER_WHY_SIZE];
	int pair[2], tries;
	struct run run;
	pid_t pid = 0, parent;

	(void)state;
	/* To become another user undoes what has to hold. */
	if (!geteuid())
		assert_true(user_find(&door->user, "nobody", why));
	assert_true(words_split(&door->command[ON_OPENED], "/bin/sleep 1000", why));
	assert_int_equal(pipe(pair), 0);
	parent = fork();
	if (!parent) {
		if (run_start(&run, &job) == RUN_BEGAN &&
		    write(pair[1], &run.pid, sizeof(run.pid)) == sizeof(run.pid))
			raise(SIGKILL);
		_exit(1);
	}
	assert_int_equal(read(pair[0], &pid, sizeof(pid)), sizeof(pid));
	assert_int_equal(waitpid(parent, NULL, 0), parent);
	for (tries = 0; tries < 3000 && !has_ended(pid); tries++)
		usleep(1000);
	assert_true(has_ended(pid));
	close(pair[0]);
	close(pair[1]);
}

static void test_flood(void **state)
{
	const char *said, *at;
	int lines = 0;

	(void)state;
	said = run("/usr/bin/yes x", 0);
	for (at = said; (at = strstr(at, "says: x\n")); at++)
		lines++;
	assert_int_equal(lines, LINES_MAX);
	assert_non_null(strstr(said, "ended by signal"));
}

static void test_user(void **state)
{
	char why[USER_WHY_SIZE];

	(void)state;
	if (geteuid()) {
		skip();
		return;
	}
	assert_true(user_find(&door->user, "nobody", why));
	assert_true(user_can_be(&door->user));
	assert_string_equal(run("/bin/sh -c 'echo $(id -u) $(id -G)'", 0),
			    HEAD "says: 65534 65534\n" HEAD "ended with status 0 after 2000 ms\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_words, begin, end),
		cmocka_unit_test_setup_teardown(test_environment, begin, end),
		cmocka_unit_test_setup_teardown(test_status, begin, end),
		cmocka_unit_test_setup_teardown(test_missing, begin, end),
		cmocka_unit_test_setup_teardown(test_no_room, begin, end),
		cmocka_unit_test_setup_teardown(test_signals, begin, end),
		cmocka_unit_test_setup_teardown(test_group, begin, end),
		cmocka_unit_test_setup_teardown(test_killed, begin, end),
		cmocka_unit_test_setup_teardown(test_flood, begin, end),
		cmocka_unit_test_setup_teardown(test_user, begin, end),
	};

	return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
