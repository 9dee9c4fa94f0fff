// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <time.h>

#include <openssl/crypto.h>

#include "applied.h"
#include "complain.h"
#include "enrol.h"
#include "knockctl.h"
#include "new_key.h"
#include "request.h"
#include "server_key.h"
#include "store.h"

const struct option_word add_key_options[] = {
	[KEY_TYPE] = { "type", "TYPE", "tumbler or sealed" },
	[KEY_ACTION] = { "action", "ACTION", "open or close, of tumbler (open)" },
	[KEY_SKEW] = { "skew", "TIME", "how far clocks may differ, 0s to 300s (5s, sealed 90s)" },
	[KEY_MAX_GRANTS] = { "max-grants", "NUMBER",
			     "addresses it may be used from at once (64)" },
	[KEY_FROM] = { "from", "PREFIXES", "take it from there alone, 192.0.2.0/24,2001:db8::/32" },
	[KEY_NOT_AFTER] = { "not-after", "TIME", "take it until then, 2026-12-31, UTC (for ever)" },
	[KEY_PUBLIC_KEY] = { "public-key", "BASE64",
			     "what tumbler pubkey printed, of a client whose key stays there" },
	[KEY_GENERATE] = { "generate", NULL,
			   "make a secret and print it, once; so without - or --secret-file" },
	[KEY_STRETCH] = { "stretch", NULL,
			  "make the secret of a passphrase, which is asked for or read" },
	[KEY_SECRET_FILE] = { "secret-file", "FILE", "read the secret from a file of mode 0600" },
	[KEY_WEAK] = { "weak", NULL, "take a secret that can be guessed" },
	[KEY_ROAMING] = { "roaming", NULL, "for clients that do not know their address" },
	[KEY_HOST] = { "host", "NAME", "what the client calls this server" },
	[KEY_VOLATILE] = { "volatile", NULL, "in the module only, keep it in no file" },
	{ NULL, NULL, NULL }
};

enum { DEL_VOLATILE };

const struct option_word del_key_options[] = {
	[DEL_VOLATILE] = { "volatile", NULL, "in the module only, leave it in its file" },
	{ NULL, NULL, NULL }
};

static const char *const types[] = {
	[KNOCK_KEY_TYPE_TUMBLER] = "tumbler",
	[KNOCK_KEY_TYPE_SEALED] = "sealed",
	[KNOCK_KEY_TYPE_SEQUENCE] = "sequence",
};

static const char *const actions[] = {
	[KNOCK_KEY_ACTION_OPEN] = "open",
	[KNOCK_KEY_ACTION_CLOSE] = "close",
	[KNOCK_KEY_ACTION_BOTH] = "both",
};

static bool parse_names(const struct invocation *invocation, char why[PARSE_WHY_SIZE])
{
	return parse_name("door", invocation->operand[0], why) &&
	       parse_name("key", invocation->operand[1], why);
}

/* Return: what is wrong with a key as it was typed, beside what is wrong in files too. */
static const char *find_fault(const struct invocation *invocation, const struct config_key *key)
{
	bool sealed = key->type == KNOCK_KEY_TYPE_SEALED;

	if (!sealed && invocation->value[KEY_ROAMING])
		return "a tumbler key is bound to an address, leave --roaming out";
	if (sealed && invocation->value[KEY_STRETCH])
		return "a sealed key has 32 random bytes and no passphrase, leave --stretch out";
	if (key->not_after && key->not_after < (u64)time(NULL))
		return "--not-after is past, so the key would be refused from the beginning";
	if (key->paired && invocation->value[KEY_VOLATILE])
		return "a key with --public-key lives by its file, leave --volatile out";
	return config_key_fault(key);
}

static bool read_options(const struct invocation *invocation, struct config_key *key)
{
	const char *host = invocation->value[KEY_HOST], *fault;
	char why[PARSE_WHY_SIZE];
	bool good;
	int i;

	good = parse_names(invocation, why) && (!host || enrol_host_is_good(host, why));
	for (i = 0; i < KEY_GENERATE && good; i++)
		if (invocation->value[i])
			good = config_key_word(key, add_key_options[i].name, invocation->value[i],
					       why);
	if (good) {
		fault = find_fault(invocation, key);
		good = !fault;
		snprintf(why, sizeof(why), "%s", fault ? fault : "");
		config_key_settle(key);
	}
	if (!good)
		complain("%s", why);
	return good;
}

