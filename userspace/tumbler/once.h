/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_ONCE_H
#define _TUMBLER_ONCE_H

#include "knock.h"

bool once_print(const struct target_list *targets, const struct errand *errand);
bool once_knock(const struct target_list *targets, const struct errand *errand);
bool once_until_answer(const struct target_list *targets, const struct errand *errand);

#endif /* _TUMBLER_ONCE_H */
