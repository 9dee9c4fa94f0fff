// SPDX-License-Identifier: GPL-2.0
/* Files of doors: what they say, and what is wrong with them. */
#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config_files.h"
#include "config_text.h"

#define SEALED "[key a]\ntype = sealed\nsecret = " B32 "\n"
#define PAIRED(name) "[key " name "]\ntype = sealed\npublic-key = " B32 "\n"
#define ALICE "[key alice]\ntype = tumbler\nsecret = aHVudGVyMg==\n"

static void read_text(struct config_door *door, const char *text, size_t length,
		      struct faults *faults)
{
	config_door_init(door, "ssh");
	config_read_text(door, "ssh.conf", text, length, faults);
}

static void test_all_words(void **state)
{
	static const char text[] =
		"\xef\xbb\xbf; a comment\n"
		"# another\r\n"
		"\n"
		"  [door]\r\n"
		"opens = tcp/22,\n"
		"\tudp/8000-8010\n"
		"open-for: 1h ; inline\n"
		"knock-port=9999\n"
		"max-grants = 9\n"
		"[key alice]\n"
		"type = tumbler\n"
		"action = close\n"
		"skew = 0\n"
		"max-grants = 1\n"
		"generated = yes\n"
		"secret = aHVu\n"
		"  dGVy\n"
		"; between\n"
		"  Mg==\n"
		"[key\tbob]\n"
		"type = tumbler\n"
		"secret = AAECAwQ=";
	struct faults faults = { .count = 0 };
	struct config_door door;

	(void)state;
	read_text(&door, text, sizeof(text) - 1, &faults);
	assert_int_equal(faults.count, 0);
	assert_int_equal(door.line, 4);
	assert_int_equal(door.opens.count, 2);
	assert_int_equal(door.opens.service[1].last, 8010);
	assert_int_equal(door.open_for, 3600);
	assert_int_equal(door.knock_port, 9999);
	assert_int_equal(door.max_grants, 9);
	assert_int_equal(door.keys, 2);
	assert_string_equal(door.key[1].name, "bob");
	assert_string_equal(door.key[0].name, "alice");
	assert_int_equal(door.key[0].line, 10);
	assert_int_equal(door.key[0].action, KNOCK_KEY_ACTION_CLOSE);
	assert_int_equal(door.key[0].skew, 0);
	assert_int_equal(door.key[0].max_grants, 1);
	assert_true(door.key[0].generated);
	assert_int_equal(door.key[0].secret.length, 7);
	assert_memory_equal(door.key[0].secret.bytes, "hunter2", 7);
	config_door_wipe(&door);
	faults_clear(&faults);
}

static void test_defaults(void **state)
{
	struct faults faults = { .count = 0 };
	struct config_door door;

	(void)state;
	read_text(&door, DOOR ALICE, strlen(DOOR ALICE), &faults);
	assert_int_equal(faults.count, 0);
	assert_int_equal(door.open_for, 30);
	assert_int_equal(door.knock_port, 8675);
	assert_int_equal(door.max_grants, 256);
	assert_int_equal(door.key[0].action, KNOCK_KEY_ACTION_OPEN);
	assert_int_equal(door.key[0].skew, 5);
	assert_int_equal(door.key[0].max_grants, 64);
	assert_false(door.key[0].generated);
	config_door_wipe(&door);
}

