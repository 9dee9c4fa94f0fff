// SPDX-License-Identifier: GPL-2.0
/*
 * The lines of knockd.conf. libinih cannot read them: there a command goes on behind a
 * blank and a ;, an indented line is a directive of its own, and a line may be as long
 * as a path.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "knockd.h"

/* What knockd reads of a line, with its end. */
#define LINE_SIZE 4096

static const struct {
	const char *name;
	enum knockd_word word;
} words[] = {
	{ "sequence", KNOCKD_SEQUENCE },
	{ "one_time_sequences", KNOCKD_ONE_TIME_SEQUENCES },
	{ "seq_timeout", KNOCKD_SEQ_TIMEOUT },
	{ "timeout", KNOCKD_SEQ_TIMEOUT },
	{ "tcpflags", KNOCKD_TCPFLAGS },
	{ "target", KNOCKD_TARGET },
	{ "start_command", KNOCKD_START_COMMAND },
	{ "command", KNOCKD_START_COMMAND },
	{ "start_command_6", KNOCKD_START_COMMAND_6 },
	{ "command_6", KNOCKD_START_COMMAND_6 },
	{ "cmd_timeout", KNOCKD_CMD_TIMEOUT },
	{ "stop_command", KNOCKD_STOP_COMMAND },
	{ "stop_command_6", KNOCKD_STOP_COMMAND_6 },
	{ "usesyslog", KNOCKD_USE_SYSLOG },
	{ "logfile", KNOCKD_LOG_FILE },
	{ "pidfile", KNOCKD_PID_FILE },
	{ "interface", KNOCKD_INTERFACE },
};

/**
 * struct reading - a text on its way into sections
 * @knockd: where to
 * @path: of the file, for faults
 * @faults: what is wrong so far
 * @line: the number of the line at hand
 * @section: where directives go; NULL before the first header
 */
struct reading {
	struct knockd *knockd;
	const char *path;
	struct faults *faults;
	unsigned int line;
	struct knockd_section *section;
};

#define fault(reading, ...) \
	faults_add((reading)->faults, (reading)->path, (reading)->line, __VA_ARGS__)

static char *trimmed(char *text)
{
	size_t length;

	while (isspace((unsigned char)*text))
		text++;
	for (length = strlen(text); length && isspace((unsigned char)text[length - 1]); length--)
		;
	text[length] = '\0';
	return text;
}

static struct knockd_section *add_section(struct knockd *knockd, const char *name)
{
	size_t room = knockd->room ? 2 * knockd->room : 8;
	struct knockd_section *section;

	if (knockd->count == knockd->room) {
		section = reallocarray(knockd->section, room, sizeof(*section));
		if (!section)
			return NULL;
		knockd->section = section;
		knockd->room = room;
	}
	section = &knockd->section[knockd->count];
	memset(section, 0, sizeof(*section));
	section->name = strdup(name);
	if (!section->name)
		return NULL;
	knockd->count++;
	return section;
}

static void take_header(struct reading *reading, char *line)
{
	size_t length = strlen(line);

	reading->section = NULL;
	if (length < 3 || line[length - 1] != ']') {
		fault(reading, "this section has no name in [ and ], write one and close it");
		return;
	}
	line[length - 1] = '\0';
	if (!strcmp(line + 1, "options")) {
		reading->section = &reading->knockd->options;
		return;
	}
	if (reading->knockd->count == CONFIG_DOORS_MAX) {
		fault(reading, "a namespace holds %d doors, leave some out", CONFIG_DOORS_MAX);
		return;
	}
	reading->section = add_section(reading->knockd, line + 1);
	if (reading->section)
		reading->section->line = reading->line;
	else
		reading->faults->lost = true;
}

/* Return: the directive, KNOCKD_WORDS if there is none of that name. */
static enum knockd_word find_word(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcasecmp(words[i].name, name))
			return words[i].word;
	return KNOCKD_WORDS;
}

