/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_CHECK_H
#define _UNIT_CHECK_H

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif /* _UNIT_CHECK_H */
