// SPDX-License-Identifier: GPL-2.0
/*
 * The server's private key, in a file of the configuration's directory, and what is
 * made of it: secrets of sealed keys whose clients gave their public key.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "config_dir.h"
#include "new_file.h"
#include "server_key.h"

#define FILE_NAME_NEW CONFIG_SERVER_KEY_NEW

static bool find_path(char path[PATH_MAX], const char *config, const char *name,
		      char why[SERVER_KEY_WHY_SIZE])
{
	if (snprintf(path, PATH_MAX, "%s/%s", config, name) < PATH_MAX)
		return true;
	snprintf(why, SERVER_KEY_WHY_SIZE, "the path of --config is too long, shorten it");
	return false;
}

/* Whoever owns it could put his own there, and every client would agree with him. */
static bool is_ours(int descriptor, const char *path, char why[SERVER_KEY_WHY_SIZE])
{
	struct stat status;

	if (fstat(descriptor, &status)) {
		snprintf(why, SERVER_KEY_WHY_SIZE, "%s cannot be examined: %m; try again", path);
		return false;
	}
	if (!status.st_uid || status.st_uid == geteuid())
		return true;
	snprintf(why, SERVER_KEY_WHY_SIZE,
		 "%s belongs to user %u, who may change it; chown it to root if the key in it is yours",
		 path, status.st_uid);
	return false;
}

static bool read_file(struct secret *secret, const char *path, char why[SERVER_KEY_WHY_SIZE])
{
	int descriptor = secret_open_file(path, why);
	char reason[SECRET_WHY_SIZE];
	bool good = false;

	if (descriptor < 0)
		return false;
	if (is_ours(descriptor, path, why)) {
		good = secret_read_descriptor(secret, descriptor, reason) &&
		       secret_decode(secret, reason);
		if (!good)
			snprintf(why, SERVER_KEY_WHY_SIZE,
				 "in %s %.180s, or remove the file and make another with knockctl rotate-server-key",
				 path, reason);
	}
	close(descriptor);
	return good;
}

/**
 * server_key_read() - read the server's key
 * @pair: receives it, and its public one
 * @config: directory of the configuration
 * @why: a sentence, on failure
 *
 * Return: true; false with errno, ENOENT if there is none.
 */
bool server_key_read(struct x25519_pair *pair, const char *config, char why[SERVER_KEY_WHY_SIZE])
{
	struct secret secret;
	char path[PATH_MAX];

	if (!find_path(path, config, SERVER_KEY_FILE, why)) {
		errno = ENAMETOOLONG;
		return false;
	}
	if (access(path, F_OK) && errno == ENOENT) {
		snprintf(why, SERVER_KEY_WHY_SIZE,
			 "there is no %s, of which keys with a public-key are made; bring it back, or make a new one with knockctl rotate-server-key",
			 path);
		errno = ENOENT;
		return false;
	}
	if (!read_file(&secret, path, why))
		goto err_bad;
	memcpy(pair->private_key, secret.bytes, X25519_SIZE);
	secret_wipe(&secret);
	if (x25519_publish(pair))
		return true;
	x25519_wipe(pair);
	snprintf(why, SERVER_KEY_WHY_SIZE, "libcrypto has no X25519; install one that does");

err_bad:
	errno = EINVAL;
	return false;
}

/**
 * server_key_write_new() - write a server's key, but do not put it into place yet
 * @pair: the key
 * @config: directory of the configuration
 * @why: a sentence, on failure
 *
 * Context: the configuration is locked.
 * Return: true; false if that failed, and nothing is left behind.
 */
bool server_key_write_new(const struct x25519_pair *pair, const char *config,
			  char why[SERVER_KEY_WHY_SIZE])
{
	char path[PATH_MAX], text[SECRET_BINARY_TEXT_SIZE];
	bool good;

	if (!find_path(path, config, FILE_NAME_NEW, why))
		return false;
	base64_encode(text, pair->private_key, X25519_SIZE);
	/* A line, without the NUL. */
	text[sizeof(text) - 1] = '\n';
	good = new_file_write(AT_FDCWD, path, text, sizeof(text));
	if (!good)
		snprintf(why, SERVER_KEY_WHY_SIZE, "%s cannot be written: %m; nothing was changed",
			 path);
	OPENSSL_cleanse(text, sizeof(text));
	return good;
}

