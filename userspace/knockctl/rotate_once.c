// SPDX-License-Identifier: GPL-2.0
/*
 * One more sequence for the client of a once key, and all that he may have lost: every
 * number above the one that was used, up to the highest that was ever handed out.
 */
#include <stdio.h>

#include <openssl/crypto.h>

#include "complain.h"
#include "enrol.h"
#include "knockctl.h"
#include "listing.h"
#include "once.h"
#include "port_crypto.h"
#include "request_series.h"
#include "store.h"

enum { SOURCE, HOST };

const struct option_word rotate_options[] = {
	[SOURCE] = { "source", "ADDRESS", "print the ports, for who knocks from there by hand" },
	[HOST] = { "host", "NAME", "what the client calls this server (its own name)" },
	{ NULL, NULL, NULL }
};

/**
 * struct handout - numbers on their way to a client
 * @invocation: as typed
 * @key: as its file has it
 * @live: as the module has it
 * @entry: its numbers
 * @has_source: the ports are wanted
 * @source: from where the client knocks
 */
struct handout {
	const struct invocation *invocation;
	struct config_key *key;
	struct config_key live;
	struct numbers_entry entry;
	bool has_source;
	struct knock_address source;
};

/* Whether ports are printed, and not what tumbler makes them of. */
static bool wants_ports(const struct handout *handout)
{
	return handout->has_source || handout->key->series.unbound;
}

static bool make_ports(const struct handout *handout, const u8 *secret,
		       struct knock_sequence *sequence)
{
	const struct series *series = &handout->key->series;
	const struct knock_derivation derivation = {
		.crypto = &port_crypto,
		.secret = secret,
		.avoid = port_ranges_avoid(&series->avoid),
	};
	u16 ports[KNOCK_DERIVE_STEPS_MAX];
	bool good;
	u8 i;

	good = knock_derive_head(&derivation, ports) == KNOCK_DERIVE_GOOD &&
	       knock_derive_tail(&derivation, series->unbound ? NULL : &handout->source, ports,
				 series->steps) == KNOCK_DERIVE_GOOD;
	sequence->count = good ? series->steps : 0;
	for (i = 0; i < sequence->count; i++)
		sequence->steps[i] = (struct knock_step){ ports[i], KNOCK_STEP_TCP };
	OPENSSL_cleanse(ports, sizeof(ports));
	return good;
}

/* What the client gets of one number, as a text. */
static bool make_text(const struct handout *handout, u64 number,
		      char text[KNOCK_SEQUENCE_TEXT_SIZE])
{
	u8 secret[KNOCK_DERIVE_SECRET_SIZE];
	struct knock_sequence sequence;
	bool good;

	good = knock_derive_once(&port_crypto, handout->key->secret.bytes, number, secret);
	if (good && wants_ports(handout)) {
		good = make_ports(handout, secret, &sequence);
		knock_sequence_format(text, &sequence);
		OPENSSL_cleanse(&sequence, sizeof(sequence));
	} else if (good) {
		base64_encode(text, secret, sizeof(secret));
	}
	OPENSSL_cleanse(secret, sizeof(secret));
	return good;
}

static void print_row(struct listing *listing, const struct handout *handout, u64 number,
		      const char *text)
{
	bool ports = wants_ports(handout);
	struct record record = { .count = 0 };

	record_number(&record, "number", number);
	record_number(&record, "armed", handout->live.armed);
	record_text(&record, "secret", ports ? NULL : text);
	if (ports)
		record_list(&record, "ports", text);
	else
		record_absent(&record, "ports");
	listing_add(listing, &record);
	record_clear(&record);
}

/* From which number on it opens, and then the ports of each. */
static void print_head(const struct handout *handout)
{
	printf("; once key %s of the door %s\n", handout->key->name,
	       handout->invocation->operand[0]);
	enrol_print_armed(handout->live.number, handout->live.armed);
}

/* Without tumbler, or for a program. */
static bool print_numbers(const struct handout *handout)
{
	bool json = handout->invocation->json, good = true;
	char text[KNOCK_SEQUENCE_TEXT_SIZE];
	struct listing listing;
	u64 number;

	if (json)
		listing_begin(&listing, true);
	else
		print_head(handout);
	for (number = handout->live.number + 1; number <= handout->entry.numbers.handed;
	     number++) {
		/* One in more than anybody counts has no sequence. */
		if (!make_text(handout, number, text))
			strcpy(text, "");
		if (json)
			print_row(&listing, handout, number, text);
		else
			printf("%llu  %s\n", (unsigned long long)number, text);
	}
	if (json)
		good = listing_end(&listing);
	OPENSSL_cleanse(text, sizeof(text));
	return good;
}

