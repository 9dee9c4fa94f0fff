// SPDX-License-Identifier: GPL-2.0
/* Doors and keys in memory. What grows is wiped where it was. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include <knock/window.h>

#include "config.h"

/* What a door or key is where nothing is said: the module's own defaults. */
#define OPEN_FOR_SEC 30
#define BLACKLIST_FOR_SEC 600
#define KNOCK_PORT 8675
#define DOOR_GRANTS 256
#define KEY_GRANTS 64

/* Room for one more of @size bytes; NULL if there is no memory. */
static void *make_room(void *array, size_t count, size_t *room, size_t size)
{
	size_t more = *room ? 2 * *room : 4;
	void *grown;

	if (count < *room)
		return array;
	grown = OPENSSL_clear_realloc(array, *room * size, more * size);
	if (grown)
		*room = more;
	return grown;
}

/**
 * config_door_init() - a door without keys, and with the defaults
 * @door: to set up
 * @name: its name, one that is good
 */
void config_door_init(struct config_door *door, const char *name)
{
	memset(door, 0, sizeof(*door));
	snprintf(door->name, sizeof(door->name), "%s", name);
	door->open_for = OPEN_FOR_SEC;
	door->blacklist_for = BLACKLIST_FOR_SEC;
	door->knock_port = KNOCK_PORT;
	door->max_grants = DOOR_GRANTS;
}

/**
 * config_door_wipe() - free a door's keys, and wipe all of it
 * @door: set up
 */
void config_door_wipe(struct config_door *door)
{
	free(door->path);
	OPENSSL_clear_free(door->key, door->room * sizeof(*door->key));
	OPENSSL_cleanse(door, sizeof(*door));
}

/**
 * config_door_copy() - copy a door with its keys, but from no file
 * @to: not set up before
 * @from: the door
 *
 * Return: true; false if there was no memory.
 */
bool config_door_copy(struct config_door *to, const struct config_door *from)
{
	*to = *from;
	to->path = NULL;
	to->room = from->keys;
	to->key = NULL;
	if (!from->keys)
		return true;
	to->key = OPENSSL_malloc(from->keys * sizeof(*to->key));
	if (!to->key) {
		to->room = 0;
		return false;
	}
	memcpy(to->key, from->key, from->keys * sizeof(*to->key));
	return true;
}

static bool has_service(const struct service_list *list, const struct knock_service *wanted)
{
	const struct knock_service *service;
	size_t i;

	for (i = 0; i < list->count; i++) {
		service = &list->service[i];
		if (!service->protocol ||
		    (service->protocol == wanted->protocol && service->first <= wanted->first &&
		     service->last >= wanted->last))
			return true;
	}
	return false;
}

static struct knock_service agent_service(const struct config_door *door)
{
	return (struct knock_service){ .protocol = IPPROTO_TCP, .first = door->agent,
				       .last = door->agent };
}

/**
 * config_door_services() - all that a door opens, with the port of the agent
 * @door: the door
 * @services: receives them; config_door_fault() says if there is no room for that
 */
void config_door_services(const struct config_door *door, struct service_list *services)
{
	const struct knock_service agent = agent_service(door);

	*services = door->opens;
	if (door->agent && services->count < KNOCK_SERVICES_MAX && !has_service(services, &agent))
		services->service[services->count++] = agent;
}

/**
 * config_door_drop_agent() - have the agent's port no more among what is listed
 * @door: the door, as the module has it; config_door_services() adds the port anew
 */
void config_door_drop_agent(struct config_door *door)
{
	const struct knock_service agent = agent_service(door);
	struct service_list *opens = &door->opens;
	size_t i, kept = 0;

	for (i = 0; i < opens->count; i++)
		if (memcmp(&opens->service[i], &agent, sizeof(agent)))
			opens->service[kept++] = opens->service[i];
	opens->count = kept;
}

/**
 * config_door_fault() - what a door may not say beside what else it says
 * @door: a door of which all is said, with its keys
 *
 * Return: a sentence, or NULL if nothing is wrong.
 */
const char *config_door_fault(const struct config_door *door)
{
	const struct knock_service agent = agent_service(door);
	size_t i;

	if (door->agent && door->opens.count == KNOCK_SERVICES_MAX &&
	    !has_service(&door->opens, &agent))
		return "the agent's port is a 33rd service; put some together in a range";
	for (i = 0; i < door->keys && !door->agent; i++)
		if (door->key[i].roaming)
			return "the door has no agent, but a key of it roams; write agent = 8676";
	return NULL;
}

/**
 * config_door_opens_any() - whether each port may be one of its services
 * @door: the door
 */
bool config_door_opens_any(const struct config_door *door)
{
	size_t i;

	for (i = 0; i < door->opens.count; i++)
		if (!door->opens.service[i].protocol)
			return true;
	return false;
}

/**
 * config_key_init() - a key with the defaults and without a secret
 * @key: to set up
 * @name: its name
 */
void config_key_init(struct config_key *key, const char *name)
{
	memset(key, 0, sizeof(*key));
	snprintf(key->name, sizeof(key->name), "%s", name);
	key->type = KNOCK_KEY_TYPE_TUMBLER;
	key->action = KNOCK_KEY_ACTION_OPEN;
	key->skew = KNOCK_SKEW_TUMBLER;
	key->max_grants = KEY_GRANTS;
	series_init(&key->series);
}

