// SPDX-License-Identifier: GPL-2.0
/*
 * A line for each grant that begins and for each whose close-command is begun, in the
 * order of what happened; one that is torn or damaged is passed over.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "name.h"
#include "owed.h"
#include "parse.h"
#include "whole_line.h"

/* A sign, a number, two names and an address. */
#define LINE_SIZE 160

static struct owed_grant **find(struct owed *owed, uint64_t grant)
{
	struct owed_grant **at;

	for (at = &owed->bucket[grant % OWED_BUCKETS]; *at; at = &(*at)->next)
		if ((*at)->grant == grant)
			break;
	return at;
}

static bool add(struct owed *owed, uint64_t grant, const struct subject *subject)
{
	struct owed_grant **at = find(owed, grant), *one;

	one = !*at && owed->count < OWED_MAX ? calloc(1, sizeof(*one)) : NULL;
	if (!one)
		return false;
	one->grant = grant;
	one->subject = *subject;
	*at = one;
	owed->count++;
	return true;
}

static bool drop(struct owed *owed, uint64_t grant)
{
	struct owed_grant **at = find(owed, grant), *one = *at;

	if (!one)
		return false;
	*at = one->next;
	free(one);
	owed->count--;
	return true;
}

/* A grant by hand has no key, and no key is called so. */
static int format_begin(char line[LINE_SIZE], uint64_t grant, const struct subject *subject)
{
	return snprintf(line, LINE_SIZE, "+ %" PRIu64 " %s %s %s\n", grant, subject->name,
			*subject->key ? subject->key : "-", subject->ip);
}

static int format_end(char line[LINE_SIZE], uint64_t grant)
{
	return snprintf(line, LINE_SIZE, "- %" PRIu64 "\n", grant);
}

static void append(struct owed *owed, const char *line, size_t length)
{
	size_t room = owed->room ? owed->room : 4096;
	char *more;

	if (!owed->directory)
		return;
	while (room - owed->length < length)
		room *= 2;
	more = room > owed->room ? realloc(owed->pending, room) : owed->pending;
	if (!more) {
		owed->whole = true;
		return;
	}
	owed->pending = more;
	owed->room = room;
	memcpy(owed->pending + owed->length, line, length);
	owed->length += length;
	owed->lines++;
}

/**
 * owed_begin() - a grant has a close-command, to be run when it has ended
 * @owed: where to
 * @grant: its id
 * @subject: who it is for
 *
 * On the disk with the next owed_flush().
 */
void owed_begin(struct owed *owed, uint64_t grant, const struct subject *subject)
{
	char line[LINE_SIZE];

	if (add(owed, grant, subject))
		append(owed, line, (size_t)format_begin(line, grant, subject));
}

/**
 * owed_end() - its close-command is to be run now, or never
 * @owed: where it is, or is not
 * @grant: its id
 */
void owed_end(struct owed *owed, uint64_t grant)
{
	char line[LINE_SIZE];

	if (drop(owed, grant))
		append(owed, line, (size_t)format_end(line, grant));
}

/**
 * owed_walk() - go through all of them
 * @owed: the grants
 * @take: called for each, which it may end
 * @data: for @take
 */
void owed_walk(struct owed *owed, void (*take)(const struct owed_grant *grant, void *data),
	       void *data)
{
	struct owed_grant *one, *next;
	size_t i;

	for (i = 0; i < OWED_BUCKETS; i++) {
		for (one = owed->bucket[i]; one; one = next) {
			next = one->next;
			take(one, data);
		}
	}
}

/* What is read is good if it is what would be written. */
static void parse_begin(struct owed *owed, const char *line)
{
	char again[LINE_SIZE], why[PARSE_WHY_SIZE];
	struct subject subject = { .ip = "" };
	struct knock_address address;
	uint64_t grant;

	if (sscanf(line, "+ %" SCNu64 " %31s %31s %45s", &grant, subject.name, subject.key,
		   subject.ip) != 4)
		return;
	if (!strcmp(subject.key, "-"))
		subject.key[0] = '\0';
	format_begin(again, grant, &subject);
	if (!strcmp(line, again) && name_is_good(subject.name) &&
	    (!*subject.key || name_is_good(subject.key)) &&
	    parse_address(subject.ip, &address, why))
		add(owed, grant, &subject);
}

static void parse_end(struct owed *owed, const char *line)
{
	char again[LINE_SIZE];
	uint64_t grant;

	if (sscanf(line, "- %" SCNu64, &grant) != 1)
		return;
	format_end(again, grant);
	if (!strcmp(line, again))
		drop(owed, grant);
}

/**
 * owed_parse() - read them from a text
 * @owed: where to
 * @text: the text
 * @length: its bytes
 */
void owed_parse(struct owed *owed, const char *text, size_t length)
{
	struct whole_lines lines = { .next = text, .end = text + length };
	char line[LINE_SIZE];

	while (whole_line(&lines, line, sizeof(line))) {
		if (*line == '+')
			parse_begin(owed, line);
		else
			parse_end(owed, line);
	}
}

/**
 * owed_format() - the text of all that there are, and of nothing else
 * @owed: the grants
 *
 * Return: the text, to be freed; NULL if there was no memory.
 */
char *owed_format(const struct owed *owed)
{
	char *text = malloc(owed->count * LINE_SIZE + 1), *end = text;
	const struct owed_grant *one;
	size_t i;

	if (!text)
		return NULL;
	*text = '\0';
	for (i = 0; i < OWED_BUCKETS; i++)
		for (one = owed->bucket[i]; one; one = one->next)
			end += format_begin(end, one->grant, &one->subject);
	return text;
}

/**
 * owed_free() - forget all of them, but not on the disk
 * @owed: empty afterwards
 */
void owed_free(struct owed *owed)
{
	struct owed_grant *one;
	size_t i;

	for (i = 0; i < OWED_BUCKETS; i++) {
		while (owed->bucket[i]) {
			one = owed->bucket[i];
			owed->bucket[i] = one->next;
			free(one);
		}
	}
	free(owed->pending);
	owed->pending = NULL;
	owed->length = 0;
	owed->room = 0;
	owed->count = 0;
	owed->lines = 0;
}
