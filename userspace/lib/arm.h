/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_ARM_H
#define _LIB_ARM_H

#include "config.h"
#include "netlink.h"
#include "numbers.h"

/* Room for a sentence of the module or about a file. */
#define ARM_WHY_SIZE NETLINK_WHY_SIZE

bool arm_entry(struct numbers_entry *entry, const struct config_key *key);
enum numbers_found arm_recall(const struct numbers_dir *directory, struct config_key *key,
			      struct numbers_entry *entry);
bool arm_further(struct netlink *netlink, const struct numbers_dir *directory, const char *door,
		 struct config_key *key, char why[ARM_WHY_SIZE]);

#endif /* _LIB_ARM_H */
