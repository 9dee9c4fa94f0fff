// SPDX-License-Identifier: GPL-2.0
/*
 * Another key for this server. What was made of the old one and of clients' public
 * keys is made anew, in the module and in the file together, or nothing is.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "applied.h"
#include "apply.h"
#include "check.h"
#include "complain.h"
#include "config_dir.h"
#include "confirm.h"
#include "knockctl.h"
#include "listing.h"
#include "request.h"
#include "server_key.h"

/**
 * struct rotation - from one key of the server to the next
 * @invocation: as typed
 * @directory: the configuration, locked
 * @is_first: there was no key of the server
 * @old: the key that is
 * @new: the key that shall be
 * @now: doors with paired keys, their secrets made with @old, as far as the module has them
 * @then: the same keys, their secrets made with @new
 * @all: the same as the files have them, whether the module has them or not
 * @applied: what is remembered of the module's keys
 * @plan: what has to be done
 * @done: how much of it was
 * @netlink: to the module
 */
struct rotation {
	const struct invocation *invocation;
	struct config_dir directory;
	bool is_first;
	struct x25519_pair old;
	struct x25519_pair new;
	struct config now;
	struct config then;
	struct config all;
	struct applied applied;
	struct plan plan;
	size_t done;
	struct netlink netlink;
};

/* Of what the files say only paired keys are looked at. */
static void keep_paired(struct config *config)
{
	size_t i, k, left = 0;

	for (i = 0; i < config->doors; i++) {
		struct config_door *door = &config->door[i];
		size_t keys = 0;

		for (k = 0; k < door->keys; k++)
			if (door->key[k].paired)
				door->key[keys++] = door->key[k];
		while (door->keys > keys)
			config_key_del(door, &door->key[door->keys - 1]);
		if (keys)
			config->door[left++] = *door;
		else
			config_door_wipe(door);
	}
	config->doors = left;
}

static bool read_all(struct rotation *rotation)
{
	struct faults faults = { .count = 0 };
	char directory[PATH_MAX];
	bool good = false;

	if (snprintf(directory, sizeof(directory), "%s/" CONFIG_DOORS,
		     rotation->invocation->config) < (int)sizeof(directory))
		good = config_read_all(&rotation->all, directory, &faults);
	if (!good) {
		print_faults(stderr, &faults);
		complain("what is wrong must be mended first, nothing was changed");
	}
	faults_clear(&faults);
	keep_paired(&rotation->all);
	config_sort(&rotation->all);
	return good;
}

static bool out_of_memory(void)
{
	complain("out of memory, nothing was changed; free some and try again");
	return false;
}

/* Return: false with the sentence printed. */
static bool agree(struct config *config, const struct x25519_pair *pair)
{
	size_t i, k;

	for (i = 0; i < config->doors; i++) {
		struct config_door *door = &config->door[i];

		for (k = 0; k < door->keys; k++) {
			if (server_key_agree(&door->key[k], door->name, pair))
				continue;
			complain("the public key of key %s of door %s is no good one, nothing was changed; del-key it",
				 door->key[k].name, door->name);
			return false;
		}
	}
	return true;
}

static bool read_keys(struct rotation *rotation)
{
	const char *config = rotation->invocation->config;
	char why[SERVER_KEY_WHY_SIZE];

	rotation->is_first = !server_key_read(&rotation->old, config, why);
	if (rotation->is_first && errno != ENOENT) {
		complain("%s", why);
		return false;
	}
	if (!x25519_generate(&rotation->new)) {
		complain("no random numbers can be had, so no server key was made; try again");
		return false;
	}
	return rotation->is_first || agree(&rotation->all, &rotation->old);
}

/*
 * The keys of a door that are in the module under the old secret. Return: false with the
 * sentence printed, if there was no memory, or the module has another key of that name.
 */
static bool take_live(struct rotation *rotation, const struct config_door *wanted,
		      struct config_door *live)
{
	struct config_door *door = config_door_add(&rotation->now, wanted->name);
	struct config_key **there = config_key_index(live), **here = config_key_index(wanted);
	bool good = (door && there && here) || out_of_memory();
	size_t i, k = 0;

	for (i = 0; good && i < wanted->keys; i++) {
		unsigned char fingerprint[FINGERPRINT_SIZE];
		struct config_key *key;

		while (k < live->keys && strcmp(there[k]->name, here[i]->name) < 0)
			k++;
		if (k == live->keys || strcmp(there[k]->name, here[i]->name))
			continue;
		if (!rotation->is_first &&
		    (!fingerprint_make(&here[i]->secret, fingerprint) ||
		     memcmp(fingerprint, there[k]->fingerprint, FINGERPRINT_SIZE))) {
			complain("key %s of door %s is another in the module than in its file, nothing was changed; knockctl load first",
				 here[i]->name, wanted->name);
			good = false;
			continue;
		}
		key = config_key_add(door, here[i]->name);
		good = key || out_of_memory();
		if (!key)
			continue;
		*key = *here[i];
		memcpy(key->fingerprint, there[k]->fingerprint, FINGERPRINT_SIZE);
	}
	free(there);
	free(here);
	return good;
}

static bool compare(struct rotation *rotation)
{
	struct config live;
	char why[NETLINK_WHY_SIZE];
	struct config_door *door, *copy;
	bool good = true;
	size_t i;

	if (request_all(&rotation->netlink, &live, why)) {
		complain("%s", why);
		config_wipe(&live);
		return false;
	}
	for (i = 0; i < rotation->all.doors && good; i++) {
		door = config_door_find(&live, rotation->all.door[i].name);
		good = !door || take_live(rotation, &rotation->all.door[i], door);
	}
	config_wipe(&live);
	for (i = 0; i < rotation->now.doors && good; i++) {
		copy = config_door_add(&rotation->then, "");
		good = (copy && config_door_copy(copy, &rotation->now.door[i])) ||
		       out_of_memory();
	}
	return good && agree(&rotation->then, &rotation->new) &&
	       agree(&rotation->all, &rotation->new) &&
	       (plan_make(&rotation->plan, &rotation->now, &rotation->then) ||
		out_of_memory());
}

