// SPDX-License-Identifier: GPL-2.0
/* Doors and keys of the configuration, to and from the module. */
#include <errno.h>
#include <stdio.h>

#include "request.h"
#include "request_series.h"

static bool put_door(struct nl_msg *message, const struct config_door *door)
{
	bool said = config_door_says(door, "opens") || config_door_says(door, "agent");
	struct service_list opens;

	config_door_services(door, &opens);
	return !nla_put_string(message, KNOCK_A_DOOR_NAME, door->name) &&
	       (!said || !nla_put(message, KNOCK_A_DOOR_SERVICES,
				  (int)(opens.count * sizeof(opens.service[0])), opens.service)) &&
	       (!config_door_says(door, "open-for") ||
		!nla_put_u32(message, KNOCK_A_DOOR_OPEN_FOR_SEC, door->open_for)) &&
	       (!config_door_says(door, "knock-port") ||
		!nla_put_u16(message, KNOCK_A_DOOR_KNOCK_PORT, door->knock_port)) &&
	       (!config_door_says(door, "agent") ||
		!nla_put_u16(message, KNOCK_A_DOOR_AGENT_PORT, door->agent)) &&
	       (!config_door_says(door, "mark") ||
		(!nla_put_u32(message, KNOCK_A_DOOR_MARK, door->mark.value) &&
		 !nla_put_u32(message, KNOCK_A_DOOR_MARK_MASK, door->mark.mask))) &&
	       (!config_door_says(door, "max-grants") ||
		!nla_put_u32(message, KNOCK_A_DOOR_MAX_GRANTS, door->max_grants)) &&
	       (!config_door_says(door, "blacklist-for") ||
		!nla_put_u32(message, KNOCK_A_DOOR_BLACKLIST_FOR_SEC, door->blacklist_for));
}

/* A message that something did not fit into is none. */
static struct nl_msg *whole(struct nl_msg *message, bool complete)
{
	if (message && !complete) {
		netlink_discard(message);
		message = NULL;
	}
	return message;
}

static int send_door(struct netlink *netlink, int command, const struct config_door *door,
		     char why[NETLINK_WHY_SIZE])
{
	struct nl_msg *message = netlink_message(netlink, command, 0);

	message = whole(message, message && put_door(message, door));
	return netlink_try(netlink, message, NULL, NULL, why);
}

int request_add_door(struct netlink *netlink, const struct config_door *door,
		     char why[NETLINK_WHY_SIZE])
{
	return send_door(netlink, KNOCK_CMD_DOOR_ADD, door, why);
}

/* Changes what is said of the door, and no more. */
int request_set_door(struct netlink *netlink, const struct config_door *door,
		     char why[NETLINK_WHY_SIZE])
{
	return send_door(netlink, KNOCK_CMD_DOOR_SET, door, why);
}

int request_del_door(struct netlink *netlink, const char *door, char why[NETLINK_WHY_SIZE])
{
	struct nl_msg *message = netlink_message(netlink, KNOCK_CMD_DOOR_DEL, 0);

	message = whole(message, message && !nla_put_string(message, KNOCK_A_DOOR_NAME, door));
	return netlink_try(netlink, message, NULL, NULL, why);
}

static bool put_limits(struct nl_msg *message, const struct config_key *key)
{
	struct knock_from from[PREFIXES_MAX] = { 0 };
	size_t i;

	for (i = 0; i < key->from.count; i++) {
		memcpy(from[i].address, key->from.prefix[i].address.bytes,
		       sizeof(from[i].address));
		from[i].prefix_len = key->from.prefix[i].length;
	}
	return (!i || !nla_put(message, KNOCK_A_KEY_FROM, (int)(i * sizeof(from[0])), from)) &&
	       (!key->not_after ||
		!nla_put_u64(message, KNOCK_A_KEY_NOT_AFTER, key->not_after));
}

static bool put_secret(struct nl_msg *message, const struct secret *secret)
{
	return !secret->length ||
	       !nla_put(message, KNOCK_A_KEY_SECRET, (int)secret->length, secret->bytes);
}

