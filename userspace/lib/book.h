/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_BOOK_H
#define _LIB_BOOK_H

#include <knock/derive.h>

/* Sequences in one book. */
#define BOOK_MAX 64

/* With fewer left it is time to ask for more. */
#define BOOK_FEW 6

/* A line `sequence = NUMBER BASE64', with a NUL; all of a book. */
#define BOOK_LINE_SIZE 96
#define BOOK_TEXT_SIZE ((BOOK_MAX + 4) * BOOK_LINE_SIZE)

/* Room for a sentence about what is wrong. */
#define BOOK_WHY_SIZE 200

/**
 * struct book_entry - one sequence that was handed over
 * @number: of it, 1 for a key's first
 * @secret: that it is made of
 */
struct book_entry {
	u64 number;
	u8 secret[KNOCK_DERIVE_SECRET_SIZE];
};

/* How far above the used one numbers are handed out, unless the profile says it. */
#define BOOK_DEPTH 16
#define BOOK_DEPTH_MIN 8
#define BOOK_DEPTH_MAX 60

/**
 * struct book - sequences that may still open, of one once key
 * @tried: number of the one that was knocked last
 * @answered: the highest after which the service answered, 0 if none is known; it and
 *	      those before it were used, as far as can be told
 * @rounds: how often it was begun again since the service answered
 * @count: how many there are
 * @entry: by rising numbers
 *
 * Whatever holds one is wiped by book_wipe().
 */
struct book {
	u64 tried;
	u64 answered;
	u64 rounds;
	size_t count;
	struct book_entry entry[BOOK_MAX];
};

void book_wipe(struct book *book);
const char *book_add(struct book *book, const struct book_entry *entry);
const char *book_merge(struct book *book, const struct book *more, u8 depth);
const char *book_take_sequence(struct book *book, const char *value);
const struct book_entry *book_behind(const struct book *book, u64 number);
const struct book_entry *book_next(const struct book *book);
bool book_take(struct book *book, u64 number);
void book_answered(struct book *book, u64 number);
size_t book_left(const struct book *book);
size_t book_format_sequence(char line[BOOK_LINE_SIZE], const struct book_entry *entry);
size_t book_format(char text[BOOK_TEXT_SIZE], const struct book *book);
bool book_parse(struct book *book, const char *text, size_t length, char why[BOOK_WHY_SIZE]);

#endif /* _LIB_BOOK_H */
