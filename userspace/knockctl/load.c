// SPDX-License-Identifier: GPL-2.0
/*
 * Making the module have what the files say: all is checked first, what is equal
 * is left alone, and what fails is taken back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "applied.h"
#include "apply.h"
#include "check.h"
#include "complain.h"
#include "config_dir.h"
#include "confirm.h"
#include "knockctl.h"
#include "once.h"
#include "request.h"

enum { CONFIRM, VOLATILE };

const struct option_word load_options[] = {
	[CONFIRM] = { "confirm", "TIME", "undo it unless the line yes comes in that time" },
	[VOLATILE] = { "volatile", NULL, "from another network namespace's files" },
	{ NULL, NULL, NULL }
};

/**
 * struct load - files on their way into the module
 * @invocation: as typed
 * @confirm: seconds to wait for a yes, 0 for no waiting
 * @directory: the configuration, locked
 * @wanted: what the files say
 * @live: what the module has
 * @applied: what is remembered of its keys
 * @numbers: where those of once keys are kept, if there are any
 * @plan: what has to be done
 * @done: how much of it was
 * @netlink: to the module
 */
struct load {
	const struct invocation *invocation;
	u32 confirm;
	struct config_dir directory;
	struct config wanted;
	struct config live;
	struct applied applied;
	struct numbers_dir numbers;
	struct plan plan;
	size_t done;
	struct netlink netlink;
};

static bool read_wanted(struct load *load)
{
	struct faults faults = { .count = 0 };
	bool good = read_files(&load->wanted, load->invocation, &faults);

	if (!good)
		print_faults(stderr, &faults);
	if (faults.lost)
		complain("out of memory, nothing was changed; free some and try again");
	else if (!good)
		complain("what is wrong must be mended first, nothing was changed");
	faults_clear(&faults);
	config_sort(&load->wanted);
	return good;
}

static bool lock(struct load *load)
{
	char why[CONFIG_DIR_WHY_SIZE];

	if (config_dir_lock(&load->directory, load->invocation->config, false, why) &&
	    (load->invocation->value[VOLATILE] || config_dir_is_ours(&load->directory, why)))
		return true;
	/* A file alone needs no directory. */
	if (load->invocation->count && load->directory.missing)
		return true;
	complain("%s", why);
	return false;
}

/* Of one file only its door is looked at. */
static void keep_one(struct config *live, const char *name)
{
	size_t i, left = 0;

	for (i = 0; i < live->doors; i++) {
		if (strcmp(live->door[i].name, name))
			config_door_wipe(&live->door[i]);
		else
			live->door[left++] = live->door[i];
	}
	live->doors = left;
}

/* The secrets of keys that we gave the module, by the fingerprints it shows. */
static void recall_keys(const struct applied *applied, struct config_door *door)
{
	struct config_door noted;
	struct config_key **live, **old;
	size_t i, k = 0;

	applied_read(applied, door->name, &noted);
	live = config_key_index(door);
	old = config_key_index(&noted);
	for (i = 0; live && old && i < door->keys; i++) {
		while (k < noted.keys && strcmp(old[k]->name, live[i]->name) < 0)
			k++;
		if (k == noted.keys || strcmp(old[k]->name, live[i]->name) || !old[k]->known ||
		    memcmp(old[k]->fingerprint, live[i]->fingerprint, FINGERPRINT_SIZE))
			continue;
		live[i]->secret = old[k]->secret;
		live[i]->series.ports = old[k]->series.ports;
		live[i]->generated = old[k]->generated;
	}
	free(live);
	free(old);
	config_door_wipe(&noted);
}

static bool read_live(struct load *load)
{
	char why[NETLINK_WHY_SIZE];
	size_t i;

	if (request_all(&load->netlink, &load->live, why)) {
		complain("%s", why);
		return false;
	}
	if (load->invocation->count)
		keep_one(&load->live, load->wanted.door[0].name);
	applied_open(&load->applied, load->invocation->state);
	for (i = 0; i < load->live.doors; i++)
		recall_keys(&load->applied, &load->live.door[i]);
	return true;
}

/* Return: false if --confirm promises what cannot be kept. */
static bool can_be_undone(const struct load *load)
{
	const struct plan *plan = &load->plan;

	if (!load->confirm || plan->final == plan->count)
		return true;
	complain("door %s has a key that is in no file, and could not be brought back; del-key it, or load without --confirm",
		 plan->step[plan->final].door->name);
	return false;
}

static bool has_once(const struct config *config)
{
	size_t i, k;

	for (i = 0; i < config->doors; i++)
		for (k = 0; k < config->door[i].keys; k++)
			if (config_key_is_once(&config->door[i].key[k]))
				return true;
	return false;
}

/* Return: the same key as the module has it, or NULL. */
static const struct config_key *find_live(const struct load *load, const char *name,
					  const struct numbers_entry *entry,
					  const struct config_key *key)
{
	const struct config_door *door = config_door_find(&load->live, name);
	const struct config_key *live = door ? config_key_find(door, key->name) : NULL;

	return live && live->known && config_key_is_once(live) &&
	       !memcmp(live->fingerprint, entry->fingerprint, FINGERPRINT_SIZE) ? live : NULL;
}

