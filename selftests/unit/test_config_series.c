// SPDX-License-Identifier: GPL-2.0
/* Sequence keys in files of doors: each word, and what no such key may say. */
#include "config_files.h"

#include <fcntl.h>

#define B31 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh0="
#define B30 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHhw="
#define TUMBLER "[key a]\ntype = tumbler\nsecret = aHVudGVyMg==\n"
#define SEQUENCE "[key a]\ntype = sequence\n"
#define ONCE SEQUENCE "once = yes\nsecret = " B32 "\n"
#define DERIVED SEQUENCE "derived = yes\nsecret = " B32 "\n"
#define STATIC(ports) SEQUENCE "static = " ports "\n"

static const struct broken broken[] = {
	{ DOOR SEQUENCE "secret = " B32 "\n", "3: static, once and derived" },
	{ DOOR ONCE "derived = yes\n", "3: static, once and derived" },
	{ DOOR "[key a]\ntype = tumbler\nonce = yes\nsecret = AAAA\n", "3: type = sequence" },
	{ DOOR SEQUENCE "once = yes\nsecret = AAAA\n", "3: 32 bytes" },
	{ DOOR SEQUENCE "once = yes\n", "3: no secret" },
	{ DOOR SEQUENCE "once = no\nsecret = " B32 "\n", "5: is not yes" },
	{ DOOR SEQUENCE "once = yes\npublic-key = " B32 "\n",
	  "3: has no public key" },
	{ DOOR ONCE "skew = 5s\n", "3: nothing to do with clocks" },
	{ DOOR ONCE "location = here\n", "3: only a derived key has a location" },
	{ DOOR ONCE "slot = 60s\n", "3: only a derived key has slots" },
	{ DOOR ONCE "ahead = 4\n", "3: only a derived key has counters" },
	{ DOOR DERIVED "unbound = yes\n", "3: only a once key can be bound to no address" },
	{ DOOR DERIVED "depth = 16\n", "3: only a once key has a book" },
	{ DOOR STATIC("42,196,69") "steps = 8\n", "3: have a length" },
	{ DOOR STATIC("42,196,69") "avoid = 22\n", "3: avoid ports" },
	{ DOOR STATIC("42,196,69") "secret = " B32 "\n", "3: no secret but its ports" },
	{ DOOR TUMBLER "within = 5s\n", "3: only a sequence takes a while" },
	{ DOOR STATIC("42,042"), "5: without zeros" },
	{ DOOR STATIC("42,196/sctp"), "5: /tcp or /udp" },
	{ DOOR STATIC("42,196,42"), "5: all be different" },
	{ DOOR STATIC(""), "5: write ports" },
	{ DOOR ONCE "steps = 6\ndepth = 7\nwithin = 301s\n",
	  "7: 7 to 16|8: 8 to 60|9: 1s to 300s" },
	{ DOOR ONCE "avoid = 1-65535\n", "7: have to be left" },
	{ DOOR DERIVED "slot = 29s\nahead = 17\n", "7: to 1h|8: 1 to 16" },
	{ DOOR DERIVED "location = a=b\n", "7: none of" },
	{ "[door]\nopens = tcp/1024-60000\n" ONCE, "3: leave too few" },
	{ "[door]\nopens = any\n" ONCE, "3: opens any takes no once or derived" },
	{ DOOR STATIC("42,196,69") "[key b]\ntype = sequence\nstatic = 42,196\n",
	  "3: begins with that of key b" },
	{ DOOR STATIC("42,8675/udp,69"), "3: a datagram to a knock port" },
	{ DOOR ONCE "[key b]\ntype = sequence\nderived = yes\nsecret = " B32 "\n",
	  "7: key b has the secret of key a" },
};

static void test_broken(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(broken); i++)
		assert_broken(&broken[i]);
}

/* Each word of sequence keys, as written as it was read, and what is not said. */
static void test_sequences(void **state)
{
	static const char text[] = "[door]\nopens = tcp/22,udp/2000-2010,tcp/2005-2020\n"
		"blacklist-for = 20m\n"
		ONCE "steps = 16\nwithin = 300s\ndepth = 60\nunbound = yes\nmax-grants = 2\n"
		"[key b]\ntype = sequence\nderived = yes\nsecret = " B31 "\naction = close\n"
		"location = 60.17, 24.94\nslot = 1h\nahead = 16\nskew = 7s\navoid = 9,7,8,3000\n"
		"[key c]\ntype = sequence\nstatic = 42,196/udp,\n  69/tcp\n"
		"[key d]\ntype = sequence\nonce = yes\navoid = none\nsecret = " B30 "\n";
	struct faults faults = { .count = 0 };
	struct config_door door, again;
	int descriptor, i;

	(void)state;
	write_file("ssh.conf", 0600, text);
	assert_true(config_read_door(&door, in_directory("ssh.conf"), &faults));
	assert_int_equal(door.blacklist_for, 1200);
	assert_int_equal(door.key[0].series.kind, KNOCK_SEQUENCE_KIND_ONCE);
	assert_int_equal(door.key[0].series.depth, 60);
	assert_true(door.key[0].series.unbound);
	/* The door's, sorted and joined. */
	assert_int_equal(door.key[0].series.avoid.count, 3);
	assert_int_equal(door.key[0].series.avoid.range[1].first, 2000);
	assert_int_equal(door.key[0].series.avoid.range[1].last, 2020);
	assert_int_equal(door.key[0].series.avoid.range[2].first, 8675);
	assert_int_equal(door.key[1].action, KNOCK_KEY_ACTION_CLOSE);
	assert_int_equal(door.key[1].series.avoid.count, 2);
	assert_int_equal(door.key[1].series.avoid.range[0].last, 9);
	assert_string_equal(door.key[1].series.location, "60.17, 24.94");
	assert_int_equal(door.key[2].series.ports.count, 3);
	assert_int_equal(door.key[2].series.within, 10);
	assert_int_equal(door.key[3].series.avoid.count, 0);
	assert_int_equal(door.key[3].series.steps, 8);
	assert_int_equal(door.key[3].series.depth, 16);

	/* What a door opens later does not change what its keys avoid. */
	door.opens.count = 1;
	descriptor = open(directory, O_RDONLY | O_DIRECTORY);
	assert_true(config_write_new(descriptor, &door));
	assert_true(config_write_commit(descriptor, "ssh"));
	assert_true(config_read_door(&again, in_directory("ssh.conf"), &faults));
	assert_int_equal(again.blacklist_for, 1200);
	for (i = 0; i < 4; i++) {
		assert_true(series_equal(&again.key[i].series, &door.key[i].series));
		assert_int_equal(again.key[i].series.depth, door.key[i].series.depth);
		assert_memory_equal(&again.key[i].secret, &door.key[i].secret,
				    sizeof(struct secret));
	}
	assert_int_equal(again.key[1].skew, 7);
	config_door_wipe(&again);
	config_door_wipe(&door);
	close(descriptor);
	unlink(in_directory("ssh.conf"));
}

