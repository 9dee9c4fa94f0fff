// SPDX-License-Identifier: GPL-2.0
/*
 * The words that say what a door or a key is. They are the same as options of
 * knockctl and in files, and are read here for both.
 */
#include <stdio.h>
#include <string.h>

#include <knock/window.h>

#include "base64.h"
#include "config_series.h"

/**
 * struct word - one word of a door or key
 * @name: as in files, and as an option behind two dashes
 * @parse: stores what is said
 */
struct word {
	const char *name;
	bool (*parse)(void *object, const char *text, char why[PARSE_WHY_SIZE]);
};

static bool parse_opens(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_door *door = object;

	return parse_services(text, &door->opens, why);
}

static bool parse_open_for(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_door *door = object;

	return parse_duration(text, &door->open_for, why);
}

static bool parse_blacklist_for(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_door *door = object;

	return parse_duration(text, &door->blacklist_for, why);
}

static bool parse_knock_port(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_door *door = object;

	return parse_port(text, &door->knock_port, why);
}

static bool parse_agent(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_door *door = object;

	door->agent = 0;
	return !strcmp(text, "none") || parse_port(text, &door->agent, why);
}

static bool parse_door_mark(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_door *door = object;

	return parse_mark(text, &door->mark, why);
}

static bool parse_door_grants(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_door *door = object;

	return parse_grants(text, &door->max_grants, why);
}

static const struct word door_words[] = {
	{ "opens", parse_opens },
	{ "open-for", parse_open_for },
	{ "knock-port", parse_knock_port },
	{ "agent", parse_agent },
	{ "mark", parse_door_mark },
	{ "max-grants", parse_door_grants },
	{ "blacklist-for", parse_blacklist_for },
};

static bool parse_type(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	static const char *const types[] = {
		[KNOCK_KEY_TYPE_TUMBLER] = "tumbler",
		[KNOCK_KEY_TYPE_SEALED] = "sealed",
		[KNOCK_KEY_TYPE_SEQUENCE] = "sequence",
	};
	struct config_key *key = object;

	for (key->type = KNOCK_KEY_TYPE_MAX; key->type; key->type--)
		if (!strcmp(text, types[key->type]))
			return true;
	key->type = KNOCK_KEY_TYPE_TUMBLER;
	snprintf(why, PARSE_WHY_SIZE,
		 "`%.64s' is no type of key that this version knows, there are tumbler, sealed and sequence",
		 text);
	return false;
}

static bool parse_action(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;

	key->action = KNOCK_KEY_ACTION_OPEN;
	if (!strcmp(text, "open"))
		return true;
	key->action = KNOCK_KEY_ACTION_CLOSE;
	if (!strcmp(text, "close"))
		return true;
	snprintf(why, PARSE_WHY_SIZE, "`%.64s' is no action, a key's is open or close", text);
	return false;
}

static bool parse_key_skew(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;

	return parse_skew(text, &key->skew, why);
}

static bool parse_key_grants(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;

	return parse_grants(text, &key->max_grants, why);
}

static bool parse_from(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;

	return parse_prefixes(text, &key->from, why);
}

static bool parse_not_after(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;

	return parse_moment(text, &key->not_after, why);
}

/* A private key may stand here by mistake, so it is not quoted. */
static bool parse_public_key(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;
	size_t length;

	key->paired = base64_decode(text, key->public_key, X25519_SIZE, &length) &&
		      length == X25519_SIZE;
	if (key->paired)
		return true;
	snprintf(why, PARSE_WHY_SIZE,
		 "the public key is not base64 of %d bytes; write what tumbler pubkey prints",
		 X25519_SIZE);
	return false;
}

static bool parse_roaming(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;

	key->roaming = !strcmp(text, "yes");
	if (key->roaming)
		return true;
	snprintf(why, PARSE_WHY_SIZE, "`%.64s' is not yes, write that or leave roaming out",
		 text);
	return false;
}

static bool parse_generated(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;

	key->generated = !strcmp(text, "yes");
	if (key->generated || !strcmp(text, "no"))
		return true;
	snprintf(why, PARSE_WHY_SIZE,
		 "`%.64s' does not say whether the secret was generated, write yes or no", text);
	return false;
}

/* What is wrong here may be a secret all the same, so it is not quoted. */
static bool parse_secret(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;

	if (base64_decode(text, key->secret.bytes, SECRET_SIZE_MAX, &key->secret.length))
		return true;
	key->secret.length = 0;
	snprintf(why, PARSE_WHY_SIZE,
		 "the secret is not base64 of 1 to %d bytes; write what base64 -w 0 makes of it",
		 SECRET_SIZE_MAX);
	return false;
}

static bool parse_fingerprint(void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	struct config_key *key = object;
	size_t length;

	key->known = base64_decode(text, key->fingerprint, FINGERPRINT_SIZE, &length) &&
		     length == FINGERPRINT_SIZE;
	if (key->known)
		return true;
	snprintf(why, PARSE_WHY_SIZE, "the fingerprint is not base64 of %d bytes",
		 FINGERPRINT_SIZE);
	return false;
}

static const struct word key_words[] = {
	{ "type", parse_type },
	{ "action", parse_action },
	{ "static", parse_static },
	{ "once", parse_once },
	{ "derived", parse_derived },
	{ "steps", parse_steps },
	{ "within", parse_within },
	{ "avoid", parse_avoid },
	{ "depth", parse_depth },
	{ "unbound", parse_unbound },
	{ "location", parse_location },
	{ "slot", parse_slot },
	{ "ahead", parse_ahead },
	{ "skew", parse_key_skew },
	{ "max-grants", parse_key_grants },
	{ "from", parse_from },
	{ "not-after", parse_not_after },
	{ "public-key", parse_public_key },
	{ "roaming", parse_roaming },
	{ "generated", parse_generated },
	{ "secret", parse_secret },
	{ "fingerprint", parse_fingerprint },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Return: the word's number, or @count. */
static size_t find_word(const struct word *words, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count && strcmp(words[i].name, name); i++)
		;
	return i;
}

