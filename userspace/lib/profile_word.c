// SPDX-License-Identifier: GPL-2.0
/*
 * The words of a client's profile. Nothing here quotes a value, since any may be a
 * secret that stands in the wrong place.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "duration.h"
#include "profile.h"

static const char *const types[] = {
	[PROFILE_TUMBLER] = "tumbler",
	[PROFILE_SEALED] = "sealed",
	[PROFILE_STATIC] = "static",
	[PROFILE_ONCE] = "once",
	[PROFILE_DERIVED] = "derived",
};

#define TYPES (sizeof(types) / sizeof(types[0]))

/* As it stands in a profile. */
const char *profile_type_name(enum profile_type type)
{
	return types[type];
}

static const char *take_type(struct profile *profile, const char *value)
{
	size_t i;

	for (i = 0; i < TYPES; i++) {
		if (strcmp(value, types[i]))
			continue;
		profile->type = (enum profile_type)i;
		return NULL;
	}
	return "the type is none of tumbler, sealed, static, once and derived";
}

static const char *take_action(struct profile *profile, const char *value)
{
	profile->closes = !strcmp(value, "close");
	return profile->closes || !strcmp(value, "open") ? NULL :
	       "the action is neither open nor close";
}

static const char *take_name(struct profile *profile, const char *value)
{
	if (!name_is_good(value))
		return "the name is none, use 1 to 31 of A-Z a-z 0-9 _ . -";
	strcpy(profile->name, value);
	return NULL;
}

static const char *take_host(struct profile *profile, const char *value)
{
	if (!profile_host_is_good(value))
		return "the host is neither a name nor an address, write no brackets";
	strcpy(profile->host, value);
	return NULL;
}

static bool read_port(const char *value, u16 *port)
{
	u32 number;
	const char *end = parse_digits(value, 65535, &number);

	if (!end || *end || number < 1 || number > 65535)
		return false;
	*port = (u16)number;
	return true;
}

static const char *take_port(struct profile *profile, const char *value)
{
	return read_port(value, &profile->port) ? NULL : "the port is no number from 1 to 65535";
}

static const char *take_service(struct profile *profile, const char *value)
{
	return read_port(value, &profile->service) ? NULL :
	       "the service is no TCP port from 1 to 65535";
}

static const char *take_agent(struct profile *profile, const char *value)
{
	return read_port(value, &profile->agent) ? NULL :
	       "the agent is no TCP port from 1 to 65535";
}

static const char *take_door(struct profile *profile, const char *value)
{
	if (!name_is_good(value))
		return "the door's name is none, use 1 to 31 of A-Z a-z 0-9 _ . -";
	strcpy(profile->door, value);
	return NULL;
}

static const char *take_source(struct profile *profile, const char *value)
{
	u8 ipv4[4];

	if (inet_pton(AF_INET, value, ipv4) == 1)
		profile->source = knock_address_from_ipv4(ipv4);
	else if (inet_pton(AF_INET6, value, profile->source.bytes) != 1)
		return "the source is no IPv4 or IPv6 address";
	return NULL;
}

static const char *take_secret(struct profile *profile, const char *value)
{
	struct secret *secret = &profile->secret;

	if (base64_decode(value, secret->bytes, SECRET_SIZE_MAX, &secret->length))
		return NULL;
	secret_wipe(secret);
	return "the secret is not base64, copy it whole";
}

static bool read_key(const char *value, unsigned char key[X25519_SIZE])
{
	size_t length;

	return base64_decode(value, key, X25519_SIZE, &length) && length == X25519_SIZE;
}

static const char *take_server(struct profile *profile, const char *value)
{
	return read_key(value, profile->server) ? NULL :
	       "the server's public key is not base64 of 32 bytes, copy it whole";
}

static const char *take_public(struct profile *profile, const char *value)
{
	return read_key(value, profile->client.public_key) ? NULL :
	       "the public key is not base64 of 32 bytes, copy it whole";
}

static const char *take_private(struct profile *profile, const char *value)
{
	return read_key(value, profile->client.private_key) ? NULL :
	       "the private key is not base64 of 32 bytes, copy it whole";
}

static const char *take_tls_server(struct profile *profile, const char *value)
{
	return read_key(value, profile->tls_server) ? NULL :
	       "tls-server is not base64 of 32 bytes, copy it whole";
}

static const char *take_tls_key(struct profile *profile, const char *value)
{
	return read_key(value, profile->tls_key) ? NULL :
	       "tls-key is not base64 of 32 bytes, copy it whole";
}

static const char *take_roaming(struct profile *profile, const char *value)
{
	profile->roaming = !strcmp(value, "yes");
	return profile->roaming || !strcmp(value, "no") ? NULL : "roaming is neither yes nor no";
}

static const char *take_ports(struct profile *profile, const char *value)
{
	switch (knock_sequence_parse(&profile->ports, value, strlen(value))) {
	case KNOCK_SEQUENCE_GOOD:
		return NULL;
	case KNOCK_SEQUENCE_TWICE:
		return "a port is there twice, each step is another one";
	case KNOCK_SEQUENCE_TOO_LONG:
		return "there are more than 32 ports, leave some out";
	default:
		return "the ports are no list of PORT, PORT/tcp or PORT/udp, like 42,196,69/udp";
	}
}

static const char *take_steps(struct profile *profile, const char *value)
{
	u32 steps;
	const char *end = parse_digits(value, KNOCK_DERIVE_STEPS_MAX, &steps);

	if (!end || *end || steps < KNOCK_DERIVE_STEPS_MIN || steps > KNOCK_DERIVE_STEPS_MAX)
		return "the steps are no number from 7 to 16";
	profile->steps = (u8)steps;
	return NULL;
}

