// SPDX-License-Identifier: GPL-2.0
/*
 * What has to be done so that the module has what the files say: what is equal is
 * not touched, and keeps its grants.
 */
#include <stdlib.h>
#include <string.h>

#include "plan.h"

/**
 * struct door_pair - a door by its name
 * @live: as it is, or NULL
 * @wanted: as it shall be, or NULL
 */
struct door_pair {
	struct config_door *live;
	struct config_door *wanted;
};

struct key_pair {
	struct config_key *live;
	struct config_key *wanted;
};

static void add_step(struct plan *plan, enum step_kind kind, struct config_door *door,
		     struct config_key *key)
{
	size_t room = plan->room ? 2 * plan->room : 64;
	struct step *step = plan->step;

	if (plan->count == plan->room) {
		step = reallocarray(plan->step, room, sizeof(*step));
		if (!step) {
			plan->lost = true;
			return;
		}
		plan->step = step;
		plan->room = room;
	}
	step[plan->count++] = (struct step){ .kind = kind, .door = door, .key = key };
	plan->kinds[kind]++;
}

static bool same_marks(const struct config_door *a, const struct config_door *b)
{
	return a->mark.value == b->mark.value && a->mark.mask == b->mark.mask;
}

/* The agent's port is one of them, whether it is listed or not. */
static bool same_services(const struct config_door *a, const struct config_door *b)
{
	struct service_list x, y;

	config_door_services(a, &x);
	config_door_services(b, &y);
	return x.count == y.count &&
	       !memcmp(x.service, y.service, x.count * sizeof(x.service[0]));
}

static bool same_door(const struct config_door *a, const struct config_door *b)
{
	return same_services(a, b) &&
	       a->open_for == b->open_for && a->knock_port == b->knock_port &&
	       a->max_grants == b->max_grants && a->blacklist_for == b->blacklist_for &&
	       a->agent == b->agent &&
	       same_marks(a, b);
}

static bool same_secret(const struct secret *a, const struct secret *b)
{
	return a->length && a->length == b->length && !memcmp(a->bytes, b->bytes, a->length);
}

/*
 * Whether the module's key has this secret. It shows a fingerprint of it if it
 * was generated, or has 32 bytes, else a random number: then we must have noted
 * which secret it was.
 */
static bool has_secret(struct config_key *live, const struct config_key *wanted)
{
	u8 fingerprint[FINGERPRINT_SIZE];
	bool generated;

	/* Its ports, which are all that it has, are compared with the rest. */
	if (wanted->series.kind == KNOCK_SEQUENCE_KIND_STATIC)
		return true;
	if (!fingerprint_make(&wanted->secret, fingerprint))
		return false;
	generated = !memcmp(fingerprint, live->fingerprint, sizeof(fingerprint));
	/* Now we know it, and could give it back. */
	if (generated) {
		live->secret = wanted->secret;
		live->generated = live->type == KNOCK_KEY_TYPE_TUMBLER;
	}
	if (config_key_has_binary_secret(live))
		return generated;
	return generated == wanted->generated && same_secret(&live->secret, &wanted->secret);
}

static bool has_prefix(const struct prefix_list *list, const struct prefix *prefix)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (list->prefix[i].length == prefix->length &&
		    knock_address_equal(&list->prefix[i].address, &prefix->address))
			return true;
	return false;
}

static bool has_all(const struct prefix_list *list, const struct prefix_list *others)
{
	size_t i;

	for (i = 0; i < others->count && has_prefix(list, &others->prefix[i]); i++)
		;
	return i == others->count;
}

/* The module has prefixes in an order of its own, and each once. */
static bool same_limits(const struct config_key *a, const struct config_key *b)
{
	return a->max_grants == b->max_grants && a->not_after == b->not_after &&
	       a->roaming == b->roaming &&
	       has_all(&a->from, &b->from) && has_all(&b->from, &a->from);
}

/* Static and once sequences have nothing to do with clocks. */
static bool same_skew(const struct config_key *a, const struct config_key *b)
{
	return a->skew == b->skew || (a->series.kind &&
				      a->series.kind != KNOCK_SEQUENCE_KIND_DERIVED);
}

static bool same_key(struct config_key *live, struct config_key *wanted)
{
	/* The secret first, for what it finds out. */
	return has_secret(live, wanted) && live->type == wanted->type &&
	       live->action == wanted->action && series_equal(&live->series, &wanted->series) &&
	       same_skew(live, wanted) && same_limits(live, wanted);
}

