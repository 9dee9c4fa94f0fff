// SPDX-License-Identifier: GPL-2.0
/* From what the module has to what the files say, in as few steps as there are. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"

static struct config live, wanted;
static struct plan plan;

static struct config_key *add_key(struct config *config, const char *door, const char *name,
				  const char *secret)
{
	struct config_door *found = config_door_find(config, door);
	struct config_key *key;

	if (!found)
		found = config_door_add(config, door);
	assert_non_null(found);
	key = config_key_add(found, name);
	assert_non_null(key);
	key->secret.length = strlen(secret);
	memcpy(key->secret.bytes, secret, key->secret.length);
	return key;
}

/* As the module shows one: generated, or of which nobody knows the secret. */
static void show_key(const char *door, const char *name, const char *secret, bool generated)
{
	struct config_key *key = add_key(&live, door, name, secret);

	key->known = true;
	memset(key->fingerprint, 0xaa, sizeof(key->fingerprint));
	if (generated)
		assert_true(fingerprint_make(&key->secret, key->fingerprint));
	if (generated)
		key->secret.length = 0;
}

/* The steps as a text: `+' and `-', a door, a key. */
static void assert_steps(const char *want)
{
	static const char signs[] = "--~=++^";
	char got[256] = "";
	size_t i;

	config_sort(&live);
	config_sort(&wanted);
	assert_true(plan_make(&plan, &live, &wanted));
	for (i = 0; i < plan.count; i++) {
		const struct step *step = &plan.step[i];
		size_t used = strlen(got);

		snprintf(got + used, sizeof(got) - used, "%s%s%c%s%s%s", i ? " " : "",
			 i == plan.final ? "! " : "", signs[step->kind], step->door->name,
			 step->key ? "/" : "", step->key ? step->key->name : "");
	}
	assert_string_equal(got, want);
	plan_clear(&plan);
	config_wipe(&live);
	config_wipe(&wanted);
}

static void test_nothing(void **state)
{
	(void)state;
	assert_steps("");
	show_key("ssh", "alice", "one", false);
	show_key("ssh", "bob", "two", true);
	add_key(&wanted, "ssh", "bob", "two")->generated = true;
	add_key(&wanted, "ssh", "alice", "one");
	assert_steps("");
}

static void test_doors(void **state)
{
	(void)state;
	config_door_add(&live, "gone");
	config_door_add(&live, "same");
	config_door_add(&live, "set")->open_for = 1;
	config_door_add(&wanted, "set")->open_for = 2;
	config_door_add(&wanted, "same");
	config_door_add(&wanted, "new");
	assert_steps("-gone +new =set");
}

static void test_keys(void **state)
{
	(void)state;
	show_key("ssh", "other-secret", "one", false);
	show_key("ssh", "gone", "two", false);
	show_key("ssh", "skew", "three", false);
	show_key("ssh", "same", "four", false);
	add_key(&wanted, "ssh", "other-secret", "uno");
	add_key(&wanted, "ssh", "skew", "three")->skew = 9;
	add_key(&wanted, "ssh", "same", "four");
	/* A secret that another key had: that one goes first. */
	add_key(&wanted, "ssh", "new", "two");
	assert_steps("-ssh/gone -ssh/other-secret -ssh/skew +ssh/new +ssh/other-secret +ssh/skew");
}

/* The module shows of a sealed key which secret it is, however that came about. */
static void test_sealed(void **state)
{
	static const char *const names[] = { "same", "generated", "other", "later",
					     "elsewhere", "roams" };
	struct config_key *key;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(names); i++) {
		show_key("ssh", names[i], names[i], true);
		config_key_find(config_door_find(&live, "ssh"), names[i])->type =
			KNOCK_KEY_TYPE_SEALED;
		key = add_key(&wanted, "ssh", names[i], names[i]);
		key->type = KNOCK_KEY_TYPE_SEALED;
		key->generated = i == 1;
		if (i == 2)
			key->secret.bytes[0] ^= 1;
		if (i == 3)
			key->not_after = 1;
		if (i == 4) {
			key->from.count = 1;
			key->from.prefix[0].length = 128;
		}
		key->roaming = i == 5;
	}
	/* Of the one whose secret differs nobody knows the secret it has. */
	assert_steps("-ssh/elsewhere -ssh/later -ssh/roams +ssh/elsewhere +ssh/later +ssh/roams ! -ssh/other +ssh/other");
}

