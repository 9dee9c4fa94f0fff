// SPDX-License-Identifier: GPL-2.0
/*
 * Profiles of clients, as knockctl prints them and tumbler keeps them. Nothing here
 * quotes the text it reads, since a part of it, whichever was meant to, is a secret.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#include <knock/tumbler.h>

#include "duration.h"
#include "profile.h"

/* The longest line: a secret of 255 bytes in base64, and its word. */
#define LINE_SIZE 400

#define BLANKS " \t\r"

static const char *take_type(struct profile *profile, const char *value)
{
	profile->type = PROFILE_SEALED;
	if (!strcmp(value, "sealed"))
		return NULL;
	profile->type = PROFILE_TUMBLER;
	return strcmp(value, "tumbler") ? "the type is neither tumbler nor sealed" : NULL;
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

static const struct {
	const char *name;
	const char *(*take)(struct profile *profile, const char *value);
} words[] = {
	{ "type", take_type },
	{ "action", take_action },
	{ "name", take_name },
	{ "host", take_host },
	{ "port", take_port },
	{ "service", take_service },
	{ "door", take_door },
	{ "source", take_source },
	{ "secret", take_secret },
	{ "server-public-key", take_server },
	{ "public-key", take_public },
	{ "private-key", take_private },
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
 * profile_init() - a profile that says nothing yet, and has the defaults
 * @profile: to set up
 * @type: of its key
 */
void profile_init(struct profile *profile, enum profile_type type)
{
	memset(profile, 0, sizeof(*profile));
	profile->type = type;
	profile->port = KNOCK_TUMBLER_PORT;
}

void profile_wipe(struct profile *profile)
{
	OPENSSL_cleanse(profile, sizeof(*profile));
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

static bool is_ipv6(const char *host)
{
	char address[INET6_ADDRSTRLEN];
	size_t length = strcspn(host, "%");
	struct in6_addr ignored;

	if (length >= sizeof(address))
		return false;
	memcpy(address, host, length);
	address[length] = '\0';
	if (inet_pton(AF_INET6, address, &ignored) != 1)
		return false;
	/* An interface, for a link-local address. */
	return !host[length] || (host[length + 1] && !strpbrk(host + length + 1, "%[] \t;"));
}

/**
 * profile_host_is_good() - whether a text can name a host
 * @host: a name, an IPv4 address, or an IPv6 address without brackets
 */
bool profile_host_is_good(const char *host)
{
	size_t length = strlen(host);

	return length && length < PROFILE_HOST_SIZE &&
	       (strspn(host, NAME_LETTERS_AND_DIGITS "-._") == length || is_ipv6(host));
}

/* Return: what is wrong with WORD = VALUE, NULL if nothing is. */
static const char *take_line(struct profile *profile, char *line)
{
	char *value = strchr(line, '='), *end;
	size_t i;

	if (!value)
		return "this is not WORD = VALUE, put ; before a comment";
	for (end = value; end > line && strchr(BLANKS, end[-1]); end--)
		;
	*end = '\0';
	value += 1 + strspn(value + 1, BLANKS);
	i = find_word(line);
	if (i == WORDS)
		return "this is no word of a profile, see tumbler.conf(5)";
	if (profile->given & 1U << i)
		return "this word was said before, leave one out";
	profile->given |= 1U << i;
	return words[i].take(profile, value);
}

/* Its copy, without blanks around it, is wiped. */
static const char *read_line(struct profile *profile, const char *text, size_t length)
{
	char line[LINE_SIZE];
	const char *fault = NULL;

	while (length && strchr(BLANKS, text[length - 1]) && text[length - 1])
		length--;
	while (length && strchr(BLANKS, *text) && *text) {
		text++;
		length--;
	}
	if (!length || *text == ';' || *text == '#')
		return NULL;
	if (length >= sizeof(line))
		return "this line is too long for a profile";
	if (memchr(text, '\0', length))
		return "this line is no text, there is a zero byte in it";
	memcpy(line, text, length);
	line[length] = '\0';
	fault = take_line(profile, line);
	OPENSSL_cleanse(line, sizeof(line));
	return fault;
}

/* What belongs together. */
static const char *find_fault(const struct profile *profile)
{
	bool sealed = profile->type == PROFILE_SEALED;
	bool secret = profile_says(profile, "secret");

	if (!profile_says(profile, "type"))
		return "it does not say its type, tumbler or sealed";
	if (!profile_says(profile, "host"))
		return "it names no host, write host = and the server's name";
	if (sealed && !profile_says(profile, "door"))
		return "it names no door, write door = and its name";
	if (sealed && profile_says(profile, "action"))
		return "a sealed key opens and closes, leave action out";
	if (!sealed && (profile_says(profile, "server-public-key") ||
			profile_says(profile, "public-key") ||
			profile_says(profile, "private-key")))
		return "a tumbler key has no public and private keys, leave them out";
	if (secret && profile_says(profile, "server-public-key"))
		return "it has a secret and a public key of the server, leave one out";
	if (!secret && (!sealed || !profile_says(profile, "server-public-key")))
		return "it has no secret, import it as knockctl enrol printed it";
	if (secret && sealed && profile->secret.length != SECRET_BINARY_SIZE)
		return "the secret of a sealed key has 32 bytes, and this has not; copy it whole";
	return NULL;
}

/* Both keys of the client's pair, where the private one is there. */
static const char *complete_pair(struct profile *profile)
{
	struct x25519_pair pair = profile->client;
	const char *fault = NULL;

	if (!profile_says(profile, "private-key"))
		return NULL;
	if (!x25519_publish(&pair))
		fault = "its public key cannot be made, since libcrypto has no X25519";
	else if (profile_says(profile, "public-key") &&
		 memcmp(pair.public_key, profile->client.public_key, X25519_SIZE))
		fault = "the private key is not that of the public key";
	else
		profile->client = pair;
	profile_say(profile, "public-key");
	x25519_wipe(&pair);
	return fault;
}

/**
 * profile_parse() - read a profile
 * @profile: receives it; wiped on failure
 * @text: lines of WORD = VALUE, and comments
 * @length: its bytes
 * @why: a sentence, on failure; it does not quote the text
 *
 * Return: true if nothing is wrong with it. The client's private key may be missing.
 */
bool profile_parse(struct profile *profile, const char *text, size_t length,
		   char why[PROFILE_WHY_SIZE])
{
	const char *fault, *end, *next;
	unsigned int line = 0;

	profile_init(profile, PROFILE_TUMBLER);
	for (next = text; next < text + length; next = end + 1) {
		end = memchr(next, '\n', (size_t)(text + length - next));
		if (!end)
			end = text + length;
		line++;
		fault = read_line(profile, next, (size_t)(end - next));
		if (!fault)
			continue;
		snprintf(why, PROFILE_WHY_SIZE, "line %u of the profile: %s", line, fault);
		profile_wipe(profile);
		return false;
	}
	fault = find_fault(profile);
	if (!fault)
		fault = complete_pair(profile);
	if (!fault)
		return true;
	snprintf(why, PROFILE_WHY_SIZE, "the profile is of no use: %s", fault);
	profile_wipe(profile);
	return false;
}

/**
 * profile_agree() - make the secret, where the profile has keys of a pair instead
 * @profile: gets it
 * @why: a sentence, on failure
 *
 * Return: true if there is a secret now.
 */
bool profile_agree(struct profile *profile, char why[PROFILE_WHY_SIZE])
{
	const struct x25519_parties parties = { .server = profile->server,
						.client = profile->client.public_key,
						.door = profile->door };

	if (profile->secret.length)
		return true;
	if (!profile_says(profile, "private-key")) {
		snprintf(why, PROFILE_WHY_SIZE,
			 "the profile lacks your private key; import it again with --private-key FILE");
		return false;
	}
	if (!x25519_agree(profile->secret.bytes, &profile->client, &parties)) {
		snprintf(why, PROFILE_WHY_SIZE,
			 "no secret can be made with the server's public key, which is no good one; ask for it again");
		return false;
	}
	profile->secret.length = SECRET_BINARY_SIZE;
	return true;
}
