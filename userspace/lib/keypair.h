/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_KEYPAIR_H
#define _LIB_KEYPAIR_H

#include "secret.h"
#include "x25519.h"

bool keypair_make(struct x25519_pair *pair, char why[SECRET_WHY_SIZE]);
bool keypair_read(struct x25519_pair *pair, const char *file, char why[SECRET_WHY_SIZE]);

#endif /* _LIB_KEYPAIR_H */
