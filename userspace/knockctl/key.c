// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "complain.h"
#include "knockctl.h"
#include "prompt.h"
#include "secret.h"

enum { TYPE, ACTION, GENERATE, SECRET_FILE, WEAK, SKEW, MAX_GRANTS };

const struct option_word add_key_options[] = {
	[TYPE] = { "type", "TYPE", "tumbler" },
	[ACTION] = { "action", "ACTION", "open or close (open)" },
	[GENERATE] = { "generate", NULL,
		       "make a secret and print it, once; so without - or --secret-file" },
	[SECRET_FILE] = { "secret-file", "FILE", "read the secret from a file of mode 0600" },
	[WEAK] = { "weak", NULL, "take a secret that can be guessed" },
	[SKEW] = { "skew", "TIME", "how far the clocks may differ, 0s to 300s (5s)" },
	[MAX_GRANTS] = { "max-grants", "NUMBER", "addresses it may be used from at once (64)" },
	{ NULL, NULL, NULL }
};

/* The default of a door, which a URL need not name. */
#define DEFAULT_KNOCK_PORT 8675

static const char *const types[] = {
	[KNOCK_KEY_TYPE_TUMBLER] = "tumbler",
	[KNOCK_KEY_TYPE_SEALED] = "sealed",
	[KNOCK_KEY_TYPE_SEQUENCE] = "sequence",
};

static const char *const actions[] = {
	[KNOCK_KEY_ACTION_OPEN] = "open",
	[KNOCK_KEY_ACTION_CLOSE] = "close",
};

/**
 * struct new_key - a key to be added
 * @invocation: as typed
 * @action: of enum knock_key_action
 * @generated: the secret was made here, just now
 * @skew: seconds, if --skew was given
 * @max_grants: 0 if not given
 * @knock_port: of its door, for the URL
 * @secret: to be wiped
 */
struct new_key {
	const struct invocation *invocation;
	u8 action;
	bool generated;
	u32 skew;
	u32 max_grants;
	u16 knock_port;
	struct secret secret;
};

static bool parse_names(const struct invocation *invocation, char why[PARSE_WHY_SIZE])
{
	return parse_name("door", invocation->operand[0], why) &&
	       parse_name("key", invocation->operand[1], why);
}

static bool parse_action(const char *text, u8 *action, char why[PARSE_WHY_SIZE])
{
	*action = KNOCK_KEY_ACTION_OPEN;
	if (!text || !strcmp(text, "open"))
		return true;
	*action = KNOCK_KEY_ACTION_CLOSE;
	if (!strcmp(text, "close"))
		return true;
	snprintf(why, PARSE_WHY_SIZE, "`%.64s' is no action, a key's is open or close", text);
	return false;
}

static bool read_options(struct new_key *key)
{
	const struct invocation *invocation = key->invocation;
	const char *const *value = invocation->value;
	char why[PARSE_WHY_SIZE];

	if (parse_names(invocation, why) && parse_action(value[ACTION], &key->action, why) &&
	    (!value[SKEW] || parse_skew(value[SKEW], &key->skew, why)) &&
	    (!value[MAX_GRANTS] || parse_grants(value[MAX_GRANTS], &key->max_grants, why))) {
		if (!strcmp(value[TYPE], "tumbler"))
			return true;
		snprintf(why, sizeof(why),
			 "`%.64s' is no type of key that this version knows, use --type tumbler",
			 value[TYPE]);
	}
	complain("%s", why);
	return false;
}

/* From where the options say, and judged unless --weak. */
static bool get_secret(struct new_key *key)
{
	const char *const *value = key->invocation->value;
	struct secret *secret = &key->secret;
	char why[SECRET_WHY_SIZE];
	bool good;

	if (key->generated) {
		good = secret_generate(secret);
		if (!good)
			complain("no random numbers can be had, so no secret was made; try again");
		return good;
	}
	if (value[SECRET_FILE])
		good = secret_read_file(secret, value[SECRET_FILE], why);
	else if (isatty(STDIN_FILENO))
		good = prompt_secret(secret, "Secret: ", why);
	else
		good = secret_read_descriptor(secret, STDIN_FILENO, why);
	if (good && !value[WEAK])
		good = !secret_is_ambiguous(secret, why) && !secret_is_guessable(secret, why);
	if (!good)
		complain("%s", why);
	return good;
}

