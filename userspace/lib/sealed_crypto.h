/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEALED_CRYPTO_H
#define _SEALED_CRYPTO_H

#include <knock/sealed.h>

/* What sealed knocks need of cryptography, by libcrypto. */
extern const struct knock_sealed_crypto sealed_crypto;

bool sealed_door_hash(u8 hash[KNOCK_SEALED_DOOR_SIZE], const char *door);

#endif /* _SEALED_CRYPTO_H */
