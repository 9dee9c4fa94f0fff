// SPDX-License-Identifier: GPL-2.0
/* Waiting: for a minute to begin, and for a TCP port to answer. */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "stop.h"
#include "wait.h"

#define POLL_MS 200

static u64 now_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (u64)now.tv_sec * 1000 + (u64)now.tv_nsec / 1000000;
}

/**
 * wait_minute_now() - the minute that knocks are made for
 *
 * Return: minutes since the epoch
 */
u32 wait_minute_now(void)
{
	return (u32)(now_ms(CLOCK_REALTIME) / 60000);
}

/**
 * wait_uptime_ms() - a clock that nobody sets
 *
 * Return: milliseconds since some moment
 */
u64 wait_uptime_ms(void)
{
	return now_ms(CLOCK_MONOTONIC);
}

/**
 * wait_until_uptime() - sleep
 * @ms: until wait_uptime_ms() is that
 */
void wait_until_uptime(u64 ms)
{
	u64 now;

	while ((now = wait_uptime_ms()) < ms)
		poll(NULL, 0, (int)(ms - now));
}

/**
 * wait_for_minute() - sleep until a minute has begun
 * @minute: minutes since the epoch
 *
 * In short sleeps, since the clock may be set meanwhile.
 */
void wait_for_minute(u32 minute)
{
	while (wait_minute_now() < minute)
		wait_until_uptime(wait_uptime_ms() + POLL_MS);
}

static int begin_connect(const struct target *target, u16 port)
{
	struct sockaddr_storage to = target_at(target, port);
	int descriptor;

	descriptor = socket(to.ss_family, SOCK_STREAM, 0);
	if (descriptor < 0)
		return -1;
	if (!fcntl(descriptor, F_SETFL, O_NONBLOCK) &&
	    (!connect(descriptor, (struct sockaddr *)&to, target->socket_address_len) ||
	     errno == EINPROGRESS))
		return descriptor;
	close(descriptor);
	return -1;
}

/* Whether a connection attempt that poll() reports ended well. */
static bool is_connected(const struct pollfd *attempt)
{
	socklen_t len = sizeof(int);
	int error = -1;

	return (attempt->revents & POLLOUT) &&
	       !getsockopt(attempt->fd, SOL_SOCKET, SO_ERROR, &error, &len) && !error;
}

/* Looks once; attempts that failed are closed. Return: whether one succeeded. */
static bool look(struct pollfd *attempts, size_t count, int timeout_ms, int *connection)
{
	size_t i;

	if (poll(attempts, (nfds_t)count, timeout_ms) <= 0)
		return false;
	for (i = 0; i < count; i++) {
		if (attempts[i].fd < 0 || !attempts[i].revents)
			continue;
		if (is_connected(&attempts[i])) {
			if (connection) {
				*connection = attempts[i].fd;
				attempts[i].fd = -1;
			}
			return true;
		}
		close(attempts[i].fd);
		attempts[i].fd = -1;
	}
	return false;
}

/**
 * wait_port_answers() - try to connect to a TCP port of the host
 * @targets: the host's addresses; all are tried at once
 * @port: TCP
 * @timeout_ms: how long; all of it is used unless the port answers, or a signal comes
 * @connection: receives the connection; NULL if it is to be closed at once
 *
 * Return: whether a connection came about
 */
bool wait_port_answers(const struct target_list *targets, u16 port, int timeout_ms,
		       int *connection)
{
	u64 end = wait_uptime_ms() + (u64)timeout_ms;
	struct pollfd attempts[TARGETS_MAX];
	bool answers = false;
	u64 now;
	size_t i;

	for (i = 0; i < targets->count; i++) {
		attempts[i].fd = begin_connect(&targets->target[i], port);
		attempts[i].events = POLLOUT;
		attempts[i].revents = 0;
	}
	while (!answers && !stop_asked() && (now = wait_uptime_ms()) < end)
		answers = look(attempts, targets->count, (int)(end - now), connection);
	for (i = 0; i < targets->count; i++)
		if (attempts[i].fd >= 0)
			close(attempts[i].fd);
	return answers;
}
