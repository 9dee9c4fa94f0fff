// SPDX-License-Identifier: GPL-2.0
/*
 * Who is given something, with real files of doors: what is read of them, how often, and
 * what is said of faulty ones.
 */
#include "config_files.h"

#include <fcntl.h>
#include <string.h>

#include "hand.h"
#include "server_key.h"

#define OTHER_B32 "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="

static struct settings settings;
static struct jobs jobs;
static struct follow follow;
static struct hand hand;

/* As knockctl does it: another file in its place. */
static void write_new(const char *door, const char *text)
{
	char path[128];

	write_file("new", 0600, text);
	snprintf(path, sizeof(path), "%s/" CONFIG_DOORS "/%s" CONFIG_SUFFIX, directory, door);
	assert_int_equal(rename(in_directory("new"), path), 0);
}

static void write_door(const char *name, const char *secret)
{
	char text[256];

	snprintf(text, sizeof(text), DOOR "[key k]\ntype = sealed\nsecret = %s\n",
		 secret);
	write_new(name, text);
}

static void open_grant(uint64_t grant, const char *door)
{
	struct event event = { .kind = KNOCK_EVENT_KIND_OPENED, .grant = grant,
			       .subject = { "10.0.0.2", "", "k" } };

	strcpy(event.subject.name, door);
	follow_event(&follow, &event);
}

static int begin(void **state)
{
	char why[SERVER_KEY_WHY_SIZE];
	struct x25519_pair pair;
	bool made;

	if (make_directory(state) || mkdir(in_directory(CONFIG_DOORS), 0700))
		return -1;
	settings_init(&settings);
	settings_add(&settings, "a")->forwards = true;
	settings_add(&settings, "b")->forwards = true;
	jobs_init(&jobs, 1, 1);
	follow_init(&follow, &settings, &jobs);
	hand = (struct hand){ .follow = &follow, .config = directory };
	write_door("a", B32);
	write_door("b", B32);
	return server_key_get(&pair, directory, &made, why) ? 0 : -1;
}

static int end(void **state)
{
	hand_forget(&hand);
	follow_free(&follow);
	settings_wipe(&settings);
	return remove_directory(state);
}

static void pin_of(unsigned char pin[TLS_PIN_SIZE], unsigned int first)
{
	unsigned char secret[32], key[TLS_KEY_SIZE];
	unsigned int i;

	for (i = 0; i < sizeof(secret); i++)
		secret[i] = (unsigned char)(first + i);
	assert_true(tls_key_of_client(key, secret, sizeof(secret)) && tls_key_pin(pin, key));
}

static bool any(struct followed *followed, void *data)
{
	return !strcmp(followed->subject.name, data);
}

static struct followed *grant_of(const char *door)
{
	return follow_find(&follow, "10.0.0.2", any, (void *)door);
}

/* Once a grant, unless the file was written anew. */
static void test_pin(void **state)
{
	unsigned char pin[TLS_PIN_SIZE];

	(void)state;
	open_grant(1, "a");
	open_grant(2, "b");
	pin_of(pin, 0);
	assert_memory_equal(hand_pin(&hand, grant_of("a")), pin, sizeof(pin));
	assert_memory_equal(hand_pin(&hand, grant_of("b")), pin, sizeof(pin));
	assert_string_equal(hand.door.name, "b");
	/* Neither file is read for these. */
	assert_memory_equal(hand_pin(&hand, grant_of("a")), pin, sizeof(pin));
	assert_string_equal(hand.door.name, "b");
	write_door("a", OTHER_B32);
	pin_of(pin, 32);
	assert_memory_equal(hand_pin(&hand, grant_of("a")), pin, sizeof(pin));
	write_new("a", DOOR);
	assert_null(hand_pin(&hand, grant_of("a")));
}

/* Who was looked for in vain is looked for again when a grant has come. */
static void test_ask(void **state)
{
	struct serve_asked asked = { .seen = 0 };
	static struct serve_gift gift;

	(void)state;
	asked.address = knock_address_from_ipv4((const u8[]){ 10, 0, 0, 2 });
	pin_of(asked.pin, 32);
	open_grant(1, "a");
	assert_int_equal(hand_ask(&hand, &asked, &gift), SERVE_LATER);
	write_door("a", OTHER_B32);
	assert_int_equal(hand_ask(&hand, &asked, &gift), SERVE_LATER);
	open_grant(2, "b");
	assert_int_equal(hand_ask(&hand, &asked, &gift), SERVE_GIVEN);
	assert_int_equal(gift.next.count, 0);
}

static size_t lines_of(FILE *file)
{
	char line[1024];
	size_t count = 0;

	rewind(file);
	while (fgets(line, sizeof(line), file))
		count += !!strstr(line, "cannot be relied on");
	return count;
}

/* It is said once, and the file read once, whoever comes. */
static void test_faulty(void **state)
{
	unsigned char key[TLS_KEY_SIZE];
	char path[sizeof(directory) + 32];
	int before = dup(STDERR_FILENO), i;
	FILE *said = tmpfile();
	struct stat status;

	(void)state;
	assert_non_null(said);
	assert_true(dup2(fileno(said), STDERR_FILENO) >= 0);
	write_new("a", DOOR "nonsense = 1\n[key k]\ntype = sealed\nsecret = " B32 "\n");
	for (i = 0; i < 10; i++) {
		open_grant((uint64_t)i, "a");
		assert_true(hand_server_key(&hand, key));
		assert_non_null(hand_key(&hand, "b", "k"));
		assert_null(hand_key(&hand, "a", "k"));
	}
	assert_int_equal(lines_of(said), 1);
	/* As it looks it is the same. */
	snprintf(path, sizeof(path), "%s/" CONFIG_DOORS "/a" CONFIG_SUFFIX, directory);
	assert_int_equal(stat(path, &status), 0);
	i = open(path, O_WRONLY);
	assert_int_equal(pwrite(i, "########", 8, strlen(DOOR)), 8);
	assert_int_equal(futimens(i, (struct timespec[]){ status.st_atim, status.st_mtim }), 0);
	close(i);
	assert_null(hand_key(&hand, "a", "k"));
	write_door("a", B32);
	assert_non_null(hand_key(&hand, "a", "k"));
	write_new("a", DOOR "nonsense = 1\n");
	assert_null(hand_key(&hand, "a", "k"));
	assert_int_equal(lines_of(said), 2);
	dup2(before, STDERR_FILENO);
	close(before);
	fclose(said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_pin, begin, end),
		cmocka_unit_test_setup_teardown(test_ask, begin, end),
		cmocka_unit_test_setup_teardown(test_faulty, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
