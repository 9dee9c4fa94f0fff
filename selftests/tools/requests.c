// SPDX-License-Identifier: GPL-2.0
/*
 * A good request of each kind, for nlbad to spoil.
 */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>

#include "requests.h"

/**
 * request_add() - give a request an attribute
 * @request: the request; it has room
 * @type: of the attribute
 * @data: its value
 * @length: bytes of it
 * @required: the request is refused without it
 */
void request_add(struct request *request, int type, const void *data, size_t length,
		 bool required)
{
	struct part *part = &request->part[request->count++];

	part->type = (uint16_t)type;
	part->length = (uint16_t)length;
	part->required = required;
	memcpy(part->data, data, length);
}

/**
 * request_add_text() - the same, of a text, with its NUL
 * @request: the request
 * @type: of the attribute
 * @text: its value
 * @required: the request is refused without it
 */
void request_add_text(struct request *request, int type, const char *text, bool required)
{
	request_add(request, type, text, strlen(text) + 1, required);
}

/**
 * request_add_u32() - the same, of a number that may be left out
 * @request: the request
 * @type: of the attribute
 * @value: its value
 */
void request_add_u32(struct request *request, int type, uint32_t value)
{
	request_add(request, type, &value, sizeof(value), false);
}

/**
 * request_add_settings() - all that can be set of a door
 * @request: the request
 * @services_required: it is refused without the services
 */
void request_add_settings(struct request *request, bool services_required)
{
	static const struct knock_service service = { .protocol = 6, .first = 22, .last = 22 };
	uint16_t port = REQUESTS_KNOCK_PORT, agent = 8676;
	uint32_t mark = 0x100;

	request_add(request, KNOCK_A_DOOR_SERVICES, &service, sizeof(service), services_required);
	request_add_u32(request, KNOCK_A_DOOR_OPEN_FOR_SEC, 30);
	request_add(request, KNOCK_A_DOOR_KNOCK_PORT, &port, sizeof(port), false);
	request_add(request, KNOCK_A_DOOR_AGENT_PORT, &agent, sizeof(agent), false);
	request_add_u32(request, KNOCK_A_DOOR_MAX_GRANTS, 256);
	request_add(request, KNOCK_A_DOOR_MARK, &mark, sizeof(mark), true);
	request_add(request, KNOCK_A_DOOR_MARK_MASK, &mark, sizeof(mark), true);
}

/**
 * request_make() - a request of a command
 * @name: as in the specification
 * @command: of enum knock_cmd
 * @door: the name of the door that it is about, or NULL
 */
struct request request_make(const char *name, int command, const char *door)
{
	struct request request = { .name = name, .command = command };

	if (door)
		request_add_text(&request, KNOCK_A_DOOR_NAME, door, true);
	return request;
}

static void add_u8(struct request *request, int type, uint8_t value, bool required)
{
	request_add(request, type, &value, sizeof(value), required);
}

/* What the keys of both types have in common. */
static struct request make_key(const char *name, uint8_t type, const char *key, uint8_t action)
{
	struct request request = request_make(name, KNOCK_CMD_KEY_ADD, "door");

	request_add_text(&request, KNOCK_A_KEY_NAME, key, true);
	add_u8(&request, KNOCK_A_KEY_TYPE, type, true);
	add_u8(&request, KNOCK_A_KEY_ACTION, action, false);
	request_add(&request, KNOCK_A_KEY_FRESH, "", 0, false);
	request_add_u32(&request, KNOCK_A_KEY_SKEW_SEC, 5);
	request_add_u32(&request, KNOCK_A_KEY_MAX_GRANTS, 64);
	return request;
}

/**
 * request_make_key() - a request to add a tumbler key to the door `door'
 * @key: its name
 * @secret: its secret
 */
struct request request_make_key(const char *key, const char *secret)
{
	struct request request = make_key("key-add", KNOCK_KEY_TYPE_TUMBLER, key,
					  KNOCK_KEY_ACTION_OPEN);

	request_add(&request, KNOCK_A_KEY_SECRET, secret, strlen(secret), true);
	request_add(&request, KNOCK_A_KEY_GENERATED, "", 0, false);
	return request;
}

