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
#include "once.h"
#include "request.h"
#include "request_series.h"
#include "server_key.h"
#include "store.h"

/* In the place of a number of the module's. */
#define REFUSED_BY_DISK (-1)

const struct option_word add_key_options[] = {
	[KEY_TYPE] = { "type", "TYPE", "tumbler, sealed or sequence" },
	[KEY_ACTION] = { "action", "ACTION", "open or close, of all but sealed (open)" },
	[KEY_STATIC] = { "static", "PORTS", "a sequence that is always the same, 42,196/udp,69" },
	[KEY_ONCE] = { "once", NULL, "sequences that are good once, by random" },
	[KEY_DERIVED] = { "derived", NULL, "sequences that both sides compute, of the time" },
	[KEY_STEPS] = { "steps", "NUMBER", "ports of a once or derived sequence, 7 to 16 (8)" },
	[KEY_WITHIN] = { "within", "TIME", "from the first step to the last, 1s to 300s (10s)" },
	[KEY_AVOID] = { "avoid", "PORTS", "no steps, 22,8000-8010, or none (the door's)" },
	[KEY_DEPTH] = { "depth", "NUMBER", "once sequences handed out ahead, 8 to 60 (16)" },
	[KEY_UNBOUND] = { "unbound", NULL, "once sequences that are good from any address" },
	[KEY_LOCATION] = { "location", "TEXT", "what derived sequences are of, too, 60.17,24.94" },
	[KEY_SLOT] = { "slot", "TIME", "how long a derived one's time is, 30s to 1h (60s)" },
	[KEY_AHEAD] = { "ahead", "NUMBER", "knocks that are good in a slot, 1 to 16 (4)" },
	[KEY_SKEW] = { "skew", "TIME", "how far clocks may differ, 0s to 300s (5s, sealed 90s)" },
	[KEY_MAX_GRANTS] = { "max-grants", "NUMBER",
			     "addresses it may be used from at once (64)" },
	[KEY_FROM] = { "from", "PREFIXES", "take it from there alone, 192.0.2.0/24,2001:db8::/32" },
	[KEY_NOT_AFTER] = { "not-after", "TIME", "take it until then, 2026-12-31, UTC (for ever)" },
	[KEY_PUBLIC_KEY] = { "public-key", "BASE64",
			     "what tumbler pubkey printed, of a client whose key stays there" },
	[KEY_ROAMING] = { "roaming", NULL,
			  "sealed, of clients that do not know their address; needs the agent" },
	[KEY_GENERATE] = { "generate", NULL,
			   "make a secret and print it, once; so without - or --secret-file" },
	[KEY_STRETCH] = { "stretch", NULL,
			  "make the secret of a passphrase, which is asked for or read" },
	[KEY_SECRET_FILE] = { "secret-file", "FILE", "read the secret from a file of mode 0600" },
	[KEY_WEAK] = { "weak", NULL, "take a secret or sequence that can be guessed" },
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

static const char *const kinds[] = {
	[KNOCK_SEQUENCE_KIND_STATIC] = "static",
	[KNOCK_SEQUENCE_KIND_ONCE] = "once",
	[KNOCK_SEQUENCE_KIND_DERIVED] = "derived",
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

/* Whether a secret is read, and not made. */
static bool is_read(const struct invocation *invocation)
{
	return invocation->count == 3 || invocation->value[KEY_SECRET_FILE];
}

/* Return: what is wrong with a key as it was typed, beside what is wrong in files too. */
static const char *find_fault(const struct invocation *invocation, const struct config_key *key)
{
	const char *const *value = invocation->value;

	if (key->type != KNOCK_KEY_TYPE_TUMBLER && value[KEY_STRETCH])
		return "sealed and sequence keys have no passphrase, leave --stretch out";
	if (key->series.kind == KNOCK_SEQUENCE_KIND_STATIC &&
	    (value[KEY_GENERATE] || is_read(invocation)))
		return "a static sequence has no secret but its ports, leave what says one out";
	if (config_key_is_once(key) && is_read(invocation))
		return "nobody brings a once key's secret, leave --secret-file and - out";
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
	/* Which sequence it is says that it is one. */
	if (good && !invocation->value[KEY_TYPE])
		good = config_key_word(key, "type", "sequence", why);
	for (i = 0; i < KEY_GENERATE && good; i++)
		if (invocation->value[i])
			good = config_key_word(key, add_key_options[i].name,
					       add_key_options[i].value ? invocation->value[i] :
									  "yes", why);
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

static enum outcome check_strength(const struct invocation *invocation,
				   const struct config_key *key)
{
	const char *weakness = series_weakness(&key->series);

	if (!weakness || invocation->value[KEY_WEAK])
		return DONE;
	complain("this sequence %s, and whoever sees a static one can repeat it; take 3 ports or more that neither rise nor fall, or --once, each of whose sequences is good once, or say --weak if it is meant so",
		 weakness);
	return REFUSED;
}

void add_key_type(struct record *record, const char *name, struct nlattr *attribute)
{
	add_word(record, name, attribute, types, sizeof(types) / sizeof(types[0]));
}

void add_sequence_kind(struct record *record, const char *name, struct nlattr *attribute)
{
	add_word(record, name, attribute, kinds, sizeof(kinds) / sizeof(kinds[0]));
}

/* Static and once sequences have nothing to do with clocks. */
static void add_skew(struct record *record, const char *name, struct nlattr **attributes)
{
	struct nlattr *kind = attributes[KNOCK_A_KEY_SEQUENCE];
	bool has_none = kind && nla_get_u8(kind) != KNOCK_SEQUENCE_KIND_DERIVED;

	add_number(record, name, has_none ? NULL : attributes[KNOCK_A_KEY_SKEW_SEC]);
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
	add_skew(record, "skew", attributes);
	add_time(record, "accepted_from", attributes[KNOCK_A_KEY_ACCEPTED_FROM]);
	add_time(record, "used", attributes[KNOCK_A_KEY_USED]);
	add_from(record, "from", attributes[KNOCK_A_KEY_FROM]);
	add_time(record, "not_after", attributes[KNOCK_A_KEY_NOT_AFTER]);
	add_sequence_kind(record, "kind", attributes[KNOCK_A_KEY_SEQUENCE]);
	add_number(record, "number", attributes[KNOCK_A_KEY_NUMBER]);
	add_number(record, "armed", attributes[KNOCK_A_KEY_ARMED]);
	add_number(record, "slot", attributes[KNOCK_A_KEY_SLOT]);
	add_flag(record, "roaming", attributes[KNOCK_A_KEY_ROAMING]);
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
	if (!error) {
		if (!new_key_number(key, why))
			return REFUSED_BY_DISK;
		error = request_add_key(&store->netlink, &request, why);
		if (error)
			new_key_unnumber(key);
		return error;
	}
	if (error == ENOENT && store->keep)
		snprintf(why, NETLINK_WHY_SIZE,
			 "door %s has a file, but the module does not have it; knockctl load brings it",
			 store->door.name);
	return error;
}

static int undo_add(struct store *store, void *data, char why[NETLINK_WHY_SIZE])
{
	struct new_key *key = data;

	new_key_unnumber(key);
	return request_del_key(&store->netlink, store->door.name, key->key.name, why);
}

static const struct store_change adding = { STORE_WRITE, ask_add, undo_add };

static enum outcome add_to(struct store *store, struct new_key *key)
{
	struct config_key *kept;

	if (store->keep && !store->exists)
		return store_missing(store);
	if (store->keep && key->key.roaming && !store->door.agent) {
		complain("door %s has no agent, who alone opens to a roaming key; name tumblerd's port with knockctl set-door %s --agent 8676, or leave --roaming out, and behind NAT knock with tumbler --source",
			 store->door.name, store->door.name);
		return REFUSED;
	}
	if (!new_key_agree(key) || !new_key_avoid(key, store))
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

	if (!value[KEY_TYPE] && !value[KEY_STATIC] && !value[KEY_ONCE] && !value[KEY_DERIVED])
		return usage_error(invocation,
				   "the key's type is not said, add --type tumbler or --type sealed, or --once, --derived or --static for a sequence");
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
		key.key.generated = !is_read(invocation) && !key.stretched && !key.key.paired &&
				    key.key.series.kind != KNOCK_SEQUENCE_KIND_STATIC;
		outcome = check_strength(invocation, &key.key);
		if (outcome == DONE)
			outcome = add_new_key(&key);
	}
	OPENSSL_cleanse(&key, sizeof(key));
	return outcome;
}

/* What was used of a once key stays used, should its file ever come back. */
static void end_once_key(struct store *store)
{
	struct config_key live;
	struct numbers_dir directory;
	char why[NETLINK_WHY_SIZE];

	config_key_init(&live, store->invocation->operand[1]);
	if (request_key(&store->netlink, store->invocation->operand[0], &live, why) ||
	    !config_key_is_once(&live) ||
	    !numbers_open(&directory, store->invocation->state, false, why))
		return;
	once_end(&store->netlink, &directory, store->invocation->operand[0], &live);
	numbers_close(&directory);
}

/* @data is the key as the file has it, or NULL. */
static int ask_del(struct store *store, void *data, char why[NETLINK_WHY_SIZE])
{
	int error;

	end_once_key(store);
	error = request_del_key(&store->netlink, store->invocation->operand[0],
				store->invocation->operand[1], why);
	return error == ENOENT && data ? 0 : error;
}

static int undo_del(struct store *store, void *data, char why[NETLINK_WHY_SIZE])
{
	struct key_request request = { .door = store->door.name, .key = data };
	struct numbers_dir directory = { .descriptor = -1 };
	int error = 0;

	if (config_key_is_once(data) &&
	    (!numbers_open(&directory, store->invocation->state, true, why) ||
	     !once_begin(&directory, data, why)))
		error = REFUSED_BY_DISK;
	if (!error)
		error = request_add_key(&store->netlink, &request, why);
	numbers_close(&directory);
	return error;
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
