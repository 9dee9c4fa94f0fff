/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_SEQUENCE_H
#define _TUMBLER_SEQUENCE_H

#include "knock.h"

bool sequence_print(const struct target_list *targets, const struct errand *errand);
bool sequence_knock(const struct target_list *targets, const struct errand *errand);
bool sequence_until_answer(const struct target_list *targets, const struct errand *errand);

#endif /* _TUMBLER_SEQUENCE_H */
