// SPDX-License-Identifier: GPL-2.0
/* Knocking by series of ports: what is sent when, and until when. */
#include <errno.h>
#include <stdio.h>
#include <time.h>

#include "complain.h"
#include "counter.h"
#include "once.h"
#include "ports.h"
#include "send.h"
#include "sequence.h"
#include "steps.h"
#include "stop.h"
#include "wait.h"

/* Long enough for a server that is just being started, and some slots of a minute. */
#define ANSWER_MS 200000
#define CONNECT_MS 1000
#define EVERY_MS 5000

/* A derived key has few sequences at a time: one address of each family gets one. */
static bool is_wanted(const struct target_list *targets, size_t i, const struct errand *errand)
{
	size_t j;

	for (j = 0; j < i && errand->ports->type == PROFILE_DERIVED; j++)
		if (targets->target[j].socket_address.ss_family ==
		    targets->target[i].socket_address.ss_family)
			return false;
	return true;
}

/* Return: whether they are made; if not it is said why. */
static bool make(struct knock_sequence *sequence, const struct target *target,
		 const struct profile *profile, bool is_used)
{
	char why[COUNTER_WHY_SIZE];
	struct knock_fields fields;

	if (profile->type == PROFILE_STATIC) {
		*sequence = profile->ports;
		return true;
	}
	if (is_used ? counter_claim(profile, (u64)time(NULL), &fields, why) :
		      counter_next(profile, (u64)time(NULL), &fields, why))
		return ports_of_derived(sequence, profile, &fields, &target->source);
	complain("%s", why);
	return false;
}

/**
 * sequence_print() - print the ports that would be knocked next, which stay the next
 * @targets: where
 * @errand: with what
 *
 * Return: whether they are printed; if not it is said why.
 */
bool sequence_print(const struct target_list *targets, const struct errand *errand)
{
	char text[KNOCK_SEQUENCE_TEXT_SIZE];
	struct knock_sequence sequence;
	size_t i;

	if (errand->ports->type == PROFILE_ONCE)
		return once_print(targets, errand);
	for (i = 0; i < targets->count; i++) {
		/* A static one is the same everywhere. */
		if (!is_wanted(targets, i, errand) ||
		    (i && errand->ports->type == PROFILE_STATIC))
			continue;
		if (!make(&sequence, &targets->target[i], errand->ports, false))
			return false;
		knock_sequence_format(text, &sequence);
		puts(text);
	}
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
	struct knock_sequence sequence;
	bool sent = false;
	int error = 0;
	size_t i;

	if (errand->ports->type == PROFILE_ONCE)
		return once_knock(targets, errand);
	for (i = 0; i < targets->count; i++) {
		if (!is_wanted(targets, i, errand))
			continue;
		if (!make(&sequence, &targets->target[i], errand->ports, true))
			return false;
		if (steps_send(&targets->target[i], &sequence, errand->options->delay_ms))
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
 * Return: whether it answered; if not it is said why, unless a signal came.
 */
bool sequence_until_answer(const struct target_list *targets, const struct errand *errand)
{
	const struct options *options = errand->options;
	u64 end = wait_uptime_ms() + ANSWER_MS, again = 0;

	if (errand->ports->type == PROFILE_ONCE)
		return once_until_answer(targets, errand);
	do {
		if (wait_uptime_ms() >= again) {
			again = wait_uptime_ms() + EVERY_MS;
			if (!sequence_knock(targets, errand))
				return false;
		}
		if (wait_port_answers(targets, options->wait_port, CONNECT_MS, errand->connection))
			return true;
	} while (wait_uptime_ms() < end && !stop_asked());
	if (stop_asked())
		return false;
	complain("TCP port %u of %.200s did not answer in %d s; check %s, and whether what is in between puts packets into another order (--delay)",
		 options->wait_port, options->url.host, ANSWER_MS / 1000,
		 errand->ports->type == PROFILE_STATIC ? "the ports" :
		 "fingerprint, clock, which address the server sees (--source)");
	return false;
}
