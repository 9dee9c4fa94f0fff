/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
#ifndef _UAPI_XT_KNOCK_H
#define _UAPI_XT_KNOCK_H

#include <linux/types.h>

/* With its NUL; the same as KNOCK_NAME_SIZE of <linux/knock.h>. */
#define XT_KNOCK_NAME_SIZE	32

/**
 * enum xt_knock_flags - what a rule asks
 * @XT_KNOCK_DOOR: @door is named; without it, any door
 * @XT_KNOCK_INVERT: `! --door': matches what is not admitted
 */
enum xt_knock_flags {
	XT_KNOCK_DOOR	= 1 << 0,
	XT_KNOCK_INVERT	= 1 << 1,
};

#define XT_KNOCK_FLAGS	(XT_KNOCK_DOOR | XT_KNOCK_INVERT)

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

#endif /* _UAPI_XT_KNOCK_H */
