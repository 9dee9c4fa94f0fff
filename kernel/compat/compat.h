/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Everything that differs between kernel versions, included before every file.
 * All others are written for the newest kernel; what an older one lacks is made
 * up for here, under its upstream name.
 */
#ifndef _KNOCK_COMPAT_H
#define _KNOCK_COMPAT_H

#include <linux/types.h>

#ifdef KNOCK_HAVE_CRYPTO_SHA2_H
#include <crypto/sha2.h>
#else
#include <crypto/sha.h>
#endif

#ifndef KNOCK_HAVE_HMAC_SHA256
#include "hmac_sha256.h"
#endif

#include <net/genetlink.h>

/* Before 5.10.204 and 6.1.68 a group took the flag of an operation. */
#ifndef GENL_MCAST_CAP_NET_ADMIN
#define GENL_MCAST_CAP_NET_ADMIN GENL_UNS_ADMIN_PERM
#endif

/* Commands from this one on are held to strict rules; older kernels: all. */
#ifdef KNOCK_HAVE_GENL_RESV_START_OP
#define KNOCK_GENL_RESV_START_OP(cmd) .resv_start_op = (cmd),
#else
#define KNOCK_GENL_RESV_START_OP(cmd)
#endif

/* Before 6.2 there was one kind, and what runs ahead of an operation got that. */
#ifndef KNOCK_HAVE_GENL_SPLIT_OPS
#define genl_split_ops genl_ops
#endif

#ifndef KNOCK_HAVE_NLA_STRSCPY
#define nla_strscpy nla_strlcpy
#endif

/* The attributes of a dump request moved. */
static inline struct nlattr **knock_compat_dump_attrs(struct netlink_callback *cb)
{
#ifdef KNOCK_HAVE_GENL_INFO_DUMP
	return genl_info_dump(cb)->attrs;
#else
	return (struct nlattr **)genl_dumpit_info(cb)->attrs;
#endif
}

#endif /* _KNOCK_COMPAT_H */
