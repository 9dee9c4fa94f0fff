/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_WORD_LINES_H
#define _LIB_WORD_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* Room for a sentence about a line. */
#define WORD_LINES_WHY_SIZE 200

/**
 * struct word_reader - who reads a text
 * @what: names the text in a sentence
 * @take: takes a word and its value; NULL, else what is wrong, without quoting it
 * @context: for @take
 */
struct word_reader {
	const char *what;
	const char *(*take)(void *context, const char *word, const char *value);
	void *context;
};

bool word_lines_read(const struct word_reader *reader, const char *text, size_t length,
		     char why[WORD_LINES_WHY_SIZE]);

#endif /* _LIB_WORD_LINES_H */
