// SPDX-License-Identifier: GPL-2.0
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "port_crypto.h"

static bool hmac(u8 mac[KNOCK_DERIVE_MAC_SIZE], const u8 key[KNOCK_DERIVE_SECRET_SIZE],
		 const u8 *data, size_t len)
{
	return HMAC(EVP_sha256(), key, KNOCK_DERIVE_SECRET_SIZE, data, len, mac, NULL);
}

const struct knock_derive_crypto port_crypto = { .hmac = hmac };
