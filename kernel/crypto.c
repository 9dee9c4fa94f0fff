// SPDX-License-Identifier: GPL-2.0
#include <crypto/chacha20poly1305.h>

#include "crypto.h"

static bool knock_crypto_hmac(u8 mac[KNOCK_SEALED_MAC_SIZE], const u8 key[KNOCK_SEALED_KEY_SIZE],
			      const u8 *data, size_t len)
{
	hmac_sha256_usingrawkey(key, KNOCK_SEALED_KEY_SIZE, data, len, mac);
	return true;
}

/* Each key seals one text, so the nonce need not change. */
static bool knock_crypto_seal(u8 box[KNOCK_SEALED_BOX_SIZE], const u8 key[KNOCK_SEALED_KEY_SIZE],
			      const u8 plain[KNOCK_SEALED_PLAIN_SIZE])
{
	chacha20poly1305_encrypt(box, plain, KNOCK_SEALED_PLAIN_SIZE, NULL, 0, 0, key);
	return true;
}

static bool knock_crypto_open(u8 plain[KNOCK_SEALED_PLAIN_SIZE],
			      const u8 key[KNOCK_SEALED_KEY_SIZE],
			      const u8 box[KNOCK_SEALED_BOX_SIZE])
{
	return chacha20poly1305_decrypt(plain, box, KNOCK_SEALED_BOX_SIZE, NULL, 0, 0, key);
}

const struct knock_sealed_crypto knock_crypto = {
	.hmac = knock_crypto_hmac,
	.seal = knock_crypto_seal,
	.open = knock_crypto_open,
};

const struct knock_derive_crypto knock_port_crypto = {
	.hmac = knock_crypto_hmac,
};
