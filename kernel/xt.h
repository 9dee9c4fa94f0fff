/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What rules can say: the match `knock' and the target `KNOCK'.
 */
#ifndef _KNOCK_XT_H
#define _KNOCK_XT_H

#include <linux/netfilter/x_tables.h>
#include <linux/netfilter/xt_knock.h>

/* Where packets have come in. */
#define KNOCK_XT_HOOKS \
	((1 << NF_INET_PRE_ROUTING) | (1 << NF_INET_LOCAL_IN) | (1 << NF_INET_FORWARD))

/* IPv4 and IPv6, not NFPROTO_UNSPEC: bridge and ARP rules would find it too, and
 * their packets need not have the IP header that is read.
 */
#define KNOCK_XT_FAMILIES	2

extern struct xt_match knock_mt_reg[KNOCK_XT_FAMILIES];
extern struct xt_target knock_tg_reg[KNOCK_XT_FAMILIES];

int knock_xt_init(void);
void knock_xt_exit(void);
bool knock_xt_is_name(const char name[XT_KNOCK_NAME_SIZE]);
bool knock_xt_is_unused(const char name[XT_KNOCK_NAME_SIZE]);

#endif /* _KNOCK_XT_H */
