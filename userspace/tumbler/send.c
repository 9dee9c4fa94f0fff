// SPDX-License-Identifier: GPL-2.0
/* Sending. Nothing ever answers a knock, so a lost one has to be made up for. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "complain.h"
#include "send.h"

#define COPIES 3
#define PAUSE_NS 200000000L

static void pause_between_copies(void)
{
	struct timespec left = { .tv_nsec = PAUSE_NS };

	while (nanosleep(&left, &left) && errno == EINTR)
		;
}

/*
 * A connected socket reports the ICMP error that an earlier copy met in place
 * of sending; closed doors may well answer so, and the next send() goes through.
 */
static bool send_copy(const struct knock *knock)
{
	int tries = 3;
	ssize_t sent;

	do {
		sent = send(knock->target->descriptor, knock->bytes, knock->length, 0);
	} while (sent < 0 && --tries &&
		 (errno == ECONNREFUSED || errno == EHOSTUNREACH || errno == ENETUNREACH ||
		  errno == EPROTO || errno == EINTR));
	return sent == (ssize_t)knock->length;
}

/* Nothing has left this host, and @error is why. */
void send_complain(int error)
{
	complain("the knock could not be sent: %s; check this host's own firewall and network",
		 strerror(error));
}

/**
 * send_copies() - send each datagram three times, 200 ms apart
 * @knocks: to different addresses; it is noted which were sent
 * @count: how many
 *
 * A server takes the first copy that arrives and ignores the others.
 *
 * Return: whether at least one datagram left this host; if not it is said why
 */
bool send_copies(struct knock *knocks, size_t count)
{
	bool sent = false;
	int error = 0;
	int copy;
	size_t i;

	for (i = 0; i < count; i++)
		knocks[i].sent = false;
	for (copy = 0; copy < COPIES; copy++) {
		if (copy)
			pause_between_copies();
		for (i = 0; i < count; i++) {
			if (send_copy(&knocks[i]))
				knocks[i].sent = true;
			else
				error = errno;
			sent |= knocks[i].sent;
		}
	}
	if (!sent)
		send_complain(error);
	return sent;
}
