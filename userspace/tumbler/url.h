/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_URL_H
#define _TUMBLER_URL_H

#include <stdint.h>

#include <knock/sequence.h>

#include "secret.h"
#include "stretch.h"

/* The longest host name, with its NUL. */
#define URL_HOST_SIZE 256

/* Room for a sentence about what is wrong. */
#define URL_WHY_SIZE 320

/**
 * struct url - tumbler://[SECRET@]HOST[:PORT]/[?stretch=SALT], or knock://HOST/PORT,...
 * @has_secret: whether it named one; if not @secret is empty
 * @secret: percent-decoded
 * @has_salt: the secret is a passphrase that has to be stretched
 * @salt: with which
 * @host: name, IPv4 address, or IPv6 address without its brackets
 * @port: UDP
 * @ports: of knock://, where nothing but @host is said beside them; else none
 */
struct url {
	bool has_secret;
	struct secret secret;
	bool has_salt;
	struct salt salt;
	char host[URL_HOST_SIZE];
	uint16_t port;
	struct knock_sequence ports;
};

bool url_parse(const char *text, struct url *url, char why[URL_WHY_SIZE]);

#endif /* _TUMBLER_URL_H */
