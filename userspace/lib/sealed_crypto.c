// SPDX-License-Identifier: GPL-2.0
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "sealed_crypto.h"

#define TAG_SIZE (KNOCK_SEALED_BOX_SIZE - KNOCK_SEALED_PLAIN_SIZE)

/* Each key seals one text, so the nonce need not change. */
static const u8 nonce[12];

static bool hmac(u8 mac[KNOCK_SEALED_MAC_SIZE], const u8 key[KNOCK_SEALED_KEY_SIZE],
		 const u8 *data, size_t len)
{
	return HMAC(EVP_sha256(), key, KNOCK_SEALED_KEY_SIZE, data, len, mac, NULL);
}

static bool seal(u8 box[KNOCK_SEALED_BOX_SIZE], const u8 key[KNOCK_SEALED_KEY_SIZE],
		 const u8 plain[KNOCK_SEALED_PLAIN_SIZE])
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	int size, rest;
	bool done;

	done = context && EVP_EncryptInit_ex(context, EVP_chacha20_poly1305(), NULL, key, nonce) &&
	       EVP_EncryptUpdate(context, box, &size, plain, KNOCK_SEALED_PLAIN_SIZE) &&
	       EVP_EncryptFinal_ex(context, box + size, &rest) &&
	       EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, TAG_SIZE,
				   box + KNOCK_SEALED_PLAIN_SIZE);
	EVP_CIPHER_CTX_free(context);
	return done;
}

static bool unseal(u8 plain[KNOCK_SEALED_PLAIN_SIZE], const u8 key[KNOCK_SEALED_KEY_SIZE],
		   const u8 box[KNOCK_SEALED_BOX_SIZE])
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	u8 tag[TAG_SIZE];
	int size, rest;
	bool done;

	/* libcrypto takes a tag that it might write to. */
	memcpy(tag, box + KNOCK_SEALED_PLAIN_SIZE, sizeof(tag));
	done = context && EVP_DecryptInit_ex(context, EVP_chacha20_poly1305(), NULL, key, nonce) &&
	       EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, TAG_SIZE, tag) &&
	       EVP_DecryptUpdate(context, plain, &size, box, KNOCK_SEALED_PLAIN_SIZE) &&
	       EVP_DecryptFinal_ex(context, plain + size, &rest);
	EVP_CIPHER_CTX_free(context);
	return done;
}

const struct knock_sealed_crypto sealed_crypto = { .hmac = hmac, .seal = seal, .open = unseal };

/**
 * sealed_door_hash() - what a knock says of its door
 * @hash: the first bytes of SHA-256 of its name
 * @door: its name
 *
 * Return: true; false if libcrypto has no SHA-256 to offer.
 */
bool sealed_door_hash(u8 hash[KNOCK_SEALED_DOOR_SIZE], const char *door)
{
	u8 digest[EVP_MAX_MD_SIZE];

	if (!EVP_Digest(door, strlen(door), digest, NULL, EVP_sha256(), NULL))
		return false;
	memcpy(hash, digest, KNOCK_SEALED_DOOR_SIZE);
	return true;
}