/* Makes the rename outlast a power failure, where that can be done. */
static void sync_directory(const char *config)
{
	int descriptor = open(config, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (descriptor < 0)
		return;
	fsync(descriptor);
	close(descriptor);
}

/**
 * server_key_commit() - put what server_key_write_new() wrote into place
 * @config: directory of the configuration
 * @why: a sentence, on failure
 *
 * Return: true; false with the old key in place.
 */
bool server_key_commit(const char *config, char why[SERVER_KEY_WHY_SIZE])
{
	char from[PATH_MAX], to[PATH_MAX];

	if (!find_path(from, config, FILE_NAME_NEW, why) ||
	    !find_path(to, config, SERVER_KEY_FILE, why))
		return false;
	if (rename(from, to)) {
		snprintf(why, SERVER_KEY_WHY_SIZE, "%s cannot be replaced: %m", to);
		return false;
	}
	sync_directory(config);
	return true;
}

/**
 * server_key_abort() - remove what server_key_write_new() wrote
 * @config: directory of the configuration
 */
void server_key_abort(const char *config)
{
	char path[PATH_MAX], why[SERVER_KEY_WHY_SIZE];

	if (find_path(path, config, FILE_NAME_NEW, why))
		unlink(path);
}

/**
 * server_key_get() - read the server's key, or make it if there is none
 * @pair: receives it
 * @config: directory of the configuration
 * @made: receives whether it was made
 * @why: a sentence, on failure
 *
 * Context: the configuration is locked.
 * Return: true; false if it is there but cannot be read, or cannot be made.
 */
bool server_key_get(struct x25519_pair *pair, const char *config, bool *made,
		    char why[SERVER_KEY_WHY_SIZE])
{
	*made = false;
	if (server_key_read(pair, config, why))
		return true;
	if (errno != ENOENT)
		return false;
	if (!x25519_generate(pair)) {
		snprintf(why, SERVER_KEY_WHY_SIZE,
			 "no random numbers can be had, so no server key was made; try again");
		return false;
	}
	*made = server_key_write_new(pair, config, why) && server_key_commit(config, why);
	return *made;
}

/**
 * server_key_agree() - make the secret of a key whose client gave its public one
 * @key: the key; one that is not paired has its own secret already
 * @door: name of its door
 * @pair: the server's
 *
 * Return: true; false if the client's public key is no good one.
 */
bool server_key_agree(struct config_key *key, const char *door, const struct x25519_pair *pair)
{
	const struct x25519_parties parties = { .server = pair->public_key,
						.client = key->public_key, .door = door };

	if (!key->paired)
		return true;
	key->secret.length = x25519_agree(key->secret.bytes, pair, &parties) ?
			     SECRET_BINARY_SIZE : 0;
	return key->secret.length;
}

static void agree_door(struct config_door *door, const struct x25519_pair *pair,
		       struct faults *faults)
{
	size_t i;

	for (i = 0; i < door->keys; i++)
		if (!server_key_agree(&door->key[i], door->name, pair))
			faults_add(faults, door->path, door->key[i].line,
				   "the public key of key %s is no good one, every secret made of it is the same; have the client make another with tumbler genkey",
				   door->key[i].name);
}

static const struct config_key *find_paired(const struct config_door *door)
{
	size_t i;

	for (i = 0; i < door->keys; i++)
		if (door->key[i].paired)
			return &door->key[i];
	return NULL;
}

/**
 * server_key_agree_all() - make the secrets of all keys whose clients gave public ones
 * @wanted: doors that were read from files
 * @config: directory of the configuration
 * @faults: gets why some cannot be made
 */
void server_key_agree_all(struct config *wanted, const char *config, struct faults *faults)
{
	const struct config_key *paired = NULL;
	char why[SERVER_KEY_WHY_SIZE];
	struct x25519_pair pair;
	size_t i;

	for (i = 0; i < wanted->doors && !paired; i++)
		paired = find_paired(&wanted->door[i]);
	if (!paired)
		return;
	if (!server_key_read(&pair, config, why)) {
		faults_add(faults, wanted->door[i - 1].path, paired->line, "%s", why);
		return;
	}
	for (i = 0; i < wanted->doors; i++)
		agree_door(&wanted->door[i], &pair, faults);
	x25519_wipe(&pair);
}

/**
 * server_key_agree_door() - the same of one door
 * @door: read from its file
 * @config: directory of the configuration
 * @faults: gets why some cannot be made
 */
void server_key_agree_door(struct config_door *door, const char *config, struct faults *faults)
{
	struct config one = { .doors = 1, .room = 1, .door = door };

	server_key_agree_all(&one, config, faults);
}
