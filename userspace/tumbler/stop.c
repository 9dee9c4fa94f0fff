// SPDX-License-Identifier: GPL-2.0
/*
 * Signals that end tumbler where something is left to be done then: ssh ends its ProxyCommand
 * so, and the door is closed all the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stop.h"

/* Whether one has come, what can be read then, and the connection that it cuts. */
static volatile sig_atomic_t asked;
static int told[2] = { -1, -1 };
static volatile sig_atomic_t cuttable = -1;

static void stop(int number)
{
	int error = errno;

	(void)number;
	asked = 1;
	/* It is full when it was told often enough. */
	(void)!write(told[1], "", 1);
	if (cuttable >= 0)
		shutdown(cuttable, SHUT_RDWR);
	errno = error;
}

/**
 * stop_catch() - from now on signals are only noted
 *
 * Return: true; false with errno.
 */
bool stop_catch(void)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM };
	struct sigaction action = { .sa_handler = stop };
	size_t i;

	if (pipe(told) || fcntl(told[1], F_SETFL, O_NONBLOCK))
		return false;
	for (i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (sigaction(signals[i], &action, NULL))
			return false;
	return signal(SIGPIPE, SIG_IGN) != SIG_ERR;
}

/**
 * stop_cuts() - have a signal cut a connection, so that nothing waits for it any more
 * @connection: of a socket; -1 for none, before it is closed
 */
void stop_cuts(int connection)
{
	cuttable = connection;
	/* It may have come before. */
	if (asked && connection >= 0)
		shutdown(connection, SHUT_RDWR);
}

/* Whether a signal has come. */
bool stop_asked(void)
{
	return asked;
}

/* Return: a descriptor that can be read when one has; -1 if they are not caught. */
int stop_descriptor(void)
{
	return told[0];
}
