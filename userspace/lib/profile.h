/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_PROFILE_H
#define _LIB_PROFILE_H

#include <knock/address.h>

#include "name.h"
#include "secret.h"
#include "x25519.h"

/* The longest host name, with its NUL. */
#define PROFILE_HOST_SIZE 256

/* What profile_format() writes at most, with its NUL; what profile_parse() reads is no longer. */
#define PROFILE_TEXT_SIZE 2048

/* Room for a sentence about what is wrong. */
#define PROFILE_WHY_SIZE 320

enum profile_type {
	PROFILE_TUMBLER,
	PROFILE_SEALED,
};

/**
 * struct profile - all that a client needs for one door; see tumbler.conf(5)
 * @given: bit N is set if word N was said, see profile.c
 * @type: of the key
 * @closes: a tumbler key that closes the door; a sealed one opens and closes
 * @name: what its file is called; empty if that is left to the client
 * @host: name or address of the server
 * @port: UDP port of its knocks
 * @service: TCP port behind the door, 0 if there is none to try
 * @door: name of the door; part of every sealed knock
 * @source: the address that the server sees, where it is not ours
 * @secret: of length 0 if it has to be made of what follows, by profile_agree()
 * @server: public key of the server
 * @client: private and public key of the client; either may be missing
 *
 * Whatever holds one is wiped by profile_wipe().
 */
struct profile {
	unsigned int given;
	enum profile_type type;
	bool closes;
	char name[NAME_SIZE];
	char host[PROFILE_HOST_SIZE];
	u16 port;
	u16 service;
	char door[NAME_SIZE];
	struct knock_address source;
	struct secret secret;
	unsigned char server[X25519_SIZE];
	struct x25519_pair client;
};

void profile_init(struct profile *profile, enum profile_type type);
void profile_wipe(struct profile *profile);
bool profile_says(const struct profile *profile, const char *word);
void profile_say(struct profile *profile, const char *word);
bool profile_host_is_good(const char *host);

bool profile_parse(struct profile *profile, const char *text, size_t length,
		   char why[PROFILE_WHY_SIZE]);
bool profile_agree(struct profile *profile, char why[PROFILE_WHY_SIZE]);

/* profile_format.c */
size_t profile_format(char text[PROFILE_TEXT_SIZE], const struct profile *profile);

#endif /* _LIB_PROFILE_H */
