// SPDX-License-Identifier: GPL-2.0
/*
 * Lines of WORD = VALUE, and comments, as clients keep them. Nothing here quotes the
 * text it reads, since a part of it, whichever was meant to, is a secret.
 */
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#include "word_lines.h"

/* The longest line: 64 ranges of ports, and their word. */
#define LINE_SIZE 1024

#define BLANKS " \t\r"

/* Return: what is wrong with WORD = VALUE, NULL if nothing is. */
static const char *take_line(const struct word_reader *reader, char *line)
{
	char *value = strchr(line, '='), *end;

	if (!value)
		return "this is not WORD = VALUE, put ; before a comment";
	for (end = value; end > line && strchr(BLANKS, end[-1]); end--)
		;
	*end = '\0';
	value += 1 + strspn(value + 1, BLANKS);
	return reader->take(reader->context, line, value);
}

/* Its copy, without blanks around it, is wiped. */
static const char *read_line(const struct word_reader *reader, const char *text, size_t length)
{
	char line[LINE_SIZE];
	const char *fault;

	while (length && strchr(BLANKS, text[length - 1]) && text[length - 1])
		length--;
	while (length && strchr(BLANKS, *text) && *text) {
		text++;
		length--;
	}
	if (!length || *text == ';' || *text == '#')
		return NULL;
	if (length >= sizeof(line))
		return "this line is too long";
	if (memchr(text, '\0', length))
		return "this line is no text, there is a zero byte in it";
	memcpy(line, text, length);
	line[length] = '\0';
	fault = take_line(reader, line);
	OPENSSL_cleanse(line, sizeof(line));
	return fault;
}

/**
 * word_lines_read() - read a text line by line
 * @reader: is given each
 * @text: lines of WORD = VALUE, and comments
 * @length: its bytes
 * @why: which line is wrong, and a sentence, on failure
 *
 * Return: true if all were taken.
 */
bool word_lines_read(const struct word_reader *reader, const char *text, size_t length,
		     char why[WORD_LINES_WHY_SIZE])
{
	const char *fault, *end, *next;
	unsigned int line = 0;

	for (next = text; next < text + length; next = end + 1) {
		end = memchr(next, '\n', (size_t)(text + length - next));
		if (!end)
			end = text + length;
		line++;
		fault = read_line(reader, next, (size_t)(end - next));
		if (!fault)
			continue;
		snprintf(why, WORD_LINES_WHY_SIZE, "line %u of %s: %s", line, reader->what,
			 fault);
		return false;
	}
	return true;
}