/* As long as a sequence key can be. */
static void test_long_sequences(void **state)
{
	struct faults faults = { .count = 0 };
	struct config_door door, again;
	char why[PARSE_WHY_SIZE], text[1024] = "";
	struct config_key *key;
	int descriptor, i;

	(void)state;
	config_door_init(&door, "ssh");
	assert_true(config_door_word(&door, "opens", "tcp/22", why));
	key = config_key_add(&door, "static");
	for (i = 0; i < KNOCK_STEPS_MAX; i++)
		sprintf(text + strlen(text), "%s%d/udp", i ? "," : "", 60000 - i);
	assert_true(config_key_word(key, "type", "sequence", why));
	assert_true(config_key_word(key, "static", text, why));
	key = config_key_add(&door, "derived");
	for (i = 0, *text = '\0'; i < PORT_RANGES_MAX; i++)
		sprintf(text + strlen(text), "%s%d-%d", i ? "," : "", 10000 + 10 * i,
			10001 + 10 * i);
	assert_true(config_key_word(key, "type", "sequence", why));
	assert_true(config_key_word(key, "derived", "yes", why));
	assert_true(config_key_word(key, "avoid", text, why));
	memset(text, 'x', SERIES_LOCATION_SIZE);
	text[SERIES_LOCATION_SIZE] = '\0';
	assert_false(config_key_word(&(struct config_key){ .given = 0 }, "location", text, why));
	text[SERIES_LOCATION_SIZE - 1] = '\0';
	assert_true(config_key_word(key, "location", text, why));
	key->secret.length = SECRET_BINARY_SIZE;
	for (i = 0; i < PREFIXES_MAX; i++) {
		memset(key->from.prefix[i].address.bytes, 0xf1, 16);
		key->from.prefix[i].address.bytes[15] = 0xfe;
		key->from.prefix[i].length = 127;
	}
	key->from.count = PREFIXES_MAX;
	key->not_after = 1798761599;
	/* So many that what is short about a door cannot make up for it. */
	for (i = 0; i < 8; i++) {
		struct config_key copy = door.key[1];

		sprintf(copy.name, "derived%d", i);
		key = config_key_add(&door, "");
		*key = copy;
	}
	descriptor = open(directory, O_RDONLY | O_DIRECTORY);
	assert_true(config_write_new(descriptor, &door));
	assert_true(config_write_commit(descriptor, "ssh"));
	assert_true(config_read_door(&again, in_directory("ssh.conf"), &faults));
	assert_true(series_equal(&again.key[0].series, &door.key[0].series));
	assert_true(series_equal(&again.key[1].series, &door.key[1].series));
	config_door_wipe(&again);
	config_door_wipe(&door);
	close(descriptor);
	unlink(in_directory("ssh.conf"));
}

/* What a scan completes, or nearly everybody by chance. */
static void test_weak(void **state)
{
	static const struct {
		const char *ports;
		const char *why;
	} lists[] = {
		{ "42", "fewer than 3" }, { "69,42", "fewer than 3" },
		{ "42,69,196", "scan of all ports" }, { "196,69,42", "scan of all ports" },
		{ "1,2/udp,3", "scan of all ports" }, { "7,8,9,1/udp,2/udp", "scan of all ports" },
		{ "42,196,69", NULL }, { "196,42,69,1/udp", NULL },
	};
	struct config_key key;
	char why[PARSE_WHY_SIZE];
	const char *weakness;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(lists); i++) {
		config_key_init(&key, "a");
		assert_true(config_key_word(&key, "static", lists[i].ports, why));
		weakness = series_weakness(&key.series);
		if (!weakness != !lists[i].why ||
		    (weakness && !strstr(weakness, lists[i].why)))
			fail_msg("%s: %s", lists[i].ports, weakness ? weakness : "nothing");
	}
	config_key_init(&key, "a");
	assert_true(config_key_word(&key, "once", "yes", why));
	assert_null(series_weakness(&key.series));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_sequences),
		cmocka_unit_test(test_long_sequences),
		cmocka_unit_test(test_weak),
	};

	return cmocka_run_group_tests_name("config_series", tests, make_directory,
					   remove_directory);
}