/* What is wrong, by line: each text has exactly these faults. */
static const struct broken broken[] = {
	{ "", "0: write [door] and" },
	{ "opens = any\n", "0: write [door] and|1: before any section" },
	{ "[door]\n", "0: write [door] and|1: empty" },
	{ "[door]\nopen-for = 5\n", "1: what the door opens" },
	{ "[door]\nopens = tcp/0\n", "2: is no service" },
	{ "[door]\nopens = any\nopens = any\n", "3: given twice" },
	{ "[door]\nopens = any\n open-for = 5\n", "3: indented" },
	{ DOOR "colour = red\n", "3: no word of a door" },
	{ DOOR "open-for = 8d\nknock-port = 0\nmax-grants = x\n",
	  "3: out of range|4: no port|5: no number" },
	{ DOOR "open-for\n", "3: neither" },
	{ DOOR "[door]\nopens = any\n", "3: began in line 1" },
	{ DOOR "[door\nopens = any\n", "3: close it" },
	{ DOOR "[windows]\nopens = any\n", "3: no section" },
	{ DOOR "[key]\ntype = tumbler\n", "3: no section" },
	{ DOOR "[key a b]\ntype = tumbler\nsecret = AAAA\n", "3: cannot name a key" },
	{ DOOR "[key a]\n", "3: empty" },
	{ DOOR "[key a]\n[key b]\ntype = tumbler\nsecret = AAAA\n", "3: empty" },
	{ DOOR "[key a]\nskew = 1\n", "3: no secret|3: type" },
	{ DOOR "[key a]\ntype = sequenced\nsecret = AAAA\n", "4: no type" },
	{ DOOR "blacklist-for = 8d\n", "3: out of range" },
	{ DOOR "[key a]\ntype = sealed\nsecret = AAAA\n", "3: 32 bytes" },
	{ DOOR SEALED "action = open\n", "3: opens and closes" },
	{ DOOR SEALED "roaming = yes\n", "1: has no agent" },
	{ DOOR SEALED "roaming = perhaps\n", "6: is not yes" },
	{ DOOR "agent = 8676\n" ALICE "roaming = yes\n", "4: only a sealed key" },
	{ DOOR SEALED "public-key = " B32 "\n", "3: a secret and a public key" },
	{ DOOR "[key a]\ntype = sealed\npublic-key = AAAA\n", "5: tumbler pubkey" },
	{ DOOR "[key a]\ntype = tumbler\npublic-key = " B32 "\n", "3: no public key" },
	{ DOOR PAIRED("a") PAIRED("b"), "6: key b has the secret of key a" },
	{ DOOR SEALED "from = 192.0.2.1/24\n", "6: bits set" },
	{ DOOR SEALED "not-after = 2026-02-29\n", "6: is no time" },
	{ DOOR "[key a]\ntype = tumbler\nsecret = AAA\n", "5: not base64" },
	{ DOOR "[key a]\ntype = tumbler\nsecret = AAB=\n", "5: not base64" },
	{ DOOR "[key a]\ntype = tumbler\nsecret = A===\n", "5: not base64" },
	{ DOOR "[key a]\ntype = tumbler\nsecret = AA==AA==\n", "5: not base64" },
	{ DOOR "[key a]\ntype = tumbler\nsecret =\n", "5: not base64" },
	{ DOOR "[key a]\ntype = tumbler\nsecret = AAAA\ngenerated = perhaps\n", "6: yes or no" },
	{ DOOR ALICE ALICE, "6: has the secret of|6: is in line 3 already" },
	{ DOOR ALICE "[key bob]\ntype = tumbler\nsecret = aHVudGVyMg==\n",
	  "6: has the secret of key alice" },
	{ DOOR "= 3\n", "3: the word before" },
};

static void test_broken(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(broken); i++)
		assert_broken(&broken[i]);
}

static void test_long_lines(void **state)
{
	struct faults faults = { .count = 0 };
	struct config_door door;
	char text[16384];
	int length;

	(void)state;
	length = snprintf(text, sizeof(text), DOOR "; %0*d\nopen-for = %0*d\n max%0*d\n", 4000, 1,
			  4000, 1, 150, 1);
	read_text(&door, text, (size_t)length, &faults);
	assert_int_equal(faults.count, 2);
	assert_int_equal(faults.fault[0].line, 4);
	assert_non_null(strstr(faults.fault[0].why, "too long"));
	config_door_wipe(&door);
	faults_clear(&faults);

	/* A zero byte in a comment is nobody's business; in a word it is. */
	memcpy(text, DOOR "; \0\nopen-for = \0001\n", sizeof(DOOR "; \0\nopen-for = \0001\n"));
	read_text(&door, text, sizeof(DOOR "; \0\nopen-for = \0001\n") - 1, &faults);
	assert_int_equal(faults.count, 1);
	assert_int_equal(faults.fault[0].line, 4);
	config_door_wipe(&door);
	faults_clear(&faults);
}

