/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_INI_TEXT_H
#define _LIB_INI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "fault.h"
#include "parse.h"

/* The longest value is a command; and the longest word, one of its name. */
#define INI_VALUE_SIZE 8192
#define INI_WORD_SIZE 64

struct ini_text;

/**
 * struct ini_kind - what one kind of file is like
 * @comment: what a comment begins with, for faults
 * @first: the section that a file begins with, for faults
 * @look_at: shortens a line to what libinih is to see of it, 0 if it need not know;
 *	it may move the line's beginning, leaves less than @room, and tells what the line
 *	is by ini_begin_section(), ini->goes_on and ini->unheard
 * @enter: words of this section come next; without a good one, ini->inside is false
 * @take: ini->word is whole, and has ini->value; false with a sentence if it cannot be
 * @go_on: another line of ini->value
 */
struct ini_kind {
	char comment;
	const char *first;
	size_t (*look_at)(struct ini_text *ini, const char **text, size_t length, size_t room);
	void (*enter)(struct ini_text *ini, const char *section);
	bool (*take)(struct ini_text *ini, char why[PARSE_WHY_SIZE]);
	void (*go_on)(struct ini_text *ini, const char *value);
};

/**
 * struct ini_text - a text that libinih takes apart, line by line
 * @kind: of which it is
 * @path: of the file, for faults
 * @faults: what is wrong so far
 * @next: text that is not read yet
 * @end: behind the text
 * @line: the number of the line that libinih has
 * @unheard: that line says something, and nobody has heard of it yet
 * @goes_on: that line goes on with the value before it
 * @covered: the line behind the last was handed out
 * @header: the line of the section's header, 0 before the first
 * @entered: the header of the section that was entered last
 * @inside: words of that section have where to go
 * @word: the word whose value may go on in the next line; empty if there is none
 * @value: its value so far
 * @at: its line
 * @spoiled: its value is wrong already
 *
 * What libinih does not tell (which line it is at, empty sections, lines that are
 * nothing) is seen where it asks for the next line. It is the first member of what its
 * user has beside.
 */
struct ini_text {
	const struct ini_kind *kind;
	const char *path;
	struct faults *faults;
	const char *next;
	const char *end;
	unsigned int line;
	bool unheard;
	bool goes_on;
	bool covered;
	unsigned int header;
	unsigned int entered;
	bool inside;
	char word[INI_WORD_SIZE];
	char value[INI_VALUE_SIZE];
	unsigned int at;
	bool spoiled;
};

#define ini_fault(ini, line, ...) \
	faults_add((ini)->faults, (ini)->path, line, __VA_ARGS__)

void ini_begin_section(struct ini_text *ini, bool good);
void ini_append(struct ini_text *ini, const char *value, const char *mend);
void ini_text_read(struct ini_text *ini, const char *text, size_t length);

#endif /* _LIB_INI_TEXT_H */
