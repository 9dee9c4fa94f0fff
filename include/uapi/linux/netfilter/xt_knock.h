/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
#ifndef _UAPI_XT_KNOCK_H
#define _UAPI_XT_KNOCK_H

#include <linux/types.h>

/* With its NUL; the same as KNOCK_NAME_SIZE of <linux/knock.h>. */
#define XT_KNOCK_NAME_SIZE	32

/**
 * enum xt_knock_flags - what a rule asks
 * @XT_KNOCK_DOOR: @door is named; without it, any door
 * @XT_KNOCK_INVERT: `! --door', `! --blacklisted': matches all that the rule
 *	without it does not
 * @XT_KNOCK_BLACKLISTED: the source is blocked, or banned without a live grant;
 *	never together with @XT_KNOCK_DOOR
 */
enum xt_knock_flags {
	XT_KNOCK_DOOR		= 1 << 0,
	XT_KNOCK_INVERT		= 1 << 1,
	XT_KNOCK_BLACKLISTED	= 1 << 2,
};

#define XT_KNOCK_FLAGS	(XT_KNOCK_DOOR | XT_KNOCK_INVERT | XT_KNOCK_BLACKLISTED)

/**
 * struct xt_knock_mtinfo - match `knock', revision 0
 * @door: the door's name, padded with NUL; the door need not exist
 * @flags: of enum xt_knock_flags
 * @hash: the kernel's own, hidden from userspace by .usersize
 *
 * A rule holds names, never secrets. The layout is the same for 32 and 64 bit.
 */
struct xt_knock_mtinfo {
	char door[XT_KNOCK_NAME_SIZE];
	__u32 flags;
	__u32 hash;
};

/**
 * enum xt_knock_act - what the target does to a packet's source
 * @XT_KNOCK_CLOSE: end its grants on a door
 * @XT_KNOCK_BAN: ban it, unless it is trusted
 */
enum xt_knock_act {
	XT_KNOCK_CLOSE	= 1,
	XT_KNOCK_BAN	= 2,
};

/**
 * struct xt_knock_tginfo - target `KNOCK', revision 0; the rules go on behind it
 * @door: for XT_KNOCK_CLOSE the door's name, padded with NUL; the door need not
 *	exist; else all NUL
 * @act: of enum xt_knock_act
 * @ban_for: for XT_KNOCK_BAN seconds, 1 to 604800; else 0
 * @hash: the kernel's own, hidden from userspace by .usersize
 */
struct xt_knock_tginfo {
	char door[XT_KNOCK_NAME_SIZE];
	__u32 act;
	__u32 ban_for;
	__u32 hash;
};

#endif /* _UAPI_XT_KNOCK_H */
