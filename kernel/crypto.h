/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCK_CRYPTO_H
#define _KNOCK_CRYPTO_H

#include <knock/sealed.h>

/* What sealed knocks need of cryptography, by the kernel's own; it never fails. */
extern const struct knock_sealed_crypto knock_crypto;

#endif /* _KNOCK_CRYPTO_H */