static void assert_file_fault(const char *name, const char *words)
{
	struct faults faults = { .count = 0 };
	struct config_door door;

	assert_false(config_read_door(&door, in_directory(name), &faults));
	assert_int_equal(faults.count, 1);
	assert_int_equal(faults.fault[0].line, 0);
	assert_string_equal(faults.fault[0].file, in_directory(name));
	if (!strstr(faults.fault[0].why, words))
		fail_msg("%s, not: %s", faults.fault[0].why, words);
	config_door_wipe(&door);
	faults_clear(&faults);
}

static void test_files(void **state)
{
	(void)state;
	write_file("ssh.conf", 0640, DOOR);
	assert_file_fault("ssh.conf", "chmod 600");
	write_file(".ssh.conf", 0600, DOOR);
	assert_file_fault(".ssh.conf", "rename");
	write_file("ssh", 0600, DOOR);
	assert_file_fault("ssh", "rename");
	write_file("a name.conf", 0600, DOOR);
	assert_file_fault("a name.conf", "rename");
	assert_file_fault("none.conf", "cannot be opened");
	assert_int_equal(mkdir(in_directory("dir.conf"), 0700), 0);
	assert_file_fault("dir.conf", "no regular file");
	assert_int_equal(rmdir(in_directory("dir.conf")), 0);
	unlink(in_directory("a name.conf"));
	unlink(in_directory("ssh.conf"));
}

static void test_directory(void **state)
{
	struct faults faults = { .count = 0 };
	struct config config;

	(void)state;
	write_file("web.conf", 0600, "[door]\nopens = tcp/443\n" ALICE);
	write_file("ssh.conf", 0600, DOOR);
	write_file("ssh.conf~", 0644, "nonsense");
	write_file(".ssh.conf.new", 0644, "nonsense");
	assert_true(config_read_all(&config, directory, &faults));
	assert_int_equal(config.doors, 2);
	config_sort(&config);
	assert_string_equal(config.door[0].name, "ssh");
	assert_int_equal(config_door_find(&config, "web")->keys, 1);
	assert_null(config_door_find(&config, "none"));
	config_wipe(&config);

	write_file("ssh.conf", 0600, DOOR "[key bob]\ntype = tumbler\nsecret = aHVudGVyMg==\n");
	assert_false(config_read_all(&config, directory, &faults));
	assert_int_equal(faults.count, 1);
	assert_string_equal(faults.fault[0].file, in_directory("web.conf"));
	assert_non_null(strstr(faults.fault[0].why, "key bob of door ssh"));
	config_wipe(&config);
	faults_clear(&faults);
	unlink(in_directory("ssh.conf"));
	unlink(in_directory("web.conf"));
}

/* The agent's port takes the place of a service only where it is none of them. */
static void test_agent_room(void **state)
{
	struct service_list services;
	struct config_door door;
	char why[PARSE_WHY_SIZE];
	char text[512] = "";
	int i;

	(void)state;
	for (i = 0; i < KNOCK_SERVICES_MAX; i++)
		sprintf(text + strlen(text), "%stcp/%d-65535", i ? "," : "", 10000 + i);
	config_door_init(&door, "ssh");
	assert_true(config_door_word(&door, "opens", text, why));
	assert_null(config_door_fault(&door));
	assert_true(config_door_word(&door, "agent", "10005", why));
	assert_null(config_door_fault(&door));
	config_door_services(&door, &services);
	assert_int_equal(services.count, KNOCK_SERVICES_MAX);
	config_door_init(&door, "ssh");
	assert_true(config_door_word(&door, "opens", text, why));
	assert_true(config_door_word(&door, "agent", "8676", why));
	assert_non_null(strstr(config_door_fault(&door), "33rd service"));
}

