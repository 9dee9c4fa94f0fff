// SPDX-License-Identifier: GPL-2.0
/* The words of sequence keys, and which of them go together. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "config_series.h"

static const char *sequence_fault(enum knock_sequence_result result)
{
	switch (result) {
	case KNOCK_SEQUENCE_BAD_PROTOCOL:
		return "a port may be followed by /tcp or /udp";
	case KNOCK_SEQUENCE_TWICE:
		return "its steps must all be different";
	case KNOCK_SEQUENCE_TOO_LONG:
		return "it may have up to 32 steps";
	default:
		return "write ports from 1 to 65535 like 42,196/udp,69, without zeros in front";
	}
}

/* The ports are a secret, so they are not quoted. */
bool parse_static(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;
	enum knock_sequence_result result;

	key->series.kind = KNOCK_SEQUENCE_KIND_STATIC;
	result = knock_sequence_parse(&key->series.ports, text, strlen(text));
	if (result == KNOCK_SEQUENCE_GOOD)
		return true;
	key->series.ports.count = 0;
	snprintf(why, PARSE_WHY_SIZE, "this is no sequence of ports, %s", sequence_fault(result));
	return false;
}

static bool is_yes(const char *text, const char *word, char why[PARSE_WHY_SIZE])
{
	if (!strcmp(text, "yes"))
		return true;
	snprintf(why, PARSE_WHY_SIZE, "`%.64s' is not yes, write that or leave %s out", text,
		 word);
	return false;
}

bool parse_once(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;

	key->series.kind = KNOCK_SEQUENCE_KIND_ONCE;
	return is_yes(text, "once", why);
}

bool parse_derived(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;

	key->series.kind = KNOCK_SEQUENCE_KIND_DERIVED;
	return is_yes(text, "derived", why);
}

bool parse_unbound(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;

	key->series.unbound = is_yes(text, "unbound", why);
	return key->series.unbound;
}

/* A whole number from @least to @most, into a byte. */
static bool parse_number(const char *text, unsigned int least, unsigned int most, u8 *number)
{
	u32 value;
	const char *end = parse_digits(text, 255, &value);

	if (!end || *end || value < least || value > most)
		return false;
	*number = (u8)value;
	return true;
}

bool parse_steps(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;

	if (parse_number(text, KNOCK_DERIVE_STEPS_MIN, KNOCK_DERIVE_STEPS_MAX, &key->series.steps))
		return true;
	snprintf(why, PARSE_WHY_SIZE,
		 "`%.64s' is no number of steps, a once or derived sequence has %d to %d", text,
		 KNOCK_DERIVE_STEPS_MIN, KNOCK_DERIVE_STEPS_MAX);
	return false;
}

bool parse_depth(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;

	if (parse_number(text, SERIES_DEPTH_MIN, SERIES_DEPTH_MAX, &key->series.depth))
		return true;
	snprintf(why, PARSE_WHY_SIZE,
		 "`%.64s' is no depth, the client gets %d to %d sequences ahead", text,
		 SERIES_DEPTH_MIN, SERIES_DEPTH_MAX);
	return false;
}

bool parse_ahead(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;

	if (parse_number(text, 1, SERIES_AHEAD_MAX, &key->series.ahead))
		return true;
	snprintf(why, PARSE_WHY_SIZE, "`%.64s' is no number of knocks, 1 to %d may be good in a slot",
		 text, SERIES_AHEAD_MAX);
	return false;
}

bool parse_within(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;

	if (!parse_duration(text, &key->series.within, why))
		return false;
	if (key->series.within <= SERIES_WITHIN_MAX)
		return true;
	snprintf(why, PARSE_WHY_SIZE, "`%.64s' is too long, a sequence takes 1s to %ds", text,
		 SERIES_WITHIN_MAX);
	return false;
}

bool parse_slot(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;

	if (!parse_duration(text, &key->series.slot, why))
		return false;
	if (key->series.slot >= KNOCK_SLOT_SEC_MIN && key->series.slot <= KNOCK_SLOT_SEC_MAX)
		return true;
	snprintf(why, PARSE_WHY_SIZE, "`%.64s' is out of range, a slot is from %ds to 1h long",
		 text, KNOCK_SLOT_SEC_MIN);
	return false;
}

