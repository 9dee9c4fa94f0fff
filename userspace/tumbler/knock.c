// SPDX-License-Identifier: GPL-2.0
/* Knocking: what is sent when, and until when. */
#include <stdio.h>
#include <time.h>

#include "complain.h"
#include "knock.h"
#include "send.h"
#include "state.h"
#include "stop.h"
#include "wait.h"

/* Long enough for a guarded key of the default skew, and a minute to spare. */
#define ANSWER_MS 200000
#define CONNECT_MS 1000
/* Without --wait: three knocks, of which one may be lost, or be somebody else's first. */
#define AGENT_MS 15000
/* Every sealed knock is a new one, so one may follow another. */
#define SEALED_EVERY_MS 5000

static const char too_late[] =
	"this host's clock is past the year 2899, for which there are no knocks; set it";

/* Return: whether the datagram for the knock's target is made; if not it is said why. */
static bool make(struct knock *knock, const struct errand *errand, u32 minute)
{
	const struct options *options = errand->options;
	const struct sealed_order order = {
		.action = options->verb == VERB_CLOSE ? KNOCK_SEALED_CLOSE : KNOCK_SEALED_OPEN,
		.open_for = options->open_for,
		.door = errand->door,
	};

	if (errand->sealed) {
		knock->length = KNOCK_SEALED_LEN;
		if (sealed_make(knock->bytes, &order, &knock->target->source,
				&options->url.secret))
			return true;
		complain("no sealed knock can be made: libcrypto has no random numbers, or no ChaCha20-Poly1305");
		return false;
	}
	knock->length = KNOCK_TUMBLER_TEXT_LEN;
	if (datagram_make((char *)knock->bytes, minute, &knock->target->source,
			  &options->url.secret))
		return true;
	complain("%s", too_late);
	return false;
}

static void print_one(const struct knock *knock, bool sealed)
{
	size_t i;

	for (i = 0; i < knock->length; i++)
		printf(sealed ? "%02x" : "%c", knock->bytes[i]);
	putchar('\n');
}

/**
 * knock_print() - print the datagram of each of our addresses, which it depends on
 * @targets: where it would go
 * @errand: what it would do
 *
 * Return: whether all are printed; if not it is said why.
 */
bool knock_print(const struct target_list *targets, const struct errand *errand)
{
	u32 minute = wait_minute_now();
	struct knock one;
	size_t i, j;

	for (i = 0; i < targets->count; i++) {
		one.target = &targets->target[i];
		for (j = 0; j < i; j++)
			if (knock_address_equal(&targets->target[j].source, &one.target->source))
				break;
		if (j < i)
			continue;
		if (!make(&one, errand, minute))
			return false;
		print_one(&one, errand->sealed);
	}
	return !fflush(stdout);
}

/**
 * enum outcome - what came of knocking once
 * @SENT: on all addresses whose minute was free
 * @USED: no address had its minute free
 * @FAILED: it is said why
 */
enum outcome { SENT, USED, FAILED };

/* Sealed knocks have no minutes: it is always free. */
static bool claim(const struct target *target, const struct errand *errand, u32 minute, u32 *next)
{
	return errand->sealed || state_claim(target, &errand->options->url, minute, next);
}

static void release(const struct target *target, const struct errand *errand, u32 minute)
{
	if (!errand->sealed)
		state_release(target, &errand->options->url, minute);
}

/* Knocks on every address that was not knocked on in this minute. */
static enum outcome knock_once(const struct target_list *targets, const struct errand *errand,
			       u32 *next)
{
	struct knock knocks[TARGETS_MAX];
	u32 minute = wait_minute_now();
	u32 first_free = 0;
	size_t count = 0;
	bool sent;
	size_t i;

	for (i = 0; i < targets->count; i++) {
		struct knock *knock = &knocks[count];
		u32 its_next;

		knock->target = &targets->target[i];
		if (!make(knock, errand, minute))
			return FAILED;
		if (claim(knock->target, errand, minute, &its_next))
			count++;
		else if (!first_free || its_next < first_free)
			first_free = its_next;
	}
	if (!count) {
		*next = first_free;
		return USED;
	}
	*next = minute + 1;
	sent = send_copies(knocks, count);
	for (i = 0; i < count; i++)
		if (!knocks[i].sent)
			release(knocks[i].target, errand, minute);
	return sent ? SENT : FAILED;
}

static void say_next(u32 next, const char *mend)
{
	time_t begin = (time_t)next * 60;
	char text[16];
	struct tm utc;

	gmtime_r(&begin, &utc);
	strftime(text, sizeof(text), "%H:%M", &utc);
	complain("this secret has knocked from here in this minute already, and does so once a minute; the next knock is possible at %s UTC, in %ld s%s",
		 text, (long)(begin - time(NULL)), mend);
}

/**
 * knock() - knock once, and with --wait as soon as that is possible
 * @targets: where
 * @errand: what for
 *
 * Return: whether it was sent; if not it is said why.
 */
bool knock(const struct target_list *targets, const struct errand *errand)
{
	bool wait = errand->options->wait;
	enum outcome outcome;
	u32 next = 0;

	outcome = knock_once(targets, errand, &next);
	if (outcome == USED)
		say_next(next, wait ? ": waiting" : "; or use --wait");
	while (outcome == USED && wait) {
		wait_for_minute(next);
		outcome = knock_once(targets, errand, &next);
	}
	return outcome == SENT;
}

/* An agent that does not answer at all is not waited for unless that is asked for. */
static int patience_ms(const struct options *options)
{
	return options->verb == VERB_OPEN && !options->wait ? AGENT_MS : ANSWER_MS;
}

static void say_silence(const struct errand *errand)
{
	const struct options *options = errand->options;
	const char *what = errand->roams ? "fingerprint, clock, and that tumblerd runs there" :
			   errand->sealed ?
			   "fingerprint, clock, and which address the server sees (--source)" :
			   "secret, clock, and which address the server sees (--source)";

	complain("TCP port %u of %.200s did not answer in %d s; check %s", options->wait_port,
		 options->url.host, patience_ms(options) / 1000, what);
}

/**
 * knock_until_answer() - knock until a TCP port of the host answers
 * @targets: where
 * @errand: what for
 *
 * TUMBLER1 in every minute, sealed every few seconds: the server may just have been
 * started, and refuse knocks that could be older than itself.
 *
 * Return: whether it answered; if not it is said why, unless a signal came.
 */
bool knock_until_answer(const struct target_list *targets, const struct errand *errand)
{
	const struct options *options = errand->options;
	u64 end = wait_uptime_ms() + (u64)patience_ms(options), again = 0;
	u32 next = 0;

	do {
		if (errand->sealed ? wait_uptime_ms() >= again : wait_minute_now() >= next) {
			again = wait_uptime_ms() + SEALED_EVERY_MS;
			if (knock_once(targets, errand, &next) == FAILED)
				return false;
		}
		if (wait_port_answers(targets, options->wait_port, CONNECT_MS, errand->connection))
			return true;
	} while (wait_uptime_ms() < end && !stop_asked());
	if (!stop_asked())
		say_silence(errand);
	return false;
}
