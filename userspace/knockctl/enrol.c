// SPDX-License-Identifier: GPL-2.0
/* What a client needs, whole: its profile. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "complain.h"
#include "enrol.h"
#include "knockctl.h"
#include "once.h"
#include "port_crypto.h"
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
static u16 first_tcp_port(const struct config_door *door)
{
	const struct service_list *opens = &door->opens;
	size_t i;

	for (i = 0; i < opens->count; i++)
		if (opens->service[i].protocol == IPPROTO_TCP &&
		    opens->service[i].first != door->agent)
			return opens->service[i].first;
	return 0;
}

/* The server's pin, and the key of who has not the secret that it is made of. */
static bool make_tls(struct profile *profile, const struct enrolment *enrolment,
		     const struct x25519_pair *server)
{
	const struct secret *secret = &enrolment->key->secret;
	unsigned char key[TLS_KEY_SIZE];
	bool good;

	good = tls_key_of_server(key, server->private_key) &&
	       tls_key_pin(profile->tls_server, key) &&
	       (!config_key_is_once(enrolment->key) ||
		tls_key_of_client(profile->tls_key, secret->bytes, secret->length));
	OPENSSL_cleanse(key, sizeof(key));
	if (!good)
		complain("libcrypto offers no Ed25519, so no client can know the agent; install one that does");
	return good;
}

