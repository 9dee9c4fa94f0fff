// SPDX-License-Identifier: GPL-2.0
/* A text for libinih: what it does not tell is seen where it asks for the next line. */
#include <string.h>

#include "ini_text.h"

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
			  ini->comment);
	ini->unheard = false;
	if (ini->next == ini->end)
		return cover(ini, line, size);
	end = memchr(text, '\n', (size_t)(ini->end - text));
	ini->next = end ? end + 1 : ini->end;
	ini->line++;
	/* Room for a line end and the NUL. */
	length = ini->look_at(ini, &text, (size_t)((end ? end : ini->end) - text),
			      (size_t)size - 2);
	memcpy(line, text, length);
	line[length] = '\n';
	line[length + 1] = '\0';
	return line;
}

/**
 * ini_text_read() - take a text apart
 * @ini: with @path, @faults, @comment and @look_at; the rest zero
 * @take_word: libinih's handler; gets @ini
 * @text: what is in the file
 * @length: its bytes
 */
void ini_text_read(struct ini_text *ini, ini_handler take_word, const char *text,
		   size_t length)
{
	ini->next = text;
	ini->end = text + length;
	if (length >= 3 && !memcmp(text, "\xef\xbb\xbf", 3))
		ini->next += 3;
	ini_parse_stream(next_line, ini, take_word, ini);
}