/* Their secrets are made just now, so nobody can have used them. */
static void refresh(struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->count; i++)
		plan->step[i].fresh = plan->step[i].kind == ADD_KEY;
}

static enum outcome undo(struct rotation *rotation, const char *because)
{
	char why[APPLY_WHY_SIZE];

	if (apply_undo(&rotation->plan, rotation->done, &rotation->netlink, why))
		complain("%s; all is as it was before, less the grants of these keys", because);
	else
		complain("%s; and not all could be taken back: %s; knockctl %s does it",
			 because, why,
			 rotation->is_first ? "rotate-server-key, and then load," : "load");
	server_key_abort(rotation->invocation->config);
	return REFUSED;
}

/* Which keys the module has now; the others of each door are remembered as they were. */
static void note_applied(struct rotation *rotation)
{
	struct config_door noted;
	struct config_key *old;
	bool good = applied_open(&rotation->applied, rotation->invocation->state);
	size_t i, k;

	for (i = 0; i < rotation->then.doors && good; i++) {
		const struct config_door *door = &rotation->then.door[i];

		applied_read(&rotation->applied, door->name, &noted);
		for (k = 0; k < door->keys && good; k++) {
			old = config_key_find(&noted, door->key[k].name);
			if (!old)
				old = config_key_add(&noted, door->key[k].name);
			good = old;
			if (old)
				*old = door->key[k];
		}
		good = good && applied_write(&rotation->applied, &noted);
		config_door_wipe(&noted);
	}
	if (!good)
		applied_complain(&rotation->applied);
	applied_close(&rotation->applied);
}

static void record_client(struct record *record, const struct config_door *door,
			  const struct config_key *key, const char *server)
{
	unsigned char fingerprint[FINGERPRINT_SIZE];
	char digits[FINGERPRINT_TEXT_SIZE];

	if (fingerprint_make(&key->secret, fingerprint))
		fingerprint_format(digits, fingerprint);
	else
		strcpy(digits, "?");
	record_text(record, "door", door->name);
	record_text(record, "key", key->name);
	record_text(record, "fingerprint", digits);
	record_text(record, "server_public_key", server);
}

/* For each client what it needs now. */
static void print_clients(const struct rotation *rotation)
{
	char server[SECRET_BINARY_TEXT_SIZE];
	struct listing listing;
	struct record record;
	size_t i, k;

	base64_encode(server, rotation->new.public_key, X25519_SIZE);
	listing_begin(&listing, rotation->invocation->json);
	for (i = 0; i < rotation->all.doors; i++) {
		const struct config_door *door = &rotation->all.door[i];

		for (k = 0; k < door->keys; k++) {
			record = (struct record){ .count = 0 };
			record_client(&record, door, &door->key[k], server);
			listing_add(&listing, &record);
			record_clear(&record);
		}
	}
	listing_end(&listing);
	if (rotation->invocation->json)
		return;
	printf("server-public-key = %s\n", server);
	if (rotation->all.doors)
		puts("Until then these clients are locked out: for each, knockctl enrol DOOR KEY prints the profile, which tumbler import --force puts in the place of the old; it keeps its private key.");
}

static enum outcome carry_out(struct rotation *rotation)
{
	const char *config = rotation->invocation->config;
	char because[APPLY_WHY_SIZE], why[SERVER_KEY_WHY_SIZE];

	if (!server_key_write_new(&rotation->new, config, why)) {
		complain("%s", why);
		return REFUSED;
	}
	if (!apply_steps(&rotation->plan, &rotation->done, &rotation->netlink, because))
		return undo(rotation, because);
	if (!server_key_commit(config, why)) {
		rotation->done = rotation->plan.count;
		return undo(rotation, why);
	}
	config_dir_take(&rotation->directory);
	note_applied(rotation);
	print_clients(rotation);
	return DONE;
}

static bool lock(struct rotation *rotation)
{
	char why[CONFIG_DIR_WHY_SIZE];

	if (config_dir_lock(&rotation->directory, rotation->invocation->config, true, why) &&
	    config_dir_is_ours(&rotation->directory, why))
		return true;
	complain("%s", why);
	return false;
}

static enum outcome run(struct rotation *rotation)
{
	enum outcome outcome = REFUSED;
	sigset_t before;

	if (!netlink_open(&rotation->netlink))
		return REFUSED;
	if (lock(rotation) && read_all(rotation) && read_keys(rotation) && compare(rotation)) {
		refresh(&rotation->plan);
		confirm_hold_signals(&before);
		outcome = carry_out(rotation);
		/* Those that came meanwhile come now. */
		sigprocmask(SIG_SETMASK, &before, NULL);
	}
	netlink_close(&rotation->netlink);
	return outcome;
}

enum outcome rotate_server_key(const struct invocation *invocation)
{
	struct rotation rotation = { .invocation = invocation, .directory.descriptor = -1,
				     .applied.descriptor = -1 };
	enum outcome outcome = run(&rotation);

	config_dir_unlock(&rotation.directory);
	plan_clear(&rotation.plan);
	config_wipe(&rotation.now);
	config_wipe(&rotation.then);
	config_wipe(&rotation.all);
	x25519_wipe(&rotation.old);
	x25519_wipe(&rotation.new);
	return outcome;
}