/* What is written is read as it was, and is in place whole or not at all. */
static void test_written(void **state)
{
	struct faults faults = { .count = 0 };
	struct config_door door, again;
	char why[PARSE_WHY_SIZE];
	struct config_key *key;
	char services[512] = "";
	int descriptor, i;

	(void)state;
	for (i = 0; i < KNOCK_SERVICES_MAX; i++)
		sprintf(services + strlen(services), "%stcp/%d-65535", i ? "," : "", 10000 + i);
	config_door_init(&door, "ssh");
	assert_true(config_door_word(&door, "opens", services, why));
	assert_true(config_door_word(&door, "open-for", "90m", why));
	assert_true(config_door_word(&door, "mark", "0x80000000/0xffffffff", why));
	key = config_key_add(&door, "alice");
	key->skew = 300;
	key->generated = true;
	key->action = KNOCK_KEY_ACTION_CLOSE;
	key->secret.length = SECRET_SIZE_MAX;
	for (i = 0; i < SECRET_SIZE_MAX; i++)
		key->secret.bytes[i] = (unsigned char)(255 - i);
	key = config_key_add(&door, "bob");
	key->secret.length = 1;

	descriptor = open(directory, O_RDONLY | O_DIRECTORY);
	assert_true(config_write_new(descriptor, &door));
	assert_int_equal(access(in_directory("ssh.conf"), F_OK), -1);
	assert_true(config_write_commit(descriptor, "ssh"));
	assert_true(config_read_door(&again, in_directory("ssh.conf"), &faults));
	assert_int_equal(again.opens.count, KNOCK_SERVICES_MAX);
	assert_memory_equal(&again.opens.service, &door.opens.service, sizeof(door.opens.service));
	assert_int_equal(again.open_for, 5400);
	assert_int_equal(again.mark.mask, 0xffffffff);
	assert_int_equal(again.keys, 2);
	assert_int_equal(again.key[0].action, KNOCK_KEY_ACTION_CLOSE);
	assert_true(again.key[0].generated);
	assert_int_equal(again.key[0].skew, 300);
	assert_memory_equal(&again.key[0].secret, &door.key[0].secret, sizeof(struct secret));
	assert_int_equal(again.key[1].secret.length, 1);
	config_door_wipe(&again);

	assert_true(config_hide(descriptor, "ssh"));
	assert_int_equal(access(in_directory("ssh.conf"), F_OK), -1);
	assert_true(config_unhide(descriptor, "ssh"));
	assert_true(config_write_new(descriptor, &door));
	config_write_abort(descriptor, "ssh");
	assert_int_equal(access(in_directory(".ssh.conf.new"), F_OK), -1);
	assert_true(config_hide(descriptor, "ssh"));
	config_forget(descriptor, "ssh");
	assert_int_equal(access(in_directory("ssh.conf"), F_OK), -1);
	close(descriptor);
	config_door_wipe(&door);
}

