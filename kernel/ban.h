/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What happens to bans: made, lengthened, lifted, pardoned.
 */
#ifndef _KNOCK_BAN_H
#define _KNOCK_BAN_H

#include <linux/knock.h>

#include "net.h"

struct knock_key;
struct knock_prefix;

#define KNOCK_BAN_MAX_SEC	(7 * 24 * 60 * 60)

int knock_ban_rule_add(const struct net *net);
void knock_ban_rule_del(const struct net *net);
int knock_ban_prepare(struct knock_tables *tables);
int knock_ban_add(struct knock_tables *tables, const struct knock_address *address,
		  struct knock_time now, u32 seconds, enum knock_cause cause);
int knock_ban_replay(struct knock_tables *tables, const struct knock_key *key,
		     const struct knock_address *address, struct knock_time now, u32 seconds);
void knock_ban_pardon(struct knock_tables *tables, const struct knock_key *key,
		      const struct knock_address *address, struct knock_time now);
void knock_ban_lift_all(struct knock_blacklist *bans, const struct knock_prefix *prefix);

#endif /* _KNOCK_BAN_H */
