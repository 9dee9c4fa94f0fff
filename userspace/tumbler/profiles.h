/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_PROFILES_H
#define _TUMBLER_PROFILES_H

#include "options.h"
#include "profile.h"

/* Room for a sentence about a profile and where it is. */
#define PROFILES_WHY_SIZE 4800

bool profiles_read(struct profile *profile, const char *name, char why[PROFILES_WHY_SIZE]);
bool profiles_import(const struct options *options, char why[PROFILES_WHY_SIZE]);
bool profiles_check(const char *name, char why[PROFILES_WHY_SIZE]);
void profiles_print_names(const char *begun);

#endif /* _TUMBLER_PROFILES_H */
