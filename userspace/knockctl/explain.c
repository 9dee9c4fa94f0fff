// SPDX-License-Identifier: GPL-2.0
/* Why a knock was refused, in sentences: the reason, then what a search found. */
#include <stdarg.h>
#include <stdio.h>

#include "explain.h"
#include "reason.h"
#include "record.h"

/* Time zones are whole quarters of an hour from UTC. */
#define ZONE_STEP_SEC 900
#define ZONE_LEAST_SEC (3600 / 2)
#define ZONE_MOST_SEC (14 * 3600)

/* One sentence more, on a line of its own. */
void say(char text[EXPLANATION_SIZE], const char *format, ...)
{
	size_t used = strlen(text);
	va_list arguments;

	if (used)
		text[used++] = '\n';
	va_start(arguments, format);
	vsnprintf(text + used, EXPLANATION_SIZE - used, format, arguments);
	va_end(arguments);
}

/**
 * explain_can_search() - whether a refusal for this reason has a digest that can be searched for
 * @reason: of enum knock_reason
 *
 * Return: true if secrets would tell more.
 */
bool explain_can_search(u8 reason)
{
	return reason >= KNOCK_REASON_UNPROVED && reason <= KNOCK_REASON_OLD_FULL;
}

static bool is_other_address(const struct refusal *refusal)
{
	return !knock_address_equal(&refusal->finding.address, &refusal->knock.source);
}

static bool is_other_port(const struct refusal *refusal)
{
	return refusal->finding.suspect->knock_port != refusal->knock.port;
}

/* A knock that proved its key was made for a good minute, whatever came then. */
static bool is_clock_off(const struct refusal *refusal)
{
	struct clock_off off = diagnose_clock(refusal->knock.time, refusal->finding.minute);
	long long least = off.least < 0 ? -off.least : off.least;

	return refusal->reason == KNOCK_REASON_UNPROVED &&
	       least > (long long)refusal->finding.suspect->skew;
}

/**
 * explain_faults() - what was wrong with a knock, for programs
 * @words: receives address, port, month and clock, as far as they were, with commas
 * @refusal: the knock; "" if its maker was not found
 */
void explain_faults(char words[FAULTS_SIZE], const struct refusal *refusal)
{
	const struct finding *finding = &refusal->finding;

	*words = '\0';
	if (!refusal->searched || !finding->suspect)
		return;
	snprintf(words, FAULTS_SIZE, "%s%s%s%s", is_other_address(refusal) ? ",address" : "",
		 is_other_port(refusal) ? ",port" : "",
		 finding->month_from_one ? ",month" : "", is_clock_off(refusal) ? ",clock" : "");
	if (*words)
		memmove(words, words + 1, strlen(words));
}

/**
 * explain_next() - when the key can knock again from where it knocked
 * @refusal: the knock
 *
 * Return: unix seconds of the next minute; 0 if it was not used from there before
 */
u64 explain_next(const struct refusal *refusal)
{
	const struct finding *finding = &refusal->finding;
	bool found = refusal->searched && finding->suspect;

	if (refusal->is_sequence)
		return 0;
	if (refusal->reason != KNOCK_REASON_DUPLICATE && refusal->reason != KNOCK_REASON_REPLAY)
		return 0;
	if (found && is_other_address(refusal))
		return 0;
	return ((found ? finding->minute : refusal->knock.time / 60) + 1ull) * 60;
}

void say_when(char text[EXPLANATION_SIZE], const struct refusal *refusal, u64 time,
	      const char *what)
{
	char at[TIME_TEXT_SIZE];

	format_time(at, time);
	if (time > refusal->now)
		say(text, "%s %s, in %llu s.", what, at, (unsigned long long)(time - refusal->now));
	else
		say(text, "%s %s, which is past.", what, at);
}

/* A clock that is off by whole quarters of an hour may show another time zone. */
void say_zone(char text[EXPLANATION_SIZE], long long least, long long most)
{
	/* What is known exactly has its own minute of inaccuracy. */
	long long fuzz = least == most ? 60 : 0;
	long long zone = (most + fuzz) / ZONE_STEP_SEC * ZONE_STEP_SEC;

	if (zone >= least - fuzz && zone >= ZONE_LEAST_SEC && zone <= ZONE_MOST_SEC)
		say(text,
		    "That is a time zone's difference, %lld h %02lld min: the time has to be UTC.",
		    zone / 3600, zone / 60 % 60);
}

