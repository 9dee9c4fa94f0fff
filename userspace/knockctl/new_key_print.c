// SPDX-License-Identifier: GPL-2.0
/* What is told, once, of a key that was added. */
#include <stdio.h>

#include <openssl/crypto.h>

#include <knock/tumbler.h>

#include "enrol.h"
#include "new_key.h"

/* What the client types, but for the name of the server. */
static void format_url(char *text, size_t size, const struct new_key *key)
{
	const struct secret *secret = &key->key.secret;
	const char *host = key->invocation->value[KEY_HOST];
	char salt[SALT_TEXT_SIZE], port[8] = "";

	if (!host)
		host = "HOST";
	if (key->door.knock_port != KNOCK_TUMBLER_PORT)
		snprintf(port, sizeof(port), ":%u", key->door.knock_port);
	salt_format(salt, &key->salt);
	if (key->stretched)
		snprintf(text, size, "tumbler://%s%s/?stretch=%s", host, port, salt);
	else
		snprintf(text, size, "tumbler://%.*s@%s%s/", (int)secret->length, secret->bytes,
			 host, port);
}

static void print_tumbler(const struct new_key *key, const char *file, const char *url)
{
	const char *put = key->invocation->value[KEY_HOST] ? "" : "Put your server for HOST. ";

	if (key->key.generated) {
		printf("secret  %.*s\n", (int)key->key.secret.length, key->key.secret.bytes);
		printf("client  tumbler --open %s\n", url);
		printf("%sThis is shown once%s%s.\n", put, file ? ", and kept in " :
		       " and kept nowhere", file ? file : "");
	}
	if (key->stretched) {
		printf("client  tumbler --open '%s'\n", url);
		printf("%sIt asks for the passphrase; the URL is shown once.\n", put);
	}
}

static struct enrolment enrolment_of(const struct new_key *key)
{
	return (struct enrolment){ .door = &key->door, .key = &key->key, .server = key->server,
				   .config = key->invocation->config,
				   .host = key->invocation->value[KEY_HOST] };
}

/* The profile, so that it can be piped to the client. */
static void print_profile(const struct new_key *key)
{
	const struct enrolment enrolment = enrolment_of(key);
	struct profile profile;

	if (enrol_fill(&profile, &enrolment))
		enrol_print(&profile, &enrolment);
	profile_wipe(&profile);
}

static void print_for_people(const struct new_key *key, const char *file, const char *url)
{
	bool profile = key->key.type != KNOCK_KEY_TYPE_TUMBLER;
	char time[TIME_TEXT_SIZE];

	if (profile)
		print_profile(key);
	else
		print_tumbler(key, file, url);
	if (key->accepted_from) {
		format_time(time, key->accepted_from);
		printf("%saccepted from %s, since older knocks might be replays\n",
		       profile ? "; " : "", time);
	}
}

static void record_secret(struct record *record, const struct config_key *key)
{
	char text[BASE64_SIZE(SECRET_SIZE_MAX)];

	/* Of a once key it stays here. */
	if (config_key_is_once(key)) {
		record_absent(record, "secret");
		return;
	}
	if (config_key_has_binary_secret(key))
		base64_encode(text, key->secret.bytes, key->secret.length);
	else
		snprintf(text, sizeof(text), "%.*s", (int)key->secret.length,
			 key->secret.bytes);
	record_text(record, "secret", key->generated ? text : NULL);
	OPENSSL_cleanse(text, sizeof(text));
}

static void print_for_programs(struct new_key *key, const char *url)
{
	const struct enrolment enrolment = enrolment_of(key);
	char text[SECRET_BINARY_TEXT_SIZE];
	struct profile profile;

	record_secret(&key->added, &key->key);
	record_text(&key->added, "url", *url ? url : NULL);
	base64_encode(text, key->server, X25519_SIZE);
	record_text(&key->added, "server_public_key", key->key.paired ? text : NULL);
	if (enrol_fill(&profile, &enrolment)) {
		enrol_record_agent(&key->added, &profile);
		enrol_record_series(&key->added, &profile);
	}
	profile_wipe(&profile);
	record_print_json(stdout, &key->added);
	putchar('\n');
}

/**
 * new_key_print() - print what the client needs
 * @key: the key, which was added
 * @file: that keeps it; NULL if none does
 */
void new_key_print(struct new_key *key, const char *file)
{
	char url[SECRET_GENERATED_LENGTH + PROFILE_HOST_SIZE + 32] = "";

	if (key->key.type == KNOCK_KEY_TYPE_TUMBLER && (key->key.generated || key->stretched))
		format_url(url, sizeof(url), key);
	if (key->invocation->json)
		print_for_programs(key, url);
	else
		print_for_people(key, file, url);
	OPENSSL_cleanse(url, sizeof(url));
}
