/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_DESCRIPTORS_H
#define _TUMBLERD_DESCRIPTORS_H

#include <stdbool.h>

bool descriptors_are_enough(void);

#endif /* _TUMBLERD_DESCRIPTORS_H */
