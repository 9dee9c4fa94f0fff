/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_TLS_KEY_H
#define _LIB_TLS_KEY_H

#include <stdbool.h>
#include <stddef.h>

/* A private key for Ed25519. */
#define TLS_KEY_SIZE 32

/* SHA-256 of a public key, as certificates have it. */
#define TLS_PIN_SIZE 32

/*
 * The keys of both sides of a hand-over, which are made of what both have anyway: the
 * client's of the secret of its key, the server's of the server's private key.
 */
bool tls_key_of_client(unsigned char key[TLS_KEY_SIZE], const unsigned char *secret,
		       size_t length);
bool tls_key_of_server(unsigned char key[TLS_KEY_SIZE], const unsigned char private_key[32]);
bool tls_key_pin(unsigned char pin[TLS_PIN_SIZE], const unsigned char key[TLS_KEY_SIZE]);

#endif /* _LIB_TLS_KEY_H */
