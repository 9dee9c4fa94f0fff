/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_SERVER_KEY_H
#define _LIB_SERVER_KEY_H

#include <limits.h>

#include "config.h"
#include "x25519.h"

/* Its name, in the configuration's directory. */
#define SERVER_KEY_FILE "server.key"

/* Room for a sentence about the server's key and where it is. */
#define SERVER_KEY_WHY_SIZE (PATH_MAX + 320)

bool server_key_read(struct x25519_pair *pair, const char *config, char why[SERVER_KEY_WHY_SIZE]);
bool server_key_get(struct x25519_pair *pair, const char *config, bool *made,
		    char why[SERVER_KEY_WHY_SIZE]);

bool server_key_write_new(const struct x25519_pair *pair, const char *config,
			  char why[SERVER_KEY_WHY_SIZE]);
bool server_key_commit(const char *config, char why[SERVER_KEY_WHY_SIZE]);
void server_key_abort(const char *config);

bool server_key_agree(struct config_key *key, const char *door, const struct x25519_pair *pair);
void server_key_agree_door(struct config_door *door, const char *config, struct faults *faults);
void server_key_agree_all(struct config *wanted, const char *config, struct faults *faults);

#endif /* _LIB_SERVER_KEY_H */