/* What the module has of a key whose numbers are lost: no more was ever handed out. */
static bool restore_numbers(const struct load *load, struct numbers_entry *entry,
			    const struct config_key *live)
{
	char why[NUMBERS_WHY_SIZE];

	entry->numbers = (struct numbers){ .handed = live->armed, .mark = live->armed };
	if (numbers_write(&load->numbers, entry, 1, why))
		return true;
	complain("%s", why);
	return false;
}

/*
 * What is kept of a once key. If that is lost, the module may know; if not, nobody knows
 * which numbers were used, and the key stays out.
 */
static bool recall_numbers(const struct load *load, const struct config_door *door,
			   struct config_key *key)
{
	const struct config_key *live;
	struct numbers_entry entry;
	enum numbers_found found;

	if (!config_key_is_once(key))
		return true;
	found = arm_recall(&load->numbers, key, &entry);
	if (found != NUMBERS_GOOD) {
		live = find_live(load, door->name, &entry, key);
		if (live && restore_numbers(load, &entry, live))
			found = NUMBERS_GOOD;
	}
	key->handed = entry.numbers.handed;
	if (found != NUMBERS_BROKEN)
		return true;
	complain("key %s of door %s is left out: what was used of it is not known, since its numbers in %s are lost or damaged; del-key it and add-key it again",
		 key->name, door->name, load->numbers.path);
	return false;
}

static bool is_no_once_key(const struct load *load, const struct config_door *door,
			   struct config_key *key)
{
	(void)load;
	(void)door;
	return !config_key_is_once(key);
}

/* Of what the files say those keys that are good for something. */
static void keep_keys(struct load *load,
		      bool (*is_good)(const struct load *load, const struct config_door *door,
				      struct config_key *key))
{
	size_t i, k;

	for (i = 0; i < load->wanted.doors; i++) {
		struct config_door *door = &load->wanted.door[i];
		size_t left = 0;

		for (k = 0; k < door->keys; k++) {
			struct config_key *key = &door->key[k];

			if (!is_good(load, door, key))
				continue;
			if (left < k)
				door->key[left] = *key;
			left++;
		}
		while (door->keys > left)
			config_key_del(door, &door->key[door->keys - 1]);
	}
}

/* Without a place for their numbers no once key may come, but all others may. */
static bool do_without(struct load *load, const char *why)
{
	if (!has_once(&load->wanted))
		return true;
	if (has_once(&load->live)) {
		complain("%s; nothing was changed", why);
		return false;
	}
	complain("%s; until then all once keys are left out", why);
	keep_keys(load, is_no_once_key);
	return true;
}

static bool read_numbers(struct load *load)
{
	bool wanted = has_once(&load->wanted);
	char why[NUMBERS_WHY_SIZE];

	if (!wanted && !has_once(&load->live))
		return true;
	if (!numbers_open(&load->numbers, load->invocation->state, wanted, why))
		return do_without(load, why);
	if (wanted && !numbers_can_write(&load->numbers, why)) {
		numbers_close(&load->numbers);
		return do_without(load, why);
	}
	keep_keys(load, recall_numbers);
	return true;
}

/*
 * While no door was there nobody could lift a ban, or close what was open. While one was, the
 * module has them, or has them no more for a reason.
 */
static void recall_kept(struct load *load)
{
	struct plan *plan = &load->plan;
	char why[KEEP_WHY_SIZE];

	if (load->invocation->count || load->invocation->value[VOLATILE])
		return;
	plan->state = load->invocation->state;
	if (!(load->live.doors ? bans_forget(plan->state, why) :
				 bans_read(&plan->bans, plan->state, why)))
		complain("%s", why);
	if (!(load->live.doors ? kept_grants_forget(plan->state, why) :
				 kept_grants_read(&plan->grants, plan->state, why)))
		complain("%s", why);
}

static bool prepare(struct load *load)
{
	if (!read_wanted(load) || !read_live(load) || !read_numbers(load))
		return false;
	if (plan_make(&load->plan, &load->live, &load->wanted)) {
		if (load->numbers.descriptor >= 0)
			load->plan.numbers = &load->numbers;
		return can_be_undone(load);
	}
	complain("out of memory, nothing was changed; free some and try again");
	return false;
}

/*
 * Which keys the module has now, of doors whose keys came or went: those of @has.
 * Return: false with errno.
 */
static bool note_applied(const struct load *load, const struct config *has)
{
	const struct config_door *last = NULL, *door;
	bool good = true;
	size_t i;

	for (i = 0; i < load->plan.count; i++) {
		const struct step *step = &load->plan.step[i];

		if (step->kind != ADD_KEY && step->kind != DEL_KEY && step->kind != DEL_DOOR)
			continue;
		door = config_door_find(has, step->door->name);
		if (!door)
			applied_remove(&load->applied, step->door->name);
		/* Steps of a door stand beside each other. */
		else if (door != last)
			good = applied_write(&load->applied, door) && good;
		last = door;
	}
	return good;
}

