/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_INI_TEXT_H
#define _LIB_INI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <ini.h>

#include "fault.h"

/**
 * struct ini_text - a text that libinih takes apart, line by line
 * @path: of the file, for faults
 * @faults: what is wrong so far
 * @comment: what a comment of this file begins with, for faults
 * @look_at: shortens a line to what libinih is to see of it, 0 if it need not know;
 *	it may move the line's beginning, and leaves less than @room
 * @next: text that is not read yet
 * @end: behind the text
 * @line: the number of the line that libinih has
 * @unheard: that line says something, and nobody has heard of it yet: set by @look_at,
 *	cleared by who hears of it
 * @covered: the line behind the last was handed out
 *
 * What libinih does not tell (which line it is at, empty sections, lines that are
 * nothing) is seen where it asks for the next line. It is the first member of what its
 * user has beside.
 */
struct ini_text {
	const char *path;
	struct faults *faults;
	char comment;
	size_t (*look_at)(struct ini_text *ini, const char **text, size_t length, size_t room);
	const char *next;
	const char *end;
	unsigned int line;
	bool unheard;
	bool covered;
};

#define ini_fault(ini, line, ...) \
	faults_add((ini)->faults, (ini)->path, line, __VA_ARGS__)

void ini_text_read(struct ini_text *ini, ini_handler take_word, const char *text,
		   size_t length);

#endif /* _LIB_INI_TEXT_H */