static bool all_known(const struct config_door *door)
{
	size_t i;

	for (i = 0; i < door->keys && config_key_is_known(&door->key[i]); i++)
		;
	return i == door->keys;
}

/**
 * struct keys - the keys of a door, of both sides
 * @live: by name; NULL if there was no memory
 * @wanted: by name
 * @pair: one of each name
 * @count: how many
 */
struct keys {
	struct config_key **live;
	struct config_key **wanted;
	struct key_pair *pair;
	size_t count;
};

static void keys_clear(struct keys *keys)
{
	free(keys->live);
	free(keys->wanted);
	free(keys->pair);
}

/* Both are in the order of names, so one walk over them finds who belongs together. */
static bool keys_match(struct keys *keys, const struct config_door *live,
		       const struct config_door *wanted)
{
	size_t i = 0, k = 0;

	keys->count = 0;
	keys->live = config_key_index(live);
	keys->wanted = config_key_index(wanted);
	keys->pair = calloc(live->keys + wanted->keys + 1, sizeof(*keys->pair));
	if (!keys->live || !keys->wanted || !keys->pair)
		return false;
	while (i < live->keys || k < wanted->keys) {
		struct key_pair *pair = &keys->pair[keys->count++];
		int order = i == live->keys ? 1 : k == wanted->keys ? -1 :
			    strcmp(keys->live[i]->name, keys->wanted[k]->name);

		if (order <= 0)
			pair->live = keys->live[i++];
		if (order >= 0)
			pair->wanted = keys->wanted[k++];
	}
	return true;
}

/* What stays as it is gets the fingerprint, so that it is noted for the next time. */
static void forget_equal(struct keys *keys)
{
	size_t i, left = 0;

	for (i = 0; i < keys->count; i++) {
		struct key_pair *pair = &keys->pair[i];

		if (pair->live && pair->wanted && same_key(pair->live, pair->wanted)) {
			pair->wanted->known = true;
			memcpy(pair->wanted->fingerprint, pair->live->fingerprint,
			       FINGERPRINT_SIZE);
			pair->wanted->number = pair->live->number;
			pair->wanted->armed = pair->live->armed;
			continue;
		}
		keys->pair[left++] = *pair;
	}
	keys->count = left;
}

/**
 * struct difference - between all doors
 * @pair: doors, one of each name
 * @keys: of each pair, those that differ
 * @count: how many
 */
struct difference {
	struct door_pair *pair;
	struct keys *keys;
	size_t count;
};

static void difference_clear(struct difference *difference)
{
	size_t i;

	for (i = 0; i < difference->count; i++)
		keys_clear(&difference->keys[i]);
	free(difference->keys);
	free(difference->pair);
}

static bool match_doors(struct difference *difference, struct config *live,
			struct config *wanted)
{
	size_t i = 0, k = 0, room = live->doors + wanted->doors + 1;

	difference->pair = calloc(room, sizeof(*difference->pair));
	difference->keys = calloc(room, sizeof(*difference->keys));
	if (!difference->pair || !difference->keys)
		return false;
	while (i < live->doors || k < wanted->doors) {
		struct door_pair *pair = &difference->pair[difference->count++];
		int order = i == live->doors ? 1 : k == wanted->doors ? -1 :
			    strcmp(live->door[i].name, wanted->door[k].name);

		if (order <= 0)
			pair->live = &live->door[i++];
		if (order >= 0)
			pair->wanted = &wanted->door[k++];
	}
	return true;
}

static bool match_keys(struct difference *difference)
{
	static const struct config_door none;
	size_t i;

	for (i = 0; i < difference->count; i++) {
		const struct door_pair *pair = &difference->pair[i];

		if (!keys_match(&difference->keys[i], pair->live ? pair->live : &none,
				pair->wanted ? pair->wanted : &none))
			return false;
		forget_equal(&difference->keys[i]);
	}
	return true;
}

/*
 * First what is deleted: new keys may have its secrets, new doors its marks, and there
 * are so many and no more.
 */
