// SPDX-License-Identifier: GPL-2.0
/* Why a sealed knock was refused, in sentences: what a search found. */
#include <stdio.h>

#include "explain.h"
#include "record.h"

static bool is_unbound(const struct refusal *refusal)
{
	static const struct knock_address unbound;

	return knock_address_equal(&refusal->unsealed.plain.address, &unbound);
}

static bool is_other_address(const struct refusal *refusal)
{
	return refusal->unsealed.opened &&
	       !(refusal->unsealed.suspect->roams && is_unbound(refusal)) &&
	       !knock_address_equal(&refusal->unsealed.plain.address, &refusal->knock.source);
}

static bool is_other_port(const struct refusal *refusal)
{
	return refusal->unsealed.suspect->knock_port != refusal->knock.port;
}

static bool is_other_door(const struct refusal *refusal)
{
	const struct unsealed *unsealed = &refusal->unsealed;

	return unsealed->opened &&
	       (!unsealed->is_for || strcmp(unsealed->is_for, unsealed->suspect->door));
}

/* By how much the client's clock differs: exactly, or within the minute of its hint. */
static struct clock_off clock_off(const struct refusal *refusal)
{
	const struct unsealed *unsealed = &refusal->unsealed;
	long long off;

	if (!unsealed->opened)
		return diagnose_clock(refusal->knock.time, unsealed->minute);
	off = (long long)unsealed->made - (long long)refusal->knock.time;
	return (struct clock_off){ off, off };
}

static bool is_clock_off(const struct refusal *refusal)
{
	struct clock_off off = clock_off(refusal);
	long long least = off.least < 0 ? -off.least : off.least;

	return least > (long long)refusal->unsealed.suspect->skew;
}

/**
 * explain_sealed_faults() - what was wrong with a sealed knock, for programs
 * @words: receives address, port, door and clock, as far as they were, with commas
 * @refusal: the knock; "" if its maker was not found
 */
void explain_sealed_faults(char words[FAULTS_SIZE], const struct refusal *refusal)
{
	*words = '\0';
	if (!refusal->searched || !refusal->unsealed.suspect)
		return;
	snprintf(words, FAULTS_SIZE, "%s%s%s%s", is_other_address(refusal) ? ",address" : "",
		 is_other_port(refusal) ? ",port" : "", is_other_door(refusal) ? ",door" : "",
		 is_clock_off(refusal) ? ",clock" : "");
	if (*words)
		memmove(words, words + 1, strlen(words));
}

/**
 * explain_wait() - when the device that made the knock can open again
 * @refusal: the knock, with when its key was closed last
 *
 * The times are the clients' own. That of the device that knocked is known from the
 * knock: it goes on from there.
 *
 * Return: unix seconds of this host; 0 if nothing has to be waited for.
 */
u64 explain_wait(const struct refusal *refusal)
{
	const struct unsealed *unsealed = &refusal->unsealed;

	if (refusal->reason != KNOCK_REASON_BEFORE_CLOSE || !unsealed->opened ||
	    refusal->closed < unsealed->made)
		return 0;
	return refusal->knock.time + (refusal->closed - unsealed->made) + 1;
}

static void say_clock(char text[EXPLANATION_SIZE], const struct refusal *refusal)
{
	u32 skew = refusal->unsealed.suspect->skew;
	struct clock_off off = clock_off(refusal);
	bool behind = off.least < 0;
	long long least = behind ? -off.least : off.least;
	long long most = behind ? -off.most : off.most;

	if (refusal->unsealed.opened)
		say(text,
		    "The clock it was made by is %lld s %s this host's, where the key allows %u s: set the one that is wrong.",
		    least, behind ? "behind" : "ahead of", skew);
	else
		say(text,
		    "The clock it was made by is %lld to %lld s %s this host's, where the key allows %u s: set the one that is wrong.",
		    least, most, behind ? "behind" : "ahead of", skew);
	say_zone(text, least, most);
}

static void say_address(char text[EXPLANATION_SIZE], const struct refusal *refusal)
{
	char source[KNOCK_ADDRESS_TEXT_SIZE], made_for[KNOCK_ADDRESS_TEXT_SIZE];

	knock_address_format(source, &refusal->knock.source);
	knock_address_format(made_for, &refusal->unsealed.plain.address);
	if (is_unbound(refusal))
		say(text,
		    "It was made for no address in particular, which takes a roaming key: the client's profile says roaming, and the key does not, or its door has no agent.");
	else if (refusal->reason == KNOCK_REASON_REPLAY)
		say(text,
		    "It is a copy of a knock from %s: whoever sent it had seen that one.",
		    made_for);
	else
		say(text,
		    "It was made for the address %s and came from %s, so addresses are translated on the way (NAT): the client has to knock with --source %s.",
		    made_for, source, source);
}

static void say_door(char text[EXPLANATION_SIZE], const struct refusal *refusal)
{
	const struct unsealed *unsealed = &refusal->unsealed;

	if (unsealed->is_for)
		say(text,
		    "It was to open or close the door %s, which this is no key of: the client's profile names the wrong door.",
		    unsealed->is_for);
	else
		say(text,
		    "It was to open or close a door that the configuration does not have: the client's profile names the wrong one.");
}

static void say_end(char text[EXPLANATION_SIZE], const struct suspect *suspect)
{
	char end[TIME_TEXT_SIZE];

	format_time(end, suspect->not_after);
	say(text, "The key's time was over at %s.", end);
}

/* What is in the knock, and does not fit. */
static void say_faults(char text[EXPLANATION_SIZE], const struct refusal *refusal)
{
	if (is_other_address(refusal))
		say_address(text, refusal);
	if (is_other_port(refusal))
		say(text, "That door's knock port is %u: knock there.",
		    refusal->unsealed.suspect->knock_port);
	if (is_other_door(refusal))
		say_door(text, refusal);
	if (is_clock_off(refusal))
		say_clock(text, refusal);
}

/**
 * explain_sealed() - say how a sealed knock was made that was refused
 * @text: gets sentences more
 * @refusal: what is known
 */
void explain_sealed(char text[EXPLANATION_SIZE], const struct refusal *refusal)
{
	const struct suspect *suspect = refusal->unsealed.suspect;
	char words[FAULTS_SIZE];

	if (!suspect && refusal->unsealed.exhausted) {
		say(text,
		    "There are too many sealed keys to try all clocks that might be wrong; the nearest were tried first.");
		return;
	}
	if (!suspect) {
		say(text,
		    "No sealed key of the configuration made it, by no clock up to a day off: the client has another secret, compare the fingerprints that knockctl keys and tumbler --check show.");
		return;
	}
	say(text, "It was made with the key %s of the door %s.", suspect->key,
	    suspect->door);
	say_faults(text, refusal);
	explain_sealed_faults(words, refusal);
	if (!*words && refusal->reason == KNOCK_REASON_UNKNOWN_HINT)
		say(text,
		    "Nothing was wrong with it, so the module did not have this key and secret then: knockctl load brings it what the configuration has.");
	if (refusal->reason == KNOCK_REASON_NOT_AFTER && suspect->not_after)
		say_end(text, suspect);
	if (refusal->reason == KNOCK_REASON_REPLAY || refusal->reason == KNOCK_REASON_STALE)
		say(text, "Every sealed knock is new: the client just knocks again.");
	if (explain_wait(refusal))
		say_when(text, refusal, explain_wait(refusal),
			 "By its own clock this device is behind the one that closed the door, and can open it from");
}
