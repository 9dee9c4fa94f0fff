/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's cryptography, as the pure logic wants it. */
#ifndef _KNOCK_CRYPTO_H
#define _KNOCK_CRYPTO_H

#include <knock/derive.h>
#include <knock/sealed.h>

extern const struct knock_sealed_crypto knock_crypto;
extern const struct knock_derive_crypto knock_port_crypto;

#endif /* _KNOCK_CRYPTO_H */
