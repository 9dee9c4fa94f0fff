/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_ONCE_H
#define _KNOCKCTL_ONCE_H

#include <sys/types.h>

#include "arm.h"
#include "plan.h"

/* Room for a sentence of the module or about a file. */
#define ONCE_WHY_SIZE ARM_WHY_SIZE

/*
 * Numbers of once keys are written before the module is told, here and in arm.c. All of
 * these do nothing for keys that are none.
 */
bool once_begin(const struct numbers_dir *directory, struct config_key *key,
		char why[ONCE_WHY_SIZE]);
bool once_begin_all(struct plan *plan, size_t first, char why[ONCE_WHY_SIZE]);
void once_give_up(const struct numbers_dir *directory, struct config_key *key);
void once_give_up_all(struct plan *plan, size_t first);
void once_end(struct netlink *netlink, const struct numbers_dir *directory, const char *door,
	      const struct config_key *key);
ssize_t once_end_doors(struct netlink *netlink, const struct numbers_dir *directory,
		       const struct config_door *doors, size_t count, char why[ONCE_WHY_SIZE]);
void once_end_door(struct netlink *netlink, const struct numbers_dir *directory,
		   const struct config_door *door);

#endif /* _KNOCKCTL_ONCE_H */