static void say_clock(char text[EXPLANATION_SIZE], const struct refusal *refusal)
{
	struct clock_off off = diagnose_clock(refusal->knock.time, refusal->finding.minute);
	bool behind = off.least < 0;
	long long least = behind ? -off.least : off.least;
	long long most = behind ? -off.most : off.most;

	say(text,
	    "The clock it was made by is %lld to %lld s %s this host's, where the key allows %u s: set the one that is wrong.",
	    least, most, behind ? "behind" : "ahead of", refusal->finding.suspect->skew);
	say_zone(text, least, most);
}

static void say_address(char text[EXPLANATION_SIZE], const struct refusal *refusal)
{
	char source[KNOCK_ADDRESS_TEXT_SIZE], made_for[KNOCK_ADDRESS_TEXT_SIZE];

	knock_address_format(source, &refusal->knock.source);
	knock_address_format(made_for, &refusal->finding.address);
	if (refusal->reason == KNOCK_REASON_UNPROVED)
		say(text,
		    "It was made for the address %s and came from %s, so addresses are translated on the way (NAT): the client has to knock with --source %s.",
		    made_for, source, source);
	else
		say(text, "It is a copy of a knock from %s: whoever sent it had seen that one.",
		    made_for);
}

static void say_found(char text[EXPLANATION_SIZE], const struct refusal *refusal)
{
	const struct suspect *suspect = refusal->finding.suspect;
	char words[FAULTS_SIZE];

	say(text, "It was made with the key %s of the door %s.", suspect->key, suspect->door);
	if (is_other_address(refusal))
		say_address(text, refusal);
	if (is_other_port(refusal))
		say(text, "That door's knock port is %u: knock there.", suspect->knock_port);
	if (refusal->finding.month_from_one)
		say(text,
		    "Its month was counted from 1: in the time that is hashed January is 00 and December 11.");
	if (is_clock_off(refusal))
		say_clock(text, refusal);
	explain_faults(words, refusal);
	if (!*words && refusal->reason == KNOCK_REASON_UNPROVED)
		say(text,
		    "Nothing was wrong with it, so the module did not have this key and secret then: knockctl load brings it what the configuration has.");
}

static void say_not_found(char text[EXPLANATION_SIZE], const struct refusal *refusal)
{
	if (refusal->finding.exhausted)
		say(text,
		    "There are too many keys to try all that might be wrong; the clock, the month and the door were tried first.");
	else
		say(text,
		    "No tumbler key of the configuration made it, neither by a clock up to %u h off nor for an address of the usual private networks: the client has another secret.",
		    DIAGNOSE_MINUTES / 60);
}

/* Which numbers of a once key would have been good. */
static void say_numbers(char text[EXPLANATION_SIZE], const struct refusal *refusal)
{
	unsigned long long number = refusal->number, armed = refusal->armed;

	if (armed > number)
		say(text, "Of this key all up to number %llu are over, and those up to %llu are good.",
		    number, armed);
	else
		say(text,
		    "Of this key all up to number %llu are over, and no other is armed: knockctl load arms what was handed out, and rotate hands out more.",
		    number);
}

static void say_sequence(char text[EXPLANATION_SIZE], const struct refusal *refusal)
{
	static const char *const kinds[] = { "", "static ", "once ", "derived " };
	u8 kind = refusal->series.kind, reason = refusal->reason;

	say(text, "It was a sequence of the %skey %s of the door %s.",
	    kind <= KNOCK_SEQUENCE_KIND_MAX ? kinds[kind] : "", refusal->key, refusal->door);
	if (reason == KNOCK_REASON_TOO_SLOW && kind)
		say(text, "From its first step to its last it may take %u s.",
		    refusal->series.within);
	if (kind == KNOCK_SEQUENCE_KIND_ONCE &&
	    (reason == KNOCK_REASON_STALE || reason == KNOCK_REASON_REPLAY))
		say_numbers(text, refusal);
}

/**
 * explain() - say why a knock was refused, and what mends it
 * @text: receives sentences, one a line, without a final line end
 * @refusal: what is known
 */
void explain(char text[EXPLANATION_SIZE], const struct refusal *refusal)
{
	u8 reason = refusal->reason;

	*text = '\0';
	say(text, "%s", refusal->is_sequence ? reason_sequence_sentence(reason) :
					       reason_sentence(reason));
	if (refusal->is_sequence)
		say_sequence(text, refusal);
	if (refusal->searched && refusal->is_sealed)
		explain_sealed(text, refusal);
	else if (refusal->searched && refusal->finding.suspect)
		say_found(text, refusal);
	else if (refusal->searched)
		say_not_found(text, refusal);
	if (reason == KNOCK_REASON_GUARD && refusal->accepted_from)
		say_when(text, refusal, refusal->accepted_from, "Its knocks are accepted from");
	if (!refusal->is_sealed && explain_next(refusal))
		say_when(text, refusal, explain_next(refusal),
			 "From one address a secret knocks once a minute, next at");
}
