// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "words.h"

/**
 * die() - end the program with a sentence and status 2
 * @format: what is wrong, as for printf()
 */
void die(const char *format, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(2);
}

/**
 * word_number() - a decimal or 0x number
 * @text: all of it is the number
 * @min: lowest that is taken
 * @max: highest
 *
 * Return: the number.
 */
long word_number(const char *text, long min, long max)
{
	char *end;
	long n;

	errno = 0;
	n = strtol(text, &end, 0);
	if (errno || end == text || *end || n < min || n > max)
		die("`%s' is no number from %ld to %ld", text, min, max);
	return n;
}

/**
 * word_address() - an IPv4 or IPv6 address
 * @text: dotted decimal, or IPv6 (::ffff:a.b.c.d is IPv6)
 * @address: gets it; IPv4 as ::ffff:a.b.c.d
 *
 * Return: AF_INET or AF_INET6.
 */
int word_address(const char *text, struct knock_address *address)
{
	u8 v4[4];

	if (inet_pton(AF_INET, text, v4) == 1) {
		*address = knock_address_from_ipv4(v4);
		return AF_INET;
	}
	if (inet_pton(AF_INET6, text, address->bytes) != 1)
		die("`%s' is no address", text);
	return AF_INET6;
}

/**
 * word_mac() - an Ethernet address
 * @text: six hex numbers with colons
 * @mac: gets it
 */
void word_mac(const char *text, u8 mac[6])
{
	unsigned int b[6];
	int i;

	if (sscanf(text, "%x:%x:%x:%x:%x:%x", b, b + 1, b + 2, b + 3, b + 4, b + 5) != 6)
		die("`%s' is no Ethernet address", text);
	for (i = 0; i < 6; i++)
		mac[i] = (u8)b[i];
}

/**
 * word_hex() - bytes written as hex digits
 * @text: an even number of digits
 * @bytes: gets them
 * @size: room in @bytes
 *
 * Return: how many bytes.
 */
size_t word_hex(const char *text, u8 *bytes, size_t size)
{
	size_t len = strlen(text) / 2;
	unsigned int byte;
	size_t i;

	if (strlen(text) % 2 || len > size)
		die("hex digits come in pairs, at most %zu", size);
	for (i = 0; i < len; i++) {
		if (sscanf(text + 2 * i, "%2x", &byte) != 1)
			die("`%s' is not hex", text);
		bytes[i] = (u8)byte;
	}
	return len;
}
