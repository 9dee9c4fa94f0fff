// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "base64.h"

/* What base64_decode() takes at most: more than any secret has. */
#define BYTES_MAX 384

/**
 * base64_encode() - write bytes as base64
 * @text: room for BASE64_SIZE(@length)
 * @bytes: what to write
 * @length: their number
 */
void base64_encode(char *text, const unsigned char *bytes, size_t length)
{
	EVP_EncodeBlock((unsigned char *)text, bytes, (int)length);
}

/**
 * base64_decode() - read base64, as base64_encode() writes it and no other way
 * @text: four characters for each three bytes, padded with =
 * @bytes: where to put them
 * @room: how many at most
 * @length: how many they are
 *
 * EVP_DecodeBlock() takes more than that, and counts the padding as bytes; so
 * what it made is written again and compared.
 *
 * Return: true; false if it is not that, or does not fit.
 */
bool base64_decode(const char *text, unsigned char *bytes, size_t room, size_t *length)
{
	unsigned char decoded[BYTES_MAX];
	char again[BASE64_SIZE(BYTES_MAX)];
	size_t size = strlen(text);
	bool good = false;

	if (!size || size % 4 || size >= sizeof(again))
		return false;
	*length = size / 4 * 3 - (text[size - 1] == '=') - (text[size - 2] == '=');
	if (*length <= room &&
	    EVP_DecodeBlock(decoded, (const unsigned char *)text, (int)size) >= 0) {
		base64_encode(again, decoded, *length);
		good = !strcmp(again, text);
	}
	if (good)
		memcpy(bytes, decoded, *length);
	OPENSSL_cleanse(decoded, sizeof(decoded));
	OPENSSL_cleanse(again, sizeof(again));
	return good;
}
