/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_BOOKS_H
#define _TUMBLER_BOOKS_H

#include "hand_over.h"
#include "profile.h"

/* Room for a sentence about a book and where it is. */
#define BOOKS_WHY_SIZE 4800

/**
 * struct claim - a sequence of a book that is to be knocked now
 * @entry: the sequence; to be wiped
 * @again: its number is not above the one that was tried before
 */
struct claim {
	struct book_entry entry;
	bool again;
};

/**
 * struct chooser - chooses a sequence of a book
 * @choose: NULL if there is none to be tried
 * @context: for @choose
 */
struct chooser {
	const struct book_entry *(*choose)(const struct book *book, void *context);
	void *context;
};

bool books_read(struct book *book, const char *name, char why[BOOKS_WHY_SIZE]);
bool books_claim(struct claim *claim, const char *name, const struct chooser *chooser,
		 char why[BOOKS_WHY_SIZE]);
bool books_answered(const char *name, u64 number, size_t *left, char why[BOOKS_WHY_SIZE]);
bool books_put(const char *name, const struct book *book, char why[BOOKS_WHY_SIZE]);
bool books_take_next(const char *name, const struct hand_over_next *next, u8 depth,
		     char why[BOOKS_WHY_SIZE]);
bool books_add(const char *name, const struct profile *more, size_t *left,
	       char why[BOOKS_WHY_SIZE]);

#endif /* _TUMBLER_BOOKS_H */
