// SPDX-License-Identifier: GPL-2.0
/* Private and public keys as people have them: what genkey and pubkey of both programs do. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "keypair.h"
#include "prompt.h"

/**
 * keypair_make() - make a private key, and its public one
 * @pair: receives both; to be wiped
 * @why: a sentence, on failure
 *
 * Return: true; false if there was no randomness to be had.
 */
bool keypair_make(struct x25519_pair *pair, char why[SECRET_WHY_SIZE])
{
	if (x25519_generate(pair))
		return true;
	snprintf(why, SECRET_WHY_SIZE,
		 "no random numbers can be had, so no key was made; try again");
	return false;
}

/**
 * keypair_read() - read a private key, and make its public one
 * @pair: receives both; wiped on failure
 * @file: of mode 0600; - for standard input, or the terminal
 * @why: a sentence, on failure
 *
 * Return: true if that is base64 of 32 bytes.
 */
bool keypair_read(struct x25519_pair *pair, const char *file, char why[SECRET_WHY_SIZE])
{
	struct secret secret;
	bool good;

	if (strcmp(file, "-"))
		good = secret_read_file(&secret, file, why);
	else if (isatty(STDIN_FILENO))
		good = prompt_secret(&secret, "Private key: ", why);
	else
		good = secret_read_descriptor(&secret, STDIN_FILENO, why);
	if (!good || !secret_decode(&secret, why))
		return false;
	memcpy(pair->private_key, secret.bytes, X25519_SIZE);
	secret_wipe(&secret);
	if (x25519_publish(pair))
		return true;
	x25519_wipe(pair);
	snprintf(why, SECRET_WHY_SIZE, "libcrypto has no X25519; install one that does");
	return false;
}
