// SPDX-License-Identifier: GPL-2.0
/* Private and public keys: those of others, and this server's public one. */
#include <stdio.h>

#include <openssl/crypto.h>

#include "complain.h"
#include "config_dir.h"
#include "keypair.h"
#include "knockctl.h"
#include "server_key.h"

/* @name is for programs. */
static void print_key(const struct invocation *invocation, const char *name,
		      const unsigned char key[X25519_SIZE])
{
	struct record record = { .count = 0 };
	char text[SECRET_BINARY_TEXT_SIZE];

	base64_encode(text, key, X25519_SIZE);
	if (invocation->json) {
		record_text(&record, name, text);
		record_print_json(stdout, &record);
		putchar('\n');
		record_clear(&record);
	} else {
		puts(text);
	}
	OPENSSL_cleanse(text, sizeof(text));
}

enum outcome make_private_key(const struct invocation *invocation)
{
	char why[SECRET_WHY_SIZE];
	struct x25519_pair pair;
	bool good = keypair_make(&pair, why);

	if (good)
		print_key(invocation, "private_key", pair.private_key);
	else
		complain("%s", why);
	x25519_wipe(&pair);
	return good ? DONE : REFUSED;
}

static bool get_server_key(struct x25519_pair *pair, const char *config,
			   char why[CONFIG_DIR_WHY_SIZE])
{
	struct config_dir directory;
	char reason[SERVER_KEY_WHY_SIZE];
	bool good = false, made;

	if (config_dir_lock(&directory, config, true, why)) {
		good = server_key_get(pair, config, &made, reason);
		if (!good)
			snprintf(why, CONFIG_DIR_WHY_SIZE, "%s", reason);
	}
	config_dir_unlock(&directory);
	return good;
}

enum outcome print_public_key(const struct invocation *invocation)
{
	const char *file = invocation->count ? invocation->operand[0] : NULL;
	char why[CONFIG_DIR_WHY_SIZE];
	struct x25519_pair pair;
	bool good;

	good = file ? keypair_read(&pair, file, why) :
	       get_server_key(&pair, invocation->config, why);
	if (good)
		print_key(invocation, file ? "public_key" : "server_public_key", pair.public_key);
	else
		complain("%s", why);
	x25519_wipe(&pair);
	return good ? DONE : REFUSED;
}
