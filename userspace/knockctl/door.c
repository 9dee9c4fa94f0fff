// SPDX-License-Identifier: GPL-2.0
#include "complain.h"
#include "knockctl.h"

enum { OPENS, OPEN_FOR, KNOCK_PORT, MARK, MAX_GRANTS };

#define DOOR_OPTIONS							\
	[OPENS] = { "opens", "SERVICES",				\
		    "tcp/22,udp/8000-8010, any, or none" },		\
	[OPEN_FOR] = { "open-for", "TIME",				\
		       "how long a knock opens it, 1s to 7d (30s)" },	\
	[KNOCK_PORT] = { "knock-port", "PORT",				\
			 "UDP port that knocks come to (8675)" },	\
	[MARK] = { "mark", "VALUE/MASK",				\
		   "give admitted packets this mark (none)" },		\
	[MAX_GRANTS] = { "max-grants", "NUMBER",			\
			 "addresses and keys it may be open for at once (256)" }, \
	{ NULL, NULL, NULL }

const struct option_word add_door_options[] = { DOOR_OPTIONS };
const struct option_word set_door_options[] = { DOOR_OPTIONS };

/**
 * struct door_settings - what the options say
 * @opens: if --opens was given
 * @open_for: seconds; 0 if not given
 * @max_grants: 0 if not given
 * @mark: if --mark was given
 * @knock_port: 0 if not given
 */
struct door_settings {
	struct service_list opens;
	u32 open_for;
	u32 max_grants;
	struct mark mark;
	u16 knock_port;
};

static bool read_settings(const struct invocation *invocation, struct door_settings *settings)
{
	const char *const *value = invocation->value;
	char why[PARSE_WHY_SIZE];

	memset(settings, 0, sizeof(*settings));
	if (parse_name("door", invocation->operand[0], why) &&
	    (!value[OPENS] || parse_services(value[OPENS], &settings->opens, why)) &&
	    (!value[OPEN_FOR] || parse_duration(value[OPEN_FOR], &settings->open_for, why)) &&
	    (!value[KNOCK_PORT] || parse_port(value[KNOCK_PORT], &settings->knock_port, why)) &&
	    (!value[MARK] || parse_mark(value[MARK], &settings->mark, why)) &&
	    (!value[MAX_GRANTS] || parse_grants(value[MAX_GRANTS], &settings->max_grants, why)))
		return true;
	complain("%s", why);
	return false;
}

static bool put_settings(struct nl_msg *message, const struct invocation *invocation,
			 const struct door_settings *settings)
{
	const struct service_list *opens = &settings->opens;

	return !nla_put_string(message, KNOCK_A_DOOR_NAME, invocation->operand[0]) &&
	       (!invocation->value[OPENS] ||
		!nla_put(message, KNOCK_A_DOOR_SERVICES,
			 (int)(opens->count * sizeof(opens->service[0])), opens->service)) &&
	       (!settings->open_for ||
		!nla_put_u32(message, KNOCK_A_DOOR_OPEN_FOR_SEC, settings->open_for)) &&
	       (!settings->knock_port ||
		!nla_put_u16(message, KNOCK_A_DOOR_KNOCK_PORT, settings->knock_port)) &&
	       (!invocation->value[MARK] ||
		(!nla_put_u32(message, KNOCK_A_DOOR_MARK, settings->mark.value) &&
		 !nla_put_u32(message, KNOCK_A_DOOR_MARK_MASK, settings->mark.mask))) &&
	       (!settings->max_grants ||
		!nla_put_u32(message, KNOCK_A_DOOR_MAX_GRANTS, settings->max_grants));
}

static enum outcome send_settings(const struct invocation *invocation, int command)
{
	struct door_settings settings;
	struct netlink netlink;
	struct nl_msg *message;
	bool complete;

	if (!read_settings(invocation, &settings))
		return USAGE;
	if (!netlink_open(&netlink))
		return REFUSED;
	message = netlink_message(&netlink, command, 0);
	complete = message && put_settings(message, invocation, &settings);
	return ask(&netlink, message, complete, NULL, NULL);
}

enum outcome add_door(const struct invocation *invocation)
{
	if (!invocation->value[OPENS])
		return usage_error(invocation,
				   "what the door opens is not said, add --opens tcp/22, or --opens none");
	return send_settings(invocation, KNOCK_CMD_DOOR_ADD);
}

enum outcome set_door(const struct invocation *invocation)
{
	int i;

	for (i = 0; set_door_options[i].name; i++)
		if (invocation->value[i])
			return send_settings(invocation, KNOCK_CMD_DOOR_SET);
	return usage_error(invocation, "there is nothing to change, give at least one option");
}

enum outcome del_door(const struct invocation *invocation)
{
	char why[PARSE_WHY_SIZE];
	struct netlink netlink;
	struct nl_msg *message;
	bool complete;

	if (!parse_name("door", invocation->operand[0], why)) {
		complain("%s", why);
		return USAGE;
	}
	if (!netlink_open(&netlink))
		return REFUSED;
	message = netlink_message(&netlink, KNOCK_CMD_DOOR_DEL, 0);
	complete = message &&
		   !nla_put_string(message, KNOCK_A_DOOR_NAME, invocation->operand[0]);
	return ask(&netlink, message, complete, NULL, NULL);
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

static void describe_door(struct record *record, struct nlattr **attributes)
{
	add_text(record, "name", attributes[KNOCK_A_DOOR_NAME]);
	add_services(record, "opens", attributes[KNOCK_A_DOOR_SERVICES]);
	add_number(record, "open_for", attributes[KNOCK_A_DOOR_OPEN_FOR_SEC]);
	add_number(record, "knock_port", attributes[KNOCK_A_DOOR_KNOCK_PORT]);
	add_mark(record, "mark", attributes);
	add_number(record, "max_grants", attributes[KNOCK_A_DOOR_MAX_GRANTS]);
	add_number(record, "grants", attributes[KNOCK_A_DOOR_GRANTS]);
}

enum outcome list_doors(const struct invocation *invocation)
{
	return list_objects(invocation, KNOCK_CMD_DOOR_GET, describe_door);
}
