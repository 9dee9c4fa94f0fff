/* SPDX-License-Identifier: GPL-2.0 */
/*
 * HMAC-SHA256 (RFC 2104) of the library's SHA-256, for kernels before 6.17.
 */
#ifndef _KNOCK_COMPAT_HMAC_SHA256_H
#define _KNOCK_COMPAT_HMAC_SHA256_H

#include <linux/string.h>

static inline void knock_compat_hmac_pad(u8 block[SHA256_BLOCK_SIZE], const u8 *key, size_t len,
					 u8 pad)
{
	size_t i;

	memset(block, 0, SHA256_BLOCK_SIZE);
	if (len > SHA256_BLOCK_SIZE)
		sha256(key, len, block);
	else
		memcpy(block, key, len);
	for (i = 0; i < SHA256_BLOCK_SIZE; i++)
		block[i] ^= pad;
}

static inline void hmac_sha256_usingrawkey(const u8 *raw_key, size_t raw_key_len, const u8 *data,
					   size_t data_len, u8 out[SHA256_DIGEST_SIZE])
{
	u8 block[SHA256_BLOCK_SIZE];
	struct sha256_state state;

	knock_compat_hmac_pad(block, raw_key, raw_key_len, 0x36);
	sha256_init(&state);
	sha256_update(&state, block, sizeof(block));
	sha256_update(&state, data, data_len);
	sha256_final(&state, out);

	knock_compat_hmac_pad(block, raw_key, raw_key_len, 0x5c);
	sha256_init(&state);
	sha256_update(&state, block, sizeof(block));
	sha256_update(&state, out, SHA256_DIGEST_SIZE);
	sha256_final(&state, out);

	memzero_explicit(block, sizeof(block));
	memzero_explicit(&state, sizeof(state));
}

#endif /* _KNOCK_COMPAT_HMAC_SHA256_H */