static bool put_key(struct nl_msg *message, const struct new_key *key)
{
	const struct invocation *invocation = key->invocation;

	return !nla_put_string(message, KNOCK_A_DOOR_NAME, invocation->operand[0]) &&
	       !nla_put_string(message, KNOCK_A_KEY_NAME, invocation->operand[1]) &&
	       !nla_put_u8(message, KNOCK_A_KEY_TYPE, KNOCK_KEY_TYPE_TUMBLER) &&
	       !nla_put_u8(message, KNOCK_A_KEY_ACTION, key->action) &&
	       !nla_put(message, KNOCK_A_KEY_SECRET, (int)key->secret.length,
			key->secret.bytes) &&
	       (!key->generated || (!nla_put_flag(message, KNOCK_A_KEY_GENERATED) &&
				    !nla_put_flag(message, KNOCK_A_KEY_FRESH))) &&
	       (!invocation->value[SKEW] ||
		!nla_put_u32(message, KNOCK_A_KEY_SKEW_SEC, key->skew)) &&
	       (!key->max_grants ||
		!nla_put_u32(message, KNOCK_A_KEY_MAX_GRANTS, key->max_grants));
}

void add_key_type(struct record *record, const char *name, struct nlattr *attribute)
{
	add_word(record, name, attribute, types, sizeof(types) / sizeof(types[0]));
}

static void add_fingerprint(struct record *record, const char *name, struct nlattr *attribute)
{
	char text[17];
	int i;

	if (!attribute) {
		record_absent(record, name);
		return;
	}
	for (i = 0; i < 8; i++)
		snprintf(text + 2 * i, 3, "%02x", ((const u8 *)nla_data(attribute))[i]);
	record_text(record, name, text);
}

void describe_key(struct record *record, struct nlattr **attributes)
{
	add_text(record, "door", attributes[KNOCK_A_DOOR_NAME]);
	add_text(record, "name", attributes[KNOCK_A_KEY_NAME]);
	add_key_type(record, "type", attributes[KNOCK_A_KEY_TYPE]);
	add_word(record, "action", attributes[KNOCK_A_KEY_ACTION], actions,
		 sizeof(actions) / sizeof(actions[0]));
	add_fingerprint(record, "fingerprint", attributes[KNOCK_A_KEY_FINGERPRINT]);
	add_number(record, "skew", attributes[KNOCK_A_KEY_SKEW_SEC]);
	add_time(record, "accepted_from", attributes[KNOCK_A_KEY_ACCEPTED_FROM]);
	add_time(record, "used", attributes[KNOCK_A_KEY_USED]);
}

/* What the client types, but for the name of the server. */
static void format_url(char *text, size_t size, const struct new_key *key)
{
	int length = (int)key->secret.length;

	if (key->knock_port == DEFAULT_KNOCK_PORT)
		snprintf(text, size, "tumbler://%.*s@HOST/", length, key->secret.bytes);
	else
		snprintf(text, size, "tumbler://%.*s@HOST:%u/", length, key->secret.bytes,
			 key->knock_port);
}

static void print_for_people(const struct new_key *key, struct nlattr **attributes,
			     const char *url)
{
	struct nlattr *from = attributes[KNOCK_A_KEY_ACCEPTED_FROM];
	char time[TIME_TEXT_SIZE];

	if (key->generated) {
		printf("secret  %.*s\n", (int)key->secret.length, key->secret.bytes);
		printf("client  tumbler --open %s\n", url);
		puts("Put your server for HOST. This is shown once and kept nowhere.");
	}
	if (from && nla_get_u64(from)) {
		format_time(time, nla_get_u64(from));
		printf("accepted from %s, since older knocks might be replays\n", time);
	}
}

