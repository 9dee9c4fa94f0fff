/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_STRETCH_H
#define _LIB_STRETCH_H

#include "secret.h"

#define STRETCH_SALT_SIZE 16
/* Its base64url, which ends without =, with a NUL. */
#define SALT_TEXT_SIZE 23

/* Bits that a passphrase gains: 2^17 blocks of 8 that fill 128 MiB, for each guess. */
#define STRETCH_BITS 23

/**
 * struct salt - makes a stretched passphrase good for one key alone; no secret
 * @bytes: random
 */
struct salt {
	unsigned char bytes[STRETCH_SALT_SIZE];
};

bool salt_generate(struct salt *salt);
void salt_format(char text[SALT_TEXT_SIZE], const struct salt *salt);
bool salt_parse(const char *text, struct salt *salt);
bool stretch(struct secret *secret, const struct salt *salt, char why[SECRET_WHY_SIZE]);

#endif /* _LIB_STRETCH_H */
