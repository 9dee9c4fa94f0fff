// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "tls_key.h"

#define CLIENT_LABEL "xt_knock tls v1 client"
#define SERVER_LABEL "xt_knock tls v1 server"

/* SubjectPublicKeyInfo of RFC 8410, up to the 32 bytes of the key. */
static const unsigned char ed25519[] = { 0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
					 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00 };

static bool make(unsigned char key[TLS_KEY_SIZE], const char *label, const unsigned char *secret,
		 size_t length)
{
	return HMAC(EVP_sha256(), secret, (int)length, (const unsigned char *)label,
		    strlen(label), key, NULL);
}

/**
 * tls_key_of_client() - the private key that a client has for TLS
 * @key: receives it; to be wiped
 * @secret: of its key; of a static sequence the ports, as text
 * @length: its bytes
 *
 * Return: true; false if libcrypto has no SHA-256 to offer.
 */
bool tls_key_of_client(unsigned char key[TLS_KEY_SIZE], const unsigned char *secret, size_t length)
{
	return make(key, CLIENT_LABEL, secret, length);
}

/**
 * tls_key_of_server() - the private key that a server has for TLS
 * @key: receives it; to be wiped
 * @private_key: the server's, of server.key
 *
 * Return: true; false if libcrypto has no SHA-256 to offer.
 */
bool tls_key_of_server(unsigned char key[TLS_KEY_SIZE], const unsigned char private_key[32])
{
	return make(key, SERVER_LABEL, private_key, 32);
}

/**
 * tls_key_pin() - how the other side knows a key
 * @pin: receives SHA-256 of the public key, as certificates have it
 * @key: the private key
 *
 * Return: true; false if libcrypto has no Ed25519 to offer.
 */
bool tls_key_pin(unsigned char pin[TLS_PIN_SIZE], const unsigned char key[TLS_KEY_SIZE])
{
	EVP_PKEY *pair = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key, TLS_KEY_SIZE);
	unsigned char text[sizeof(ed25519) + 32];
	size_t size = 32;
	bool good;

	memcpy(text, ed25519, sizeof(ed25519));
	good = pair && EVP_PKEY_get_raw_public_key(pair, text + sizeof(ed25519), &size) == 1 &&
	       EVP_Digest(text, sizeof(text), pin, NULL, EVP_sha256(), NULL) == 1;
	EVP_PKEY_free(pair);
	return good;
}
