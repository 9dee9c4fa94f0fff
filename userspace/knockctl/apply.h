/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_APPLY_H
#define _KNOCKCTL_APPLY_H

#include "netlink.h"
#include "plan.h"

/* Room for a sentence about a step: which, and what the module says. */
#define APPLY_WHY_SIZE (NETLINK_WHY_SIZE + 160)

bool apply_steps(struct plan *plan, size_t *done, struct netlink *netlink,
		 char why[APPLY_WHY_SIZE]);
bool apply_undo(struct plan *plan, size_t done, struct netlink *netlink,
		char why[APPLY_WHY_SIZE]);

#endif /* _KNOCKCTL_APPLY_H */
