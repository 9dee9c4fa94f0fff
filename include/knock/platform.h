/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the pure logic needs of the world it is compiled into. The only file
 * that knows whether this is the kernel or a program.
 */
#ifndef _KNOCK_PLATFORM_H
#define _KNOCK_PLATFORM_H

#ifdef __KERNEL__
#include <linux/string.h>
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
#endif

#endif /* _KNOCK_PLATFORM_H */
