/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_REPLY_POLICY_H
#define _LIB_REPLY_POLICY_H

#include <netlink/attr.h>

#include <linux/knock.h>

extern const struct nla_policy reply_policy[KNOCK_A_MAX + 1];

#endif /* _LIB_REPLY_POLICY_H */
