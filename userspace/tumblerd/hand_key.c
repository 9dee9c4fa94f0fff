// SPDX-License-Identifier: GPL-2.0
/* Keys as knockctl's files have them, and what TLS keys are made of them. */
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#include "complain.h"
#include "hand.h"
#include "server_key.h"

/**
 * hand_forget() - forget all secrets
 * @hand: that decides
 */
void hand_forget(struct hand *hand)
{
	config_door_wipe(&hand->door);
	memset(&hand->door, 0, sizeof(hand->door));
	memset(&hand->read, 0, sizeof(hand->read));
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static bool read_door(struct hand *hand, const char *path, const char *door)
{
	struct faults faults = { .count = 0 };
	bool good;

	hand_forget(hand);
	config_door_init(&hand->door, door);
	good = config_read_door(&hand->door, path, &faults);
	/* Of keys with a public key the secret is made when it is needed. */
	if (!good && !hand->told)
		complain("%s cannot be relied on, so nothing is handed out for its door; knockctl check tells why",
			 path);
	hand->told = !good;
	faults_clear(&faults);
	return good;
}

/* The door's file may have been written anew at any time. */
static bool find_door(struct hand *hand, const char *door)
{
	char path[PATH_MAX];
	struct stat now;

	if (snprintf(path, sizeof(path), "%s/" CONFIG_DOORS "/%s" CONFIG_SUFFIX, hand->config,
		     door) >= (int)sizeof(path) || stat(path, &now))
		return false;
	if (is_same(&now, &hand->read) && !strcmp(hand->door.name, door))
		return true;
	if (!read_door(hand, path, door))
		return false;
	hand->read = now;
	return true;
}

static bool agree(const struct hand *hand, struct config_key *key)
{
	char why[SERVER_KEY_WHY_SIZE];
	struct x25519_pair server;
	bool good;

	good = server_key_read(&server, hand->config, why) &&
	       server_key_agree(key, hand->door.name, &server);
	x25519_wipe(&server);
	return good;
}

/**
 * hand_key() - a key of a door, with its secret
 * @hand: that decides
 * @door: the door's name
 * @key: the key's
 *
 * Return: the key, until the next is looked for; NULL if no file has it.
 */
struct config_key *hand_key(struct hand *hand, const char *door, const char *key)
{
	struct config_key *found;

	if (!find_door(hand, door))
		return NULL;
	found = config_key_find(&hand->door, key);
	return found && (!found->paired || agree(hand, found)) ? found : NULL;
}

/**
 * hand_pin() - the TLS key by which a client proves to have a key
 * @pin: receives it
 * @key: with its secret
 *
 * Return: true; false if it has none.
 */
bool hand_pin(unsigned char pin[TLS_PIN_SIZE], const struct config_key *key)
{
	unsigned char private_key[TLS_KEY_SIZE];
	char ports[KNOCK_SEQUENCE_TEXT_SIZE];
	bool good;

	if (key->series.kind == KNOCK_SEQUENCE_KIND_STATIC) {
		knock_sequence_format(ports, &key->series.ports);
		good = tls_key_of_client(private_key, (unsigned char *)ports, strlen(ports));
		OPENSSL_cleanse(ports, sizeof(ports));
	} else {
		good = key->secret.length &&
		       tls_key_of_client(private_key, key->secret.bytes, key->secret.length);
	}
	good = good && tls_key_pin(pin, private_key);
	OPENSSL_cleanse(private_key, sizeof(private_key));
	return good;
}

/**
 * hand_server_key() - the server's private key for TLS
 * @data: struct hand
 * @key: receives it; to be wiped
 *
 * Return: true; false if there is none.
 */
bool hand_server_key(void *data, unsigned char key[TLS_KEY_SIZE])
{
	char why[SERVER_KEY_WHY_SIZE];
	struct hand *hand = data;
	struct x25519_pair server;
	bool good;

	good = server_key_read(&server, hand->config, why);
	if (!good && !hand->told)
		complain("nobody can be served: %s", why);
	hand->told = !good;
	good = good && tls_key_of_server(key, server.private_key);
	x25519_wipe(&server);
	return good;
}
