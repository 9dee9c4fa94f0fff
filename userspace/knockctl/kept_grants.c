// SPDX-License-Identifier: GPL-2.0
/* Grants as a text: a line each, of which what is not whole is passed over. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kept_grants.h"
#include "name.h"
#include "parse.h"
#include "whole_line.h"

/* An address, two names, a fingerprint, five words and two numbers. */
#define LINE_SIZE 224

/**
 * kept_grants_add() - add a grant
 * @grants: where to
 * @grant: copied
 *
 * Return: false if there are as many as there may be, or there was no memory.
 */
bool kept_grants_add(struct kept_grants *grants, const struct kept_grant *grant)
{
	size_t room = grants->room ? 2 * grants->room : 16;
	struct kept_grant *more;

	if (grants->count >= KEPT_GRANTS_MAX)
		return false;
	if (grants->count == grants->room) {
		more = reallocarray(grants->grant, room, sizeof(*more));
		if (!more)
			return false;
		grants->grant = more;
		grants->room = room;
	}
	grants->grant[grants->count++] = *grant;
	return true;
}

static int format_line(char *line, size_t size, const struct kept_grant *grant)
{
	char address[KNOCK_ADDRESS_TEXT_SIZE];
	char key[KNOCK_NAME_SIZE + FINGERPRINT_TEXT_SIZE + sizeof(" key  ")] = "";
	char digits[FINGERPRINT_TEXT_SIZE];

	knock_address_format(address, &grant->address);
	fingerprint_format(digits, grant->fingerprint);
	if (*grant->key)
		snprintf(key, sizeof(key), " key %s %s", grant->key, digits);
	return snprintf(line, size, "%s until %" PRIu64 " left %" PRIu32 " door %s%s\n", address,
			(uint64_t)grant->until, grant->left, grant->door, key);
}

/**
 * kept_grants_format() - the text of grants
 * @grants: the grants
 *
 * Return: the text, to be freed; NULL if there was no memory.
 */
char *kept_grants_format(const struct kept_grants *grants)
{
	char *text = malloc(grants->count * LINE_SIZE + 1), *end = text;
	size_t i;

	if (!text)
		return NULL;
	*text = '\0';
	for (i = 0; i < grants->count; i++)
		end += format_line(end, LINE_SIZE, &grants->grant[i]);
	return text;
}

/* Return: false if these are no digits of one. */
static bool parse_fingerprint(u8 fingerprint[FINGERPRINT_SIZE], const char *digits)
{
	size_t i;

	for (i = 0; i < FINGERPRINT_SIZE; i++)
		if (sscanf(digits + 2 * i, "%2hhx", &fingerprint[i]) != 1)
			return false;
	return true;
}

/* What is read is good if it is what would be written. */
static bool parse_line(struct kept_grant *grant, const char *line)
{
	char address[KNOCK_ADDRESS_TEXT_SIZE], digits[FINGERPRINT_TEXT_SIZE], again[LINE_SIZE];
	char why[PARSE_WHY_SIZE];
	uint64_t until;
	uint32_t left;
	int words;

	memset(grant, 0, sizeof(*grant));
	words = sscanf(line, "%45s until %" SCNu64 " left %" SCNu32 " door %31s key %31s %16s",
		       address, &until, &left, grant->door, grant->key, digits);
	if ((words != 4 && words != 6) || !parse_address(address, &grant->address, why) ||
	    !name_is_good(grant->door) || (words == 6 && (!name_is_good(grant->key) ||
	    strlen(digits) != FINGERPRINT_TEXT_SIZE - 1 ||
	    !parse_fingerprint(grant->fingerprint, digits))))
		return false;
	grant->until = until;
	grant->left = left;
	format_line(again, sizeof(again), grant);
	return left && left <= KEPT_GRANT_SECONDS_MAX && !strcmp(line, again);
}

/**
 * kept_grants_parse() - read grants from a text
 * @grants: where to
 * @text: the text
 * @length: its bytes
 *
 * Return: false if there was no memory.
 */
bool kept_grants_parse(struct kept_grants *grants, const char *text, size_t length)
{
	struct whole_lines lines = { .next = text, .end = text + length };
	struct kept_grant grant;
	char line[LINE_SIZE];

	while (whole_line(&lines, line, sizeof(line)))
		if (parse_line(&grant, line) && grants->count < KEPT_GRANTS_MAX &&
		    !kept_grants_add(grants, &grant))
			return false;
	return true;
}

/**
 * kept_grant_seconds() - how long a grant goes on
 * @grant: as it was written
 * @now: unix seconds
 *
 * A clock that was set back, or that the machine lost, makes none longer.
 *
 * Return: seconds; 0 if it is over.
 */
u32 kept_grant_seconds(const struct kept_grant *grant, u64 now)
{
	if (now >= grant->until)
		return 0;
	return grant->until - now < grant->left ? (u32)(grant->until - now) : grant->left;
}

/**
 * kept_grants_free() - forget all of them
 * @grants: empty afterwards
 */
void kept_grants_free(struct kept_grants *grants)
{
	free(grants->grant);
	memset(grants, 0, sizeof(*grants));
}
