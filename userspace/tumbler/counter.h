/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_COUNTER_H
#define _TUMBLER_COUNTER_H

#include "profile.h"

/* Room for a sentence about what is wrong. */
#define COUNTER_WHY_SIZE 4800

bool counter_next(const struct profile *profile, u64 now_sec, struct knock_fields *fields,
		  char why[COUNTER_WHY_SIZE]);
bool counter_claim(const struct profile *profile, u64 now_sec, struct knock_fields *fields,
		   char why[COUNTER_WHY_SIZE]);

#endif /* _TUMBLER_COUNTER_H */
