/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_PROFILES_H
#define _TUMBLER_PROFILES_H

#include "home.h"
#include "options.h"
#include "profile.h"

/* Room for a sentence about a profile and where it is. */
#define PROFILES_WHY_SIZE 4800

/**
 * struct profile_place - where a profile is kept
 * @directory: with a slash at its end
 * @path: of the profile
 * @book: of its book
 */
struct profile_place {
	char directory[HOME_PATH_SIZE];
	char path[HOME_PATH_SIZE];
	char book[HOME_PATH_SIZE];
};

bool profiles_place(struct profile_place *place, const char *name);
bool profiles_read_descriptor(struct profile *profile, int descriptor, const char *what,
			      char why[PROFILES_WHY_SIZE]);
bool profiles_read(struct profile *profile, const char *name, char why[PROFILES_WHY_SIZE]);
void profiles_print_names(const char *begun);

/* import.c */
bool profiles_import(const struct options *options, char why[PROFILES_WHY_SIZE]);

/* check.c */
bool profiles_check(const char *name, char why[PROFILES_WHY_SIZE]);

#endif /* _TUMBLER_PROFILES_H */
