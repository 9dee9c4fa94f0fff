/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_BASE64_H
#define _LIB_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/* Characters that some bytes take, with the NUL. */
#define BASE64_SIZE(bytes) (((bytes) + 2) / 3 * 4 + 1)

void base64_encode(char *text, const unsigned char *bytes, size_t length);
bool base64_decode(const char *text, unsigned char *bytes, size_t room, size_t *length);

#endif /* _LIB_BASE64_H */
