/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sealed keys that never crossed the wire: server and client each know their own
 * private key and the other's public one. See Documentation/protocol.rst.
 */
#ifndef _LIB_X25519_H
#define _LIB_X25519_H

#include <stdbool.h>

#define X25519_SIZE 32

/**
 * struct x25519_pair - a private key with its public one; wipe it with x25519_wipe()
 * @private_key: 32 random bytes
 * @public_key: no secret
 */
struct x25519_pair {
	unsigned char private_key[X25519_SIZE];
	unsigned char public_key[X25519_SIZE];
};

/**
 * struct x25519_parties - whose key it is, in which both sides must agree
 * @server: public key of the server
 * @client: public key of the client
 * @door: name of the door
 */
struct x25519_parties {
	const unsigned char *server;
	const unsigned char *client;
	const char *door;
};

bool x25519_generate(struct x25519_pair *pair);
bool x25519_publish(struct x25519_pair *pair);
bool x25519_agree(unsigned char key[X25519_SIZE], const struct x25519_pair *own,
		  const struct x25519_parties *parties);
void x25519_wipe(struct x25519_pair *pair);

#endif /* _LIB_X25519_H */