/**
 * config_key_add() - add a key with the defaults and without a secret
 * @door: where to
 * @name: its name
 *
 * Return: the key, until the next is added; or NULL.
 */
struct config_key *config_key_add(struct config_door *door, const char *name)
{
	struct config_key *key;

	key = make_room(door->key, door->keys, &door->room, sizeof(*key));
	if (!key)
		return NULL;
	door->key = key;
	key += door->keys++;
	config_key_init(key, name);
	return key;
}

/**
 * config_key_find() - look for a key by its name, one by one
 * @door: where to
 * @name: its name
 *
 * Return: the key, or NULL.
 */
struct config_key *config_key_find(const struct config_door *door, const char *name)
{
	size_t i;

	for (i = 0; i < door->keys; i++)
		if (!strcmp(door->key[i].name, name))
			return &door->key[i];
	return NULL;
}

/**
 * config_key_is_known() - whether a key could be given to the module
 * @key: the key
 *
 * Return: true if its secret is known, or its ports, which are a static sequence's.
 */
bool config_key_is_known(const struct config_key *key)
{
	return key->series.kind == KNOCK_SEQUENCE_KIND_STATIC ? key->series.ports.count :
								 key->secret.length;
}

/**
 * config_key_is_once() - whether numbers of a key have to be kept
 * @key: the key
 */
bool config_key_is_once(const struct config_key *key)
{
	return key->series.kind == KNOCK_SEQUENCE_KIND_ONCE;
}

/**
 * config_key_has_binary_secret() - whether a key's secret is 32 bytes, by its type
 * @key: the key
 *
 * Nobody thinks of 32 bytes, so the module shows the fingerprint of such a secret.
 */
bool config_key_has_binary_secret(const struct config_key *key)
{
	return key->type == KNOCK_KEY_TYPE_SEALED ||
	       (key->type == KNOCK_KEY_TYPE_SEQUENCE &&
		key->series.kind != KNOCK_SEQUENCE_KIND_STATIC);
}

/**
 * config_key_del() - remove a key, wiped
 * @door: of which
 * @key: one of it
 */
void config_key_del(struct config_door *door, struct config_key *key)
{
	size_t after = (size_t)(door->key + door->keys - key) - 1;

	memmove(key, key + 1, after * sizeof(*key));
	door->keys--;
	OPENSSL_cleanse(&door->key[door->keys], sizeof(*key));
}

/**
 * config_door_add() - add a door with the defaults
 * @config: where to
 * @name: its name
 *
 * Return: the door, until the next is added; or NULL.
 */
struct config_door *config_door_add(struct config *config, const char *name)
{
	struct config_door *door;

	door = make_room(config->door, config->doors, &config->room, sizeof(*door));
	if (!door)
		return NULL;
	config->door = door;
	door += config->doors++;
	config_door_init(door, name);
	return door;
}

static int compare_doors(const void *left, const void *right)
{
	const struct config_door *a = left, *b = right;

	return strcmp(a->name, b->name);
}

static int compare_keys(const void *left, const void *right)
{
	const struct config_key *const *a = left, *const *b = right;
	int order = strcmp((*a)->name, (*b)->name);

	if (order)
		return order;
	return (*a)->line < (*b)->line ? -1 : (*a)->line > (*b)->line;
}

/**
 * config_key_index() - the keys of a door by name, then by line
 * @door: the door
 *
 * Not the keys themselves are sorted: qsort() copies to memory it does not wipe.
 *
 * Return: door->keys pointers, to be freed; or NULL if there was no memory.
 */
struct config_key **config_key_index(const struct config_door *door)
{
	struct config_key **index = calloc(door->keys + 1, sizeof(struct config_key *));
	size_t i;

	if (!index)
		return NULL;
	for (i = 0; i < door->keys; i++)
		index[i] = &door->key[i];
	qsort(index, door->keys, sizeof(*index), compare_keys);
	return index;
}

static int compare_name(const void *name, const void *door)
{
	return strcmp(name, ((const struct config_door *)door)->name);
}

/**
 * config_door_find() - look for a door by its name
 * @config: sorted by config_sort()
 * @name: its name
 *
 * Return: the door, or NULL.
 */
struct config_door *config_door_find(const struct config *config, const char *name)
{
	if (!config->doors)
		return NULL;
	return bsearch(name, config->door, config->doors, sizeof(*config->door), compare_name);
}

/**
 * config_sort() - put doors in the order of their names
 * @config: whose names are all different
 */
void config_sort(struct config *config)
{
	if (config->doors)
		qsort(config->door, config->doors, sizeof(*config->door), compare_doors);
}

/**
 * config_wipe() - free all doors, wiped
 * @config: all-zero afterwards
 */
void config_wipe(struct config *config)
{
	size_t i;

	for (i = 0; i < config->doors; i++)
		config_door_wipe(&config->door[i]);
	OPENSSL_free(config->door);
	memset(config, 0, sizeof(*config));
}
