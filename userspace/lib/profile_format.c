// SPDX-License-Identifier: GPL-2.0
/* A profile as profile_parse() reads it. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#include "duration.h"
#include "profile.h"

/**
 * struct text - a profile's text while it is made
 * @start: with room for PROFILE_TEXT_SIZE bytes; there is enough of it
 * @used: bytes, without the NUL
 */
struct text {
	char *start;
	size_t used;
};

static void append(struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void append(struct text *text, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text->start + text->used, PROFILE_TEXT_SIZE - text->used, format,
			   arguments);
	va_end(arguments);
	text->used += (size_t)length;
}

static void append_bytes(struct text *text, const char *word, const unsigned char *bytes,
			 size_t length)
{
	char base64[BASE64_SIZE(SECRET_SIZE_MAX)];

	base64_encode(base64, bytes, length);
	append(text, "%s = %s\n", word, base64);
	OPENSSL_cleanse(base64, sizeof(base64));
}

static void append_secrets(struct text *text, const struct profile *profile)
{
	size_t i;

	if (profile->agent && profile->type == PROFILE_ONCE)
		append_bytes(text, "tls-key", profile->tls_key, TLS_KEY_SIZE);
	for (i = 0; i < profile->book.count; i++)
		text->used += book_format_sequence(text->start + text->used,
						   &profile->book.entry[i]);
	if (profile->type == PROFILE_STATIC || profile->type == PROFILE_ONCE)
		return;
	if (!profile_says(profile, "server-public-key")) {
		append_bytes(text, "secret", profile->secret.bytes, profile->secret.length);
		return;
	}
	append_bytes(text, "server-public-key", profile->server, X25519_SIZE);
	if (profile_says(profile, "public-key"))
		append_bytes(text, "public-key", profile->client.public_key, X25519_SIZE);
	if (profile_says(profile, "private-key"))
		append_bytes(text, "private-key", profile->client.private_key, X25519_SIZE);
}

/* Of what its sequences are made, but for their secrets. */
static void append_sequence(struct text *text, const struct profile *profile)
{
	char ports[KNOCK_SEQUENCE_TEXT_SIZE], avoid[PORT_RANGES_TEXT_SIZE];
	char slot[DURATION_TEXT_SIZE];

	if (profile->type == PROFILE_STATIC) {
		knock_sequence_format(ports, &profile->ports);
		append(text, "ports = %s\n", ports);
		return;
	}
	append(text, "steps = %u\n", profile->steps);
	if (profile->avoid.count) {
		port_ranges_format(avoid, &profile->avoid);
		append(text, "avoid = %s\n", avoid);
	}
	if (profile->unbound)
		append(text, "unbound = yes\n");
	if (profile->type == PROFILE_ONCE) {
		append(text, "depth = %u\n", profile->depth);
		return;
	}
	if (*profile->location)
		append(text, "location = %s\n", profile->location);
	format_duration(slot, profile->slot_sec);
	append(text, "slot = %s\n", slot);
}

/**
 * profile_format() - write a profile
 * @text: receives it with a NUL; to be wiped
 * @profile: what to write; of its keys either the secret or those it is made of
 *
 * Return: its bytes, without the NUL.
 */
size_t profile_format(char text[PROFILE_TEXT_SIZE], const struct profile *profile)
{
	struct text to = { .start = text };
	bool datagram = profile->type == PROFILE_TUMBLER || profile->type == PROFILE_SEALED;
	char address[KNOCK_ADDRESS_TEXT_SIZE];

	append(&to, "type = %s\n", profile_type_name(profile->type));
	if (profile->closes)
		append(&to, "action = close\n");
	if (*profile->name)
		append(&to, "name = %s\n", profile->name);
	append(&to, "host = %s\n", profile->host);
	if (datagram)
		append(&to, "port = %u\n", profile->port);
	if (profile->service)
		append(&to, "service = %u\n", profile->service);
	if (profile->agent) {
		append(&to, "agent = %u\n", profile->agent);
		append_bytes(&to, "tls-server", profile->tls_server, TLS_PIN_SIZE);
	}
	if (profile->roaming)
		append(&to, "roaming = yes\n");
	if (*profile->door)
		append(&to, "door = %s\n", profile->door);
	if (profile_says(profile, "source")) {
		knock_address_format(address, &profile->source);
		append(&to, "source = %s\n", address);
	}
	if (!datagram)
		append_sequence(&to, profile);
	append_secrets(&to, profile);
	return to.used;
}
