/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the pure logic needs of the world it is compiled into. The only file
 * that knows whether this is the kernel or a program.
 */
#ifndef _KNOCK_PLATFORM_H
#define _KNOCK_PLATFORM_H

#ifdef __KERNEL__
#include <linux/math64.h>
#include <linux/string.h>
#include <linux/types.h>

/* A 32-bit kernel has no `/' for 64 bits. */
static inline u64 knock_div_u64_u32(u64 dividend, u32 divisor)
{
	return div_u64(dividend, divisor);
}

static inline void knock_wipe(void *secret, size_t size)
{
	memzero_explicit(secret, size);
}
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef __UINT8_TYPE__ u8;
typedef __UINT16_TYPE__ u16;
typedef __UINT32_TYPE__ u32;
typedef __UINT64_TYPE__ u64;

static inline u64 knock_div_u64_u32(u64 dividend, u32 divisor)
{
	return dividend / divisor;
}

/* What nobody reads any more a compiler need not write, unless it is told so. */
static inline void knock_wipe(void *secret, size_t size)
{
	memset(secret, 0, size);
	__asm__ __volatile__("" : : "r"(secret) : "memory");
}
#endif

#endif /* _KNOCK_PLATFORM_H */