static struct config_key *as_sequence(struct config_key *key, u8 kind)
{
	key->type = KNOCK_KEY_TYPE_SEQUENCE;
	key->series.kind = kind;
	return key;
}

/* A sequence key of the same name, secret and all else on both sides; the wanted one. */
static struct config_key *both(const char *name, u8 kind)
{
	show_key("ssh", name, name, kind != KNOCK_SEQUENCE_KIND_STATIC);
	as_sequence(config_key_find(config_door_find(&live, "ssh"), name), kind);
	return as_sequence(add_key(&wanted, "ssh", name, name), kind);
}

static struct config_key *live_key(const char *name)
{
	return config_key_find(config_door_find(&live, "ssh"), name);
}

/* Once and derived keys are known by their fingerprints, static ones by what was noted. */
static void test_sequences(void **state)
{
	const struct knock_sequence ports = { { { 42, 6 }, { 196, 6 }, { 69, 17 } }, 3 };
	struct config_key *key;

	(void)state;
	both("ahead", KNOCK_SEQUENCE_KIND_DERIVED)->series.ahead = 5;
	both("avoids", KNOCK_SEQUENCE_KIND_ONCE)->series.avoid =
		(struct port_ranges){ 1, { { 22, 22 } } };
	both("clocks", KNOCK_SEQUENCE_KIND_ONCE)->skew = 7;
	both("deep", KNOCK_SEQUENCE_KIND_ONCE)->series.depth = 20;
	both("kind", KNOCK_SEQUENCE_KIND_DERIVED);
	live_key("kind")->series.kind = KNOCK_SEQUENCE_KIND_ONCE;
	both("moved", KNOCK_SEQUENCE_KIND_DERIVED);
	strcpy(live_key("moved")->series.location, "elsewhere");
	key = both("noted", KNOCK_SEQUENCE_KIND_STATIC);
	key->secret.length = live_key("noted")->secret.length = 0;
	key->series.ports = live_key("noted")->series.ports = ports;
	key = both("other-ports", KNOCK_SEQUENCE_KIND_STATIC);
	key->secret.length = live_key("other-ports")->secret.length = 0;
	key->series.ports = live_key("other-ports")->series.ports = ports;
	key->series.ports.steps[2].protocol = 6;
	both("slow", KNOCK_SEQUENCE_KIND_ONCE)->series.within = 11;
	key = both("unknown", KNOCK_SEQUENCE_KIND_STATIC);
	key->secret.length = live_key("unknown")->secret.length = 0;
	key->series.ports = ports;
	assert_steps("-ssh/ahead -ssh/avoids -ssh/kind -ssh/moved -ssh/other-ports -ssh/slow +ssh/ahead +ssh/avoids +ssh/kind +ssh/moved +ssh/other-ports +ssh/slow ! -ssh/unknown +ssh/unknown");
}

/* In the place of numbers that were used others are armed, as far as they were handed out. */
static void test_arms(void **state)
{
	static const struct {
		const char *name;
		u64 handed, number, armed;
	} keys[] = {
		{ "all-armed", 16, 2, 5 }, { "all-handed", 6, 5, 6 }, { "more", 16, 2, 3 },
		{ "more-at-last", 6, 5, 5 }, { "new", 16, 0, 0 },
	};
	struct config_key *key;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(keys); i++) {
		key = both(keys[i].name, KNOCK_SEQUENCE_KIND_ONCE);
		key->handed = keys[i].handed;
		key = live_key(keys[i].name);
		key->number = keys[i].number;
		key->armed = keys[i].armed;
	}
	/* One that is added is armed with that. */
	key = as_sequence(add_key(&wanted, "ssh", "added", "added"), KNOCK_SEQUENCE_KIND_ONCE);
	key->handed = 9;
	assert_steps("+ssh/added ^ssh/more ^ssh/more-at-last ^ssh/new");
}

