/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SEALED_CRYPTO_H
#define _SEALED_CRYPTO_H

#include <knock/sealed.h>

/* What sealed knocks need of cryptography, by libcrypto. */
extern const struct knock_sealed_crypto sealed_crypto;

#endif /* _SEALED_CRYPTO_H */
