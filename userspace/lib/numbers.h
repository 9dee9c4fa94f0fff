/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_NUMBERS_H
#define _LIB_NUMBERS_H

#include <limits.h>
#include <stdbool.h>

#include <knock/platform.h>

#include "fingerprint.h"

/*
 * What has to outlast the kernel of each once key: how far numbers were handed out, and
 * how far they may have been used. A file each in the directory of --state, called after
 * the fingerprint of the key's secret, so whatever door, name or namespace a secret
 * comes back with, its used numbers stay used. selftests/model says why no number is good
 * twice if who arms does it in this order: numbers_begin() or numbers_advance(),
 * numbers_write(), and only then the module.
 */

/* Keys of a namespace, and as many of others and of some that are no more. */
#define NUMBERS_FILES_MAX 131072

/* Room for a sentence, with a path that is not too long. */
#define NUMBERS_WHY_SIZE 320

/**
 * struct numbers - the life of one once key, as far as it is kept
 * @handed: the highest that its client was given
 * @mark: the highest that may have been armed; what was used, after a stop that was not clean
 * @clean: nothing is armed, and @used is what was used
 * @used: the highest that was used; not above @mark, which is not above @handed
 */
struct numbers {
	u64 handed;
	u64 mark;
	bool clean;
	u64 used;
};

/**
 * struct numbers_entry - the numbers of one key
 * @fingerprint: of its secret
 * @numbers: its numbers
 */
struct numbers_entry {
	unsigned char fingerprint[FINGERPRINT_SIZE];
	struct numbers numbers;
};

/**
 * struct numbers_dir - the directory of all of them, locked
 * @descriptor: of it, which is the lock; -1 if it is not open
 * @path: of it
 */
struct numbers_dir {
	int descriptor;
	char path[PATH_MAX];
};

/* Whether there are numbers of a key, and can be relied on. */
enum numbers_found { NUMBERS_NONE, NUMBERS_GOOD, NUMBERS_BROKEN };

/* numbers.c: what follows from what; no file */
struct numbers numbers_of_new(u64 depth);
u64 numbers_reach(const struct numbers *numbers, u64 used);
u64 numbers_begin(struct numbers *numbers);
void numbers_advance(struct numbers *numbers, u64 used);
void numbers_end(struct numbers *numbers, u64 used);
void numbers_hand_out(struct numbers *numbers, u64 used, u64 depth);
u64 numbers_hand_over(struct numbers *numbers, u64 used, u64 depth, u64 most_new);
u64 numbers_used_at_least(const struct numbers *numbers);

/* numbers_file.c */
bool numbers_open(struct numbers_dir *directory, const char *state, bool make,
		  char why[NUMBERS_WHY_SIZE]);
bool numbers_try(struct numbers_dir *directory, const char *state, char why[NUMBERS_WHY_SIZE]);
void numbers_close(struct numbers_dir *directory);
enum numbers_found numbers_read(const struct numbers_dir *directory, struct numbers_entry *entry);
bool numbers_can_write(const struct numbers_dir *directory, char why[NUMBERS_WHY_SIZE]);
bool numbers_write(const struct numbers_dir *directory, const struct numbers_entry *entries,
		   size_t count, char why[NUMBERS_WHY_SIZE]);
void numbers_forget(const struct numbers_dir *directory, const struct numbers_entry *entry);

#endif /* _LIB_NUMBERS_H */
