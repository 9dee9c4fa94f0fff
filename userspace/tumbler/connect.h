/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_CONNECT_H
#define _TUMBLER_CONNECT_H

#include "knock.h"

bool connect_and_open(const struct target_list *targets, const struct errand *errand,
		      const struct profile *profile);
bool connect_and_pipe(const struct target_list *targets, const struct errand *errand,
		      const struct profile *profile);

#endif /* _TUMBLER_CONNECT_H */