/* What cannot be brought back is done last. */
static void test_unknown(void **state)
{
	(void)state;
	show_key("ssh", "gone", "", false);
	show_key("ssh", "replaced", "", false);
	show_key("web", "volatile", "", false);
	add_key(&wanted, "ssh", "new", "one");
	add_key(&wanted, "ssh", "replaced", "two");
	assert_steps("+ssh/new ! -ssh/gone -ssh/replaced +ssh/replaced -web");
	/* Of a generated secret the module tells enough. */
	show_key("ssh", "alice", "one", true);
	add_key(&wanted, "ssh", "alice", "one")->generated = true;
	wanted.door[0].key[0].skew = 9;
	assert_steps("-ssh/alice +ssh/alice");
	/* One that was generated, and the file does not say so. */
	show_key("ssh", "alice", "one", true);
	add_key(&wanted, "ssh", "alice", "one");
	assert_steps("-ssh/alice +ssh/alice");
}

/* A mask belongs to one door at a time. */
static void test_marks(void **state)
{
	(void)state;
	config_door_add(&live, "a")->mark = (struct mark){ 1, 1 };
	config_door_add(&live, "b")->mark = (struct mark){ 2, 3 };
	config_door_add(&wanted, "a")->mark = (struct mark){ 2, 3 };
	config_door_add(&wanted, "b");
	assert_steps("~a ~b =a =b");
}

/* The module knows the agent's port, and has it as one of the services too. */
static void test_agent(void **state)
{
	struct service_list opens;
	char why[PARSE_WHY_SIZE];
	struct config_door *door;

	(void)state;
	door = config_door_add(&live, "a");
	assert_true(parse_services("tcp/22,tcp/8676", &door->opens, why));
	door->agent = 8676;
	door = config_door_add(&wanted, "a");
	assert_true(parse_services("tcp/22", &door->opens, why));
	door->agent = 8676;
	assert_steps("");
	/* Once is enough. */
	door = config_door_add(&live, "a");
	assert_true(parse_services("tcp/8000-9000", &door->opens, why));
	door->agent = 8676;
	door = config_door_add(&wanted, "a");
	assert_true(parse_services("tcp/8000-9000", &door->opens, why));
	door->agent = 8676;
	config_door_services(door, &opens);
	assert_int_equal(opens.count, 1);
	assert_steps("");
	config_door_add(&live, "a");
	config_door_add(&wanted, "a")->agent = 8676;
	assert_steps("=a");
	/* Which of the services it is counts. */
	door = config_door_add(&live, "a");
	assert_true(parse_services("tcp/22,tcp/8676", &door->opens, why));
	door = config_door_add(&wanted, "a");
	assert_true(parse_services("tcp/22", &door->opens, why));
	door->agent = 8676;
	assert_steps("=a");
}

/* Ten thousand keys that are all equal: a moment, not a minute. */
static void test_many(void **state)
{
	char name[16];
	int i;

	(void)state;
	for (i = 0; i < 10000; i++) {
		snprintf(name, sizeof(name), "k%d", i * 7919 % 10000);
		show_key("ssh", name, name, false);
		snprintf(name, sizeof(name), "k%d", i);
		add_key(&wanted, "ssh", name, name);
	}
	assert_steps("");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_doors),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_sealed),
		cmocka_unit_test(test_sequences),
		cmocka_unit_test(test_arms),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_agent),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
