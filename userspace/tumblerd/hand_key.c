// SPDX-License-Identifier: GPL-2.0
/* Keys as knockctl's files have them, and what TLS keys are made of them. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

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
	hand->good = false;
}

/* Return: all-zero if there is no such file. */
static struct stamp stamp_of(const char *path)
{
	struct stamp stamp;
	struct stat status;

	memset(&stamp, 0, sizeof(stamp));
	if (stat(path, &status))
		return stamp;
	stamp.device = status.st_dev;
	stamp.file = status.st_ino;
	stamp.size = status.st_size;
	stamp.written = status.st_mtim;
	return stamp;
}

static bool is_same(const struct stamp *a, const struct stamp *b)
{
	return a->device == b->device && a->file == b->file && a->size == b->size &&
	       a->written.tv_sec == b->written.tv_sec && a->written.tv_nsec == b->written.tv_nsec;
}

static bool path_of(char path[PATH_MAX], const struct hand *hand, const char *door)
{
	return snprintf(path, PATH_MAX, "%s/" CONFIG_DOORS "/%s" CONFIG_SUFFIX, hand->config,
			door) < PATH_MAX;
}

/* Said of a door once, until it is mended or another is faulty. */
static void say_faulty(struct hand *hand, const char *path, const char *door)
{
	if (!strcmp(hand->faulty, door))
		return;
	strcpy(hand->faulty, door);
	complain("%s cannot be relied on, so nothing is handed out for its door; knockctl check tells why",
		 path);
}

/* Of keys with a public key the secret is made when it is needed. */
static void read_door(struct hand *hand, const char *path, const char *door)
{
	struct faults faults = { .count = 0 };

	hand_forget(hand);
	config_door_init(&hand->door, door);
	hand->good = config_read_door(&hand->door, path, &faults);
	if (!hand->good)
		say_faulty(hand, path, door);
	else if (!strcmp(hand->faulty, door))
		*hand->faulty = '\0';
	faults_clear(&faults);
}

/*
 * The door's file may have been written anew at any time; as long as it was not it is read
 * once, a faulty one too.
 */
static bool find_door(struct hand *hand, const char *door)
{
	char path[PATH_MAX];
	struct stamp now;

	if (!path_of(path, hand, door))
		return false;
	now = stamp_of(path);
	if (!now.file)
		return false;
	if (!is_same(&now, &hand->read) || strcmp(hand->door.name, door)) {
		read_door(hand, path, door);
		hand->read = now;
	}
	return hand->good;
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

static bool make_pin(unsigned char pin[TLS_PIN_SIZE], const struct config_key *key)
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
 * hand_pin() - the TLS key by which a client proves to have the key of a grant
 * @hand: that decides
 * @followed: the grant, which keeps what was found
 *
 * A door's file may take long to read, and this is asked by strangers: it is looked for once
 * a grant, and again only when a file that it depends on was written anew.
 *
 * Return: the pin; NULL if the key has none.
 */
const unsigned char *hand_pin(struct hand *hand, struct followed *followed)
{
	const struct subject *subject = &followed->subject;
	struct followed_pin *pin = &followed->pin;
	struct stamp door, server;
	const struct config_key *key;
	char path[PATH_MAX];

	if (!path_of(path, hand, subject->name))
		return NULL;
	door = stamp_of(path);
	snprintf(path, sizeof(path), "%s/" SERVER_KEY_FILE, hand->config);
	server = stamp_of(path);
	if (!is_same(&door, &pin->door) || !is_same(&server, &pin->server)) {
		key = hand_key(hand, subject->name, subject->key);
		pin->known = key && make_pin(pin->pin, key);
		pin->door = door;
		pin->server = server;
	}
	return pin->known ? pin->pin : NULL;
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
	if (!good && !hand->told_server)
		complain("nobody can be served: %s", why);
	hand->told_server = !good;
	good = good && tls_key_of_server(key, server.private_key);
	x25519_wipe(&server);
	return good;
}
