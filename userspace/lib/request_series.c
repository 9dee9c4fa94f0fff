// SPDX-License-Identifier: GPL-2.0
/* What sequence keys have beside other keys, to and from the module. */
#include <openssl/crypto.h>

#include "request_series.h"

static bool put_ports(struct nl_msg *message, const struct knock_sequence *sequence)
{
	struct knock_port ports[KNOCK_STEPS_MAX] = { 0 };
	bool good;
	int i;

	for (i = 0; i < sequence->count; i++) {
		ports[i].port = sequence->steps[i].port;
		ports[i].protocol = sequence->steps[i].protocol;
	}
	good = !nla_put(message, KNOCK_A_KEY_PORTS, i * (int)sizeof(ports[0]), ports);
	OPENSSL_cleanse(ports, sizeof(ports));
	return good;
}

static bool put_avoid(struct nl_msg *message, const struct port_ranges *avoid)
{
	struct knock_range ranges[KNOCK_AVOID_MAX] = { 0 };
	size_t i;

	for (i = 0; i < avoid->count; i++) {
		ranges[i].first = avoid->range[i].first;
		ranges[i].last = avoid->range[i].last;
	}
	return !i || !nla_put(message, KNOCK_A_KEY_AVOID, (int)(i * sizeof(ranges[0])), ranges);
}

static bool put_once(struct nl_msg *message, const struct config_key *key)
{
	return (!key->series.unbound || !nla_put_flag(message, KNOCK_A_KEY_UNBOUND)) &&
	       !nla_put_u64(message, KNOCK_A_KEY_NUMBER, key->number) &&
	       !nla_put_u64(message, KNOCK_A_KEY_ARMED, key->armed);
}

static bool put_derived(struct nl_msg *message, const struct series *series)
{
	return !nla_put_u32(message, KNOCK_A_KEY_SLOT_SEC, series->slot) &&
	       !nla_put_u8(message, KNOCK_A_KEY_AHEAD, series->ahead) &&
	       (!*series->location ||
		!nla_put(message, KNOCK_A_KEY_LOCATION, (int)strlen(series->location),
			 series->location));
}

/**
 * request_put_series() - say what a key has beside others
 * @message: where to
 * @key: of any type; of a once key what was used and is armed, too
 *
 * Return: false if there was no room.
 */
bool request_put_series(struct nl_msg *message, const struct config_key *key)
{
	const struct series *series = &key->series;

	if (!series->kind)
		return true;
	if (nla_put_u8(message, KNOCK_A_KEY_SEQUENCE, series->kind) ||
	    nla_put_u32(message, KNOCK_A_KEY_WITHIN_SEC, series->within))
		return false;
	if (series->kind == KNOCK_SEQUENCE_KIND_STATIC)
		return put_ports(message, &series->ports);
	if (nla_put_u8(message, KNOCK_A_KEY_STEPS, series->steps) ||
	    !put_avoid(message, &series->avoid))
		return false;
	return series->kind == KNOCK_SEQUENCE_KIND_ONCE ? put_once(message, key) :
							  put_derived(message, series);
}

static void take_avoid(struct port_ranges *avoid, struct nlattr *attribute)
{
	struct knock_range range;
	size_t count = (size_t)nla_len(attribute) / sizeof(range), i;

	for (i = 0; i < count && i < PORT_RANGES_MAX; i++) {
		memcpy(&range, (const char *)nla_data(attribute) + i * sizeof(range),
		       sizeof(range));
		avoid->range[i] = (struct knock_port_range){ range.first, range.last };
	}
	avoid->count = i;
}

static void take_location(char location[SERIES_LOCATION_SIZE], const struct nlattr *attribute)
{
	size_t length = (size_t)nla_len(attribute);

	/* One that is not from here is none that a file can say. */
	if (length >= SERIES_LOCATION_SIZE) {
		strcpy(location, ";");
		return;
	}
	memcpy(location, nla_data(attribute), length);
	location[length] = '\0';
}

/**
 * request_take_series() - what the module says of a key beside others
 * @key: of any type, set up; never gets the ports of a static sequence
 * @attributes: of the reply
 */
void request_take_series(struct config_key *key, struct nlattr **attributes)
{
	struct series *series = &key->series;

	if (!attributes[KNOCK_A_KEY_SEQUENCE])
		return;
	series->kind = nla_get_u8(attributes[KNOCK_A_KEY_SEQUENCE]);
	series->unbound = attributes[KNOCK_A_KEY_UNBOUND];
	if (attributes[KNOCK_A_KEY_STEPS])
		series->steps = nla_get_u8(attributes[KNOCK_A_KEY_STEPS]);
	if (attributes[KNOCK_A_KEY_WITHIN_SEC])
		series->within = nla_get_u32(attributes[KNOCK_A_KEY_WITHIN_SEC]);
	if (attributes[KNOCK_A_KEY_AVOID])
		take_avoid(&series->avoid, attributes[KNOCK_A_KEY_AVOID]);
	if (attributes[KNOCK_A_KEY_LOCATION])
		take_location(series->location, attributes[KNOCK_A_KEY_LOCATION]);
	if (attributes[KNOCK_A_KEY_SLOT_SEC])
		series->slot = nla_get_u32(attributes[KNOCK_A_KEY_SLOT_SEC]);
	if (attributes[KNOCK_A_KEY_AHEAD])
		series->ahead = nla_get_u8(attributes[KNOCK_A_KEY_AHEAD]);
	if (attributes[KNOCK_A_KEY_NUMBER])
		key->number = nla_get_u64(attributes[KNOCK_A_KEY_NUMBER]);
	if (attributes[KNOCK_A_KEY_ARMED])
		key->armed = nla_get_u64(attributes[KNOCK_A_KEY_ARMED]);
}

static void take_key(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct config_key *key = data;
	const struct nlattr *fingerprint = attributes[KNOCK_A_KEY_FINGERPRINT];

	(void)header;
	if (fingerprint)
		memcpy(key->fingerprint, nla_data(fingerprint), FINGERPRINT_SIZE);
	key->known = fingerprint;
	request_take_series(key, attributes);
}

/* Of the key and its door, which both have to be named. */
static int ask(struct netlink *netlink, struct nl_msg *message, const char *door,
	       struct config_key *key, char why[NETLINK_WHY_SIZE])
{
	if (message && (nla_put_string(message, KNOCK_A_DOOR_NAME, door) ||
			nla_put_string(message, KNOCK_A_KEY_NAME, key->name))) {
		netlink_discard(message);
		message = NULL;
	}
	return netlink_try(netlink, message, take_key, key, why);
}

/* One key as the module has it; @key has its name already. */
int request_key(struct netlink *netlink, const char *door, struct config_key *key,
		char why[NETLINK_WHY_SIZE])
{
	return ask(netlink, netlink_message(netlink, KNOCK_CMD_KEY_GET, 0), door, key, why);
}

/* Has a once key's numbers be good up to one, 0 for none; @key gets what was used by then. */
int request_arm_key(struct netlink *netlink, const char *door, struct config_key *key, u64 upto,
		    char why[NETLINK_WHY_SIZE])
{
	struct nl_msg *message = netlink_message(netlink, KNOCK_CMD_KEY_ARM, 0);

	if (message && nla_put_u64(message, KNOCK_A_KEY_ARMED, upto)) {
		netlink_discard(message);
		message = NULL;
	}
	return ask(netlink, message, door, key, why);
}