/* How the client finds the agent. One whose key closes the door has no use for it. */
static bool fill_agent(struct profile *profile, const struct enrolment *enrolment)
{
	char why[SERVER_KEY_WHY_SIZE];
	struct x25519_pair server;
	bool good;

	if (!enrolment->door->agent || profile->closes)
		return true;
	good = server_key_read(&server, enrolment->config, why);
	if (!good)
		complain("%s; knockctl set-door with --agent makes one, too", why);
	good = good && make_tls(profile, enrolment, &server);
	x25519_wipe(&server);
	profile->agent = enrolment->door->agent;
	return good;
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

/* Of a once key's secret the client gets those of the numbers that are handed out. */
static bool fill_book(struct book *book, const struct enrolment *enrolment)
{
	const struct config_key *key = enrolment->key;
	struct book_entry *entry;
	u64 number;

	for (number = enrolment->used + 1; number <= key->handed && book->count < BOOK_MAX;
	     number++) {
		entry = &book->entry[book->count++];
		entry->number = number;
		if (!knock_derive_once(&port_crypto, key->secret.bytes, number, entry->secret))
			return false;
	}
	return true;
}

static bool fill_series(struct profile *profile, const struct enrolment *enrolment)
{
	const struct series *series = &enrolment->key->series;

	profile->ports = series->ports;
	profile->steps = series->steps;
	profile->avoid = series->avoid;
	profile->unbound = series->unbound;
	profile->depth = series->depth;
	profile->slot_sec = series->slot;
	strcpy(profile->location, series->location);
	if (!config_key_is_once(enrolment->key))
		return true;
	secret_wipe(&profile->secret);
	return fill_book(&profile->book, enrolment);
}

static enum profile_type type_of(const struct config_key *key)
{
	static const enum profile_type of_kind[] = {
		[KNOCK_SEQUENCE_KIND_STATIC] = PROFILE_STATIC,
		[KNOCK_SEQUENCE_KIND_ONCE] = PROFILE_ONCE,
		[KNOCK_SEQUENCE_KIND_DERIVED] = PROFILE_DERIVED,
	};

	if (key->series.kind)
		return of_kind[key->series.kind];
	return key->type == KNOCK_KEY_TYPE_SEALED ? PROFILE_SEALED : PROFILE_TUMBLER;
}

/**
 * enrol_fill() - make a client's profile
 * @profile: receives it; to be wiped
 * @enrolment: whose
 *
 * Return: false with the sentence printed, if a part of it cannot be made.
 */
bool enrol_fill(struct profile *profile, const struct enrolment *enrolment)
{
	profile_init(profile, type_of(enrolment->key));
	profile->closes = enrolment->key->action == KNOCK_KEY_ACTION_CLOSE;
	strcpy(profile->name, enrolment->door->name);
	strcpy(profile->door, enrolment->door->name);
	profile->port = enrolment->door->knock_port;
	profile->service = first_tcp_port(enrolment->door);
	if (enrolment->host)
		strcpy(profile->host, enrolment->host);
	else if (gethostname(profile->host, sizeof(profile->host)) ||
		 !profile_host_is_good(profile->host))
		strcpy(profile->host, "HOST");
	profile->roaming = enrolment->key->roaming;
	fill_keys(profile, enrolment);
	if (!fill_agent(profile, enrolment))
		return false;
	if (!enrolment->key->series.kind || fill_series(profile, enrolment))
		return true;
	complain("libcrypto offers no HMAC-SHA256, so the client's sequences cannot be made; install one that does");
	return false;
}

/**
 * enrol_print_armed() - say from which number on a once key opens
 * @used: all numbers up to this one are over
 * @armed: those up to this one are good
 */
void enrol_print_armed(u64 used, u64 armed)
{
	unsigned long long first = used + 1;

	if (armed > used)
		printf("; it opens from number %llu on: good now are those up to %llu, and more when one of\n; them was used and load, rotate or the agent has armed others\n",
		       first, (unsigned long long)armed);
	else
		printf("; it opens from number %llu on, as soon as that is armed\n", first);
}

/* What its owner should know of a sequence. */
static void print_notes(const struct profile *profile, const struct enrolment *enrolment)
{
	const struct config_key *key = enrolment->key;

	if (profile->type == PROFILE_STATIC)
		puts("; whoever sees this sequence once can repeat it, from any address: --once and --derived are good once");
	if (profile->type == PROFILE_ONCE && key->armed)
		enrol_print_armed(enrolment->used, key->armed);
	if (profile->type == PROFILE_ONCE && key->series.unbound)
		puts("; they are good from any address, also for who sees one before its last step arrives");
	if (profile->roaming)
		puts("; its knocks are for no address: the agent has to run, and opens the door to who shows this key");
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
	if (profile->type != PROFILE_STATIC &&
	    fingerprint_make(&enrolment->key->secret, fingerprint)) {
		fingerprint_format(digits, fingerprint);
		printf(", fingerprint %s", digits);
	}
	puts("\n; keep it secret, and bring it to the client by a safe way: tumbler import FILE");
	if (enrolment->key->paired)
		puts("; with the private key that never left the client: --private-key FILE");
	if (!enrolment->host)
		puts("; host is what this server calls itself: put the name that the client uses");
	print_notes(profile, enrolment);
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

/* A list with commas, or nothing of keys that have none. */
static void record_parts(struct record *record, const char *name, const char *list)
{
	if (*list)
		record_list(record, name, list);
	else
		record_absent(record, name);
}

/* As `NUMBER SECRET', which is what the profile says of each. */
static void record_book(struct record *record, const struct book *book)
{
	char text[BOOK_MAX * (SECRET_BINARY_TEXT_SIZE + 24)] = "", base64[SECRET_BINARY_TEXT_SIZE];
	size_t used = 0, i;

	for (i = 0; i < book->count; i++) {
		base64_encode(base64, book->entry[i].secret, sizeof(book->entry[i].secret));
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%llu %s",
					 i ? "," : "",
					 (unsigned long long)book->entry[i].number, base64);
	}
	record_parts(record, "sequences", text);
	OPENSSL_cleanse(base64, sizeof(base64));
	OPENSSL_cleanse(text, sizeof(text));
}

static void record_number_of(struct record *record, const char *name, bool has, u64 number)
{
	if (has)
		record_number(record, name, number);
	else
		record_absent(record, name);
}

/**
 * enrol_record_agent() - what a profile says of the agent, for programs
 * @record: to add to
 * @profile: of any type
 */
void enrol_record_agent(struct record *record, const struct profile *profile)
{
	size_t size = profile->agent ? TLS_PIN_SIZE : 0;

	record_number_of(record, "agent", profile->agent, profile->agent);
	record_key(record, "tls_server", profile->tls_server, size);
	record_text(record, "roaming", profile->roaming ? "yes" : NULL);
	record_key(record, "tls_key", profile->tls_key,
		   profile->type == PROFILE_ONCE ? size : 0);
}

/**
 * enrol_record_series() - what a profile says of sequences, for programs
 * @record: to add to
 * @profile: of any type
 */
void enrol_record_series(struct record *record, const struct profile *profile)
{
	bool derived = profile->type == PROFILE_DERIVED;
	bool made = profile->type == PROFILE_ONCE || derived;
	char ports[KNOCK_SEQUENCE_TEXT_SIZE], avoid[PORT_RANGES_TEXT_SIZE];

	knock_sequence_format(ports, &profile->ports);
	port_ranges_format(avoid, &profile->avoid);
	record_parts(record, "ports", ports);
	record_number_of(record, "steps", made, profile->steps);
	record_parts(record, "avoid", avoid);
	record_text(record, "unbound", profile->unbound ? "yes" : NULL);
	record_number_of(record, "depth", profile->type == PROFILE_ONCE, profile->depth);
	record_text(record, "location", *profile->location ? profile->location : NULL);
	record_number_of(record, "slot_length", derived, profile->slot_sec);
	record_book(record, &profile->book);
	OPENSSL_cleanse(ports, sizeof(ports));
}

static void print_json(const struct profile *profile, const struct enrolment *enrolment)
{
	bool paired = enrolment->key->paired, sealed = profile->type == PROFILE_SEALED;
	struct record record = { .count = 0 };
	unsigned char fingerprint[FINGERPRINT_SIZE];
	char digits[FINGERPRINT_TEXT_SIZE];

	record_text(&record, "type", profile_type_name(profile->type));
	record_text(&record, "action", sealed ? "both" : profile->closes ? "close" : "open");
	record_text(&record, "name", profile->name);
	record_text(&record, "host", profile->host);
	record_number_of(&record, "port", !enrolment->key->series.kind, profile->port);
	if (profile->service)
		record_number(&record, "service", profile->service);
	else
		record_absent(&record, "service");
	enrol_record_agent(&record, profile);
	record_text(&record, "door", profile->door);
	record_text(&record, "key", enrolment->key->name);
	record_key(&record, "secret", profile->secret.bytes,
		   paired ? 0 : profile->secret.length);
	record_key(&record, "server_public_key", profile->server, paired ? X25519_SIZE : 0);
	record_key(&record, "public_key", profile->client.public_key, paired ? X25519_SIZE : 0);
	if (fingerprint_make(&enrolment->key->secret, fingerprint))
		fingerprint_format(digits, fingerprint);
	else
		strcpy(digits, "?");
	record_text(&record, "fingerprint", profile->type == PROFILE_STATIC ? NULL : digits);
	enrol_record_series(&record, profile);
	record_print_json(stdout, &record);
	putchar('\n');
	record_clear(&record);
}

static enum outcome print_enrolment(const struct invocation *invocation,
				    const struct enrolment *enrolment)
{
	enum outcome outcome = REFUSED;
	struct profile profile;

	if (enrol_fill(&profile, enrolment)) {
		outcome = DONE;
		if (invocation->json)
			print_json(&profile, enrolment);
		else
			enrol_print(&profile, enrolment);
	}
	profile_wipe(&profile);
	return outcome;
}

/* How far numbers were handed out, and which of them are good no more. */
static bool recall_numbers(const struct invocation *invocation, struct config_key *key,
			   struct enrolment *enrolment)
{
	struct numbers_dir directory;
	struct numbers_entry entry;
	enum numbers_found found;
	char why[NUMBERS_WHY_SIZE];
	bool open;

	if (!config_key_is_once(key))
		return true;
	open = numbers_open(&directory, invocation->state, false, why);
	if (!open && errno != ENOENT) {
		complain("%s", why);
		return false;
	}
	found = arm_recall(open ? &directory : NULL, key, &entry);
	numbers_close(&directory);
	if (found == NUMBERS_BROKEN) {
		complain("what was handed out of key %s is not known, since its numbers in %s are lost or damaged; rotate tells what the module knows, or add the key again",
			 key->name, directory.path);
		return false;
	}
	key->handed = entry.numbers.handed;
	enrolment->used = numbers_used_at_least(&entry.numbers);
	return true;
}

static enum outcome enrol_of(const struct store *store)
{
	const struct invocation *invocation = store->invocation;
	struct config_key *key = config_key_find(&store->door, invocation->operand[1]);
	struct enrolment enrolment = { .door = &store->door, .config = invocation->config,
				       .host = invocation->value[HOST] };
	char why[SERVER_KEY_WHY_SIZE];
	struct x25519_pair server;
	enum outcome outcome = REFUSED;

	if (!key) {
		complain("no file of %s has a key %s of door %s, so its secret is not known here; add-key prints the profile of a key that it makes",
			 invocation->config, invocation->operand[1], store->door.name);
		return REFUSED;
	}
	enrolment.key = key;
	if (!recall_numbers(invocation, key, &enrolment))
		return REFUSED;
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
