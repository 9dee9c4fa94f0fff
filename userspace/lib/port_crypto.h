/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PORT_CRYPTO_H
#define _PORT_CRYPTO_H

#include <knock/derive.h>

/* What once and derived sequences need of cryptography, by libcrypto. */
extern const struct knock_derive_crypto port_crypto;

#endif /* _PORT_CRYPTO_H */
