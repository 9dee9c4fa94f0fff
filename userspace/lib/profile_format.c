// SPDX-License-Identifier: GPL-2.0
/* A profile as profile_parse() reads it. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

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

static void append_keys(struct text *text, const struct profile *profile)
{
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
	char address[KNOCK_ADDRESS_TEXT_SIZE];

	append(&to, "type = %s\n", profile->type == PROFILE_SEALED ? "sealed" : "tumbler");
	if (profile->closes)
		append(&to, "action = close\n");
	if (*profile->name)
		append(&to, "name = %s\n", profile->name);
	append(&to, "host = %s\nport = %u\n", profile->host, profile->port);
	if (profile->service)
		append(&to, "service = %u\n", profile->service);
	if (*profile->door)
		append(&to, "door = %s\n", profile->door);
	if (profile_says(profile, "source")) {
		knock_address_format(address, &profile->source);
		append(&to, "source = %s\n", address);
	}
	append_keys(&to, profile);
	return to.used;
}
