/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_FINGERPRINT_H
#define _LIB_FINGERPRINT_H

#include "secret.h"

#define FINGERPRINT_SIZE 8

/* As hexadecimal digits, with their NUL. */
#define FINGERPRINT_TEXT_SIZE (2 * FINGERPRINT_SIZE + 1)

bool fingerprint_make(const struct secret *secret, unsigned char fingerprint[FINGERPRINT_SIZE]);
void fingerprint_format(char text[FINGERPRINT_TEXT_SIZE],
			const unsigned char fingerprint[FINGERPRINT_SIZE]);

#endif /* _LIB_FINGERPRINT_H */
