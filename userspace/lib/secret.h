/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_SECRET_H
#define _LIB_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "base64.h"

#define SECRET_SIZE_MAX 255

/* What --generate makes, without a NUL. */
#define SECRET_GENERATED_LENGTH 27

/* What keys other than tumbler's have, X25519's among them. */
#define SECRET_BINARY_SIZE 32

/* As base64, with its NUL. */
#define SECRET_BINARY_TEXT_SIZE BASE64_SIZE(SECRET_BINARY_SIZE)

/* Estimated bits below which a secret is called guessable. */
#define SECRET_BITS_MIN 80

/* Room for a sentence about what is wrong with a secret or its file. */
#define SECRET_WHY_SIZE 320

/**
 * struct secret - a secret in memory; wipe it with secret_wipe()
 * @length: bytes used
 * @bytes: the secret, with room for a line end, and a byte to notice what is too long
 */
struct secret {
	size_t length;
	unsigned char bytes[SECRET_SIZE_MAX + 3];
};

bool secret_generate(struct secret *secret);
bool secret_generate_binary(struct secret *secret);
bool secret_decode(struct secret *secret, char why[SECRET_WHY_SIZE]);
int secret_open_file(const char *path, char why[SECRET_WHY_SIZE]);
bool secret_read_file(struct secret *secret, const char *path, char why[SECRET_WHY_SIZE]);
bool secret_read_descriptor(struct secret *secret, int descriptor, char why[SECRET_WHY_SIZE]);
unsigned int secret_bits(const unsigned char *bytes, size_t length);
bool secret_is_guessable_stretched(const struct secret *secret, char why[SECRET_WHY_SIZE]);
bool secret_is_guessable(const struct secret *secret, char why[SECRET_WHY_SIZE]);
bool secret_is_ambiguous(const struct secret *secret, char why[SECRET_WHY_SIZE]);
void secret_forbid_core(void);
void secret_wipe(struct secret *secret);

#endif /* _LIB_SECRET_H */