/* @because is why, in a sentence that is not ended. */
static enum outcome undo(struct load *load, const char *because)
{
	char why[APPLY_WHY_SIZE];

	if (apply_undo(&load->plan, load->done, &load->netlink, why))
		complain("%s; all is as it was before, less the grants of what was deleted for it",
			 because);
	else
		complain("%s; and not all could be taken back: %s", because, why);
	note_applied(load, &load->live);
	return REFUSED;
}

static void print_numbers(const struct load *load)
{
	const size_t *kinds = load->plan.kinds;
	struct record record = { .count = 0 };

	record_number(&record, "doors_added", kinds[ADD_DOOR]);
	record_number(&record, "doors_changed", kinds[SET_DOOR]);
	record_number(&record, "doors_deleted", kinds[DEL_DOOR]);
	record_number(&record, "keys_added", kinds[ADD_KEY] - load->plan.replaced);
	record_number(&record, "keys_replaced", load->plan.replaced);
	record_number(&record, "keys_deleted", kinds[DEL_KEY] - load->plan.replaced);
	record_number(&record, "keys_armed", kinds[ARM_KEY]);
	record_number(&record, "bans", load->plan.bans.restored);
	record_number(&record, "grants", load->plan.grants.restored);
	record_print_json(stdout, &record);
	putchar('\n');
	record_clear(&record);
}

static void print_for_people(const struct load *load)
{
	const size_t *kinds = load->plan.kinds;
	char from[TIME_TEXT_SIZE];
	size_t i;

	if (!load->plan.count) {
		puts("nothing to change");
		return;
	}
	printf("doors: %zu added, %zu changed, %zu deleted; ", kinds[ADD_DOOR], kinds[SET_DOOR],
	       kinds[DEL_DOOR]);
	printf("keys: %zu added, %zu replaced, %zu deleted\n",
	       kinds[ADD_KEY] - load->plan.replaced, load->plan.replaced,
	       kinds[DEL_KEY] - load->plan.replaced);
	if (kinds[ARM_KEY])
		printf("once keys armed in the place of used numbers: %zu\n", kinds[ARM_KEY]);
	if (load->plan.bans.restored)
		printf("bans of before the stop: %zu\n", load->plan.bans.restored);
	if (load->plan.grants.restored)
		printf("grants of before the stop: %zu\n", load->plan.grants.restored);
	for (i = 0; i < load->plan.count; i++) {
		const struct step *step = &load->plan.step[i];

		if (step->kind != ADD_KEY || !step->accepted_from)
			continue;
		format_time(from, step->accepted_from);
		printf("key %s of door %s is accepted from %s, since older knocks might be replays\n",
		       step->key->name, step->door->name, from);
	}
}

static void print_done(const struct load *load)
{
	if (load->invocation->json)
		print_numbers(load);
	else
		print_for_people(load);
	fflush(stdout);
}

static enum outcome carry_out(struct load *load)
{
	char because[APPLY_WHY_SIZE];

	recall_kept(load);
	if (!apply_steps(&load->plan, &load->done, &load->netlink, because))
		return undo(load, because);
	print_done(load);
	if (load->confirm && load->plan.count) {
		fprintf(stderr, "type yes within %u s, or it is undone\n", load->confirm);
		if (!confirm_wait(load->confirm, because))
			return undo(load, because);
	}
	if (load->directory.descriptor >= 0 && !load->invocation->value[VOLATILE])
		config_dir_take(&load->directory);
	if (!note_applied(load, &load->wanted))
		applied_complain(&load->applied);
	return DONE;
}

static enum outcome run(struct load *load)
{
	enum outcome outcome = REFUSED;
	sigset_t before;

	if (!netlink_open(&load->netlink))
		return REFUSED;
	if (lock(load) && prepare(load)) {
		confirm_hold_signals(&before);
		outcome = carry_out(load);
		/* Those that came meanwhile come now. */
		sigprocmask(SIG_SETMASK, &before, NULL);
	}
	netlink_close(&load->netlink);
	return outcome;
}

enum outcome load_files(const struct invocation *invocation)
{
	struct load load = { .invocation = invocation, .directory.descriptor = -1,
			     .applied.descriptor = -1, .numbers.descriptor = -1 };
	const char *confirm = invocation->value[CONFIRM];
	char why[PARSE_WHY_SIZE];
	enum outcome outcome;

	if (confirm && !parse_duration(confirm, &load.confirm, why)) {
		complain("%s", why);
		return USAGE;
	}
	outcome = run(&load);
	config_dir_unlock(&load.directory);
	applied_close(&load.applied);
	numbers_close(&load.numbers);
	plan_clear(&load.plan);
	config_wipe(&load.wanted);
	config_wipe(&load.live);
	return outcome;
}