static const char *take_avoid(struct profile *profile, const char *value)
{
	return port_ranges_parse(&profile->avoid, value);
}

static const char *take_unbound(struct profile *profile, const char *value)
{
	profile->unbound = !strcmp(value, "yes");
	return profile->unbound || !strcmp(value, "no") ? NULL : "unbound is neither yes nor no";
}

static const char *take_depth(struct profile *profile, const char *value)
{
	u32 depth;
	const char *end = parse_digits(value, BOOK_DEPTH_MAX, &depth);

	if (!end || *end || depth < BOOK_DEPTH_MIN || depth > BOOK_DEPTH_MAX)
		return "the depth is no number from 8 to 60";
	profile->depth = (u8)depth;
	return NULL;
}

/**
 * profile_location_is_good() - whether a text can be the location of a derived key
 * @location: any
 *
 * It has to be the same, byte by byte, in the files of both sides.
 */
bool profile_location_is_good(const char *location)
{
	size_t length = strlen(location), i;

	if (!length || length >= PROFILE_LOCATION_SIZE || *location == ' ' ||
	    location[length - 1] == ' ')
		return false;
	for (i = 0; i < length; i++)
		if ((unsigned char)location[i] < ' ' || location[i] == 0x7f || location[i] == ';')
			return false;
	return true;
}

static const char *take_location(struct profile *profile, const char *value)
{
	if (!profile_location_is_good(value))
		return "the location is no text of 1 to 255 bytes, without ; and tabs";
	strcpy(profile->location, value);
	return NULL;
}

static const char *take_slot(struct profile *profile, const char *value)
{
	char ignored[DURATION_WHY_SIZE];

	return parse_duration(value, &profile->slot_sec, ignored) &&
	       profile->slot_sec >= KNOCK_SLOT_SEC_MIN && profile->slot_sec <= KNOCK_SLOT_SEC_MAX ?
	       NULL : "the slot is no time from 30s to 1h";
}

static const char *take_sequence(struct profile *profile, const char *value)
{
	return book_take_sequence(&profile->book, value);
}

#define OF(type) (1U << PROFILE_##type)
#define OF_ALL (OF(TUMBLER) | OF(SEALED) | OF(STATIC) | OF(ONCE) | OF(DERIVED))

/* Each with the types that have it. */
static const struct {
	const char *name;
	const char *(*take)(struct profile *profile, const char *value);
	unsigned int types;
} words[] = {
	{ "type", take_type, OF_ALL },
	{ "action", take_action, OF_ALL & ~OF(SEALED) },
	{ "name", take_name, OF_ALL },
	{ "host", take_host, OF_ALL },
	{ "port", take_port, OF(TUMBLER) | OF(SEALED) },
	{ "service", take_service, OF_ALL },
	{ "agent", take_agent, OF_ALL },
	{ "tls-server", take_tls_server, OF_ALL },
	{ "door", take_door, OF_ALL },
	{ "source", take_source, OF_ALL & ~OF(STATIC) },
	{ "secret", take_secret, OF(TUMBLER) | OF(SEALED) | OF(DERIVED) },
	{ "server-public-key", take_server, OF(SEALED) },
	{ "public-key", take_public, OF(SEALED) },
	{ "private-key", take_private, OF(SEALED) },
	{ "ports", take_ports, OF(STATIC) },
	{ "steps", take_steps, OF(ONCE) | OF(DERIVED) },
	{ "avoid", take_avoid, OF(ONCE) | OF(DERIVED) },
	{ "unbound", take_unbound, OF(ONCE) },
	{ "depth", take_depth, OF(ONCE) },
	{ "location", take_location, OF(DERIVED) },
	{ "slot", take_slot, OF(DERIVED) },
	{ "tls-key", take_tls_key, OF(ONCE) },
	{ "sequence", take_sequence, OF(ONCE) },
	{ "roaming", take_roaming, OF(SEALED) },
};

#define WORDS (sizeof(words) / sizeof(words[0]))

/* Return: the word's number, or WORDS. */
static size_t find_word(const char *name)
{
	size_t i;

	for (i = 0; i < WORDS && strcmp(words[i].name, name); i++)
		;
	return i;
}

/**
 * profile_take_word() - take one word of a profile
 * @profile: to put it into
 * @word: the word
 * @value: its value
 *
 * Return: NULL; else what is wrong, without quoting it.
 */
const char *profile_take_word(struct profile *profile, const char *word, const char *value)
{
	size_t i = find_word(word);

	if (i == WORDS)
		return "this is no word of a profile, see tumbler.conf(5)";
	if (profile->given & 1U << i && words[i].take != take_sequence)
		return "this word was said before, leave one out";
	profile->given |= 1U << i;
	return words[i].take(profile, value);
}

/**
 * profile_foreign_word() - a word that was said, and means nothing to such a profile
 * @profile: any
 *
 * Return: the word; NULL if there is none.
 */
const char *profile_foreign_word(const struct profile *profile)
{
	size_t i;

	for (i = 0; i < WORDS; i++)
		if (profile->given & 1U << i && !(words[i].types & 1U << profile->type))
			return words[i].name;
	return NULL;
}

/* Whether a word was said. */
bool profile_says(const struct profile *profile, const char *word)
{
	return profile->given & 1U << find_word(word);
}

/* From now on the word counts as said, since what it stands for was set. */
void profile_say(struct profile *profile, const char *word)
{
	profile->given |= 1U << find_word(word);
}
