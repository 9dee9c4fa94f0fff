// SPDX-License-Identifier: GPL-2.0
/*
 * memsearch: which secrets of a seed are in a memory, on standard input. A secret is
 * there if sixteen bytes of it are, as they are, as SHA-256 or HMAC take them, or as hex
 * or base64 digits. Prints their numbers, and on standard error where.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "seeded.h"
#include "words.h"

static const char usage[] = "usage: memsearch SEED COUNT < MEMORY\n";

#define PIECE 16
#define CHUNK (1 << 20)
/* Pieces are found by their first two bytes. */
#define HEADS 65536
#define NUMBERS_MAX 4096

struct piece {
	unsigned char bytes[PIECE];
	uint32_t number;
	const char *form;
	struct piece *next;
};

static struct piece *heads[HEADS];
static bool found[NUMBERS_MAX];

static struct piece **head_of(const unsigned char *bytes)
{
	return &heads[bytes[0] << 8 | bytes[1]];
}

static void add_pieces(uint32_t number, const char *form, const unsigned char *bytes,
		       size_t length)
{
	struct piece *piece, **head;
	size_t at;

	for (at = 0; at + PIECE <= length; at += PIECE) {
		piece = malloc(sizeof(*piece));
		if (!piece)
			die("out of memory");
		memcpy(piece->bytes, bytes + at, PIECE);
		head = head_of(piece->bytes);
		piece->number = number;
		piece->form = form;
		piece->next = *head;
		*head = piece;
	}
}

/* As it is, and as words of the other byte order. */
static void add_padded(uint32_t number, const char *form, const unsigned char *secret,
		       unsigned char pad)
{
	unsigned char bytes[SEEDED_SIZE], swapped[SEEDED_SIZE];
	int i;

	for (i = 0; i < SEEDED_SIZE; i++) {
		bytes[i] = secret[i] ^ pad;
		swapped[i ^ 3] = bytes[i];
	}
	add_pieces(number, form, bytes, sizeof(bytes));
	add_pieces(number, form, swapped, sizeof(swapped));
}

static void add_base64(uint32_t number, const unsigned char *secret)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned char text[SEEDED_SIZE / 3 * 4];
	uint32_t three, i, k;

	for (i = 0; i < SEEDED_SIZE / 3; i++) {
		three = (uint32_t)(secret[3 * i] << 16 | secret[3 * i + 1] << 8 |
				   secret[3 * i + 2]);
		for (k = 0; k < 4; k++)
			text[4 * i + k] = (unsigned char)digits[three >> (18 - 6 * k) & 63];
	}
	add_pieces(number, "base64", text, sizeof(text));
}

static uint32_t digit_value(unsigned char digit)
{
	return digit >= 'a' ? digit - 'a' + 26U : digit - '0' + 52U;
}

/* The hex digits, where they stand for base64, too. */
static void add_decoded(uint32_t number, const unsigned char *text)
{
	unsigned char bytes[SEEDED_TEXT / 4 * 3];
	uint32_t four, i;

	for (i = 0; i < SEEDED_TEXT / 4; i++) {
		four = digit_value(text[4 * i]) << 18 | digit_value(text[4 * i + 1]) << 12 |
		       digit_value(text[4 * i + 2]) << 6 | digit_value(text[4 * i + 3]);
		bytes[3 * i] = (unsigned char)(four >> 16);
		bytes[3 * i + 1] = (unsigned char)(four >> 8);
		bytes[3 * i + 2] = (unsigned char)four;
	}
	add_pieces(number, "decoded", bytes, sizeof(bytes));
}

static void add_secret(uint64_t seed, uint32_t number)
{
	unsigned char secret[SEEDED_SIZE], text[SEEDED_TEXT];

	seeded_secret(seed, number, secret);
	add_padded(number, "bytes", secret, 0);
	add_padded(number, "inner pad", secret, 0x36);
	add_padded(number, "outer pad", secret, 0x5c);
	seeded_hex(secret, text);
	add_pieces(number, "hex", text, sizeof(text));
	add_decoded(number, text);
	add_base64(number, secret);
}

/* All that begin in a part of the memory; PIECE - 1 bytes more can be read. */
static void search(const unsigned char *bytes, size_t length, unsigned long long at)
{
	const struct piece *piece;
	size_t i;

	for (i = 0; i < length; i++) {
		for (piece = *head_of(bytes + i); piece; piece = piece->next) {
			if (memcmp(piece->bytes, bytes + i, PIECE))
				continue;
			found[piece->number] = true;
			fprintf(stderr, "%u: %s at %#llx\n", piece->number, piece->form, at + i);
		}
	}
}

/* Return: how much there was. */
static unsigned long long search_all(void)
{
	static unsigned char bytes[CHUNK + PIECE];
	unsigned long long at = 0;
	size_t kept = 0;
	ssize_t got;

	while ((got = read(STDIN_FILENO, bytes + kept, CHUNK)) > 0) {
		kept += (size_t)got;
		if (kept < PIECE)
			continue;
		search(bytes, kept - PIECE + 1, at);
		at += kept - PIECE + 1;
		memmove(bytes, bytes + kept - PIECE + 1, PIECE - 1);
		kept = PIECE - 1;
	}
	if (got < 0)
		die("the memory cannot be read: %s", strerror(errno));
	return at;
}

int main(int argc, char **argv)
{
	uint32_t i, count;
	uint64_t seed;

	if (argc != 3) {
		fputs(usage, stderr);
		return 2;
	}
	seed = (uint64_t)word_number(argv[1], 1, 0x7fffffff);
	count = (uint32_t)word_number(argv[2], 1, NUMBERS_MAX);
	for (i = 0; i < count; i++)
		add_secret(seed, i);
	fprintf(stderr, "%llu bytes\n", search_all());
	for (i = 0; i < count; i++)
		if (found[i])
			printf("%u ", i);
	putchar('\n');
	return 0;
}
