/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_PROFILE_H
#define _LIB_PROFILE_H

#include <knock/address.h>

#include <knock/sequence.h>

#include "book.h"
#include "name.h"
#include "port_ranges.h"
#include "secret.h"
#include "tls_key.h"
#include "x25519.h"

/* The longest host name, with its NUL. */
#define PROFILE_HOST_SIZE 256

/* What profile_format() writes at most, with its NUL. */
#define PROFILE_TEXT_SIZE (BOOK_TEXT_SIZE + 3072)

/* Room for a sentence about what is wrong. */
#define PROFILE_WHY_SIZE 320

/* Of a derived key, in bytes; with a NUL. */
#define PROFILE_LOCATION_SIZE (KNOCK_DERIVE_LOCATION_MAX + 1)

enum profile_type {
	PROFILE_TUMBLER,
	PROFILE_SEALED,
	PROFILE_STATIC,
	PROFILE_ONCE,
	PROFILE_DERIVED,
};

/**
 * struct profile - all that a client needs for one door; see tumbler.conf(5)
 * @given: bit N is set if word N was said, see profile.c
 * @type: of the key
 * @closes: the key closes the door; a sealed one opens and closes
 * @name: what its file is called; empty if that is left to the client
 * @host: name or address of the server
 * @port: UDP port of its knocks, unless they are sequences of ports
 * @service: TCP port behind the door, 0 if there is none to try
 * @agent: TCP port of the server's agent, 0 if there is none
 * @tls_server: by which the agent is known
 * @tls_key: of a once key: the client's private key for TLS
 * @roaming: of a sealed key: its knocks need not say our address; the agent opens the door
 * @door: name of the door; part of every sealed knock
 * @source: the address that the server sees, where it is not ours
 * @secret: of length 0 if there is none, or it has to be made of the keys that follow, by
 *	    profile_agree()
 * @server: public key of the server
 * @client: private and public key of the client; either may be missing
 * @ports: the steps of a static key
 * @steps: how many each sequence of a once or derived key has
 * @avoid: ports that are none of them
 * @unbound: of a once key: its sequences are the same from every address
 * @depth: of a once key: how far above the used one numbers are handed out
 * @location: of a derived key
 * @slot_sec: of a derived key: length of a slot
 * @book: of a once key: sequences that are handed over with the profile
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
	u16 agent;
	unsigned char tls_server[TLS_PIN_SIZE];
	unsigned char tls_key[TLS_KEY_SIZE];
	bool roaming;
	char door[NAME_SIZE];
	struct knock_address source;
	struct secret secret;
	unsigned char server[X25519_SIZE];
	struct x25519_pair client;
	struct knock_sequence ports;
	u8 steps;
	struct port_ranges avoid;
	bool unbound;
	u8 depth;
	char location[PROFILE_LOCATION_SIZE];
	u32 slot_sec;
	struct book book;
};

void profile_init(struct profile *profile, enum profile_type type);
void profile_wipe(struct profile *profile);
bool profile_says(const struct profile *profile, const char *word);
void profile_say(struct profile *profile, const char *word);
bool profile_host_is_good(const char *host);
bool profile_location_is_good(const char *location);

bool profile_parse(struct profile *profile, const char *text, size_t length,
		   char why[PROFILE_WHY_SIZE]);
bool profile_tls_key(const struct profile *profile, unsigned char key[TLS_KEY_SIZE]);
bool profile_agree(struct profile *profile, char why[PROFILE_WHY_SIZE]);

/* profile_word.c */
const char *profile_take_word(struct profile *profile, const char *word, const char *value);
const char *profile_foreign_word(const struct profile *profile);
const char *profile_type_name(enum profile_type type);

/* profile_format.c */
size_t profile_format(char text[PROFILE_TEXT_SIZE], const struct profile *profile);

#endif /* _LIB_PROFILE_H */
