/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_PRESENCE_H
#define _LIB_PRESENCE_H

#include <stdbool.h>

#define PRESENCE_WHY_SIZE 320

/* Whether tumblerd runs for a network namespace. */
enum presence_found { PRESENCE_NONE, PRESENCE_HERE, PRESENCE_UNKNOWN };

enum presence_found presence_find(const char *state);
bool presence_take(const char *state, bool *first, char why[PRESENCE_WHY_SIZE]);

#endif /* _LIB_PRESENCE_H */