/**
 * request_make_sealed() - a request to add a sealed key to the door `door'
 * @key: its name
 * @byte: its secret, 32 times
 */
struct request request_make_sealed(const char *key, uint8_t byte)
{
	static const struct knock_from from[] = {
		{ { [10] = 0xff, 0xff, 192, 0, 2, 0 }, 120 },
		{ { 0x20, 0x01, 0x0d, 0xb8 }, 32 },
	};
	struct request request = make_key("key-add sealed", KNOCK_KEY_TYPE_SEALED, key,
					  KNOCK_KEY_ACTION_BOTH);
	uint64_t not_after = 4102444800;
	unsigned char secret[32];

	memset(secret, byte, sizeof(secret));
	request_add(&request, KNOCK_A_KEY_SECRET, secret, sizeof(secret), true);
	request_add(&request, KNOCK_A_KEY_FROM, from, sizeof(from), false);
	request_add(&request, KNOCK_A_KEY_NOT_AFTER, &not_after, sizeof(not_after), false);
	return request;
}

/* A key whose client shows the agent where it is. */
static struct request make_roaming(const char *key, uint8_t byte)
{
	struct request request = request_make_sealed(key, byte);

	request.name = "key-add roaming";
	request_add(&request, KNOCK_A_KEY_ROAMING, "", 0, false);
	return request;
}

static struct request make_grant(const char *name, int command)
{
	static const unsigned char address[16] = { [10] = 0xff, 0xff, 192, 0, 2, 1 };
	struct request request = request_make(name, command, "door");

	request_add(&request, KNOCK_A_ADDRESS, address, sizeof(address), true);
	return request;
}

/* The agent's, for a client that has shown its key. */
static struct request make_grant_of(const char *key)
{
	struct request request = make_grant("grant-open of a key", KNOCK_CMD_GRANT_OPEN);

	request_add_text(&request, KNOCK_A_KEY_NAME, key, false);
	return request;
}

/* For whoever was in when the machine went down, by a key that does not roam. */
static struct request make_restored(void)
{
	struct request request = make_grant("grant-open once more", KNOCK_CMD_GRANT_OPEN);

	request_add_text(&request, KNOCK_A_KEY_NAME, "sealed", true);
	request_add(&request, KNOCK_A_GRANT_RESTORED, NULL, 0, true);
	request_add_u32(&request, KNOCK_A_GRANT_FOR_SEC, 60);
	return request;
}

const unsigned char requests_loopback[16] = { [10] = 0xff, 0xff, 127, 0, 0, 1 };

/* An address that is a prefix of 112 bits, too. */
static struct request make_listed(const char *name, int command)
{
	static const unsigned char address[16] = { [10] = 0xff, 0xff, 192, 0 };
	struct request request = request_make(name, command, NULL);

	request_add(&request, KNOCK_A_ADDRESS, address, sizeof(address), true);
	return request;
}

static struct request make_sequence(const char *name, const char *key, uint8_t kind)
{
	struct request request = request_make(name, KNOCK_CMD_KEY_ADD, "door");

	request_add_text(&request, KNOCK_A_KEY_NAME, key, true);
	add_u8(&request, KNOCK_A_KEY_TYPE, KNOCK_KEY_TYPE_SEQUENCE, true);
	add_u8(&request, KNOCK_A_KEY_SEQUENCE, kind, true);
	request_add_u32(&request, KNOCK_A_KEY_WITHIN_SEC, 10);
	return request;
}

