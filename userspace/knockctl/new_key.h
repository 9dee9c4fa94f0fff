/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_NEW_KEY_H
#define _KNOCKCTL_NEW_KEY_H

#include "config.h"
#include "knockctl.h"
#include "store.h"
#include "stretch.h"
#include "x25519.h"

/**
 * struct new_key - a key to be added; to be wiped
 * @invocation: as typed
 * @key: the key
 * @stretched: its secret was made of a passphrase and @salt, just now
 * @salt: for the URL
 * @fresh: its secret was made just now, so nobody can have used it
 * @server: public key of the server, if the key is paired
 * @door: its door as the module has it, without keys, for the client
 * @added: the key as the module describes it
 * @accepted_from: when it is guarded, else 0
 */
struct new_key {
	const struct invocation *invocation;
	struct config_key key;
	bool stretched;
	struct salt salt;
	bool fresh;
	unsigned char server[X25519_SIZE];
	struct config_door door;
	struct record added;
	uint64_t accepted_from;
};

/* Options of add-key; those before --generate are words of a key's section too. */
enum {
	KEY_TYPE, KEY_ACTION, KEY_STATIC, KEY_ONCE, KEY_DERIVED, KEY_STEPS, KEY_WITHIN, KEY_AVOID,
	KEY_DEPTH, KEY_UNBOUND, KEY_LOCATION, KEY_SLOT, KEY_AHEAD, KEY_SKEW, KEY_MAX_GRANTS,
	KEY_FROM, KEY_NOT_AFTER, KEY_PUBLIC_KEY, KEY_ROAMING, KEY_GENERATE, KEY_STRETCH,
	KEY_SECRET_FILE, KEY_WEAK, KEY_HOST, KEY_VOLATILE,
};

/* new_key_secret.c */
bool new_key_get_secret(struct new_key *key);
bool new_key_agree(struct new_key *key);

/* new_key_series.c */
bool new_key_avoid(struct new_key *key, struct store *store);
bool new_key_number(struct new_key *key, char why[NETLINK_WHY_SIZE]);
void new_key_unnumber(struct new_key *key);

/* new_key_print.c */
void new_key_print(struct new_key *key, const char *file);

#endif /* _KNOCKCTL_NEW_KEY_H */