/* Of two that say the same, the later one counts. */
static void keep_value(struct reading *reading, enum knockd_word word, const char *text)
{
	struct knockd_value *value = &reading->section->value[word];

	free(value->text);
	value->text = strdup(text);
	value->line = reading->line;
	if (!value->text)
		reading->faults->lost = true;
}

static void take_directive(struct reading *reading, char *line)
{
	bool options = reading->section == &reading->knockd->options;
	char *text = strchr(line, '='), *name;
	enum knockd_word word;

	if (text)
		*text++ = '\0';
	name = trimmed(line);
	word = find_word(name);
	if (word == KNOCKD_WORDS)
		fault(reading, "`%.64s' is no directive of knockd(1), put # before a comment",
		      name);
	else if (!text && word != KNOCKD_USE_SYSLOG)
		fault(reading, "%s has no value, write = and one, or leave it out", name);
	else if (text && word == KNOCKD_USE_SYSLOG)
		fault(reading, "UseSyslog takes no value, leave it and the = out");
	else if (text && options != (word > KNOCKD_USE_SYSLOG))
		fault(reading, "%s belongs into %s, move it there", name,
		      options ? "the section of a sequence" : "[options]");
	else
		keep_value(reading, word, text ? trimmed(text) : "");
}

static void take_line(struct reading *reading, const char *text, size_t length)
{
	char buffer[LINE_SIZE], *line;

	reading->line++;
	if (memchr(text, '\0', length)) {
		fault(reading, "this line is no text, there is a zero byte in it");
		return;
	}
	if (length >= sizeof(buffer)) {
		fault(reading, "this line is longer than the %d characters that knockd reads of one, shorten it",
		      LINE_SIZE - 1);
		return;
	}
	memcpy(buffer, text, length);
	buffer[length] = '\0';
	line = trimmed(buffer);
	if (!*line || *line == '#')
		return;
	if (*line == '[')
		take_header(reading, line);
	else if (reading->section)
		take_directive(reading, line);
	else if (!reading->faults->count)
		fault(reading, "this stands before any section, begin with [options] or [NAME]");
}

static void check_sections(const struct reading *reading)
{
	struct knockd *knockd = reading->knockd;
	struct knockd_section *section;

	for (section = knockd->section; section < knockd->section + knockd->count; section++) {
		knockd_read_values(section, reading->path, reading->faults);
		if (!section->value[KNOCKD_SEQUENCE].text &&
		    !section->value[KNOCKD_ONE_TIME_SEQUENCES].text)
			faults_add(reading->faults, reading->path, section->line,
				   "section [%.64s] has no sequence, which knockd refuses; write one or leave the section out",
				   section->name);
	}
}

/**
 * knockd_read_text() - take knockd.conf apart
 * @knockd: where to; wiped by the caller, whatever comes of it
 * @path: of the file, for faults
 * @text: what is in it
 * @length: its bytes
 * @faults: gets what knockd would not take, and what it would take for something else
 *
 * Return: true if nothing is wrong.
 */
bool knockd_read_text(struct knockd *knockd, const char *path, const char *text, size_t length,
		      struct faults *faults)
{
	struct reading reading = { .knockd = knockd, .path = path, .faults = faults };
	size_t before = faults->count, one;
	const char *end;

	memset(knockd, 0, sizeof(*knockd));
	while (length) {
		end = memchr(text, '\n', length);
		one = end ? (size_t)(end - text) : length;
		take_line(&reading, text, one);
		if (end)
			one++;
		text += one;
		length -= one;
	}
	check_sections(&reading);
	return faults->count == before && !faults->lost;
}

static void wipe_section(struct knockd_section *section)
{
	size_t i;

	for (i = 0; i < KNOCKD_WORDS; i++)
		free(section->value[i].text);
	free(section->name);
}

/**
 * knockd_wipe() - free what was read
 * @knockd: all-zero afterwards
 */
void knockd_wipe(struct knockd *knockd)
{
	size_t i;

	for (i = 0; i < knockd->count; i++)
		wipe_section(&knockd->section[i]);
	wipe_section(&knockd->options);
	free(knockd->section);
	memset(knockd, 0, sizeof(*knockd));
}
