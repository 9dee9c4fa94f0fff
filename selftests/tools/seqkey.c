// SPDX-License-Identifier: GPL-2.0
/*
 * seqkey: add sequence keys, many at once, and arm them. It shares nothing with
 * knockctl, and takes what knockctl would not: secrets as arguments.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <knock/sequence.h>

#include "refusal.h"
#include "requests.h"
#include "words.h"

static const char usage[] =
"usage: seqkey add DOOR KEY --static PORT[/PROTO],... | --once HEX | --derived HEX [OPTION]...\n"
"  --count N                keys KEY1 to KEYN, the first 4 bytes of whose secrets count up\n"
"  --close --fresh --unbound --within S --steps N --avoid FIRST-LAST,... --number N\n"
"  --armed N --slot S --location TEXT --ahead N --skew S\n"
"       seqkey arm DOOR KEY NUMBER\n";

static const struct option options[] = {
	{ "static", 1, NULL, 's' }, { "once", 1, NULL, 'o' }, { "derived", 1, NULL, 'd' },
	{ "count", 1, NULL, 'c' }, { "close", 0, NULL, 'C' }, { "fresh", 0, NULL, 'F' },
	{ "unbound", 0, NULL, 'u' }, { "within", 1, NULL, 'w' }, { "steps", 1, NULL, 'n' },
	{ "avoid", 1, NULL, 'a' }, { "number", 1, NULL, 'N' }, { "armed", 1, NULL, 'A' },
	{ "slot", 1, NULL, 'S' }, { "location", 1, NULL, 'l' }, { "ahead", 1, NULL, 'h' },
	{ "skew", 1, NULL, 'k' }, { NULL, 0, NULL, 0 },
};

static void put_u8(struct request *request, int type, long value)
{
	uint8_t byte = (uint8_t)value;

	request_add(request, type, &byte, sizeof(byte), false);
}

static void put_u64(struct request *request, int type, const char *text)
{
	uint64_t value = strtoull(text, NULL, 10);

	request_add(request, type, &value, sizeof(value), false);
}

static void put_ports(struct request *request, const char *text)
{
	struct knock_port ports[KNOCK_STEPS_MAX] = { 0 };
	struct knock_sequence sequence;
	int i;

	if (knock_sequence_parse(&sequence, text, strlen(text)) != KNOCK_SEQUENCE_GOOD)
		die("`%s' is no list of steps", text);
	for (i = 0; i < sequence.count; i++) {
		ports[i].port = sequence.steps[i].port;
		ports[i].protocol = sequence.steps[i].protocol;
	}
	request_add(request, KNOCK_A_KEY_PORTS, ports, (size_t)i * sizeof(ports[0]), false);
}

static void put_avoid(struct request *request, const char *text)
{
	struct knock_range ranges[KNOCK_AVOID_MAX];
	size_t count = 0;
	char *end;

	for (; *text && count < KNOCK_AVOID_MAX; text = *end ? end + 1 : end) {
		ranges[count].first = (uint16_t)strtoul(text, &end, 10);
		ranges[count].last = ranges[count].first;
		if (*end == '-')
			ranges[count].last = (uint16_t)strtoul(end + 1, &end, 10);
		count++;
	}
	request_add(request, KNOCK_A_KEY_AVOID, ranges, count * sizeof(ranges[0]), false);
}

static void put_secret(struct request *request, int kind, const char *text)
{
	u8 secret[32];

	put_u8(request, KNOCK_A_KEY_SEQUENCE, kind);
	if (word_hex(text, secret, sizeof(secret)) != sizeof(secret))
		die("a secret has 64 hex digits");
	request_add(request, KNOCK_A_KEY_SECRET, secret, sizeof(secret), false);
}

/* Words that say what kind of key it is. */
static bool put_kind(struct request *request, int option)
{
	switch (option) {
	case 's':
		put_u8(request, KNOCK_A_KEY_SEQUENCE, KNOCK_SEQUENCE_KIND_STATIC);
		put_ports(request, optarg);
		return true;
	case 'o':
		put_secret(request, KNOCK_SEQUENCE_KIND_ONCE, optarg);
		return true;
	case 'd':
		put_secret(request, KNOCK_SEQUENCE_KIND_DERIVED, optarg);
		return true;
	default:
		return false;
	}
}

