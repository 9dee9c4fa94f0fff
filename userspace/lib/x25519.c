// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>

#include "name.h"
#include "x25519.h"

#define LABEL "xt_knock sealed v1"

/* The label, the length of the door's name, the name. */
#define INFO_MAX (sizeof(LABEL) - 1 + 1 + NAME_SIZE - 1)

void x25519_wipe(struct x25519_pair *pair)
{
	OPENSSL_cleanse(pair, sizeof(*pair));
}

/**
 * x25519_publish() - find the public key of a private one
 * @pair: has the private key; any 32 bytes are one
 *
 * Return: true; false if libcrypto has no X25519 to offer.
 */
bool x25519_publish(struct x25519_pair *pair)
{
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, pair->private_key,
						     X25519_SIZE);
	size_t size = X25519_SIZE;
	bool good = key && EVP_PKEY_get_raw_public_key(key, pair->public_key, &size) == 1;

	EVP_PKEY_free(key);
	return good;
}

/**
 * x25519_generate() - make a private key and its public one
 * @pair: where to put them
 *
 * Return: true; false if there was no randomness to be had.
 */
bool x25519_generate(struct x25519_pair *pair)
{
	return RAND_priv_bytes(pair->private_key, X25519_SIZE) == 1 && x25519_publish(pair);
}

/* Return: false for a public key that leads to zero whatever the private one is. */
static bool multiply(unsigned char shared[X25519_SIZE], const unsigned char *private_key,
		     const unsigned char *public_key)
{
	EVP_PKEY *own = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, NULL, private_key,
						     X25519_SIZE);
	EVP_PKEY *other = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, NULL, public_key,
						      X25519_SIZE);
	EVP_PKEY_CTX *context = own ? EVP_PKEY_CTX_new(own, NULL) : NULL;
	static const unsigned char zero[X25519_SIZE];
	size_t size = X25519_SIZE;
	bool good;

	good = context && other && EVP_PKEY_derive_init(context) == 1 &&
	       EVP_PKEY_derive_set_peer(context, other) == 1 &&
	       EVP_PKEY_derive(context, shared, &size) == 1 && size == X25519_SIZE &&
	       CRYPTO_memcmp(shared, zero, X25519_SIZE);
	EVP_PKEY_CTX_free(context);
	EVP_PKEY_free(other);
	EVP_PKEY_free(own);
	return good;
}

/* HKDF-SHA256 of RFC 5869. */
static bool expand(unsigned char key[X25519_SIZE], const unsigned char shared[X25519_SIZE],
		   const struct x25519_parties *parties)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, NULL);
	size_t label = strlen(LABEL), door = strlen(parties->door), size = X25519_SIZE;
	unsigned char salt[2 * X25519_SIZE], info[INFO_MAX];
	bool good;

	memcpy(salt, parties->server, X25519_SIZE);
	memcpy(salt + X25519_SIZE, parties->client, X25519_SIZE);
	memcpy(info, LABEL, label);
	info[label] = (unsigned char)door;
	memcpy(info + label + 1, parties->door, door);
	good = context && EVP_PKEY_derive_init(context) == 1 &&
	       EVP_PKEY_CTX_set_hkdf_md(context, EVP_sha256()) == 1 &&
	       EVP_PKEY_CTX_set1_hkdf_salt(context, salt, sizeof(salt)) == 1 &&
	       EVP_PKEY_CTX_set1_hkdf_key(context, shared, X25519_SIZE) == 1 &&
	       EVP_PKEY_CTX_add1_hkdf_info(context, info, (int)(label + 1 + door)) == 1 &&
	       EVP_PKEY_derive(context, key, &size) == 1 && size == X25519_SIZE;
	EVP_PKEY_CTX_free(context);
	return good;
}

/**
 * x25519_agree() - find the sealed key of a client for a door
 * @key: receives its 32 bytes; wiped on failure
 * @own: the pair of the side we are on
 * @parties: both public keys, one of them ours, and the door
 *
 * Return: true; false if our public key is none of both, or the other side's is one
 * of the few with which every private key would make the same.
 */
bool x25519_agree(unsigned char key[X25519_SIZE], const struct x25519_pair *own,
		  const struct x25519_parties *parties)
{
	unsigned char shared[X25519_SIZE];
	const unsigned char *other = NULL;
	bool good;

	if (!memcmp(own->public_key, parties->server, X25519_SIZE))
		other = parties->client;
	else if (!memcmp(own->public_key, parties->client, X25519_SIZE))
		other = parties->server;
	good = other && strlen(parties->door) < NAME_SIZE &&
	       multiply(shared, own->private_key, other) && expand(key, shared, parties);
	if (!good)
		OPENSSL_cleanse(key, X25519_SIZE);
	OPENSSL_cleanse(shared, sizeof(shared));
	return good;
}
