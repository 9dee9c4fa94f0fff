// SPDX-License-Identifier: GPL-2.0
/* The secrets of the configuration, for finding out how a knock was made. */
#include <limits.h>
#include <stdio.h>

#include <openssl/crypto.h>

#include "config.h"
#include "server_key.h"
#include "suspects.h"

static bool is_suspect(const struct config_key *key, u8 type)
{
	return key->type == type &&
	       (type == KNOCK_KEY_TYPE_SEALED ? key->secret.length == SECRET_BINARY_SIZE :
						key->secret.length > 0);
}

static void set_suspect(struct suspect *suspect, const struct config_door *door,
			const struct config_key *key)
{
	strcpy(suspect->door, door->name);
	strcpy(suspect->key, key->name);
	suspect->knock_port = door->knock_port;
	suspect->skew = key->skew;
	suspect->not_after = key->not_after;
	suspect->roams = key->roaming && door->agent;
	suspect->secret = key->secret;
}

/* Return: whether there was memory for all of them. */
static bool gather(struct suspects *suspects, const struct config *config, u8 type)
{
	size_t room = 0, i, k;

	for (i = 0; i < config->doors; i++)
		room += config->door[i].keys;
	suspects->suspect = room ? OPENSSL_zalloc(room * sizeof(*suspects->suspect)) : NULL;
	for (i = 0; suspects->suspect && i < config->doors; i++)
		for (k = 0; k < config->door[i].keys; k++)
			if (is_suspect(&config->door[i].key[k], type))
				set_suspect(&suspects->suspect[suspects->count++],
					    &config->door[i], &config->door[i].key[k]);
	return suspects->suspect || !room;
}

/**
 * suspects_read() - read the keys of one type of the configuration
 * @suspects: receives them
 * @directory: of the configuration
 * @type: of enum knock_key_type
 * @why: a sentence, if there are none
 *
 * What else is wrong in the files does not matter here; knockctl check tells it.
 *
 * Return: whether there is at least one
 */
bool suspects_read(struct suspects *suspects, const char *directory, u8 type,
		   char why[SUSPECTS_WHY_SIZE])
{
	struct faults faults = { .count = 0 };
	char path[PATH_MAX];
	struct config config;

	*suspects = (struct suspects){ .count = 0 };
	snprintf(path, sizeof(path), "%s/" CONFIG_DOORS, directory);
	config_read_all(&config, path, &faults);
	server_key_agree_all(&config, directory, &faults);
	if (!gather(suspects, &config, type))
		snprintf(why, SUSPECTS_WHY_SIZE, "there is no memory for them");
	else if (faults.count)
		snprintf(why, SUSPECTS_WHY_SIZE, "%s: %s", faults.fault[0].file,
			 faults.fault[0].why);
	else
		snprintf(why, SUSPECTS_WHY_SIZE, "%.256s has no %s key", path,
			 type == KNOCK_KEY_TYPE_SEALED ? "sealed" : "tumbler");
	config_wipe(&config);
	faults_clear(&faults);
	return suspects->count;
}

/**
 * suspects_wipe() - forget the secrets
 * @suspects: as suspects_read() left them
 */
void suspects_wipe(struct suspects *suspects)
{
	OPENSSL_clear_free(suspects->suspect, suspects->count * sizeof(*suspects->suspect));
	*suspects = (struct suspects){ .count = 0 };
}