/* A key of each kind of sequence, and one of them armed. */
static size_t make_good_sequences(struct request good[REQUESTS_MAX], size_t n)
{
	static const struct knock_port ports[] = { { 42, 6, 0 }, { 196, 17, 0 }, { 69, 6, 0 } };
	static const struct knock_range avoid = { 22, 22 };
	static const unsigned char once[32] = { 1 }, derived[32] = { 2 };
	static const uint64_t armed = 3;

	good[n] = make_sequence("key-add static", "static", KNOCK_SEQUENCE_KIND_STATIC);
	request_add(&good[n++], KNOCK_A_KEY_PORTS, ports, sizeof(ports), true);
	good[n] = make_sequence("key-add once", "once", KNOCK_SEQUENCE_KIND_ONCE);
	request_add(&good[n], KNOCK_A_KEY_SECRET, once, sizeof(once), true);
	request_add(&good[n], KNOCK_A_KEY_AVOID, &avoid, sizeof(avoid), false);
	add_u8(&good[n], KNOCK_A_KEY_STEPS, 8, false);
	request_add(&good[n++], KNOCK_A_KEY_ARMED, &armed, sizeof(armed), false);
	good[n] = make_sequence("key-add derived", "derived", KNOCK_SEQUENCE_KIND_DERIVED);
	request_add(&good[n], KNOCK_A_KEY_SECRET, derived, sizeof(derived), true);
	request_add_u32(&good[n], KNOCK_A_KEY_SLOT_SEC, 60);
	add_u8(&good[n++], KNOCK_A_KEY_AHEAD, 4, false);
	good[n] = request_make("key-arm", KNOCK_CMD_KEY_ARM, "door");
	request_add_text(&good[n], KNOCK_A_KEY_NAME, "once", true);
	request_add(&good[n++], KNOCK_A_KEY_ARMED, &armed, sizeof(armed), true);
	return n;
}

/* The blacklist's and the trusted's, each put on before it is taken off. */
static size_t make_good_lists(struct request good[REQUESTS_MAX], size_t n)
{
	good[n] = make_listed("blacklist-add ban", KNOCK_CMD_BLACKLIST_ADD);
	add_u8(&good[n], KNOCK_A_BLACKLIST_KIND, KNOCK_BLACKLIST_KIND_BAN, true);
	request_add_u32(&good[n], KNOCK_A_BLACKLIST_FOR_SEC, 60);
	good[n++].part[2].required = true;
	good[n] = make_listed("blacklist-add block", KNOCK_CMD_BLACKLIST_ADD);
	add_u8(&good[n++], KNOCK_A_BLACKLIST_KIND, KNOCK_BLACKLIST_KIND_BLOCK, true);
	good[n] = request_make("blacklist-get dump", KNOCK_CMD_BLACKLIST_GET, NULL);
	good[n++].flags = NLM_F_DUMP;
	good[n++] = make_listed("blacklist-del", KNOCK_CMD_BLACKLIST_DEL);
	good[n] = request_make("blacklist-flush", KNOCK_CMD_BLACKLIST_FLUSH, NULL);
	add_u8(&good[n++], KNOCK_A_BLACKLIST_KIND, KNOCK_BLACKLIST_KIND_BAN, false);
	good[n] = make_listed("trust-add", KNOCK_CMD_TRUST_ADD);
	add_u8(&good[n++], KNOCK_A_PREFIX_LEN, 112, false);
	good[n] = request_make("trust-get dump", KNOCK_CMD_TRUST_GET, NULL);
	good[n++].flags = NLM_F_DUMP;
	good[n] = make_listed("trust-del", KNOCK_CMD_TRUST_DEL);
	add_u8(&good[n++], KNOCK_A_PREFIX_LEN, 112, false);
	return n;
}

/**
 * requests_good() - one good request of each kind
 * @good: gets them; they would all be done, in this order, where there are a door `door'
 *	with a key `key', and no other
 *
 * Return: how many.
 */
