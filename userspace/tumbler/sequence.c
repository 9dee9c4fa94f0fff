// SPDX-License-Identifier: GPL-2.0
/* Knocking by series of ports: what is sent when, and until when. */
#include <errno.h>
#include <stdio.h>

#include "complain.h"
#include "send.h"
#include "sequence.h"
#include "steps.h"
#include "wait.h"

/* Long enough for a server that is just being started. */
#define ANSWER_MS 200000
#define CONNECT_MS 1000
#define EVERY_MS 5000

/**
 * sequence_print() - print the ports that would be knocked next
 * @targets: where
 * @errand: with what
 *
 * Return: whether they are printed; if not it is said why.
 */
bool sequence_print(const struct target_list *targets, const struct errand *errand)
{
	char text[KNOCK_SEQUENCE_TEXT_SIZE];

	(void)targets;
	knock_sequence_format(text, &errand->ports->ports);
	puts(text);
	return !fflush(stdout);
}

/**
 * sequence_knock() - knock once
 * @targets: where; one after another, each on its own
 * @errand: with what
 *
 * Return: whether it was sent at least to one; if not it is said why.
 */
bool sequence_knock(const struct target_list *targets, const struct errand *errand)
{
	bool sent = false;
	int error = 0;
	size_t i;

	for (i = 0; i < targets->count; i++) {
		if (steps_send(&targets->target[i], &errand->ports->ports,
			       errand->options->delay_ms))
			sent = true;
		else
			error = errno;
	}
	if (!sent)
		send_complain(error);
	return sent;
}

/**
 * sequence_until_answer() - knock until a TCP port of the host answers
 * @targets: where
 * @errand: with what
 *
 * Return: whether it answered; if not it is said why.
 */
bool sequence_until_answer(const struct target_list *targets, const struct errand *errand)
{
	const struct options *options = errand->options;
	u64 end = wait_uptime_ms() + ANSWER_MS, again = 0;

	do {
		if (wait_uptime_ms() >= again) {
			again = wait_uptime_ms() + EVERY_MS;
			if (!sequence_knock(targets, errand))
				return false;
		}
		if (wait_port_answers(targets, options->wait_port, CONNECT_MS))
			return true;
	} while (wait_uptime_ms() < end);
	complain("TCP port %u of %.200s did not answer in %d s; check the ports and their order, and whether what is in between lets them pass, --delay if it puts them in another order",
		 options->wait_port, options->url.host, ANSWER_MS / 1000);
	return false;
}
