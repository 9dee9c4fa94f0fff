/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_KEEP_H
#define _KNOCKCTL_KEEP_H

#include <stdbool.h>

#include "file_text.h"

/*
 * What outlives an orderly stop, and no other: written when no knock is taken any more, and
 * read once. A file each network namespace, put into place whole.
 */

#define KEEP_WHY_SIZE 320

/**
 * struct keep - what is kept in one such file
 * @name: the file's
 * @one: what one of them is called, and behind it an s what several are
 * @most: bytes, more than the longest that is written
 */
struct keep {
	const char *name;
	const char *one;
	size_t most;
};

bool keep_write(const struct keep *keep, const char *text, const char *state,
		char why[KEEP_WHY_SIZE]);
bool keep_read(const struct keep *keep, const char *state, struct file_text *file,
	       char why[KEEP_WHY_SIZE]);
bool keep_forget(const struct keep *keep, const char *state, char why[KEEP_WHY_SIZE]);

#endif /* _KNOCKCTL_KEEP_H */
