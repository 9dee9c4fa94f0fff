// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "fingerprint.h"

#define LABEL "xt_knock fingerprint"

/**
 * fingerprint_make() - what the module shows of a sealed or generated secret
 * @secret: the secret
 * @fingerprint: the first bytes of SHA-256 of a label and the secret
 *
 * Return: true; false if libcrypto has no SHA-256 to offer.
 */
bool fingerprint_make(const struct secret *secret, unsigned char fingerprint[FINGERPRINT_SIZE])
{
	unsigned char text[sizeof(LABEL) + SECRET_SIZE_MAX];
	unsigned char digest[EVP_MAX_MD_SIZE];
	size_t length = strlen(LABEL);
	bool good;

	memcpy(text, LABEL, length);
	memcpy(text + length, secret->bytes, secret->length);
	good = EVP_Digest(text, length + secret->length, digest, NULL, EVP_sha256(), NULL) == 1;
	memcpy(fingerprint, digest, FINGERPRINT_SIZE);
	OPENSSL_cleanse(text, sizeof(text));
	return good;
}

/**
 * fingerprint_format() - a fingerprint as people compare it
 * @text: receives 16 hexadecimal digits
 * @fingerprint: its bytes
 */
void fingerprint_format(char text[FINGERPRINT_TEXT_SIZE],
			const unsigned char fingerprint[FINGERPRINT_SIZE])
{
	size_t i;

	for (i = 0; i < FINGERPRINT_SIZE; i++)
		snprintf(text + 2 * i, 3, "%02x", fingerprint[i]);
}
