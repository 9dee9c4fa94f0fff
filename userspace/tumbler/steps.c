// SPDX-License-Identifier: GPL-2.0
/*
 * The steps of a series of ports, by nothing but what every user may do. A connection
 * that is begun, and given up before anybody answers, is a SYN and nothing else: its
 * socket is closed before the SYN would be sent again.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "steps.h"
#include "wait.h"

/* What a closed port has made of it is no matter of ours. */
static bool has_left(int result)
{
	return !result || errno == EINPROGRESS || errno == EINTR || errno == ECONNREFUSED;
}

static bool send_step(const struct target *target, const struct knock_step *step)
{
	bool datagram = step->protocol == KNOCK_STEP_UDP;
	struct sockaddr_storage to = target_at(target, step->port);
	bool sent;
	int descriptor, error;

	descriptor = socket(to.ss_family, datagram ? SOCK_DGRAM : SOCK_STREAM, 0);
	if (descriptor < 0)
		return false;
	sent = !fcntl(descriptor, F_SETFL, O_NONBLOCK) &&
	       has_left(connect(descriptor, (struct sockaddr *)&to, target->socket_address_len));
	if (sent && datagram)
		sent = send(descriptor, "", 1, 0) == 1;
	error = errno;
	close(descriptor);
	errno = error;
	return sent;
}

/**
 * steps_send() - knock a series of ports
 * @target: where
 * @sequence: the ports in their order
 * @delay_ms: time between two of them, that they stay in their order on the way
 *
 * Return: true; false with errno if a step did not leave this host, nor those behind it.
 */
bool steps_send(const struct target *target, const struct knock_sequence *sequence,
		u32 delay_ms)
{
	u64 next = wait_uptime_ms();
	int i;

	for (i = 0; i < sequence->count; i++) {
		wait_until_uptime(next);
		next = wait_uptime_ms() + delay_ms;
		if (!send_step(target, &sequence->steps[i]))
			return false;
	}
	return true;
}
