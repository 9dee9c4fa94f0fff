/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_TLS_H
#define _LIB_TLS_H

#include <openssl/ssl.h>

#include "tls_key.h"

/**
 * struct tls - one connection; both sides know each other by a pin, and by nothing else
 * @context: libssl's
 * @ssl: libssl's
 * @pinned: the other side must have @pin
 * @pin: of the other side: must be, if @pinned; is, once the handshake is done
 * @known: the other side's @pin is set, and was proved
 * @cut: the other side has ended the connection within the handshake, and not said why
 */
struct tls {
	SSL_CTX *context;
	SSL *ssl;
	bool pinned;
	unsigned char pin[TLS_PIN_SIZE];
	bool known;
	bool cut;
};

bool tls_connect(struct tls *tls, int descriptor, const unsigned char key[TLS_KEY_SIZE],
		 const unsigned char pin[TLS_PIN_SIZE]);
bool tls_accept(struct tls *tls, int descriptor, const unsigned char key[TLS_KEY_SIZE]);
bool tls_read(struct tls *tls, void *bytes, size_t size);
bool tls_write(struct tls *tls, const void *bytes, size_t size);
void tls_free(struct tls *tls);

#endif /* _LIB_TLS_H */