bool parse_avoid(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;
	const char *fault = NULL;

	key->series.avoid.count = 0;
	if (strcmp(text, "none"))
		fault = port_ranges_parse(&key->series.avoid, text);
	if (!fault)
		return true;
	key->series.avoid.count = 0;
	snprintf(why, PARSE_WHY_SIZE, "%s", fault);
	return false;
}

/* What files and profiles give back as it was: a line, and in it no comment. */
static bool is_plain(const char *text)
{
	const char *at;

	if (!*text || *text == ' ' || text[strlen(text) - 1] == ' ')
		return false;
	for (at = text; *at; at++)
		if (iscntrl((unsigned char)*at) || strchr(";#=", *at))
			return false;
	return true;
}

bool parse_location(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;

	if (strlen(text) < SERIES_LOCATION_SIZE && is_plain(text)) {
		strcpy(key->series.location, text);
		return true;
	}
	snprintf(why, PARSE_WHY_SIZE,
		 "a location has 1 to %d bytes, no blank at its ends, no control character and none of ;#=, like 60.17,24.94",
		 SERIES_LOCATION_SIZE - 1);
	return false;
}

#define STATIC	(1U << KNOCK_SEQUENCE_KIND_STATIC)
#define ONCE	(1U << KNOCK_SEQUENCE_KIND_ONCE)
#define DERIVED	(1U << KNOCK_SEQUENCE_KIND_DERIVED)

/* Words that not every key has, which kinds have them, and what to say to the others. */
static const struct {
	const char *word;
	unsigned int kinds;
	const char *fault;
} words[] = {
	{ "within", STATIC | ONCE | DERIVED, "only a sequence takes a while, leave within out" },
	{ "steps", ONCE | DERIVED, "only once and derived keys have a length, leave steps out" },
	{ "avoid", ONCE | DERIVED, "only once and derived keys avoid ports, leave avoid out" },
	{ "depth", ONCE, "only a once key has a book of some depth, leave depth out" },
	{ "unbound", ONCE, "only a once key can be bound to no address, leave unbound out" },
	{ "location", DERIVED, "only a derived key has a location, leave location out" },
	{ "slot", DERIVED, "only a derived key has slots, leave slot out" },
	{ "ahead", DERIVED, "only a derived key has counters, leave ahead out" },
};

static const char *find_stray(const struct config_key *key)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (config_key_says(key, words[i].word) &&
		    !(words[i].kinds & 1U << key->series.kind))
			return words[i].fault;
	return NULL;
}

static const char *sequence_key_fault(const struct config_key *key)
{
	bool is_static = key->series.kind == KNOCK_SEQUENCE_KIND_STATIC;

	if (config_key_says(key, "static") + config_key_says(key, "once") +
	    config_key_says(key, "derived") != 1)
		return "a sequence key is one of static, once and derived, say which";
	if (config_key_says(key, "public-key"))
		return "a sequence key has no public key, write type = sealed or leave it out";
	if (is_static && (config_key_says(key, "secret") || config_key_says(key, "generated")))
		return "a static key has no secret but its ports, leave secret and generated out";
	if (config_key_says(key, "skew") && key->series.kind != KNOCK_SEQUENCE_KIND_DERIVED)
		return "a static or once key has nothing to do with clocks, leave skew out";
	return NULL;
}

/**
 * config_series_fault() - which words of sequence keys a key may not say
 * @key: a key of any type, of which all is said
 *
 * Return: a sentence, or NULL if nothing is wrong.
 */
const char *config_series_fault(const struct config_key *key)
{
	const char *fault = NULL;

	if (key->type == KNOCK_KEY_TYPE_SEQUENCE)
		fault = sequence_key_fault(key);
	else if (key->series.kind)
		fault = "only a sequence key is static, once or derived, write type = sequence";
	return fault ? fault : find_stray(key);
}