static bool put_key(struct nl_msg *message, const struct key_request *request)
{
	const struct config_key *key = request->key;
	/* Static and once sequences have nothing to do with clocks. */
	bool has_skew = !key->series.kind || key->series.kind == KNOCK_SEQUENCE_KIND_DERIVED;

	return !nla_put_string(message, KNOCK_A_DOOR_NAME, request->door) &&
	       !nla_put_string(message, KNOCK_A_KEY_NAME, key->name) &&
	       !nla_put_u8(message, KNOCK_A_KEY_TYPE, key->type) &&
	       !nla_put_u8(message, KNOCK_A_KEY_ACTION, key->action) &&
	       put_secret(message, &key->secret) &&
	       request_put_series(message, key) &&
	       (!key->roaming || !nla_put_flag(message, KNOCK_A_KEY_ROAMING)) &&
	       (!key->generated || !nla_put_flag(message, KNOCK_A_KEY_GENERATED)) &&
	       (!request->fresh || !nla_put_flag(message, KNOCK_A_KEY_FRESH)) &&
	       (!has_skew || !nla_put_u32(message, KNOCK_A_KEY_SKEW_SEC, key->skew)) &&
	       !nla_put_u32(message, KNOCK_A_KEY_MAX_GRANTS, key->max_grants) &&
	       put_limits(message, key);
}

static void take_fingerprint(struct config_key *key, struct nlattr **attributes)
{
	const struct nlattr *fingerprint = attributes[KNOCK_A_KEY_FINGERPRINT];

	key->known = fingerprint;
	if (fingerprint)
		memcpy(key->fingerprint, nla_data(fingerprint), FINGERPRINT_SIZE);
}

static void take_added(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct key_request *request = data;

	take_fingerprint(request->key, attributes);
	if (request->reply)
		request->reply(header, attributes, request->data);
}

int request_add_key(struct netlink *netlink, struct key_request *request,
		    char why[NETLINK_WHY_SIZE])
{
	struct nl_msg *message = netlink_message(netlink, KNOCK_CMD_KEY_ADD, 0);

	message = whole(message, message && put_key(message, request));
	return netlink_try(netlink, message, take_added, request, why);
}

int request_del_key(struct netlink *netlink, const char *door, const char *key,
		    char why[NETLINK_WHY_SIZE])
{
	struct nl_msg *message = netlink_message(netlink, KNOCK_CMD_KEY_DEL, 0);
	bool complete;

	complete = message && !nla_put_string(message, KNOCK_A_DOOR_NAME, door) &&
		   !nla_put_string(message, KNOCK_A_KEY_NAME, key);
	message = whole(message, complete);
	return netlink_try(netlink, message, NULL, NULL, why);
}

/* The prefixes that an attribute holds. */
void request_take_from(struct prefix_list *list, struct nlattr *attribute)
{
	struct knock_from from;
	size_t room = (size_t)nla_len(attribute) / sizeof(from), i;

	for (i = 0; i < room && i < PREFIXES_MAX; i++) {
		memcpy(&from, (const char *)nla_data(attribute) + i * sizeof(from), sizeof(from));
		memcpy(list->prefix[i].address.bytes, from.address, sizeof(from.address));
		list->prefix[i].length = from.prefix_len;
	}
	list->count = i;
}

/**
 * struct dump - doors and keys as they come
 * @config: where to
 * @lost: there was no memory for some
 */
struct dump {
	struct config *config;
	bool lost;
};

static void take_services(struct service_list *list, struct nlattr *attribute)
{
	size_t length = attribute ? (size_t)nla_len(attribute) : 0;

	if (length > sizeof(list->service))
		length = sizeof(list->service);
	list->count = length / sizeof(list->service[0]);
	if (list->count)
		memcpy(list->service, nla_data(attribute), list->count * sizeof(list->service[0]));
}

static void fill_door(struct config_door *door, struct nlattr **attributes)
{
	config_door_say_all(door);
	take_services(&door->opens, attributes[KNOCK_A_DOOR_SERVICES]);
	if (attributes[KNOCK_A_DOOR_OPEN_FOR_SEC])
		door->open_for = nla_get_u32(attributes[KNOCK_A_DOOR_OPEN_FOR_SEC]);
	if (attributes[KNOCK_A_DOOR_KNOCK_PORT])
		door->knock_port = nla_get_u16(attributes[KNOCK_A_DOOR_KNOCK_PORT]);
	if (attributes[KNOCK_A_DOOR_AGENT_PORT])
		door->agent = nla_get_u16(attributes[KNOCK_A_DOOR_AGENT_PORT]);
	if (attributes[KNOCK_A_DOOR_MARK] && attributes[KNOCK_A_DOOR_MARK_MASK]) {
		door->mark.value = nla_get_u32(attributes[KNOCK_A_DOOR_MARK]);
		door->mark.mask = nla_get_u32(attributes[KNOCK_A_DOOR_MARK_MASK]);
	}
	if (attributes[KNOCK_A_DOOR_MAX_GRANTS])
		door->max_grants = nla_get_u32(attributes[KNOCK_A_DOOR_MAX_GRANTS]);
	if (attributes[KNOCK_A_DOOR_BLACKLIST_FOR_SEC])
		door->blacklist_for = nla_get_u32(attributes[KNOCK_A_DOOR_BLACKLIST_FOR_SEC]);
}