void add_key_type(struct record *record, const char *name, struct nlattr *attribute)
{
	add_word(record, name, attribute, types, sizeof(types) / sizeof(types[0]));
}

static void add_fingerprint(struct record *record, const char *name, struct nlattr *attribute)
{
	char text[FINGERPRINT_TEXT_SIZE];

	if (attribute)
		fingerprint_format(text, nla_data(attribute));
	record_text(record, name, attribute ? text : NULL);
}

static void add_from(struct record *record, const char *name, struct nlattr *attribute)
{
	char text[PREFIXES_MAX * (PREFIX_TEXT_SIZE + 1)] = "";
	struct prefix_list list = { .count = 0 };
	size_t i;

	if (attribute)
		request_take_from(&list, attribute);
	for (i = 0; i < list.count; i++) {
		if (i)
			strcat(text, ",");
		format_prefix(text + strlen(text), &list.prefix[i]);
	}
	record_list(record, name, text);
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
	add_from(record, "from", attributes[KNOCK_A_KEY_FROM]);
	add_time(record, "not_after", attributes[KNOCK_A_KEY_NOT_AFTER]);
}

static void take_added(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct new_key *key = data;

	(void)header;
	describe_key(&key->added, attributes);
	if (attributes[KNOCK_A_KEY_ACCEPTED_FROM])
		key->accepted_from = nla_get_u64(attributes[KNOCK_A_KEY_ACCEPTED_FROM]);
}

static int ask_add(struct store *store, void *data, char why[NETLINK_WHY_SIZE])
{
	struct new_key *key = data;
	struct key_request request = { .door = store->door.name, .key = &key->key,
				       .fresh = key->fresh, .reply = take_added, .data = key };
	int error;

	/* The door first: once the key is there, nothing may keep its secret from being shown. */
	error = request_door(&store->netlink, store->door.name, &key->door, why);
	if (!error)
		return request_add_key(&store->netlink, &request, why);
	if (error == ENOENT && store->keep)
		snprintf(why, NETLINK_WHY_SIZE,
			 "door %s has a file, but the module does not have it; knockctl load brings it",
			 store->door.name);
	return error;
}

static int undo_add(struct store *store, void *data, char why[NETLINK_WHY_SIZE])
{
	const struct new_key *key = data;

	return request_del_key(&store->netlink, store->door.name, key->key.name, why);
}

static const struct store_change adding = { STORE_WRITE, ask_add, undo_add };

static enum outcome add_to(struct store *store, struct new_key *key)
{
	struct config_key *kept;

	if (store->keep && !store->exists)
		return store_missing(store);
	if (!new_key_agree(key))
		return REFUSED;
	if (config_key_find(&store->door, key->key.name)) {
		complain("%s has a key %s already, give this one another name, or del-key that one",
			 store->path, key->key.name);
		return REFUSED;
	}
	kept = config_key_add(&store->door, key->key.name);
	if (!kept) {
		complain("out of memory, nothing was changed; free some and try again");
		return REFUSED;
	}
	*kept = key->key;
	return store_run(store, &adding, key);
}

static enum outcome add_new_key(struct new_key *key)
{
	const struct invocation *invocation = key->invocation;
	bool keep = !invocation->value[KEY_VOLATILE];
	enum outcome outcome = REFUSED;
	struct store store;

	/* A secret is asked for before others are kept waiting. */
	if (!new_key_get_secret(key))
		return REFUSED;
	if (store_open(&store, invocation, keep, STORE_OLD))
		outcome = add_to(&store, key);
	if (outcome == DONE) {
		if (keep)
			applied_add_key(invocation->state, store.door.name, &key->key);
		new_key_print(key, keep ? store.path : NULL);
	}
	store_close(&store);
	record_clear(&key->added);
	return outcome;
}

static void key_init(struct new_key *key, const struct invocation *invocation)
{
	*key = (struct new_key){ .invocation = invocation };
	config_door_init(&key->door, invocation->operand[0]);
	config_key_init(&key->key, invocation->operand[1]);
}

