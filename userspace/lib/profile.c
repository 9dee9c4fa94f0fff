// SPDX-License-Identifier: GPL-2.0
/* Profiles of clients, as knockctl prints them and tumbler keeps them. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#include <knock/tumbler.h>

#include "profile.h"
#include "word_lines.h"

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
	profile->steps = KNOCK_DERIVE_STEPS;
	profile->slot_sec = KNOCK_SLOT_SEC;
	profile->depth = BOOK_DEPTH;
}

void profile_wipe(struct profile *profile)
{
	OPENSSL_cleanse(profile, sizeof(*profile));
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

/* What belongs together. Return: NULL if all does. */
static const char *find_fault(const struct profile *profile)
{
	bool sealed = profile->type == PROFILE_SEALED, derived = profile->type == PROFILE_DERIVED;
	bool secret = profile_says(profile, "secret");

	if (!profile_says(profile, "type"))
		return "it does not say its type: tumbler, sealed, static, once or derived";
	if (!profile_says(profile, "host"))
		return "it names no host, write host = and the server's name";
	if (sealed && !profile_says(profile, "door"))
		return "it names no door, write door = and its name";
	if (secret && profile_says(profile, "server-public-key"))
		return "it has a secret and a public key of the server, leave one out";
	if (profile->roaming && !profile->agent)
		return "its key roams, but it names no agent to open the door; copy it whole";
	if (profile->agent && !profile_says(profile, "tls-server"))
		return "it has an agent, but no tls-server by which that is known; copy it whole";
	if (profile->agent && profile->type == PROFILE_ONCE && !profile_says(profile, "tls-key"))
		return "it has an agent, but no tls-key to show it; copy it whole";
	if (profile->type == PROFILE_STATIC && !profile_says(profile, "ports"))
		return "it has no ports, write ports = and the list";
	if ((profile->type == PROFILE_TUMBLER || sealed || derived) && !secret &&
	    !profile_says(profile, "server-public-key"))
		return "it has no secret, import it as knockctl enrol printed it";
	if (secret && (sealed || derived) && profile->secret.length != SECRET_BINARY_SIZE)
		return "its secret has 32 bytes, and this has not; copy it whole";
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

static const char *take_word(void *context, const char *word, const char *value)
{
	return profile_take_word(context, word, value);
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
	const struct word_reader reader = { "the profile", take_word, profile };
	const char *fault, *word;

	profile_init(profile, PROFILE_TUMBLER);
	if (!word_lines_read(&reader, text, length, why)) {
		profile_wipe(profile);
		return false;
	}
	word = profile_foreign_word(profile);
	fault = find_fault(profile);
	if (!fault && !word)
		fault = complete_pair(profile);
	if (!fault && !word)
		return true;
	if (fault)
		snprintf(why, PROFILE_WHY_SIZE, "the profile is of no use: %s", fault);
	else
		snprintf(why, PROFILE_WHY_SIZE,
			 "the profile is of no use: one of type %s has no %s, leave it out",
			 profile_type_name(profile->type), word);
	profile_wipe(profile);
	return false;
}

/**
 * profile_agree() - make the secret, where the profile has keys of a pair instead
 * @profile: gets it
 * @why: a sentence, on failure
 *
 * Return: true if there is a secret now, or none is needed.
 */
bool profile_agree(struct profile *profile, char why[PROFILE_WHY_SIZE])
{
	const struct x25519_parties parties = { .server = profile->server,
						.client = profile->client.public_key,
						.door = profile->door };

	if (profile->secret.length || !profile_says(profile, "server-public-key"))
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

/**
 * profile_tls_key() - the client's private key for TLS
 * @profile: that has its secret, made by profile_agree() where there are keys instead
 * @key: receives it; to be wiped
 *
 * Return: true; false if libcrypto has no SHA-256 to offer.
 */
bool profile_tls_key(const struct profile *profile, unsigned char key[TLS_KEY_SIZE])
{
	char ports[KNOCK_SEQUENCE_TEXT_SIZE];
	bool good;

	if (profile->type == PROFILE_ONCE) {
		memcpy(key, profile->tls_key, TLS_KEY_SIZE);
		return true;
	}
	if (profile->type != PROFILE_STATIC)
		return tls_key_of_client(key, profile->secret.bytes, profile->secret.length);
	knock_sequence_format(ports, &profile->ports);
	good = tls_key_of_client(key, (const unsigned char *)ports, strlen(ports));
	OPENSSL_cleanse(ports, sizeof(ports));
	return good;
}
