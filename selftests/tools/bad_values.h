/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TOOLS_BAD_VALUES_H
#define _TOOLS_BAD_VALUES_H

#include "refusal.h"

/* nlbad.c */
void refused(const struct request *bad, const char *what);

void bad_values(const struct request *good);

#endif /* _TOOLS_BAD_VALUES_H */