static bool put_option(struct request *request, int option)
{
	switch (option) {
	case 'F':
		request_add(request, KNOCK_A_KEY_FRESH, NULL, 0, false);
		break;
	case 'u':
		request_add(request, KNOCK_A_KEY_UNBOUND, NULL, 0, false);
		break;
	case 'w':
		request_add_u32(request, KNOCK_A_KEY_WITHIN_SEC, (uint32_t)atol(optarg));
		break;
	case 'n':
		put_u8(request, KNOCK_A_KEY_STEPS, atol(optarg));
		break;
	case 'a':
		put_avoid(request, optarg);
		break;
	case 'N':
		put_u64(request, KNOCK_A_KEY_NUMBER, optarg);
		break;
	case 'A':
		put_u64(request, KNOCK_A_KEY_ARMED, optarg);
		break;
	case 'S':
		request_add_u32(request, KNOCK_A_KEY_SLOT_SEC, (uint32_t)atol(optarg));
		break;
	case 'l':
		request_add(request, KNOCK_A_KEY_LOCATION, optarg, strlen(optarg), false);
		break;
	case 'h':
		put_u8(request, KNOCK_A_KEY_AHEAD, atol(optarg));
		break;
	case 'k':
		request_add_u32(request, KNOCK_A_KEY_SKEW_SEC, (uint32_t)atol(optarg));
		break;
	default:
		return put_kind(request, option);
	}
	return true;
}

static struct part *find_part(struct request *request, int type)
{
	size_t i;

	for (i = 0; i < request->count; i++)
		if (request->part[i].type == type)
			return &request->part[i];
	return NULL;
}

static int send_request(const struct request *request)
{
	struct answer answer = refusal_send(request, NULL);

	if (answer.error)
		fprintf(stderr, "seqkey: refused: %s\n", answer.sentence);
	return answer.error ? 1 : 0;
}

/* The first bytes of each secret are its number. */
static int send_many(struct request *request, const char *name, uint32_t count)
{
	struct part *secret = find_part(request, KNOCK_A_KEY_SECRET);
	struct part *key = find_part(request, KNOCK_A_KEY_NAME);
	int status = 0;
	uint32_t i;

	for (i = 1; i <= count && !status; i++) {
		key->length = (uint16_t)(snprintf((char *)key->data, KNOCK_NAME_SIZE, "%s%u", name,
						  i) + 1);
		if (secret)
			memcpy(secret->data, &i, sizeof(i));
		status = send_request(request);
	}
	return status;
}

static int add_keys(int argc, char **argv)
{
	struct request request = request_make("key-add", KNOCK_CMD_KEY_ADD, argv[2]);
	long action = KNOCK_KEY_ACTION_OPEN, count = 0;
	int option;

	request_add_text(&request, KNOCK_A_KEY_NAME, argv[3], true);
	put_u8(&request, KNOCK_A_KEY_TYPE, KNOCK_KEY_TYPE_SEQUENCE);
	optind = 4;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 'c')
			count = word_number(optarg, 1, 65536);
		else if (option == 'C')
			action = KNOCK_KEY_ACTION_CLOSE;
		else if (!put_option(&request, option))
			return 2;
	}
	put_u8(&request, KNOCK_A_KEY_ACTION, action);
	if (count)
		return send_many(&request, argv[3], (uint32_t)count);
	return send_request(&request);
}

static int arm_key(char **argv)
{
	struct request request = request_make("key-arm", KNOCK_CMD_KEY_ARM, argv[2]);

	request_add_text(&request, KNOCK_A_KEY_NAME, argv[3], true);
	put_u64(&request, KNOCK_A_KEY_ARMED, argv[4]);
	return send_request(&request);
}

int main(int argc, char **argv)
{
	int status = 2;

	if (argc >= 5 && !refusal_connect()) {
		fputs("seqkey: no family `knock' here: is the module loaded?\n", stderr);
		return 1;
	}
	if (argc >= 5 && !strcmp(argv[1], "add"))
		status = add_keys(argc, argv);
	else if (argc == 5 && !strcmp(argv[1], "arm"))
		status = arm_key(argv);
	if (status == 2)
		fputs(usage, stderr);
	return status;
}
