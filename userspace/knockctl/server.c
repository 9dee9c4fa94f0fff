// SPDX-License-Identifier: GPL-2.0
/* Private and public keys: those of others, and this server's public one. */
#include <stdio.h>
#include <string.h>

#include "complain.h"
#include "config_dir.h"
#include "keypair.h"
#include "knockctl.h"
#include "server_key.h"

enum outcome make_private_key(const struct invocation *invocation)
{
	char why[SECRET_WHY_SIZE];

	(void)invocation;
	if (keypair_print_private(why))
		return DONE;
	complain("%s", why);
	return REFUSED;
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

static enum outcome print_server_key(const struct invocation *invocation)
{
	char text[SECRET_BINARY_TEXT_SIZE], why[CONFIG_DIR_WHY_SIZE];
	struct record record = { .count = 0 };
	struct x25519_pair pair;

	if (!get_server_key(&pair, invocation->config, why)) {
		complain("%s", why);
		return REFUSED;
	}
	base64_encode(text, pair.public_key, X25519_SIZE);
	x25519_wipe(&pair);
	if (invocation->json) {
		record_text(&record, "server_public_key", text);
		record_print_json(stdout, &record);
		putchar('\n');
		record_clear(&record);
	} else {
		puts(text);
	}
	return DONE;
}

enum outcome print_public_key(const struct invocation *invocation)
{
	char why[SECRET_WHY_SIZE];

	if (!invocation->count)
		return print_server_key(invocation);
	if (keypair_print_public(invocation->operand[0], why))
		return DONE;
	complain("%s", why);
	return REFUSED;
}