static void print_added(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct record record = { .count = 0 };
	char secret[SECRET_GENERATED_LENGTH + 1];
	char url[SECRET_GENERATED_LENGTH + 32];
	const struct new_key *key = data;

	(void)header;
	if (key->generated) {
		snprintf(secret, sizeof(secret), "%.*s", (int)key->secret.length,
			 key->secret.bytes);
		format_url(url, sizeof(url), key);
	}
	if (key->invocation->json) {
		describe_key(&record, attributes);
		record_text(&record, "secret", key->generated ? secret : NULL);
		record_text(&record, "url", key->generated ? url : NULL);
		record_print_json(stdout, &record);
		putchar('\n');
		record_clear(&record);
	} else {
		print_for_people(key, attributes, url);
	}
	OPENSSL_cleanse(secret, sizeof(secret));
	OPENSSL_cleanse(url, sizeof(url));
}

static void take_knock_port(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct new_key *key = data;

	(void)header;
	if (attributes[KNOCK_A_DOOR_KNOCK_PORT])
		key->knock_port = nla_get_u16(attributes[KNOCK_A_DOOR_KNOCK_PORT]);
}

static enum outcome get_knock_port(struct new_key *key)
{
	struct netlink netlink;
	struct nl_msg *message;
	bool complete;

	if (!netlink_open(&netlink))
		return REFUSED;
	message = netlink_message(&netlink, KNOCK_CMD_DOOR_GET, 0);
	complete = message && !nla_put_string(message, KNOCK_A_DOOR_NAME,
					      key->invocation->operand[0]);
	return ask(&netlink, message, complete, take_knock_port, key);
}

static enum outcome send_key(struct new_key *key)
{
	struct netlink netlink;
	struct nl_msg *message;
	bool complete;

	/* The port first: once the key is there, nothing may keep its URL from being shown. */
	if (!get_secret(key) || get_knock_port(key) != DONE || !netlink_open(&netlink))
		return REFUSED;
	message = netlink_message(&netlink, KNOCK_CMD_KEY_ADD, 0);
	complete = message && put_key(message, key);
	return ask(&netlink, message, complete, print_added, key);
}

enum outcome add_key(const struct invocation *invocation)
{
	bool from_stdin = invocation->count == 3;
	struct new_key key = { .invocation = invocation, .knock_port = DEFAULT_KNOCK_PORT };
	enum outcome outcome;

	if (!invocation->value[TYPE])
		return usage_error(invocation, "the key's type is not said, add --type tumbler");
	if (from_stdin && strcmp(invocation->operand[2], "-"))
		return usage_error(invocation,
				   "a secret is never taken as an argument, others could see it; use --secret-file, or - for standard input");
	if (from_stdin + !!invocation->value[SECRET_FILE] + !!invocation->value[GENERATE] > 1)
		return usage_error(invocation,
				   "a key has one secret, use one of --generate, --secret-file and -");
	key.generated = !from_stdin && !invocation->value[SECRET_FILE];
	if (!read_options(&key))
		return USAGE;
	outcome = send_key(&key);
	secret_wipe(&key.secret);
	return outcome;
}

enum outcome del_key(const struct invocation *invocation)
{
	char why[PARSE_WHY_SIZE];
	struct netlink netlink;
	struct nl_msg *message;
	bool complete;

	if (!parse_names(invocation, why)) {
		complain("%s", why);
		return USAGE;
	}
	if (!netlink_open(&netlink))
		return REFUSED;
	message = netlink_message(&netlink, KNOCK_CMD_KEY_DEL, 0);
	complete = message &&
		   !nla_put_string(message, KNOCK_A_DOOR_NAME, invocation->operand[0]) &&
		   !nla_put_string(message, KNOCK_A_KEY_NAME, invocation->operand[1]);
	return ask(&netlink, message, complete, NULL, NULL);
}

enum outcome list_keys(const struct invocation *invocation)
{
	return list_objects(invocation, KNOCK_CMD_KEY_GET, describe_key);
}
