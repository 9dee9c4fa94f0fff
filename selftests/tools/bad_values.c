// SPDX-License-Identifier: GPL-2.0
/*
 * Values that no request may have, of attributes that are in themselves well formed.
 */
#include <stdio.h>
#include <string.h>

#include <linux/netlink.h>

#include "bad_values.h"
#include "requests.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void value(const struct request *good, int type, const void *data, size_t length,
		  const char *what)
{
	struct request bad = *good;
	size_t i;

	for (i = 0; i < bad.count; i++) {
		if (bad.part[i].type == type) {
			bad.part[i].length = (uint16_t)length;
			memcpy(bad.part[i].data, data, length);
		}
	}
	refused(&bad, what);
}

static void number_out_of_range(const struct request *good, int type, uint32_t value32,
				const char *what)
{
	value(good, type, &value32, sizeof(value32), what);
}

static void bad_services(const struct request *good)
{
	static const struct {
		struct knock_service service;
		const char *what;
	} bad[] = {
		{ { 6, 1, 22, 22 }, "service with reserved set" },
		{ { 6, 0, 0, 22 }, "service from port 0" },
		{ { 6, 0, 23, 22 }, "service from the higher port" },
		{ { 1, 0, 22, 22 }, "service of a protocol without ports" },
		{ { 0, 0, 22, 22 }, "any with ports" },
	};
	struct knock_service many[KNOCK_SERVICES_MAX + 1];
	size_t i;

	for (i = 0; i < COUNT(bad); i++)
		value(good, KNOCK_A_DOOR_SERVICES, &bad[i].service, sizeof(bad[i].service),
		      bad[i].what);
	for (i = 0; i < COUNT(many); i++)
		many[i] = (struct knock_service){ 6, 0, 22, 22 };
	value(good, KNOCK_A_DOOR_SERVICES, many, sizeof(many), "33 services");
}

static void bad_names(const struct request *good, int type)
{
	static const char *const bad[] = {
		".a", "-a", "_a", "a b", "a/b", "a\n", "\xc3\xa4", "12345678901234567890123456789012",
	};
	char what[96];
	size_t i;

	for (i = 0; i < COUNT(bad); i++) {
		snprintf(what, sizeof(what), "attribute %d is a bad name, number %zu", type, i);
		value(good, type, bad[i], strlen(bad[i]) + 1, what);
	}
	value(good, type, "a\0b", 4, "a NUL within a name");
}

static void bad_settings(const struct request *good)
{
	static const uint16_t port;

	bad_services(good);
	bad_names(good, KNOCK_A_DOOR_NAME);
	number_out_of_range(good, KNOCK_A_DOOR_OPEN_FOR_SEC, 0, "open for 0 s");
	number_out_of_range(good, KNOCK_A_DOOR_OPEN_FOR_SEC, 604801, "open for 7 d and 1 s");
	number_out_of_range(good, KNOCK_A_DOOR_MAX_GRANTS, 0, "no grants");
	number_out_of_range(good, KNOCK_A_DOOR_MAX_GRANTS, 1048577, "too many grants");
	value(good, KNOCK_A_DOOR_KNOCK_PORT, &port, sizeof(port), "knock port 0");
	number_out_of_range(good, KNOCK_A_DOOR_MARK, 0, "mark 0");
	number_out_of_range(good, KNOCK_A_DOOR_MARK, 0x300, "mark with bits outside its mask");
	number_out_of_range(good, KNOCK_A_DOOR_MARK_MASK, 0, "mark without a mask");
}

static void bad_keys(const struct request *good)
{
	bad_names(good, KNOCK_A_KEY_NAME);
	value(good, KNOCK_A_DOOR_NAME, "none", 5, "no such door");
	value(good, KNOCK_A_KEY_NAME, "key", 4, "there is such a key");
	value(good, KNOCK_A_KEY_TYPE, "\0", 1, "type 0");
	value(good, KNOCK_A_KEY_TYPE, "\377", 1, "type 255");
	value(good, KNOCK_A_KEY_ACTION, "\0", 1, "action 0");
	value(good, KNOCK_A_KEY_ACTION, "\4", 1, "action 4");
	number_out_of_range(good, KNOCK_A_KEY_SKEW_SEC, 301, "skew of 301 s");
	number_out_of_range(good, KNOCK_A_KEY_MAX_GRANTS, 0, "no grants");
	number_out_of_range(good, KNOCK_A_KEY_MAX_GRANTS, 1048577, "too many grants");
}

static void bad_tumbler_keys(const struct request *good)
{
	struct request bad;

	value(good, KNOCK_A_KEY_SECRET, "the secret of the test", 22, "a secret in use");
	value(good, KNOCK_A_KEY_ACTION, "\3", 1, "action 3");
	bad = *good;
	request_add(&bad, KNOCK_A_KEY_ROAMING, "", 0, false);
	refused(&bad, "that roams");
}