/* What cannot be, whatever the values of the options. Return: DONE if there is nothing. */
static enum outcome check_usage(const struct invocation *invocation)
{
	bool from_stdin = invocation->count == 3;
	const char *const *value = invocation->value;

	if (!value[KEY_TYPE])
		return usage_error(invocation,
				   "the key's type is not said, add --type tumbler or --type sealed");
	if (from_stdin && strcmp(invocation->operand[2], "-"))
		return usage_error(invocation,
				   "a secret is never taken as an argument, others could see it; use --secret-file, or - for standard input");
	if (value[KEY_STRETCH] && value[KEY_GENERATE])
		return usage_error(invocation,
				   "what is generated needs no stretching, leave one of the two out");
	if (from_stdin + !!value[KEY_SECRET_FILE] + !!value[KEY_GENERATE] +
	    !!value[KEY_PUBLIC_KEY] > 1)
		return usage_error(invocation,
				   "a key has one secret, use one of --generate, --secret-file, --public-key and -");
	return DONE;
}

/* Until there is an agent that opens the door after a handshake. */
static enum outcome refuse_roaming(void)
{
	complain("a roaming key needs an agent on this server, and there is none yet; leave --roaming out, and behind NAT knock with tumbler --source");
	return REFUSED;
}

enum outcome add_key(const struct invocation *invocation)
{
	enum outcome outcome = check_usage(invocation);
	struct new_key key;

	if (outcome != DONE)
		return outcome;
	outcome = USAGE;
	key_init(&key, invocation);
	key.stretched = invocation->value[KEY_STRETCH];
	if (read_options(invocation, &key.key)) {
		key.key.generated = invocation->count < 3 && !key.stretched &&
				    !invocation->value[KEY_SECRET_FILE] && !key.key.paired;
		outcome = invocation->value[KEY_ROAMING] ? refuse_roaming() : add_new_key(&key);
	}
	OPENSSL_cleanse(&key, sizeof(key));
	return outcome;
}

/* @data is the key as the file has it, or NULL. */
static int ask_del(struct store *store, void *data, char why[NETLINK_WHY_SIZE])
{
	int error = request_del_key(&store->netlink, store->invocation->operand[0],
				    store->invocation->operand[1], why);

	return error == ENOENT && data ? 0 : error;
}

static int undo_del(struct store *store, void *data, char why[NETLINK_WHY_SIZE])
{
	struct key_request request = { .door = store->door.name, .key = data };

	return request_add_key(&store->netlink, &request, why);
}

static const struct store_change deleting = { STORE_WRITE, ask_del, undo_del };

static enum outcome delete_from(struct store *store)
{
	char why[SERVER_KEY_WHY_SIZE];
	struct config_key *kept, gone;
	struct x25519_pair pair;
	enum outcome outcome;

	kept = config_key_find(&store->door, store->invocation->operand[1]);
	if (!kept) {
		/* What was added with --volatile is in the module alone. */
		store->keep = false;
		return store_run(store, &deleting, NULL);
	}
	gone = *kept;
	/* Should it have to be brought back; without the server's key it cannot be. */
	if (gone.paired && server_key_read(&pair, store->invocation->config, why)) {
		server_key_agree(&gone, store->door.name, &pair);
		x25519_wipe(&pair);
	}
	config_key_del(&store->door, kept);
	outcome = store_run(store, &deleting, &gone);
	OPENSSL_cleanse(&gone, sizeof(gone));
	return outcome;
}

enum outcome del_key(const struct invocation *invocation)
{
	bool keep = !invocation->value[DEL_VOLATILE];
	enum outcome outcome = REFUSED;
	char why[PARSE_WHY_SIZE];
	struct store store;

	if (!parse_names(invocation, why)) {
		complain("%s", why);
		return USAGE;
	}
	if (store_open(&store, invocation, keep, STORE_OLD))
		outcome = delete_from(&store);
	if (outcome == DONE && keep)
		applied_del_key(invocation->state, invocation->operand[0], invocation->operand[1]);
	store_close(&store);
	return outcome;
}

enum outcome list_keys(const struct invocation *invocation)
{
	return list_objects(invocation, KNOCK_CMD_KEY_GET, describe_key);
}
