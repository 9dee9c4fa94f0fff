/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How much of a CPU strangers may spend on tumbler hashes.
 */
#ifndef _KNOCK_BUDGET_H
#define _KNOCK_BUDGET_H

#include <linux/types.h>

void knock_budget_init(u32 hashes_per_sec);
u32 knock_budget_rate(void);
bool knock_budget_take(u32 hashes);

#endif /* _KNOCK_BUDGET_H */
