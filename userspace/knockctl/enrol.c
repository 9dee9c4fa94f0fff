// SPDX-License-Identifier: GPL-2.0
/* What a client needs, whole: its profile. */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "complain.h"
#include "enrol.h"
#include "knockctl.h"
#include "server_key.h"
#include "store.h"

enum { HOST };

const struct option_word enrol_options[] = {
	[HOST] = { "host", "NAME", "what the client calls this server (its own name)" },
	{ NULL, NULL, NULL }
};

/**
 * enrol_host_is_good() - whether clients can be told this host
 * @host: as it was typed
 * @why: a sentence, if not
 */
bool enrol_host_is_good(const char *host, char why[PARSE_WHY_SIZE])
{
	if (profile_host_is_good(host))
		return true;
	snprintf(why, PARSE_WHY_SIZE,
		 "`%.64s' is no name or address of a host, write it without brackets and port",
		 host);
	return false;
}

/* What the client may try to connect to, to see whether the door is open. */
static u16 first_tcp_port(const struct service_list *opens)
{
	size_t i;

	for (i = 0; i < opens->count; i++)
		if (opens->service[i].protocol == IPPROTO_TCP)
			return opens->service[i].first;
	return 0;
}

static void fill_keys(struct profile *profile, const struct enrolment *enrolment)
{
	const struct config_key *key = enrolment->key;

	profile->secret = key->secret;
	if (!key->paired)
		return;
	memcpy(profile->server, enrolment->server, X25519_SIZE);
	memcpy(profile->client.public_key, key->public_key, X25519_SIZE);
	profile_say(profile, "server-public-key");
	profile_say(profile, "public-key");
}

/**
 * enrol_fill() - make a client's profile
 * @profile: receives it; to be wiped
 * @enrolment: whose
 */
void enrol_fill(struct profile *profile, const struct enrolment *enrolment)
{
	bool sealed = enrolment->key->type == KNOCK_KEY_TYPE_SEALED;

	profile_init(profile, sealed ? PROFILE_SEALED : PROFILE_TUMBLER);
	profile->closes = enrolment->key->action == KNOCK_KEY_ACTION_CLOSE;
	strcpy(profile->name, enrolment->door->name);
	strcpy(profile->door, enrolment->door->name);
	profile->port = enrolment->door->knock_port;
	profile->service = first_tcp_port(&enrolment->door->opens);
	if (enrolment->host)
		strcpy(profile->host, enrolment->host);
	else if (gethostname(profile->host, sizeof(profile->host)) ||
		 !profile_host_is_good(profile->host))
		strcpy(profile->host, "HOST");
	fill_keys(profile, enrolment);
}

/**
 * enrol_print() - print a client's profile, for tumbler import
 * @profile: of enrol_fill()
 * @enrolment: whose
 */
void enrol_print(const struct profile *profile, const struct enrolment *enrolment)
{
	unsigned char fingerprint[FINGERPRINT_SIZE];
	char text[PROFILE_TEXT_SIZE], digits[FINGERPRINT_TEXT_SIZE];

	printf("; key %s of the door %s", enrolment->key->name, enrolment->door->name);
	if (fingerprint_make(&enrolment->key->secret, fingerprint)) {
		fingerprint_format(digits, fingerprint);
		printf(", fingerprint %s", digits);
	}
	puts("\n; keep it secret, and bring it to the client by a safe way: tumbler import FILE");
	if (enrolment->key->paired)
		puts("; with the private key that never left the client: --private-key FILE");
	if (!enrolment->host)
		puts("; host is what this server calls itself: put the name that the client uses");
	profile_format(text, profile);
	fputs(text, stdout);
	OPENSSL_cleanse(text, sizeof(text));
}

static void record_key(struct record *record, const char *name, const unsigned char *bytes,
		       size_t length)
{
	char text[BASE64_SIZE(SECRET_SIZE_MAX)];

	base64_encode(text, bytes, length);
	record_text(record, name, length ? text : NULL);
	OPENSSL_cleanse(text, sizeof(text));
}

static void print_json(const struct profile *profile, const struct enrolment *enrolment)
{
	bool paired = enrolment->key->paired, sealed = profile->type == PROFILE_SEALED;
	struct record record = { .count = 0 };
	unsigned char fingerprint[FINGERPRINT_SIZE];
	char digits[FINGERPRINT_TEXT_SIZE];

	record_text(&record, "type", sealed ? "sealed" : "tumbler");
	record_text(&record, "action", sealed ? "both" : profile->closes ? "close" : "open");
	record_text(&record, "name", profile->name);
	record_text(&record, "host", profile->host);
	record_number(&record, "port", profile->port);
	if (profile->service)
		record_number(&record, "service", profile->service);
	else
		record_absent(&record, "service");
	record_text(&record, "door", profile->door);
	record_text(&record, "key", enrolment->key->name);
	record_key(&record, "secret", profile->secret.bytes,
		   paired ? 0 : profile->secret.length);
	record_key(&record, "server_public_key", profile->server, paired ? X25519_SIZE : 0);
	record_key(&record, "public_key", profile->client.public_key, paired ? X25519_SIZE : 0);
	if (fingerprint_make(&profile->secret, fingerprint))
		fingerprint_format(digits, fingerprint);
	else
		strcpy(digits, "?");
	record_text(&record, "fingerprint", digits);
	record_print_json(stdout, &record);
	putchar('\n');
	record_clear(&record);
}

static enum outcome print_enrolment(const struct invocation *invocation,
				    const struct enrolment *enrolment)
{
	struct profile profile;

	enrol_fill(&profile, enrolment);
	if (invocation->json)
		print_json(&profile, enrolment);
	else
		enrol_print(&profile, enrolment);
	profile_wipe(&profile);
	return DONE;
}

static enum outcome enrol_of(const struct store *store)
{
	const struct invocation *invocation = store->invocation;
	struct config_key *key = config_key_find(&store->door, invocation->operand[1]);
	struct enrolment enrolment = { .door = &store->door, .host = invocation->value[HOST] };
	char why[SERVER_KEY_WHY_SIZE];
	struct x25519_pair server;
	enum outcome outcome = REFUSED;

	if (!key) {
		complain("no file of %s has a key %s of door %s, so its secret is not known here; add-key prints the profile of a key that it makes",
			 invocation->config, invocation->operand[1], store->door.name);
		return REFUSED;
	}
	enrolment.key = key;
	if (!key->paired)
		return print_enrolment(invocation, &enrolment);
	if (!server_key_read(&server, invocation->config, why)) {
		complain("%s", why);
		return REFUSED;
	}
	enrolment.server = server.public_key;
	if (server_key_agree(key, store->door.name, &server))
		outcome = print_enrolment(invocation, &enrolment);
	else
		complain("the public key of key %s is no good one; have the client make another with tumbler genkey",
			 key->name);
	x25519_wipe(&server);
	return outcome;
}

enum outcome enrol(const struct invocation *invocation)
{
	const char *host = invocation->value[HOST];
	enum outcome outcome = REFUSED;
	char why[PARSE_WHY_SIZE];
	struct store store;

	if (!parse_name("door", invocation->operand[0], why) ||
	    !parse_name("key", invocation->operand[1], why) ||
	    (host && !enrol_host_is_good(host, why))) {
		complain("%s", why);
		return USAGE;
	}
	if (store_read(&store, invocation))
		outcome = enrol_of(&store);
	store_close(&store);
	return outcome;
}
