// SPDX-License-Identifier: GPL-2.0
/* Bans as a text: a line each, of which what is not whole is passed over. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bans.h"
#include "parse.h"
#include "whole_line.h"

/* An address, three words and two numbers. */
#define LINE_SIZE 96

/**
 * bans_add() - add a ban
 * @bans: where to
 * @ban: copied
 *
 * Return: false if there are as many as there may be, or there was no memory.
 */
bool bans_add(struct bans *bans, const struct ban *ban)
{
	size_t room = bans->room ? 2 * bans->room : 16;
	struct ban *more;

	if (bans->count >= BANS_MAX)
		return false;
	if (bans->count == bans->room) {
		more = reallocarray(bans->ban, room, sizeof(*more));
		if (!more)
			return false;
		bans->ban = more;
		bans->room = room;
	}
	bans->ban[bans->count++] = *ban;
	return true;
}

static int format_line(char *line, size_t size, const struct ban *ban)
{
	char address[KNOCK_ADDRESS_TEXT_SIZE];

	knock_address_format(address, &ban->address);
	return snprintf(line, size, "%s until %" PRIu64 " left %" PRIu32 "\n", address,
			(uint64_t)ban->until, ban->left);
}

/**
 * bans_format() - the text of bans
 * @bans: the bans
 *
 * Return: the text, to be freed; NULL if there was no memory.
 */
char *bans_format(const struct bans *bans)
{
	char *text = malloc(bans->count * LINE_SIZE + 1), *end = text;
	size_t i;

	if (!text)
		return NULL;
	*text = '\0';
	for (i = 0; i < bans->count; i++)
		end += format_line(end, LINE_SIZE, &bans->ban[i]);
	return text;
}

/* What is read is good if it is what would be written. */
static bool parse_line(struct ban *ban, const char *line)
{
	char address[KNOCK_ADDRESS_TEXT_SIZE], again[LINE_SIZE], why[PARSE_WHY_SIZE];
	uint64_t until;
	uint32_t left;

	if (sscanf(line, "%45s until %" SCNu64 " left %" SCNu32, address, &until, &left) != 3 ||
	    !parse_address(address, &ban->address, why))
		return false;
	ban->until = until;
	ban->left = left;
	format_line(again, sizeof(again), ban);
	return left && left <= BANS_SECONDS_MAX && !strcmp(line, again);
}

/**
 * bans_parse() - read bans from a text
 * @bans: where to
 * @text: the text
 * @length: its bytes
 *
 * Return: false if there was no memory.
 */
bool bans_parse(struct bans *bans, const char *text, size_t length)
{
	struct whole_lines lines = { .next = text, .end = text + length };
	char line[LINE_SIZE];
	struct ban ban;

	while (whole_line(&lines, line, sizeof(line)))
		if (parse_line(&ban, line) && bans->count < BANS_MAX && !bans_add(bans, &ban))
			return false;
	return true;
}

/**
 * bans_seconds() - how long a ban goes on
 * @ban: as it was written
 * @now: unix seconds
 *
 * A clock that was set back, or that the machine lost, makes no ban longer.
 *
 * Return: seconds; 0 if it is over.
 */
u32 bans_seconds(const struct ban *ban, u64 now)
{
	if (now >= ban->until)
		return 0;
	return ban->until - now < ban->left ? (u32)(ban->until - now) : ban->left;
}

/**
 * bans_free() - forget all of them
 * @bans: empty afterwards
 */
void bans_free(struct bans *bans)
{
	free(bans->ban);
	memset(bans, 0, sizeof(*bans));
}
