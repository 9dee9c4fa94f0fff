// SPDX-License-Identifier: GPL-2.0
/* Where the secret of a new key comes from. */
#include <stdio.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "complain.h"
#include "new_key.h"
#include "prompt.h"
#include "server_key.h"

/* Twice, since nobody sees what he types. */
static bool prompt_passphrase(struct secret *secret, char why[SECRET_WHY_SIZE])
{
	struct secret again;
	bool good;

	good = prompt_secret(secret, "Passphrase: ", why) &&
	       prompt_secret(&again, "The same again: ", why);
	if (good && (again.length != secret->length ||
		     CRYPTO_memcmp(again.bytes, secret->bytes, secret->length))) {
		snprintf(why, SECRET_WHY_SIZE, "the passphrases differ, try again");
		good = false;
	}
	secret_wipe(&again);
	return good;
}

/* From where the options say. */
static bool read_secret(const struct new_key *key, struct secret *secret,
			char why[SECRET_WHY_SIZE])
{
	const struct invocation *invocation = key->invocation;

	if (invocation->value[KEY_SECRET_FILE])
		return secret_read_file(secret, invocation->value[KEY_SECRET_FILE], why);
	if (key->stretched && (invocation->count < 3 || isatty(STDIN_FILENO)))
		return prompt_passphrase(secret, why);
	if (isatty(STDIN_FILENO))
		return prompt_secret(secret, "Secret: ", why);
	return secret_read_descriptor(secret, STDIN_FILENO, why);
}

/* A stretched one begins with a letter of no address; one of 32 bytes is never beside one. */
static bool is_good(const struct new_key *key, const struct secret *secret,
		    char why[SECRET_WHY_SIZE])
{
	if (key->stretched)
		return !secret_is_guessable_stretched(secret, why);
	return (config_key_has_binary_secret(&key->key) || !secret_is_ambiguous(secret, why)) &&
	       !secret_is_guessable(secret, why);
}

static bool generate(struct new_key *key)
{
	struct secret *secret = &key->key.secret;

	return config_key_has_binary_secret(&key->key) ? secret_generate_binary(secret) :
	       secret_generate(secret);
}

/**
 * new_key_get_secret() - make or read the secret of a new key
 * @key: the key; one that is paired gets its secret later, a static sequence has none
 *
 * What is read is judged unless --weak, and stretched where that is asked for.
 *
 * Return: false with the sentence printed.
 */
bool new_key_get_secret(struct new_key *key)
{
	const char *const *value = key->invocation->value;
	struct secret *secret = &key->key.secret;
	char why[SECRET_WHY_SIZE];
	bool good;

	if (key->key.paired || key->key.series.kind == KNOCK_SEQUENCE_KIND_STATIC)
		return true;
	if ((key->key.generated && !generate(key)) ||
	    (key->stretched && !salt_generate(&key->salt))) {
		complain("no random numbers can be had, so no secret was made; try again");
		return false;
	}
	key->fresh = key->key.generated || key->stretched;
	if (key->key.generated)
		return true;
	good = read_secret(key, secret, why) &&
	       (!config_key_has_binary_secret(&key->key) || secret_decode(secret, why)) &&
	       (value[KEY_WEAK] || is_good(key, secret, why)) &&
	       (!key->stretched || stretch(secret, &key->salt, why));
	if (!good)
		complain("%s", why);
	return good;
}

/**
 * new_key_agree() - make the secret of a new key of the client's public key
 * @key: the key; one that is not paired has it already
 *
 * Context: the configuration is locked.
 * Return: false with the sentence printed.
 */
bool new_key_agree(struct new_key *key)
{
	const struct invocation *invocation = key->invocation;
	char why[SERVER_KEY_WHY_SIZE];
	struct x25519_pair pair;
	bool good;

	if (!key->key.paired)
		return true;
	if (!server_key_get(&pair, invocation->config, &key->fresh, why)) {
		complain("%s", why);
		return false;
	}
	good = server_key_agree(&key->key, invocation->operand[0], &pair);
	if (good)
		memcpy(key->server, pair.public_key, X25519_SIZE);
	else
		complain("this public key is no good one, every secret made of it is the same; have the client make another with tumbler genkey");
	x25519_wipe(&pair);
	return good;
}