static void plan_deletions(struct plan *plan, const struct difference *difference)
{
	size_t i, k;

	for (i = 0; i < difference->count; i++) {
		const struct door_pair *pair = &difference->pair[i];
		const struct keys *keys = &difference->keys[i];

		if (pair->live && !pair->wanted && all_known(pair->live))
			add_step(plan, DEL_DOOR, pair->live, NULL);
		for (k = 0; k < keys->count && pair->live && pair->wanted; k++)
			if (keys->pair[k].live && config_key_is_known(keys->pair[k].live))
				add_step(plan, DEL_KEY, pair->live, keys->pair[k].live);
	}
}

static void plan_doors(struct plan *plan, const struct difference *difference)
{
	const struct door_pair *pair;
	size_t i;

	for (i = 0; i < difference->count; i++) {
		pair = &difference->pair[i];
		if (pair->live && pair->wanted && pair->live->mark.mask &&
		    !same_marks(pair->live, pair->wanted))
			add_step(plan, UNMARK_DOOR, pair->live, NULL);
	}
	for (i = 0; i < difference->count; i++) {
		pair = &difference->pair[i];
		if (!pair->wanted || (pair->live && same_door(pair->live, pair->wanted)))
			continue;
		config_door_say_all(pair->wanted);
		add_step(plan, pair->live ? SET_DOOR : ADD_DOOR, pair->wanted, NULL);
		if (!plan->lost)
			plan->step[plan->count - 1].before = pair->live;
	}
}

static bool waits(const struct key_pair *pair)
{
	return pair->live && !config_key_is_known(pair->live);
}

static void plan_keys(struct plan *plan, const struct difference *difference)
{
	size_t i, k;

	for (i = 0; i < difference->count; i++) {
		const struct keys *keys = &difference->keys[i];

		for (k = 0; k < keys->count; k++) {
			const struct key_pair *pair = &keys->pair[k];

			if (!pair->wanted || waits(pair))
				continue;
			add_step(plan, ADD_KEY, difference->pair[i].wanted, pair->wanted);
			plan->replaced += pair->live && pair->wanted;
		}
	}
}

/* Of once keys that stay some numbers were used, and others are to be good in their place. */
static void plan_arms(struct plan *plan, struct config *wanted)
{
	size_t i, k;

	for (i = 0; i < wanted->doors; i++)
		for (k = 0; k < wanted->door[i].keys; k++) {
			struct config_key *key = &wanted->door[i].key[k];
			struct numbers numbers = { .handed = key->handed };

			if (config_key_is_once(key) && key->known &&
			    key->armed < numbers_reach(&numbers, key->number))
				add_step(plan, ARM_KEY, &wanted->door[i], key);
		}
}

/* Last what cannot be taken back: if all else fails, it has not been done. */
static void plan_final(struct plan *plan, const struct difference *difference)
{
	size_t i, k;

	plan->final = plan->count;
	for (i = 0; i < difference->count; i++) {
		const struct door_pair *doors = &difference->pair[i];
		const struct keys *keys = &difference->keys[i];

		if (doors->live && !doors->wanted && !all_known(doors->live))
			add_step(plan, DEL_DOOR, doors->live, NULL);
		for (k = 0; k < keys->count && doors->live && doors->wanted; k++) {
			const struct key_pair *pair = &keys->pair[k];

			if (!waits(pair))
				continue;
			add_step(plan, DEL_KEY, doors->live, pair->live);
			if (pair->wanted)
				add_step(plan, ADD_KEY, doors->wanted, pair->wanted);
			plan->replaced += !!pair->wanted;
		}
	}
}

/**
 * plan_make() - find out what has to be done
 * @plan: to fill
 * @live: what the module has, sorted; gets secrets that are found out
 * @wanted: what the files say, sorted; gets the fingerprints of what is there already
 *
 * Return: true; false if there was no memory.
 */
bool plan_make(struct plan *plan, struct config *live, struct config *wanted)
{
	struct difference difference = { .count = 0 };
	bool good;

	memset(plan, 0, sizeof(*plan));
	good = match_doors(&difference, live, wanted) && match_keys(&difference);
	if (good) {
		plan_deletions(plan, &difference);
		plan_doors(plan, &difference);
		plan_keys(plan, &difference);
		plan_arms(plan, wanted);
		plan_final(plan, &difference);
	}
	difference_clear(&difference);
	return good && !plan->lost;
}

void plan_clear(struct plan *plan)
{
	free(plan->step);
	bans_free(&plan->bans);
	kept_grants_free(&plan->grants);
	memset(plan, 0, sizeof(*plan));
}
