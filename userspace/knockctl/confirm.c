// SPDX-License-Identifier: GPL-2.0
/* Waiting for a `yes' from whoever may just have locked himself out. */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "confirm.h"

static const int ending[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

static void ending_set(sigset_t *set)
{
	size_t i;

	sigemptyset(set);
	for (i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
		sigaddset(set, ending[i]);
}

/**
 * confirm_hold_signals() - let no signal end the program between two steps
 * @before: what was blocked, for sigprocmask()
 *
 * Nor stop it: who waits for a stopped program waits for ever. What is printed to
 * nobody is no reason to end, either.
 */
void confirm_hold_signals(sigset_t *before)
{
	sigset_t set;

	ending_set(&set);
	sigprocmask(SIG_BLOCK, &set, before);
	signal(SIGTSTP, SIG_IGN);
	signal(SIGTTIN, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
}

/* Return: a descriptor that can be read after so long, asleep or not. */
static int timer(uint32_t seconds)
{
	const struct itimerspec end = { .it_value.tv_sec = seconds };
	int descriptor = timerfd_create(CLOCK_BOOTTIME, TFD_CLOEXEC);

	if (descriptor >= 0)
		timerfd_settime(descriptor, 0, &end, NULL);
	return descriptor;
}

/* More of the answer. Return: 1 for yes, 0 for not yet, -1 for hang-up. */
static int read_answer(char *line, size_t size, size_t *used)
{
	ssize_t got = read(STDIN_FILENO, line + *used, size - *used - 1);
	char *end;

	if (got < 0 && errno == EINTR)
		return 0;
	if (got <= 0)
		return -1;
	*used += (size_t)got;
	line[*used] = '\0';
	while ((end = strchr(line, '\n'))) {
		*end = '\0';
		if (!strcmp(line, "yes"))
			return 1;
		*used -= (size_t)(end + 1 - line);
		memmove(line, end + 1, *used + 1);
	}
	/* Nobody's answer is as long. */
	if (*used == size - 1)
		*used = 0;
	return 0;
}

static bool wait_on(struct pollfd *poll_fds, char why[CONFIRM_WHY_SIZE])
{
	struct signalfd_siginfo signal;
	char line[64];
	size_t used = 0;
	int answer = 0;

	while (!answer) {
		if (poll(poll_fds, 3, -1) < 0 && errno != EINTR) {
			snprintf(why, CONFIRM_WHY_SIZE, "an answer cannot be waited for: %m");
			return false;
		}
		if (poll_fds[1].revents) {
			snprintf(why, CONFIRM_WHY_SIZE, "nobody confirmed it in time");
			return false;
		}
		if (poll_fds[2].revents) {
			/* It has had its effect. */
			(void)!read(poll_fds[2].fd, &signal, sizeof(signal));
			snprintf(why, CONFIRM_WHY_SIZE, "a signal came instead of a yes");
			return false;
		}
		if (poll_fds[0].revents)
			answer = read_answer(line, sizeof(line), &used);
	}
	if (answer < 0)
		snprintf(why, CONFIRM_WHY_SIZE, "the input ended without a yes");
	return answer > 0;
}

/**
 * confirm_wait() - wait for the line `yes' on standard input
 * @seconds: how long at most
 * @why: what came instead
 *
 * Context: after confirm_hold_signals().
 * Return: true if it came.
 */
bool confirm_wait(uint32_t seconds, char why[CONFIRM_WHY_SIZE])
{
	struct pollfd poll_fds[3] = { { .fd = STDIN_FILENO, .events = POLLIN } };
	bool good = false;
	sigset_t set;
	size_t i;

	ending_set(&set);
	poll_fds[1] = (struct pollfd){ .fd = timer(seconds), .events = POLLIN };
	poll_fds[2] = (struct pollfd){ .fd = signalfd(-1, &set, SFD_CLOEXEC), .events = POLLIN };
	if (poll_fds[1].fd < 0 || poll_fds[2].fd < 0)
		snprintf(why, CONFIRM_WHY_SIZE, "an answer cannot be waited for: %m");
	else
		good = wait_on(poll_fds, why);
	for (i = 1; i < 3; i++)
		if (poll_fds[i].fd >= 0)
			close(poll_fds[i].fd);
	return good;
}
