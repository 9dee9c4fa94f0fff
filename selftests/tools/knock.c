// SPDX-License-Identifier: GPL-2.0
/* TUMBLER1 datagrams, right and wrong ones. */
#include <knock/tumbler.h>
/* The digest alone; all else of the library would be linked, and started, in vain. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "knock.h"
#include "words.h"

/**
 * knock_address_add() - the @n'th address after @first
 * @first: an address
 * @n: added to its last 32 bits
 *
 * Return: the sum.
 */
struct knock_address knock_address_add(const struct knock_address *first, u32 n)
{
	struct knock_address sum = *first;
	u64 carry = n;
	int i;

	for (i = 15; i >= 12; i--) {
		carry += sum.bytes[i];
		sum.bytes[i] = (u8)carry;
		carry >>= 8;
	}
	return sum;
}

/**
 * knock_minute_now() - the wall clock
 *
 * Return: minutes since 1970.
 */
u32 knock_minute_now(void)
{
	return (u32)(time(NULL) / 60);
}

/**
 * knock_digest() - what proves a secret
 * @digest: gets it
 * @minute: minutes since 1970
 * @source: the sender as the server sees it
 * @secret: shared with a key
 */
void knock_digest(u8 digest[32], u32 minute, const struct knock_address *source,
		  const char *secret)
{
	char message[KNOCK_TUMBLER_MESSAGE_MAX];
	SHA256_CTX state;
	size_t len = strlen(secret);
	size_t prefix;

	if (len > KNOCK_TUMBLER_SECRET_MAX)
		die("a secret has at most %d bytes", KNOCK_TUMBLER_SECRET_MAX);
	prefix = knock_tumbler_prefix(message, minute, source);
	memcpy(message + prefix, secret, len);
	if (!SHA256_Init(&state) || !SHA256_Update(&state, message, prefix + len) ||
	    !SHA256_Final(digest, &state))
		die("no SHA-256 here");
}

/* @kind: d lower case, D upper case, m one digit of each in turn. */
static size_t put_digits(u8 *to, const u8 digest[32], char kind)
{
	static const char cases[2][17] = { "0123456789abcdef", "0123456789ABCDEF" };
	int i;

	for (i = 0; i < 32; i++) {
		to[2 * i] = (u8)cases[kind == 'D'][digest[i] >> 4];
		to[2 * i + 1] = (u8)cases[kind != 'd'][digest[i] & 15];
	}
	return 64;
}

/**
 * knock_payload() - a datagram's payload by a template
 * @payload: gets it
 * @template: text; %d, %D and %m stand for the digest in lower, upper and mixed case,
 *	\\n, \\r, \\t and \\0 for those bytes, \\\\ and %% for themselves
 * @digest: what %d stands for
 *
 * Return: its length.
 */
size_t knock_payload(u8 payload[KNOCK_PAYLOAD_SIZE], const char *template, const u8 digest[32])
{
	static const char names[] = "nrt0";
	static const char bytes[] = "\n\r\t";
	const char *c, *found;
	size_t len = 0;

	for (c = template; *c; c++) {
		if (len + 64 > KNOCK_PAYLOAD_SIZE)
			die("the template is too long");
		if (*c == '%' && c[1] && strchr("dDm", c[1])) {
			len += put_digits(payload + len, digest, *++c);
		} else if (*c == '\\' && c[1] && strchr(names, c[1])) {
			found = strchr(names, c[1]);
			payload[len++] = (u8)bytes[found - names];
			c++;
		} else {
			if ((*c == '%' || *c == '\\') && c[1] == *c)
				c++;
			payload[len++] = (u8)*c;
		}
	}
	return len;
}

static void keep_line(struct knock_line *line, char *text)
{
	u8 bytes[KNOCK_PAYLOAD_SIZE];

	text[strcspn(text, "\n")] = 0;
	line->len = word_hex(text, bytes, sizeof(bytes));
	line->bytes = malloc(line->len + 1);
	if (!line->bytes)
		die("no memory for so many payloads");
	memcpy(line->bytes, bytes, line->len);
}

/**
 * knock_lines() - payloads from standard input, a line of hex each
 * @lines: gets them, never freed
 *
 * Return: how many; none ends the program.
 */
size_t knock_lines(struct knock_line **lines)
{
	char text[2 * KNOCK_PAYLOAD_SIZE + 2];
	size_t count = 0, room = 0;

	*lines = NULL;
	while (fgets(text, sizeof(text), stdin)) {
		if (count == room) {
			room = room ? 2 * room : 1024;
			*lines = realloc(*lines, room * sizeof(**lines));
			if (!*lines)
				die("no memory for so many payloads");
		}
		keep_line(&(*lines)[count++], text);
	}
	if (!count)
		die("standard input has no payload");
	return count;
}