/* Each word of sealed keys, and that the server's key need not be there to read them. */
static void test_sealed(void **state)
{
	static const char text[] = DOOR "agent = 8676\n" SEALED "roaming = yes\nfrom = 192.0.2.0/24,\n  2001:db8::/32\n"
		"not-after = 2026-12-31\nmax-grants = 2\n" PAIRED("b") "skew = 7\n";
	struct faults faults = { .count = 0 };
	struct config_door door, again;
	struct config_key *key;
	int descriptor, i;

	(void)state;
	read_text(&door, text, sizeof(text) - 1, &faults);
	assert_int_equal(faults.count, 0);
	config_key_settle(&door.key[0]);
	config_key_settle(&door.key[1]);
	assert_int_equal(door.key[0].skew, 90);
	assert_int_equal(door.key[0].from.count, 2);
	assert_int_equal(door.key[0].not_after, 1798761599);

	/* As long as a key can be. */
	key = &door.key[1];
	for (i = 0; i < PREFIXES_MAX; i++) {
		memset(key->from.prefix[i].address.bytes, 0xf1, 16);
		key->from.prefix[i].address.bytes[15] = 0xfe;
		key->from.prefix[i].length = 127;
	}
	key->from.count = PREFIXES_MAX;
	strcpy(door.name, "ssh");
	descriptor = open(directory, O_RDONLY | O_DIRECTORY);
	assert_true(config_write_new(descriptor, &door));
	assert_true(config_write_commit(descriptor, "ssh"));
	assert_true(config_read_door(&again, in_directory("ssh.conf"), &faults));
	assert_memory_equal(&again.key[0].secret, &door.key[0].secret, sizeof(struct secret));
	assert_true(again.key[0].roaming && !again.key[1].roaming);
	assert_memory_equal(&again.key[0].from, &door.key[0].from, sizeof(key->from));
	assert_memory_equal(&again.key[1].from, &key->from, sizeof(key->from));
	assert_memory_equal(again.key[1].public_key, key->public_key, X25519_SIZE);
	config_door_wipe(&again);
	config_door_wipe(&door);
	close(descriptor);
	unlink(in_directory("ssh.conf"));
}

/* Each byte deleted, doubled, replaced by what matters; and cut off there. */
static void mutate(const char *text, size_t length, size_t at, char *out)
{
	static const char bytes[] = "\n[]=; \t\0a\xff";
	struct faults faults = { .count = 0 };
	struct config_door door;
	size_t i;

	for (i = 0; i < sizeof(bytes) + 2; i++) {
		size_t size = length;

		memcpy(out, text, length);
		if (i < sizeof(bytes)) {
			out[at] = bytes[i];
		} else if (i == sizeof(bytes)) {
			memmove(out + at, out + at + 1, length - at - 1);
			size--;
		} else {
			size = at;
		}
		/* Exactly as long, so that a byte too far is seen. */
		char *exact = malloc(size ? size : 1);

		assert_non_null(exact);
		memcpy(exact, out, size);
		read_text(&door, exact, size, &faults);
		free(exact);
		assert_false(faults.lost);
		config_door_wipe(&door);
		faults_clear(&faults);
	}
}

static void test_mutations(void **state)
{
	static const char text[] =
		"; comment\n" DOOR "open-for = 30s ; why\nknock-port = 8675\n" ALICE
		"[key bob]\ntype = tumbler\naction = close\nskew = 5s\nmax-grants = 64\n"
		"generated = no\nsecret = aHVu\n  dGVyMg==\n";
	char out[sizeof(text)];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(text) - 1; i++)
		mutate(text, sizeof(text) - 1, i, out);
}

/* Ten times as many keys take about ten times as long, not a hundred. */
static void test_many_keys(void **state)
{
	enum { KEYS = 10000 };
	struct faults faults = { .count = 0 };
	char *text = malloc(KEYS * 80 + 64);
	struct config_key **index;
	struct config_door door;
	size_t length;
	int i;

	(void)state;
	assert_non_null(text);
	length = (size_t)sprintf(text, DOOR);
	for (i = 0; i < KEYS; i++)
		length += (size_t)sprintf(text + length,
					  "[key k%d]\ntype = tumbler\nsecret = %08dAAAA\n",
					  i * 7919 % KEYS, i);
	read_text(&door, text, length, &faults);
	assert_int_equal(faults.count, 0);
	assert_int_equal(door.keys, KEYS);
	index = config_key_index(&door);
	for (i = 1; i < KEYS; i++)
		assert_true(strcmp(index[i - 1]->name, index[i]->name) < 0);
	free(index);
	config_door_wipe(&door);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_words),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_long_lines),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_directory),
		cmocka_unit_test(test_agent_room),
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_sealed),
		cmocka_unit_test(test_mutations),
		cmocka_unit_test(test_many_keys),
	};

	return cmocka_run_group_tests_name("config", tests, make_directory, remove_directory);
}
