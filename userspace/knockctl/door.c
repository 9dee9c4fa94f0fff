// SPDX-License-Identifier: GPL-2.0
#include <errno.h>

#include "applied.h"
#include "complain.h"
#include "knockctl.h"
#include "once.h"
#include "request.h"
#include "server_key.h"
#include "store.h"

enum { OPENS, OPEN_FOR, KNOCK_PORT, AGENT, MARK, MAX_GRANTS, BLACKLIST_FOR, VOLATILE };

/* All but the last are words of its file too. */
#define DOOR_OPTIONS							\
	[OPENS] = { "opens", "SERVICES",				\
		    "tcp/22,udp/8000-8010, any, or none" },		\
	[OPEN_FOR] = { "open-for", "TIME",				\
		       "how long a knock opens it, 1s to 7d (30s)" },	\
	[KNOCK_PORT] = { "knock-port", "PORT",				\
			 "UDP port that knocks come to (8675)" },	\
	[AGENT] = { "agent", "PORT",					\
		    "TCP port of tumblerd, one of its services (none)" }, \
	[MARK] = { "mark", "VALUE/MASK",				\
		   "give admitted packets this mark (none)" },		\
	[MAX_GRANTS] = { "max-grants", "NUMBER",			\
			 "addresses and keys it may be open for at once (256)" }, \
	[BLACKLIST_FOR] = { "blacklist-for", "TIME",			\
			    "ban who repeats a sequence, 1s to 7d (10m)" }, \
	[VOLATILE] = { "volatile", NULL, "in the module only, keep no file" }, \
	{ NULL, NULL, NULL }

const struct option_word add_door_options[] = { DOOR_OPTIONS };
const struct option_word set_door_options[] = { DOOR_OPTIONS };

enum { DEL_VOLATILE };

const struct option_word del_door_options[] = {
	[DEL_VOLATILE] = { "volatile", NULL, "in the module only, leave its file" },
	{ NULL, NULL, NULL }
};

/* What the options say, into a door that is set up. */
static bool read_settings(const struct invocation *invocation, struct config_door *door)
{
	char why[PARSE_WHY_SIZE];
	const char *fault = NULL;
	bool good = true;
	int i;

	for (i = 0; i < VOLATILE && good; i++)
		if (invocation->value[i])
			good = config_door_word(door, invocation->verb->options[i].name,
						invocation->value[i], why);
	if (good)
		fault = config_door_fault(door);
	if (!good || fault)
		complain("%s", fault ? fault : why);
	return good && !fault;
}

/* Before any file is looked at, so that what is typed wrong is said first. */
static bool check_settings(const struct invocation *invocation)
{
	char why[PARSE_WHY_SIZE];
	struct config_door door;

	if (!parse_name("door", invocation->operand[0], why)) {
		complain("%s", why);
		return false;
	}
	config_door_init(&door, invocation->operand[0]);
	return read_settings(invocation, &door);
}

/* By it clients know the agent, so it is there before any of them is told. */
static bool get_server_key(const struct store *store)
{
	char why[SERVER_KEY_WHY_SIZE];
	struct x25519_pair pair;
	bool made, good;

	if (!store->keep || !store->door.agent)
		return true;
	good = server_key_get(&pair, store->invocation->config, &made, why);
	if (!good)
		complain("%s", why);
	x25519_wipe(&pair);
	return good;
}

static int ask_add(struct store *store, void *data, char why[NETLINK_WHY_SIZE])
{
	(void)data;
	return request_add_door(&store->netlink, &store->door, why);
}

static int ask_set(struct store *store, void *data, char why[NETLINK_WHY_SIZE])
{
	(void)data;
	return request_set_door(&store->netlink, &store->door, why);
}

/* What was used of the door's once keys stays used, should its file ever come back. */
static void end_once_keys(struct store *store)
{
	struct numbers_dir directory;
	char why[NETLINK_WHY_SIZE];
	struct config live;
	struct config_door *door;

	if (!numbers_open(&directory, store->invocation->state, false, why))
		return;
	door = request_all(&store->netlink, &live, why) ? NULL :
	       config_door_find(&live, store->invocation->operand[0]);
	if (door)
		once_end_door(&store->netlink, &directory, door);
	config_wipe(&live);
	numbers_close(&directory);
}

/* @data is whether the file alone is something to delete. */
static int ask_del(struct store *store, void *data, char why[NETLINK_WHY_SIZE])
{
	int error;

	end_once_keys(store);
	error = request_del_door(&store->netlink, store->invocation->operand[0], why);
	return error == ENOENT && *(bool *)data ? 0 : error;
}

static int undo_add(struct store *store, void *data, char why[NETLINK_WHY_SIZE])
{
	(void)data;
	return request_del_door(&store->netlink, store->door.name, why);
}

/* @data is the door as it was. */
static int undo_set(struct store *store, void *data, char why[NETLINK_WHY_SIZE])
{
	return request_set_door(&store->netlink, data, why);
}

static const struct store_change adding = { STORE_WRITE, ask_add, undo_add };
static const struct store_change setting = { STORE_WRITE, ask_set, undo_set };
static const struct store_change deleting = { STORE_REMOVE, ask_del, NULL };

enum outcome add_door(const struct invocation *invocation)
{
	bool keep = !invocation->value[VOLATILE];
	enum outcome outcome = REFUSED;
	struct store store;