size_t requests_good(struct request good[REQUESTS_MAX])
{
	size_t n = 0;

	good[n] = request_make("door-add", KNOCK_CMD_DOOR_ADD, "other");
	request_add_settings(&good[n++], true);
	good[n] = request_make("door-set", KNOCK_CMD_DOOR_SET, "door");
	request_add_settings(&good[n++], false);
	good[n++] = request_make("door-get", KNOCK_CMD_DOOR_GET, "door");
	good[n++] = request_make_key("other", "another secret of the test");
	good[n++] = request_make_sealed("another", 2);
	good[n++] = make_roaming("afar", 3);
	good[n] = request_make("key-get", KNOCK_CMD_KEY_GET, "door");
	request_add_text(&good[n++], KNOCK_A_KEY_NAME, "key", true);
	good[n] = make_grant("grant-open", KNOCK_CMD_GRANT_OPEN);
	request_add_u32(&good[n++], KNOCK_A_GRANT_FOR_SEC, 60);
	good[n] = make_grant_of("roaming");
	request_add_u32(&good[n++], KNOCK_A_GRANT_FOR_SEC, 60);
	good[n++] = make_restored();
	good[n++] = make_grant("grant-close", KNOCK_CMD_GRANT_CLOSE);
	good[n++] = request_make("state-get", KNOCK_CMD_STATE_GET, NULL);
	good[n] = request_make("door-get dump", KNOCK_CMD_DOOR_GET, NULL);
	good[n++].flags = NLM_F_DUMP;
	good[n] = request_make("key-get dump", KNOCK_CMD_KEY_GET, "door");
	good[n].part[0].required = false;
	good[n++].flags = NLM_F_DUMP;
	good[n] = request_make("grant-get dump", KNOCK_CMD_GRANT_GET, "door");
	good[n].part[0].required = false;
	good[n++].flags = NLM_F_DUMP;
	good[n] = request_make("old-get dump", KNOCK_CMD_OLD_GET, "door");
	good[n].part[0].required = false;
	good[n++].flags = NLM_F_DUMP;
	good[n] = request_make("record-get", KNOCK_CMD_RECORD_GET, NULL);
	request_add(&good[n++], KNOCK_A_ADDRESS, requests_loopback, sizeof(requests_loopback),
		    true);
	good[n] = request_make("record-get dump", KNOCK_CMD_RECORD_GET, NULL);
	good[n++].flags = NLM_F_DUMP;
	n = make_good_sequences(good, n);
	n = make_good_lists(good, n);
	good[n] = request_make("key-del", KNOCK_CMD_KEY_DEL, "door");
	request_add_text(&good[n++], KNOCK_A_KEY_NAME, "key", true);
	good[n++] = request_make("door-del", KNOCK_CMD_DOOR_DEL, "door");
	return n;
}

/* Something that is refused, for it to be on record. */
static bool knock_badly(void)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(REQUESTS_KNOCK_PORT),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool sent;

	sent = fd >= 0 && sendto(fd, "", 1, 0, (struct sockaddr *)&to, sizeof(to)) == 1;
	if (fd >= 0)
		close(fd);
	return sent;
}

static bool done(const struct request *request)
{
	return !refusal_send(request, NULL).error;
}

static bool set(struct request *request, int type, const void *data, size_t length)
{
	size_t i;

	for (i = 0; i < request->count; i++) {
		if (request->part[i].type == type) {
			memcpy(request->part[i].data, data, length);
			return true;
		}
	}
	return false;
}

/* Keys of which no grant can be had: over, and with all that it may hold. */
static bool set_up_refused(void)
{
	static const unsigned char elsewhere[16] = { [10] = 0xff, 0xff, 192, 0, 2, 9 };
	struct request over = make_roaming("over", 4), full = make_roaming("full", 5);
	struct request held = make_grant_of("full");
	static const uint64_t past = 1000000000;
	static const uint32_t one = 1;

	return set(&over, KNOCK_A_KEY_NOT_AFTER, &past, sizeof(past)) && done(&over) &&
	       set(&full, KNOCK_A_KEY_MAX_GRANTS, &one, sizeof(one)) && done(&full) &&
	       set(&held, KNOCK_A_ADDRESS, elsewhere, sizeof(elsewhere)) && done(&held);
}

/**
 * requests_set_up() - have what the good requests are about
 *
 * Return: false if any of it was refused, as when it is there.
 */
bool requests_set_up(void)
{
	struct request door = request_make("door-add", KNOCK_CMD_DOOR_ADD, "door");
	struct request key = request_make_key("key", "the secret of the test");
	struct request sealed = request_make_sealed("sealed", 1);
	struct request roaming = make_roaming("roaming", 6);

	request_add_settings(&door, true);
	return done(&door) && done(&key) && done(&sealed) && done(&roaming) &&
	       set_up_refused() && knock_badly();
}
