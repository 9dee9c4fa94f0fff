// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "config.h"

#define LABEL "xt_knock fingerprint"

/**
 * config_fingerprint() - what the module shows of a generated secret
 * @secret: the secret
 * @fingerprint: the first bytes of SHA-256 of a label and the secret
 *
 * Return: true; false if libcrypto has no SHA-256 to offer.
 */
bool config_fingerprint(const struct secret *secret, u8 fingerprint[FINGERPRINT_SIZE])
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
