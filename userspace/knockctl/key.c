// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "applied.h"
#include "complain.h"
#include "knockctl.h"
#include "prompt.h"
#include "request.h"
#include "secret.h"
#include "store.h"
#include "stretch.h"

enum { TYPE, ACTION, SKEW, MAX_GRANTS, GENERATE, STRETCH, SECRET_FILE, WEAK, VOLATILE };

/* The first ones, up to --generate, are words of a key's section too. */
const struct option_word add_key_options[] = {
	[TYPE] = { "type", "TYPE", "tumbler" },
	[ACTION] = { "action", "ACTION", "open or close (open)" },
	[SKEW] = { "skew", "TIME", "how far the clocks may differ, 0s to 300s (5s)" },
	[MAX_GRANTS] = { "max-grants", "NUMBER", "addresses it may be used from at once (64)" },
	[GENERATE] = { "generate", NULL,
		       "make a secret and print it, once; so without - or --secret-file" },
	[STRETCH] = { "stretch", NULL,
		      "make the secret of a passphrase, which is asked for or read" },
	[SECRET_FILE] = { "secret-file", "FILE", "read the secret from a file of mode 0600" },
	[WEAK] = { "weak", NULL, "take a secret that can be guessed" },
	[VOLATILE] = { "volatile", NULL, "in the module only, keep it in no file" },
	{ NULL, NULL, NULL }
};

enum { DEL_VOLATILE };

const struct option_word del_key_options[] = {
	[DEL_VOLATILE] = { "volatile", NULL, "in the module only, leave it in its file" },
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
	[KNOCK_KEY_ACTION_BOTH] = "both",
};

/**
 * struct new_key - a key to be added
 * @invocation: as typed
 * @key: the key; to be wiped
 * @stretched: its secret was made of a passphrase and @salt, just now
 * @salt: for the URL
 * @knock_port: of its door, for the URL
 * @added: the key as the module describes it
 * @accepted_from: when it is guarded, else 0
 */
struct new_key {
	const struct invocation *invocation;
	struct config_key key;
	bool stretched;
	struct salt salt;
	u16 knock_port;
	struct record added;
	uint64_t accepted_from;
};

static bool parse_names(const struct invocation *invocation, char why[PARSE_WHY_SIZE])
{
	return parse_name("door", invocation->operand[0], why) &&
	       parse_name("key", invocation->operand[1], why);
}

static bool read_options(const struct invocation *invocation, struct config_key *key)
{
	char why[PARSE_WHY_SIZE];
	bool good;
	int i;

	good = parse_names(invocation, why);
	for (i = 0; i < GENERATE && good; i++)
		if (invocation->value[i])
			good = config_key_word(key, add_key_options[i].name, invocation->value[i],
					       why);
	if (!good)
		complain("%s", why);
	return good;
}

/* Twice, since nobody sees what he types. */
static bool prompt_passphrase(struct secret *secret, char why[SECRET_WHY_SIZE])
{
	struct secret again;
	bool good;

	good = prompt_secret(secret, "Passphrase: ", why) &&
	       prompt_secret(&again, "The same again: ", why);
	if (good && (again.length != secret->length ||
		     CRYPTO_memcmp(again.bytes, secret->bytes, secret->length))) {
		snprintf(why, SECRET_WHY_SIZE, "the passphrases differ, try again");
		good = false;
	}
	secret_wipe(&again);
	return good;
}

/* From where the options say. */
static bool read_secret(const struct new_key *key, struct secret *secret,
			char why[SECRET_WHY_SIZE])
{
	const struct invocation *invocation = key->invocation;

	if (invocation->value[SECRET_FILE])
		return secret_read_file(secret, invocation->value[SECRET_FILE], why);
	if (key->stretched && (invocation->count < 3 || isatty(STDIN_FILENO)))
		return prompt_passphrase(secret, why);
	if (isatty(STDIN_FILENO))
		return prompt_secret(secret, "Secret: ", why);
	return secret_read_descriptor(secret, STDIN_FILENO, why);
}

/* A stretched one begins with a letter of no address. */
static bool is_good(const struct new_key *key, const struct secret *secret,
		    char why[SECRET_WHY_SIZE])
{
	if (key->stretched)
		return !secret_is_guessable_stretched(secret, why);
	return !secret_is_ambiguous(secret, why) && !secret_is_guessable(secret, why);
}

/* Generated, or read, judged unless --weak, and stretched where that is asked for. */
static bool get_secret(struct new_key *key)
{
	const char *const *value = key->invocation->value;
	struct secret *secret = &key->key.secret;
	char why[SECRET_WHY_SIZE];
	bool good;

	if ((key->key.generated && !secret_generate(secret)) ||
	    (key->stretched && !salt_generate(&key->salt))) {
		complain("no random numbers can be had, so no secret was made; try again");
		return false;
	}
	if (key->key.generated)
		return true;
	good = read_secret(key, secret, why) && (value[WEAK] || is_good(key, secret, why)) &&
	       (!key->stretched || stretch(secret, &key->salt, why));
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
	const struct secret *secret = &key->key.secret;
	char salt[SALT_TEXT_SIZE], port[8] = "";

	if (key->knock_port != DEFAULT_KNOCK_PORT)
		snprintf(port, sizeof(port), ":%u", key->knock_port);
	salt_format(salt, &key->salt);
	if (key->stretched)
		snprintf(text, size, "tumbler://HOST%s/?stretch=%s", port, salt);
	else
		snprintf(text, size, "tumbler://%.*s@HOST%s/", (int)secret->length,
			 secret->bytes, port);
}