static bool take_word(const struct word *word, unsigned int bit, unsigned int *given,
		      void *object, const char *text, char why[PARSE_WHY_SIZE])
{
	if (*given & bit) {
		snprintf(why, PARSE_WHY_SIZE, "%s is given twice, leave one out", word->name);
		return false;
	}
	*given |= bit;
	return word->parse(object, text, why);
}

/**
 * config_door_word() - store what is said of a door
 * @door: the door
 * @word: one of knock.conf(5), an option without its dashes
 * @text: its value
 * @why: a sentence, on failure
 *
 * Return: true; false if it cannot be said, or was said before.
 */
bool config_door_word(struct config_door *door, const char *word, const char *text,
		      char why[PARSE_WHY_SIZE])
{
	size_t i = find_word(door_words, COUNT(door_words), word);

	if (i < COUNT(door_words))
		return take_word(&door_words[i], 1U << i, &door->given, door, text, why);
	snprintf(why, PARSE_WHY_SIZE,
		 "`%.64s' is no word of a door, there are opens, open-for, knock-port, agent, mark, max-grants and blacklist-for",
		 word);
	return false;
}

/**
 * config_key_word() - store what is said of a key
 * @key: the key
 * @word: one of knock.conf(5)
 * @text: its value
 * @why: a sentence, on failure; it does not quote a secret
 *
 * Return: true; false if it cannot be said, or was said before.
 */
bool config_key_word(struct config_key *key, const char *word, const char *text,
		     char why[PARSE_WHY_SIZE])
{
	size_t i = find_word(key_words, COUNT(key_words), word);

	if (i < COUNT(key_words))
		return take_word(&key_words[i], 1U << i, &key->given, key, text, why);
	snprintf(why, PARSE_WHY_SIZE,
		 "`%.64s' is no word of a key, there are type, action, skew, max-grants, from, not-after, generated, public-key, roaming and secret, and of sequences static, once, derived, steps, within, avoid, depth, unbound, location, slot and ahead",
		 word);
	return false;
}

/**
 * config_key_settle() - give a key what its type has unless it is said
 * @key: a key of which all is said
 */
void config_key_settle(struct config_key *key)
{
	if (key->type != KNOCK_KEY_TYPE_SEALED)
		return;
	key->action = KNOCK_KEY_ACTION_BOTH;
	if (!config_key_says(key, "skew"))
		key->skew = KNOCK_SKEW_SEALED;
}

/**
 * config_key_avoid() - have a once or derived key avoid its door's ports, unless it says which
 * @key: a key of which all is said
 * @door: its door, as it is when the key is made
 *
 * Return: false if these are too many.
 */
bool config_key_avoid(struct config_key *key, const struct config_door *door)
{
	struct port_ranges *avoid = &key->series.avoid;
	struct service_list opens;
	struct knock_avoid all;
	bool good;
	size_t i;

	if (key->type != KNOCK_KEY_TYPE_SEQUENCE || config_key_says(key, "avoid"))
		return true;
	avoid->count = 0;
	good = !port_ranges_add(avoid, door->knock_port, door->knock_port);
	config_door_services(door, &opens);
	for (i = 0; i < opens.count && good; i++)
		if (opens.service[i].protocol)
			good = !port_ranges_add(avoid, opens.service[i].first,
						opens.service[i].last);
	all = port_ranges_avoid(avoid);
	return good && knock_avoid_is_valid(&all);
}

/**
 * config_key_fault() - what a key may not say beside its type
 * @key: a key of which all is said
 *
 * Return: a sentence, or NULL if nothing is wrong.
 */
const char *config_key_fault(const struct config_key *key)
{
	const char *fault = config_series_fault(key);

	if (fault)
		return fault;
	if (config_key_has_binary_secret(key) && key->secret.length &&
	    key->secret.length != SECRET_BINARY_SIZE)
		return "the secret of such a key has 32 bytes, write base64 of as many";
	if (key->paired && key->type != KNOCK_KEY_TYPE_SEALED)
		return "a tumbler key has no public key, write type = sealed";
	if (key->type != KNOCK_KEY_TYPE_SEALED)
		return key->roaming ?
		       "only a sealed key can do without an address, leave roaming out" : NULL;
	if (config_key_says(key, "action"))
		return "a sealed key opens and closes, leave action out";
	if (key->paired && config_key_says(key, "secret"))
		return "the key has a secret and a public key, leave one of them out";
	if (key->paired && config_key_says(key, "generated"))
		return "the secret of a public key is not generated, leave generated out";
	return NULL;
}

/**
 * config_door_say_all() - as if each word had been said of a door
 * @door: the door
 */
void config_door_say_all(struct config_door *door)
{
	door->given = (1U << COUNT(door_words)) - 1;
}

/**
 * config_door_says() - whether a word was said of a door
 * @door: the door
 * @word: the word
 */
bool config_door_says(const struct config_door *door, const char *word)
{
	return door->given & 1U << find_word(door_words, COUNT(door_words), word);
}

/**
 * config_key_says() - whether a word was said of a key
 * @key: the key
 * @word: the word
 */
bool config_key_says(const struct config_key *key, const char *word)
{
	return key->given & 1U << find_word(key_words, COUNT(key_words), word);
}