/* For tumbler, which adds what is new of the profile to its book. */
static bool print_profile(const struct handout *handout, const struct config_door *door)
{
	const struct enrolment enrolment = { .door = door, .key = handout->key,
					     .config = handout->invocation->config,
					     .host = handout->invocation->value[HOST],
					     .used = handout->live.number };
	struct profile profile;
	bool good;

	handout->key->handed = handout->entry.numbers.handed;
	handout->key->armed = handout->live.armed;
	good = enrol_fill(&profile, &enrolment);
	if (good)
		enrol_print(&profile, &enrolment);
	profile_wipe(&profile);
	return good;
}

/* Return: false with the sentence printed. */
static bool find_key(struct handout *handout, struct store *store)
{
	const char *name = handout->invocation->operand[1];

	handout->key = config_key_find(&store->door, name);
	if (!handout->key)
		complain("no file of %s has a key %s of door %s, so its secret is not known here; one that was added with --volatile cannot be rotated, add it again",
			 handout->invocation->config, name, store->door.name);
	else if (!config_key_is_once(handout->key))
		complain("key %s has no numbers, only once keys do; del-key it, and add-key another",
			 name);
	return handout->key && config_key_is_once(handout->key);
}

/* What the module has of it must be what the file has. */
static bool find_live(struct handout *handout, struct store *store)
{
	char why[NETLINK_WHY_SIZE];

	config_key_init(&handout->live, handout->key->name);
	if (request_key(&store->netlink, store->door.name, &handout->live, why)) {
		complain("%s; knockctl load brings what the files have", why);
		return false;
	}
	if (arm_entry(&handout->entry, handout->key) && config_key_is_once(&handout->live) &&
	    !memcmp(handout->live.fingerprint, handout->entry.fingerprint, FINGERPRINT_SIZE))
		return true;
	complain("key %s of door %s is another in the module than in its file; knockctl load first",
		 handout->key->name, store->door.name);
	return false;
}

static bool hand_out(struct handout *handout, struct store *store,
		     const struct numbers_dir *directory)
{
	struct numbers *numbers = &handout->entry.numbers;
	struct config_key *live = &handout->live;
	char why[ONCE_WHY_SIZE];

	/* What is lost on the disk the module may know. */
	if (arm_recall(directory, handout->key, &handout->entry) == NUMBERS_BROKEN)
		*numbers = (struct numbers){ .handed = live->armed, .mark = live->armed };
	numbers_hand_out(numbers, live->number, handout->key->series.depth);
	live->handed = numbers->handed;
	if (numbers_write(directory, &handout->entry, 1, why) &&
	    arm_further(&store->netlink, directory, store->door.name, live, why))
		return true;
	complain("%s", why);
	return false;
}

static enum outcome rotate(struct handout *handout, struct store *store)
{
	struct numbers_dir directory;
	char why[NUMBERS_WHY_SIZE];
	bool good;

	if (!find_key(handout, store) || !find_live(handout, store))
		return REFUSED;
	if (!numbers_open(&directory, handout->invocation->state, true, why)) {
		complain("%s", why);
		return REFUSED;
	}
	good = hand_out(handout, store, &directory);
	numbers_close(&directory);
	if (!good)
		return REFUSED;
	if (handout->invocation->json || wants_ports(handout))
		good = print_numbers(handout);
	else
		good = print_profile(handout, &store->door);
	return good ? DONE : REFUSED;
}

enum outcome rotate_key(const struct invocation *invocation)
{
	struct handout handout = { .invocation = invocation };
	const char *source = invocation->value[SOURCE], *host = invocation->value[HOST];
	enum outcome outcome = REFUSED;
	char why[PARSE_WHY_SIZE];
	struct store store;

	if (!parse_name("door", invocation->operand[0], why) ||
	    !parse_name("key", invocation->operand[1], why) ||
	    (source && !parse_address(source, &handout.source, why)) ||
	    (host && !enrol_host_is_good(host, why))) {
		complain("%s", why);
		return USAGE;
	}
	handout.has_source = source;
	if (store_open(&store, invocation, true, STORE_OLD))
		outcome = rotate(&handout, &store);
	store_close(&store);
	return outcome;
}