static void print_for_people(const struct new_key *key, const char *file, const char *url)
{
	char time[TIME_TEXT_SIZE];

	if (key->key.generated) {
		printf("secret  %.*s\n", (int)key->key.secret.length, key->key.secret.bytes);
		printf("client  tumbler --open %s\n", url);
		printf("Put your server for HOST. This is shown once%s%s.\n",
		       file ? ", and kept in " : " and kept nowhere", file ? file : "");
	}
	if (key->stretched) {
		printf("client  tumbler --open '%s'\n", url);
		puts("Put your server for HOST. It asks for the passphrase; the URL is shown once.");
	}
	if (key->accepted_from) {
		format_time(time, key->accepted_from);
		printf("accepted from %s, since older knocks might be replays\n", time);
	}
}

static void print_added(struct new_key *key, const char *file)
{
	char secret[SECRET_GENERATED_LENGTH + 1];
	char url[SECRET_GENERATED_LENGTH + 32];
	bool generated = key->key.generated;

	if (generated)
		snprintf(secret, sizeof(secret), "%.*s", (int)key->key.secret.length,
			 key->key.secret.bytes);
	if (generated || key->stretched)
		format_url(url, sizeof(url), key);
	if (key->invocation->json) {
		record_text(&key->added, "secret", generated ? secret : NULL);
		record_text(&key->added, "url", generated || key->stretched ? url : NULL);
		record_print_json(stdout, &key->added);
		putchar('\n');
	} else {
		print_for_people(key, file, url);
	}
	OPENSSL_cleanse(secret, sizeof(secret));
	OPENSSL_cleanse(url, sizeof(url));
}

static void take_added(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct new_key *key = data;

	(void)header;
	describe_key(&key->added, attributes);
	if (attributes[KNOCK_A_KEY_ACCEPTED_FROM])
		key->accepted_from = nla_get_u64(attributes[KNOCK_A_KEY_ACCEPTED_FROM]);
}

static void take_knock_port(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct new_key *key = data;

	(void)header;
	if (attributes[KNOCK_A_DOOR_KNOCK_PORT])
		key->knock_port = nla_get_u16(attributes[KNOCK_A_DOOR_KNOCK_PORT]);
}

static int ask_knock_port(struct store *store, struct new_key *key, char why[NETLINK_WHY_SIZE])
{
	struct nl_msg *message = netlink_message(&store->netlink, KNOCK_CMD_DOOR_GET, 0);

	if (message && nla_put_string(message, KNOCK_A_DOOR_NAME, store->door.name)) {
		nlmsg_free(message);
		message = NULL;
	}
	return netlink_try(&store->netlink, message, take_knock_port, key, why);
}

static int ask_add(struct store *store, void *data, char why[NETLINK_WHY_SIZE])
{
	struct new_key *key = data;
	struct key_request request = { .door = store->door.name, .key = &key->key,
				       .fresh = key->key.generated || key->stretched,
				       .reply = take_added, .data = key };
	int error;

	/* The port first: once the key is there, nothing may keep its URL from being shown. */
	error = ask_knock_port(store, key, why);
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
	bool keep = !invocation->value[VOLATILE];
	enum outcome outcome = REFUSED;
	struct store store;

	/* A secret is asked for before others are kept waiting. */
	if (!get_secret(key))
		return REFUSED;
	if (store_open(&store, invocation, keep, STORE_OLD))
		outcome = add_to(&store, key);
	if (outcome == DONE) {
		if (keep)
			applied_add_key(invocation->state, store.door.name, &key->key);
		print_added(key, keep ? store.path : NULL);
	}
	store_close(&store);
	record_clear(&key->added);
	return outcome;
}

static void key_init(struct new_key *key, const struct invocation *invocation)
{
	*key = (struct new_key){ .invocation = invocation, .knock_port = DEFAULT_KNOCK_PORT };
	config_key_init(&key->key, invocation->operand[1]);
}

enum outcome add_key(const struct invocation *invocation)
{
	bool from_stdin = invocation->count == 3;
	enum outcome outcome = USAGE;
	struct new_key key;

	if (!invocation->value[TYPE])
		return usage_error(invocation, "the key's type is not said, add --type tumbler");
	if (from_stdin && strcmp(invocation->operand[2], "-"))
		return usage_error(invocation,
				   "a secret is never taken as an argument, others could see it; use --secret-file, or - for standard input");
	if (invocation->value[STRETCH] && invocation->value[GENERATE])
		return usage_error(invocation,
				   "what is generated needs no stretching, leave one of the two out");
	if (from_stdin + !!invocation->value[SECRET_FILE] + !!invocation->value[GENERATE] > 1)
		return usage_error(invocation,
				   "a key has one secret, use one of --generate, --secret-file and -");
	key_init(&key, invocation);
	key.stretched = invocation->value[STRETCH];
	key.key.generated = !from_stdin && !invocation->value[SECRET_FILE] && !key.stretched;
	if (read_options(invocation, &key.key))
		outcome = add_new_key(&key);
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
	struct config_key *kept, gone;
	enum outcome outcome;

	kept = config_key_find(&store->door, store->invocation->operand[1]);
	if (!kept) {
		/* What was added with --volatile is in the module alone. */
		store->keep = false;
		return store_run(store, &deleting, NULL);
	}
	gone = *kept;
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
