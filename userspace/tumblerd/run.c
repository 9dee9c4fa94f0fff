// SPDX-License-Identifier: GPL-2.0
/* Commands as processes: started without a shell, heard, and seen to when they end. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "journal.h"
#include "program.h"
#include "run.h"

/* All that a command has as its environment: where programs are, and who it is about. */
#define PATH_TEXT "PATH=" PROGRAM_PATH
#define VARIABLE_SIZE 64
#define VARIABLES 4

/* What is read at once of what a command says. */
#define READ_SIZE 4096

/**
 * struct start - what a child needs to become a command; nothing is allocated there
 * @words: the program and its arguments, filled in
 * @variable: where those that begin with KNOCK_ are
 * @environment: the whole of it
 * @user: who it is run as
 * @parent: this process
 * @output: where it says something
 * @failed: where the child says why it could not become the command
 */
struct start {
	struct words words;
	char variable[VARIABLES][VARIABLE_SIZE];
	char *environment[VARIABLES + 2];
	const struct user *user;
	pid_t parent;
	int output[2];
	int failed[2];
};

/* Signals, descriptors and more as any program expects them. */
static bool settle(const struct start *start)
{
	struct sigaction action = { .sa_handler = SIG_DFL };
	int null, signal;
	sigset_t none;

	for (signal = 1; signal < NSIG; signal++)
		sigaction(signal, &action, NULL);
	sigemptyset(&none);
	null = open("/dev/null", O_RDONLY);
	umask(022);
	return setsid() >= 0 && null >= 0 && dup2(null, STDIN_FILENO) >= 0 &&
	       dup2(start->output[1], STDOUT_FILENO) >= 0 &&
	       dup2(start->output[1], STDERR_FILENO) >= 0 && !chdir("/") &&
	       (null <= STDERR_FILENO || !close(null)) && !sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Who has nobody any more to end it is not begun. To become a user undoes this. */
static bool end_with_parent(const struct start *start)
{
	return !prctl(PR_SET_PDEATHSIG, SIGKILL) && getppid() == start->parent;
}

/* In the child of fork(): all other descriptors were opened to be closed by exec. */
static void become_command(const struct start *start)
{
	ssize_t written;
	int error;

	if (settle(start) && user_become(start->user) && end_with_parent(start))
		execve(start->words.word[0], start->words.word, start->environment);
	error = errno;
	do {
		written = write(start->failed[1], &error, sizeof(error));
	} while (written < 0 && errno == EINTR);
	_exit(127);
}

static void set_variable(struct start *start, int number, const char *name, const char *value)
{
	snprintf(start->variable[number], VARIABLE_SIZE, "KNOCK_%s=%s", name, value);
	start->environment[number + 1] = start->variable[number];
}

static bool prepare(struct start *start, const struct job *job)
{
	memset(start, 0, sizeof(*start));
	start->output[0] = -1;
	start->failed[0] = -1;
	start->user = &job->door->user;
	start->parent = getpid();
	start->environment[0] = (char *)PATH_TEXT;
	set_variable(start, 0, "IP", job->subject.ip);
	set_variable(start, 1, "NAME", job->subject.name);
	set_variable(start, 2, "KEY", job->subject.key);
	set_variable(start, 3, "MOMENT", job->moment == ON_OPENED ? "opened" : "ended");
	return words_fill(&start->words, &job->door->command[job->moment], &job->subject) &&
	       !pipe2(start->output, O_CLOEXEC) && !pipe2(start->failed, O_CLOEXEC) &&
	       fcntl(start->output[0], F_SETFL, O_NONBLOCK) >= 0;
}

/* errno stays. */
static void close_pair(const int pair[2])
{
	int error = errno;

	if (pair[0] >= 0) {
		close(pair[0]);
		close(pair[1]);
	}
	errno = error;
}

/* Waits until the child is the command, or has said why it is not: then errno. */
static bool became(struct start *start, pid_t pid)
{
	ssize_t got;
	int error;

	close(start->failed[1]);
	do {
		got = read(start->failed[0], &error, sizeof(error));
	} while (got < 0 && errno == EINTR);
	close(start->failed[0]);
	if (got != sizeof(error))
		return true;
	waitpid(pid, NULL, 0);
	errno = error;
	return false;
}

static bool start_child(struct run *run, struct start *start)
{
	pid_t pid = fork();

	if (!pid)
		become_command(start);
	if (pid < 0) {
		close_pair(start->failed);
		close_pair(start->output);
		return false;
	}
	close(start->output[1]);
	if (!became(start, pid)) {
		int error = errno;

		close(start->output[0]);
		errno = error;
		return false;
	}
	run->pid = pid;
	run->output = start->output[0];
	return true;
}

static bool is_want_of_room(int error)
{
	return error == EAGAIN || error == ENOMEM || error == EMFILE || error == ENFILE;
}

/**
 * run_start() - start a command
 * @run: one that runs none
 * @job: the command; stays the caller's
 *
 * Return: RUN_BEGAN; else what is the matter, which is logged.
 */
enum run_began run_start(struct run *run, struct job *job)
{
	enum run_began began = RUN_BEGAN;
	struct start start;
	bool started;

	memset(run, 0, sizeof(*run));
	run->output = -1;
	if (prepare(&start, job)) {
		started = start_child(run, &start);
	} else {
		started = false;
		close_pair(start.failed);
		close_pair(start.output);
	}
	if (started) {
		run->job = job;
	} else {
		began = is_want_of_room(errno) ? RUN_NO_ROOM : RUN_CANNOT;
		journal_command(job, LOG_ERR, "cannot be started%s: %m",
				began == RUN_NO_ROOM ? " yet" : "");
	}
	words_free(&start.words);
	return began;
}

static void say(const char *line, void *data)
{
	const struct run *run = data;

	journal_command(run->job, LOG_INFO, "says: %s", line);
}

/**
 * run_read() - hear what a command says
 * @run: that runs one, and has output
 *
 * Return: true; false if it has said too much: nothing more of it is heard.
 */
bool run_read(struct run *run)
{
	char bytes[READ_SIZE];
	bool little = true;
	ssize_t got;

	got = read(run->output, bytes, sizeof(bytes));
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return true;
	if (got > 0)
		little = lines_feed(&run->lines, bytes, (size_t)got, say, run);
	if (got > 0 && little)
		return true;
	lines_end(&run->lines, say, run);
	close(run->output);
	run->output = -1;
	return little;
}

/**
 * run_signal() - send a signal to a command and all it has started
 * @run: that runs one
 * @signal: the signal
 */
void run_signal(const struct run *run, int signal)
{
	kill(-run->pid, signal);
}

static void log_end(const struct run *run, int status, uint64_t now)
{
	const struct job *job = run->job;
	const char *asked = job->state == JOB_RUNS ? "" : ", its time was over";
	unsigned long long ms = now - job->since;

	if (WIFSIGNALED(status))
		journal_command(job, LOG_WARNING, "ended by signal %d after %llu ms%s",
				WTERMSIG(status), ms, asked);
	else
		journal_command(job, WEXITSTATUS(status) ? LOG_WARNING : LOG_INFO,
				"ended with status %d after %llu ms%s", WEXITSTATUS(status), ms,
				asked);
}

/**
 * run_ended() - see to a command that may have ended
 * @run: that runs one; runs none afterwards if it has
 * @now: what time it is, in ms
 *
 * Return: true if it has.
 */
bool run_ended(struct run *run, uint64_t now)
{
	siginfo_t info = { .si_pid = 0 };
	int status = 0;

	if (waitid(P_PID, (id_t)run->pid, &info, WEXITED | WNOHANG | WNOWAIT) || !info.si_pid)
		return false;
	/* While it is not waited for, no other process can have its number. */
	run_signal(run, SIGKILL);
	while (run->output >= 0) {
		struct lines before = run->lines;

		if (!run_read(run) || before.heard == run->lines.heard)
			break;
	}
	if (run->output >= 0) {
		lines_end(&run->lines, say, run);
		close(run->output);
		run->output = -1;
	}
	waitpid(run->pid, &status, 0);
	log_end(run, status, now);
	run->job = NULL;
	return true;
}