static void bad_from(const struct request *good)
{
	struct knock_from many[KNOCK_FROM_MAX + 1] = { 0 };
	size_t i;

	value(good, KNOCK_A_KEY_FROM, many, 0, "no prefix");
	value(good, KNOCK_A_KEY_FROM, many, sizeof(many[0]), "a prefix of 0 bits");
	many[0].prefix_len = 80;
	value(good, KNOCK_A_KEY_FROM, many, sizeof(many[0]), "a prefix with all of IPv4 in it");
	for (i = 0; i < COUNT(many); i++)
		many[i] = (struct knock_from){ { 0x20, 1, 0xd, 0xb8, (unsigned char)i }, 129 };
	value(good, KNOCK_A_KEY_FROM, many, sizeof(many[0]), "a prefix of 129 bits");
	for (i = 0; i < COUNT(many); i++)
		many[i].prefix_len = i == 1 ? 0 : 40;
	value(good, KNOCK_A_KEY_FROM, many, 2 * sizeof(many[0]), "a second one of 0 bits");
	many[1].prefix_len = 40;
	value(good, KNOCK_A_KEY_FROM, many, sizeof(many), "17 prefixes");
}

static void bad_sealed_keys(const struct request *good)
{
	unsigned char secret[255];
	static const uint64_t never;

	memset(secret, 1, sizeof(secret));
	value(good, KNOCK_A_KEY_SECRET, secret, 32, "a secret in use");
	value(good, KNOCK_A_KEY_SECRET, secret, 16, "a secret of 16 bytes");
	value(good, KNOCK_A_KEY_SECRET, secret, sizeof(secret), "a secret of 255 bytes");
	value(good, KNOCK_A_KEY_ACTION, "\1", 1, "action open");
	value(good, KNOCK_A_KEY_ACTION, "\2", 1, "action close");
	value(good, KNOCK_A_KEY_NOT_AFTER, &never, sizeof(never), "not after 1970");
	bad_from(good);
}

/* Of what a kind of sequence key has. */
static void bad_sequences(const struct request *good)
{
	static const struct {
		int type;
		const char *data;
		size_t length;
		const char *what;
	} bad[] = {
		{ KNOCK_A_KEY_SEQUENCE, "\0", 1, "kind 0" },
		{ KNOCK_A_KEY_SEQUENCE, "\4", 1, "kind 4" },
		{ KNOCK_A_KEY_WITHIN_SEC, "\0\0\0\0", 4, "within 0 s" },
		{ KNOCK_A_KEY_WITHIN_SEC, "\1\0\1\0", 4, "within a day" },
		{ KNOCK_A_KEY_PORTS, "\52\0\6\0\52\0\6\0", 8, "a step twice" },
		{ KNOCK_A_KEY_PORTS, "\0\0\6\0", 4, "a step at port 0" },
		{ KNOCK_A_KEY_PORTS, "\52\0\1\0", 4, "a step of ICMP" },
		{ KNOCK_A_KEY_PORTS, "\52\0\6\1", 4, "a step with reserved set" },
		{ KNOCK_A_KEY_PORTS, "\343\41\21\0", 4, "a step at the knock port" },
		{ KNOCK_A_KEY_STEPS, "\6", 1, "6 steps" },
		{ KNOCK_A_KEY_STEPS, "\21", 1, "17 steps" },
		{ KNOCK_A_KEY_AVOID, "\27\0\26\0", 4, "a range that ends before it begins" },
		{ KNOCK_A_KEY_AVOID, "\0\4\377\377", 4, "all ports to be avoided" },
		{ KNOCK_A_KEY_ARMED, "\21\0\0\0\0\0\0\0", 8, "17 armed" },
		{ KNOCK_A_KEY_SLOT_SEC, "\35\0\0\0", 4, "slots of 29 s" },
		{ KNOCK_A_KEY_SLOT_SEC, "\21\16\0\0", 4, "slots of more than an hour" },
		{ KNOCK_A_KEY_AHEAD, "\0", 1, "none ahead" },
		{ KNOCK_A_KEY_AHEAD, "\21", 1, "17 ahead" },
	};
	size_t i, j;

	for (i = 0; i < COUNT(bad); i++)
		for (j = 0; j < good->count; j++)
			if (good->part[j].type == bad[i].type)
				value(good, bad[i].type, bad[i].data, bad[i].length, bad[i].what);
	value(good, KNOCK_A_KEY_TYPE, "\2", 1, "of a sealed key");
	value(good, KNOCK_A_KEY_NAME, "key", 4, "there is such a key");
}

/* Whose grant cannot be had, by the agent; requests_set_up() made them. */
static void bad_grant_keys(const struct request *good)
{
	static const unsigned char afar[16] = { [10] = 0xff, 0xff, 198, 51, 100, 1 };

	if (good->count < 3 || good->part[2].type != KNOCK_A_KEY_NAME)
		return;
	value(good, KNOCK_A_KEY_NAME, "none", 5, "no such key");
	value(good, KNOCK_A_KEY_NAME, "over", 5, "a key that is over");
	if (good->part[3].type == KNOCK_A_GRANT_RESTORED)
		return;
	value(good, KNOCK_A_KEY_NAME, "sealed", 7, "a key that does not roam");
	value(good, KNOCK_A_KEY_NAME, "full", 5, "a key that holds all it may");
	value(good, KNOCK_A_ADDRESS, afar, sizeof(afar), "from where its key may not be used");
}