	if (!invocation->value[OPENS])
		return usage_error(invocation,
				   "what the door opens is not said, add --opens tcp/22, or --opens none");
	if (!check_settings(invocation))
		return USAGE;
	if (store_open(&store, invocation, keep, STORE_NEW) &&
	    read_settings(invocation, &store.door) && get_server_key(&store))
		outcome = store_run(&store, &adding, NULL);
	if (outcome == DONE && keep)
		applied_del_door(invocation->state, store.door.name);
	store_close(&store);
	return outcome;
}

/*
 * The module has the agent's port as one of the services, and is told all of them at once:
 * where no file says which, it does.
 */
static bool read_live(struct store *store)
{
	struct config_door *door = &store->door;
	char why[NETLINK_WHY_SIZE];

	if (request_door(&store->netlink, door->name, door, why)) {
		complain("%s", why);
		return false;
	}
	config_door_drop_agent(door);
	return true;
}

static enum outcome change_door(struct store *store)
{
	struct config_door before;

	if (store->keep && !store->exists)
		return store_missing(store);
	if (!store->keep && !read_live(store))
		return REFUSED;
	before = store->door;
	config_door_say_all(&before);
	/* What the file says may be said anew. */
	store->door.given = 0;
	if (!read_settings(store->invocation, &store->door))
		return USAGE;
	if (!get_server_key(store))
		return REFUSED;
	return store_run(store, &setting, &before);
}

enum outcome set_door(const struct invocation *invocation)
{
	enum outcome outcome = REFUSED;
	struct store store;
	int i;

	for (i = 0; i < VOLATILE && !invocation->value[i]; i++)
		;
	if (i == VOLATILE)
		return usage_error(invocation, "there is nothing to change, give at least one option");
	if (!check_settings(invocation))
		return USAGE;
	if (store_open(&store, invocation, !invocation->value[VOLATILE], STORE_OLD))
		outcome = change_door(&store);
	store_close(&store);
	return outcome;
}

enum outcome del_door(const struct invocation *invocation)
{
	enum outcome outcome = REFUSED;
	char why[PARSE_WHY_SIZE];
	struct store store;

	if (!parse_name("door", invocation->operand[0], why)) {
		complain("%s", why);
		return USAGE;
	}
	if (store_open(&store, invocation, !invocation->value[DEL_VOLATILE], STORE_ANY)) {
		store.keep = store.keep && store.exists;
		outcome = store_run(&store, &deleting, &store.keep);
		if (outcome == DONE && !invocation->value[DEL_VOLATILE])
			applied_del_door(invocation->state, invocation->operand[0]);
	}
	store_close(&store);
	return outcome;
}

static void add_services(struct record *record, const char *name, struct nlattr *attribute)
{
	char text[KNOCK_SERVICES_MAX * SERVICE_TEXT_SIZE] = "";
	struct knock_service service;
	char *end = text;
	int i, count;

	count = attribute ? nla_len(attribute) / (int)sizeof(service) : 0;
	for (i = 0; i < count && i < KNOCK_SERVICES_MAX; i++) {
		memcpy(&service, (const char *)nla_data(attribute) + i * (int)sizeof(service),
		       sizeof(service));
		if (i)
			*end++ = ',';
		format_service(end, &service);
		end += strlen(end);
	}
	record_list(record, name, text);
}

static void add_mark(struct record *record, const char *name, struct nlattr **attributes)
{
	const struct nlattr *value = attributes[KNOCK_A_DOOR_MARK];
	const struct nlattr *mask = attributes[KNOCK_A_DOOR_MARK_MASK];
	char text[MARK_TEXT_SIZE];
	struct mark mark;

	if (!value || !mask || !nla_get_u32(mask)) {
		record_absent(record, name);
		return;
	}
	mark.value = nla_get_u32(value);
	mark.mask = nla_get_u32(mask);
	format_mark(text, &mark);
	record_text(record, name, text);
}

static void add_agent(struct record *record, const char *name, const struct nlattr *attribute)
{
	if (attribute && nla_get_u16(attribute))
		record_number(record, name, nla_get_u16(attribute));
	else
		record_absent(record, name);
}

static void describe_door(struct record *record, struct nlattr **attributes)
{
	add_text(record, "name", attributes[KNOCK_A_DOOR_NAME]);
	add_services(record, "opens", attributes[KNOCK_A_DOOR_SERVICES]);
	add_number(record, "open_for", attributes[KNOCK_A_DOOR_OPEN_FOR_SEC]);
	add_number(record, "knock_port", attributes[KNOCK_A_DOOR_KNOCK_PORT]);
	add_mark(record, "mark", attributes);
	add_number(record, "max_grants", attributes[KNOCK_A_DOOR_MAX_GRANTS]);
	add_number(record, "grants", attributes[KNOCK_A_DOOR_GRANTS]);
	add_number(record, "blacklist_for", attributes[KNOCK_A_DOOR_BLACKLIST_FOR_SEC]);
	add_agent(record, "agent", attributes[KNOCK_A_DOOR_AGENT_PORT]);
}

enum outcome list_doors(const struct invocation *invocation)
{
	return list_objects(invocation, KNOCK_CMD_DOOR_GET, describe_door);
}