static void take_one_door(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	(void)header;
	fill_door(data, attributes);
}

/* One door as the module has it, without its keys; @door has its name already. */
int request_door(struct netlink *netlink, const char *name, struct config_door *door,
		 char why[NETLINK_WHY_SIZE])
{
	struct nl_msg *message = netlink_message(netlink, KNOCK_CMD_DOOR_GET, 0);

	message = whole(message, message && !nla_put_string(message, KNOCK_A_DOOR_NAME, name));
	return netlink_try(netlink, message, take_one_door, door, why);
}

static void take_door(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct dump *dump = data;
	struct config_door *door;

	(void)header;
	if (!attributes[KNOCK_A_DOOR_NAME])
		return;
	door = config_door_add(dump->config, nla_get_string(attributes[KNOCK_A_DOOR_NAME]));
	if (door)
		fill_door(door, attributes);
	else
		dump->lost = true;
}

static void take_limits(struct config_key *key, struct nlattr **attributes)
{
	struct nlattr *attribute = attributes[KNOCK_A_KEY_FROM];

	if (attribute)
		request_take_from(&key->from, attribute);
	if (attributes[KNOCK_A_KEY_NOT_AFTER])
		key->not_after = nla_get_u64(attributes[KNOCK_A_KEY_NOT_AFTER]);
}

static void take_key(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct dump *dump = data;
	struct config_door *door;
	struct config_key *key;

	(void)header;
	if (!attributes[KNOCK_A_DOOR_NAME] || !attributes[KNOCK_A_KEY_NAME])
		return;
	/* One that was added since the doors were listed is none of ours. */
	door = config_door_find(dump->config, nla_get_string(attributes[KNOCK_A_DOOR_NAME]));
	if (!door)
		return;
	key = config_key_add(door, nla_get_string(attributes[KNOCK_A_KEY_NAME]));
	if (!key) {
		dump->lost = true;
		return;
	}
	take_fingerprint(key, attributes);
	key->roaming = attributes[KNOCK_A_KEY_ROAMING];
	if (attributes[KNOCK_A_KEY_TYPE])
		key->type = nla_get_u8(attributes[KNOCK_A_KEY_TYPE]);
	if (attributes[KNOCK_A_KEY_ACTION])
		key->action = nla_get_u8(attributes[KNOCK_A_KEY_ACTION]);
	if (attributes[KNOCK_A_KEY_SKEW_SEC])
		key->skew = nla_get_u32(attributes[KNOCK_A_KEY_SKEW_SEC]);
	if (attributes[KNOCK_A_KEY_MAX_GRANTS])
		key->max_grants = nla_get_u32(attributes[KNOCK_A_KEY_MAX_GRANTS]);
	take_limits(key, attributes);
	request_take_series(key, attributes);
}

/* All doors with their keys, whose secrets are not known; sorted by config_sort(). */
int request_all(struct netlink *netlink, struct config *config, char why[NETLINK_WHY_SIZE])
{
	struct dump dump = { .config = config };
	int error;

	memset(config, 0, sizeof(*config));
	error = netlink_try(netlink, netlink_message(netlink, KNOCK_CMD_DOOR_GET, NLM_F_DUMP),
			    take_door, &dump, why);
	if (!error) {
		config_sort(config);
		error = netlink_try(netlink,
				    netlink_message(netlink, KNOCK_CMD_KEY_GET, NLM_F_DUMP),
				    take_key, &dump, why);
	}
	if (!error && dump.lost) {
		snprintf(why, NETLINK_WHY_SIZE, "out of memory, free some and try again");
		error = ENOMEM;
	}
	return error;
}