static void bad_records(const struct request *good)
{
	static const unsigned char nobody[16], other[16] = { [10] = 0xff, 0xff, 192, 0, 2, 9 };
	struct request bad = *good;

	if (good->flags & NLM_F_DUMP) {
		request_add(&bad, KNOCK_A_ADDRESS, requests_loopback,
			    sizeof(requests_loopback), false);
		refused(&bad, "of one address");
		return;
	}
	value(good, KNOCK_A_ADDRESS, nobody, sizeof(nobody), "nobody's address");
	value(good, KNOCK_A_ADDRESS, other, sizeof(other), "an address without a record");
}

static void bad_blacklisted(const struct request *good)
{
	static const unsigned char nobody[16], group[16] = { [10] = 0xff, 0xff, 224, 0, 0, 1 };

	value(good, KNOCK_A_ADDRESS, nobody, sizeof(nobody), "nobody's address");
	value(good, KNOCK_A_ADDRESS, group, sizeof(group), "an address of many");
	value(good, KNOCK_A_BLACKLIST_KIND, "\0", 1, "kind 0");
	value(good, KNOCK_A_BLACKLIST_KIND, "\3", 1, "kind 3");
	if (good->count < 3)
		return;
	number_out_of_range(good, KNOCK_A_BLACKLIST_FOR_SEC, 0, "for 0 s");
	number_out_of_range(good, KNOCK_A_BLACKLIST_FOR_SEC, 604801, "for 7 d and 1 s");
}

static void bad_prefixes(const struct request *good)
{
	static const unsigned char other[16] = { [10] = 0xff, 0xff, 192, 1 };

	value(good, KNOCK_A_PREFIX_LEN, "\0", 1, "a prefix of 0 bits");
	value(good, KNOCK_A_PREFIX_LEN, "\201", 1, "a prefix of 129 bits");
	value(good, KNOCK_A_PREFIX_LEN, "\120", 1, "a prefix with all of IPv4 in it");
	if (good->command == KNOCK_CMD_TRUST_DEL)
		value(good, KNOCK_A_ADDRESS, other, sizeof(other), "what is not trusted");
}

/**
 * bad_values() - spoil the values of a request, one after the other
 * @good: the request
 */
void bad_values(const struct request *good)
{
	switch (good->command) {
	case KNOCK_CMD_DOOR_ADD:
		bad_settings(good);
		value(good, KNOCK_A_DOOR_NAME, "door", 5, "there is such a door");
		break;
	case KNOCK_CMD_DOOR_SET:
		bad_settings(good);
		value(good, KNOCK_A_DOOR_NAME, "none", 5, "no such door");
		break;
	case KNOCK_CMD_KEY_ADD:
		if (good->part[3].type == KNOCK_A_KEY_SEQUENCE) {
			bad_sequences(good);
			break;
		}
		bad_keys(good);
		if (*good->part[2].data == KNOCK_KEY_TYPE_SEALED)
			bad_sealed_keys(good);
		else
			bad_tumbler_keys(good);
		break;
	case KNOCK_CMD_GRANT_OPEN:
		bad_grant_keys(good);
		number_out_of_range(good, KNOCK_A_GRANT_FOR_SEC, 0, "for 0 s");
		number_out_of_range(good, KNOCK_A_GRANT_FOR_SEC, 604801, "for 7 d and 1 s");
		value(good, KNOCK_A_DOOR_NAME, "none", 5, "no such door");
		break;
	case KNOCK_CMD_RECORD_GET:
		bad_records(good);
		break;
	case KNOCK_CMD_BLACKLIST_ADD:
		bad_blacklisted(good);
		break;
	case KNOCK_CMD_BLACKLIST_FLUSH:
		value(good, KNOCK_A_BLACKLIST_KIND, "\3", 1, "kind 3");
		break;
	case KNOCK_CMD_BLACKLIST_DEL:
		value(good, KNOCK_A_ADDRESS, requests_loopback, sizeof(requests_loopback), "who is not listed");
		break;
	case KNOCK_CMD_TRUST_ADD:
	case KNOCK_CMD_TRUST_DEL:
		bad_prefixes(good);
		break;
	case KNOCK_CMD_BLACKLIST_GET:
	case KNOCK_CMD_TRUST_GET:
	case KNOCK_CMD_STATE_GET:
		break;
	default:
		if (good->count)
			value(good, KNOCK_A_DOOR_NAME, "none", 5, "no such door");
		if (good->count > 1 && good->part[1].type == KNOCK_A_KEY_NAME)
			value(good, KNOCK_A_KEY_NAME, "none", 5, "no such key");
		break;
	}
}
