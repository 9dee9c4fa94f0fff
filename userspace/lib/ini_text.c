// SPDX-License-Identifier: GPL-2.0
/* A text for libinih: what it does not tell is seen where it asks for the next line. */
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#include <ini.h>

#include "ini_text.h"

/* The word is whole: have it taken. */
static void finish_word(struct ini_text *ini)
{
	char why[PARSE_WHY_SIZE];

	if (ini->word[0] && ini->inside && !ini->kind->take(ini, why) && !ini->spoiled)
		ini_fault(ini, ini->at, "%s", why);
	ini->word[0] = '\0';
	ini->spoiled = false;
	OPENSSL_cleanse(ini->value, sizeof(ini->value));
}

static void finish_section(struct ini_text *ini)
{
	finish_word(ini);
	if (ini->header && ini->entered != ini->header)
		ini_fault(ini, ini->header,
			  "this section is empty, write what it is to say or leave it out");
}

/**
 * ini_begin_section() - the line is the header of a section
 * @ini: the text
 * @good: it is one; if not, which the caller says, what stands below it is skipped
 */
void ini_begin_section(struct ini_text *ini, bool good)
{
	finish_section(ini);
	ini->header = ini->line;
	if (good)
		return;
	ini->entered = ini->header;
	ini->inside = false;
}

/**
 * ini_append() - a value goes on
 * @ini: the text
 * @value: what to append
 * @mend: what to do if it becomes too long
 */
void ini_append(struct ini_text *ini, const char *value, const char *mend)
{
	size_t length = strlen(ini->value);

	if (length + strlen(value) < sizeof(ini->value)) {
		strcpy(ini->value + length, value);
		return;
	}
	if (!ini->spoiled)
		ini_fault(ini, ini->at, "no value is so long, %s", mend);
	ini->spoiled = true;
}

static void enter_section(struct ini_text *ini, const char *section)
{
	ini->entered = ini->header;
	ini->inside = false;
	if (ini->header)
		ini->kind->enter(ini, section);
	else
		ini_fault(ini, ini->line, "this stands before any section, begin the file with [%s]",
			  ini->kind->first);
}

/* libinih: WORD = VALUE, or more of a value. */
static int take_word(void *user, const char *section, const char *name, const char *value)
{
	struct ini_text *ini = user;

	ini->unheard = false;
	if (ini->goes_on) {
		ini->kind->go_on(ini, value);
		return 1;
	}
	finish_word(ini);
	if (ini->entered != ini->header)
		enter_section(ini, section);
	if (!*name)
		ini_fault(ini, ini->line, "the word before the = is missing, write one");
	snprintf(ini->word, sizeof(ini->word), "%s", name);
	snprintf(ini->value, sizeof(ini->value), "%s", value);
	ini->at = ini->line;
	return 1;
}

/* Behind the last line, one that overwrites what libinih still holds of it. */
static char *cover(struct ini_text *ini, char *line, int size)
{
	if (ini->covered)
		return NULL;
	ini->covered = true;
	memset(line, ';', (size_t)size - 1);
	line[size - 1] = '\0';
	return line;
}

/* libinih: the next line, as fgets() would. */
static char *next_line(char *line, int size, void *stream)
{
	struct ini_text *ini = stream;
	const char *text = ini->next;
	const char *end;
	size_t length;

	if (ini->unheard)
		ini_fault(ini, ini->line,
			  "this line is neither [SECTION] nor WORD = VALUE, put %c before a comment",
			  ini->kind->comment);
	ini->unheard = false;
	ini->goes_on = false;
	if (ini->next == ini->end)
		return cover(ini, line, size);
	end = memchr(text, '\n', (size_t)(ini->end - text));
	ini->next = end ? end + 1 : ini->end;
	ini->line++;
	/* Room for a line end and the NUL. */
	length = ini->kind->look_at(ini, &text, (size_t)((end ? end : ini->end) - text),
			      (size_t)size - 2);
	memcpy(line, text, length);
	line[length] = '\n';
	line[length + 1] = '\0';
	return line;
}

/**
 * ini_text_read() - take a text apart
 * @ini: with @kind, @path and @faults; the rest zero
 * @text: what is in the file
 * @length: its bytes
 */
void ini_text_read(struct ini_text *ini, const char *text, size_t length)
{
	ini->next = text;
	ini->end = text + length;
	/* Words before any header belong to none. */
	ini->entered = (unsigned int)-1;
	if (length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		ini->next += 3;
	ini_parse_stream(next_line, ini, take_word, ini);
	finish_section(ini);
}
