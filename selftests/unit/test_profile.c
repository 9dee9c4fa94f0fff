// SPDX-License-Identifier: GPL-2.0
/* Profiles of clients: read, refused with a sentence, written as they were read. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "profile.h"

#define KEY32 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
/* Two pairs, as openssl made them. */
#define ANNA "axx1JxCkHnG+ypGn+5h6q9Cq3a5YhZxrlKMDhTuRZTg="
#define HEAD "type = sealed\nhost = server.example\ndoor = ssh\n"
#define SEALED HEAD "secret = " KEY32 "\n"

#define STATIC "type = static\nhost = server.example\nports = 42,196/tcp,69/udp\n"
#define ONCE "type = once\nhost = server.example\nsteps = 9\navoid = 8675,22,1000-1010\n"
#define DERIVED "type = derived\nhost = server.example\nsecret = " KEY32 "\n"

static const char whole[] =
	"; key alice of the door ssh\n"
	"# another comment\r\n"
	"\n"
	"\t type=sealed\r\n"
	"name = home\n"
	"host = 2001:db8::1\n"
	"port = 9999\n"
	"service = 22\n"
	"door = ssh\n"
	"source = 203.0.113.7\n"
	"secret = " KEY32;

static void read_whole(struct profile *profile, const char *text)
{
	char why[PROFILE_WHY_SIZE];

	if (!profile_parse(profile, text, strlen(text), why))
		fail_msg("%s", why);
}

static void test_all_words(void **state)
{
	struct profile profile;

	(void)state;
	read_whole(&profile, whole);
	assert_int_equal(profile.type, PROFILE_SEALED);
	assert_string_equal(profile.name, "home");
	assert_string_equal(profile.host, "2001:db8::1");
	assert_int_equal(profile.port, 9999);
	assert_int_equal(profile.service, 22);
	assert_string_equal(profile.door, "ssh");
	assert_true(profile_says(&profile, "source"));
	assert_true(knock_address_is_ipv4(&profile.source));
	assert_int_equal(profile.secret.length, 32);
	assert_int_equal(profile.secret.bytes[31], 31);
	profile_wipe(&profile);

	read_whole(&profile, "type = tumbler\naction = close\nhost = h\nsecret = aHVudGVyMg==\n");
	assert_int_equal(profile.type, PROFILE_TUMBLER);
	assert_true(profile.closes);
	assert_int_equal(profile.port, 8675);
	assert_int_equal(profile.service, 0);
	assert_false(profile_says(&profile, "source"));
	assert_memory_equal(profile.secret.bytes, "hunter2", 7);
	profile_wipe(&profile);
}

/* Read, written and read again, the same. */
static void read_twice(struct profile *profile, const char *text)
{
	char once[PROFILE_TEXT_SIZE], again[PROFILE_TEXT_SIZE];

	read_whole(profile, text);
	profile_format(once, profile);
	profile_wipe(profile);
	read_whole(profile, once);
	profile_format(again, profile);
	assert_string_equal(once, again);
}

static void test_static(void **state)
{
	char why[PROFILE_WHY_SIZE];
	struct profile profile;

	(void)state;
	read_twice(&profile, STATIC "action = close\nservice = 22\n");
	assert_int_equal(profile.type, PROFILE_STATIC);
	assert_true(profile.closes);
	assert_int_equal(profile.service, 22);
	assert_int_equal(profile.ports.count, 3);
	assert_int_equal(profile.ports.steps[1].port, 196);
	assert_int_equal(profile.ports.steps[2].protocol, KNOCK_STEP_UDP);
	/* It has no secret, and needs none. */
	assert_true(profile_agree(&profile, why));
}

static void test_once(void **state)
{
	char text[8192] = ONCE "unbound = yes\n", why[PROFILE_WHY_SIZE];
	struct profile profile;
	size_t i;

	(void)state;
	for (i = 65; i > 1; i--)
		sprintf(text + strlen(text), "sequence = %zu " KEY32 "\n", i);
	read_twice(&profile, text);
	assert_int_equal(profile.steps, 9);
	assert_true(profile.unbound);
	assert_int_equal(profile.avoid.count, 3);
	assert_int_equal(profile.avoid.range[2].first, 8675);
	assert_int_equal(profile.book.count, 64);
	assert_int_equal(profile.book.entry[0].number, 2);
	assert_int_equal(profile.book.entry[63].secret[31], 31);
	assert_true(profile_agree(&profile, why));
	strcat(text, "sequence = 66 " KEY32 "\n");
	assert_false(profile_parse(&profile, text, strlen(text), why));
	assert_non_null(strstr(why, "more than 64 sequences"));
	read_twice(&profile, ONCE "depth = 60\n");
	assert_int_equal(profile.depth, 60);
	read_twice(&profile, ONCE);
	assert_int_equal(profile.depth, 16);
	assert_int_equal(profile.book.count, 0);
	assert_false(profile.unbound);
}

static void test_derived(void **state)
{
	struct profile profile;

	(void)state;
	read_twice(&profile, DERIVED);
	assert_int_equal(profile.steps, 8);
	assert_int_equal(profile.slot_sec, 60);
	assert_string_equal(profile.location, "");
	read_twice(&profile, DERIVED "slot = 1h\nlocation = 60.17 N, 24.94 E\nsteps = 16\n");
	assert_int_equal(profile.slot_sec, 3600);
	assert_string_equal(profile.location, "60.17 N, 24.94 E");
	assert_int_equal(profile.steps, 16);
	assert_int_equal(profile.secret.length, 32);
}

/* What an agent needs, in the profile or made of it. */
static void test_agent(void **state)
{
	static const char agent[] = "agent = 8676\ntls-server = " KEY32 "\n";
	unsigned char key[TLS_KEY_SIZE], again[TLS_KEY_SIZE];
	char text[1024], why[PROFILE_WHY_SIZE];
	struct profile profile;

	(void)state;
	snprintf(text, sizeof(text), "%s%s", DERIVED, agent);
	read_twice(&profile, text);
	assert_int_equal(profile.agent, 8676);
	assert_int_equal(profile.tls_server[31], 31);
	assert_true(profile_tls_key(&profile, key));
	assert_true(tls_key_of_client(again, profile.secret.bytes, 32));
	assert_memory_equal(key, again, TLS_KEY_SIZE);
	snprintf(text, sizeof(text), "%s%s", STATIC, agent);
	read_twice(&profile, text);
	assert_true(profile_tls_key(&profile, key));
	assert_true(tls_key_of_client(again, (const unsigned char *)"42,196,69/udp", 13));
	assert_memory_equal(key, again, TLS_KEY_SIZE);
	/* Only an agent opens the door to a key that roams. */
	snprintf(text, sizeof(text), "type = sealed\nhost = h\ndoor = d\nsecret = " KEY32
		 "\nroaming = yes\n%s", agent);
	read_twice(&profile, text);
	assert_true(profile.roaming);
	*strstr(text, "agent") = '\0';
	assert_false(profile_parse(&profile, text, strlen(text), why));
	assert_non_null(strstr(why, "it names no agent"));
	snprintf(text, sizeof(text), "%sroaming = yes\n%s", DERIVED, agent);
	assert_false(profile_parse(&profile, text, strlen(text), why));
	assert_non_null(strstr(why, "has no roaming"));
	/* A once key's client cannot make it. */
	snprintf(text, sizeof(text), "%s%s", ONCE, agent);
	assert_false(profile_parse(&profile, text, strlen(text), why));
	assert_non_null(strstr(why, "no tls-key"));
	snprintf(text, sizeof(text), "%s%stls-key = " KEY32 "\n", ONCE, agent);
	read_twice(&profile, text);
	assert_true(profile_tls_key(&profile, key));
	assert_int_equal(key[31], 31);
	snprintf(text, sizeof(text), "%sagent = 8676\n", DERIVED);
	assert_false(profile_parse(&profile, text, strlen(text), why));
	assert_non_null(strstr(why, "no tls-server"));
	snprintf(text, sizeof(text), "%s%stls-key = " KEY32 "\n", DERIVED, agent);
	assert_false(profile_parse(&profile, text, strlen(text), why));
	assert_non_null(strstr(why, "has no tls-key"));
}

/* All that there is room for. */
static void test_longest(void **state)
{
	char text[PROFILE_TEXT_SIZE];
	struct profile profile;
	size_t i;

	(void)state;
	profile_init(&profile, PROFILE_ONCE);
	profile.closes = true;
	profile.unbound = true;
	profile.steps = 16;
	memset(profile.host, 'h', PROFILE_HOST_SIZE - 1);
	memset(profile.name, 'n', NAME_SIZE - 1);
	memset(profile.door, 'd', NAME_SIZE - 1);
	memset(profile.source.bytes, 0xff, 16);
	profile_say(&profile, "source");
	profile.service = 65535;
	profile.agent = 65535;
	for (i = 0; i < PORT_RANGES_MAX; i++)
		assert_null(port_ranges_add(&profile.avoid, (u16)(20000 + 4 * i),
					    (u16)(20001 + 4 * i)));
	for (i = 0; i < BOOK_MAX; i++) {
		profile.book.entry[i].number = 9000000000000000000 + i;
		memset(profile.book.entry[i].secret, (int)i, 32);
	}
	profile.book.count = BOOK_MAX;
	assert_in_range(profile_format(text, &profile), 6000, PROFILE_TEXT_SIZE - 1);
	read_twice(&profile, text);
	assert_int_equal(profile.book.entry[63].number, 9000000000000000063);
	assert_int_equal(profile.avoid.count, PORT_RANGES_MAX);
}

static const struct {
	const char *text;
	const char *said;
} bad[] = {
	{ "", "does not say its type" },
	{ "hunter2\n", "line 1 of the profile: this is not WORD = VALUE" },
	{ SEALED "colour = red\n", "line 5 of the profile: this is no word" },
	{ SEALED "= red\n", "no word" },
	{ SEALED "type = sealed\n", "said before" },
	{ "type = knock\n", "none of tumbler, sealed, static, once and derived" },
	{ "type =\n", "none of tumbler" },
	{ "action = both\n", "neither open nor close" },
	{ "name = ../../etc/passwd\n", "the name is none" },
	{ "name = .hidden\n", "the name is none" },
	{ "name = a name\n", "the name is none" },
	{ "name = 12345678901234567890123456789012\n", "the name is none" },
	{ "host =\n", "neither a name nor an address" },
	{ "host = [::1]\n", "neither a name nor an address" },
	{ "host = ::1:8675x\n", "neither a name nor an address" },
	{ "host = a;b\n", "neither a name nor an address" },
	{ "host = $(reboot)\n", "neither a name nor an address" },
	{ "host = fe80::1%\n", "neither a name nor an address" },
	{ "port = 0\n", "1 to 65535" },
	{ "port = 65536\n", "1 to 65535" },
	{ "port = 22x\n", "1 to 65535" },
	{ "port = -1\n", "1 to 65535" },
	{ "service = tcp/22\n", "1 to 65535" },
	{ "door = a/b\n", "the door's name is none" },
	{ "source = here\n", "no IPv4 or IPv6" },
	{ "source = 10.0.0.0/8\n", "no IPv4 or IPv6" },
	{ "secret = hunter2\n", "not base64" },
	{ "secret =\n", "not base64" },
	{ "server-public-key = AAAA\n", "not base64 of 32 bytes" },
	{ "public-key = " KEY32 "AAAA\n", "not base64 of 32 bytes" },
	{ "private-key = AAAA\n", "not base64 of 32 bytes" },
	{ "host = h\nsecret = " KEY32 "\n", "does not say its type" },
	{ "type = sealed\ndoor = ssh\nsecret = " KEY32 "\n", "names no host" },
	{ "type = sealed\nhost = h\nsecret = " KEY32 "\n", "names no door" },
	{ HEAD, "has no secret" },
	{ HEAD "private-key = " KEY32 "\n", "has no secret" },
	{ "type = tumbler\nhost = h\n", "has no secret" },
	{ HEAD "secret = AAAA\n", "has 32 bytes" },
	{ SEALED "action = open\n", "type sealed has no action" },
	{ SEALED "server-public-key = " KEY32 "\n", "leave one out" },
	{ "type = tumbler\nhost = h\nsecret = AAAA\nprivate-key = " KEY32 "\n",
	  "type tumbler has no private-key" },
	{ "ports = 42,196,\n", "no list of PORT" },
	{ "ports = 42 196\n", "no list of PORT" },
	{ "ports = 42/icmp\n", "no list of PORT" },
	{ "ports = 0\n", "no list of PORT" },
	{ "ports = 42,42\n", "twice" },
	{ "steps = 6\n", "7 to 16" },
	{ "steps = 17\n", "7 to 16" },
	{ "steps = 8x\n", "7 to 16" },
	{ "depth = 7\n", "8 to 60" },
	{ "depth = 61\n", "8 to 60" },
	{ DERIVED "depth = 16\n", "type derived has no depth" },
	{ "avoid = 22,\n", "like 22,1000-1010" },
	{ "avoid = 1-65535\n", "too many ports" },
	{ "unbound = 1\n", "neither yes nor no" },
	{ "location =\n", "1 to 255 bytes" },
	{ "location = a\tb\n", "1 to 255 bytes" },
	{ "location = a ;b\n", "1 to 255 bytes" },
	{ "slot = 29s\n", "30s to 1h" },
	{ "slot = 61m\n", "30s to 1h" },
	{ "slot = hunter2\n", "30s to 1h" },
	{ "sequence = " KEY32 "\n", "its number" },
	{ "sequence = 0 " KEY32 "\n", "its number" },
	{ "sequence = 1 hunter2\n", "not base64 of 32 bytes" },
	{ "sequence = 1 AAAA\n", "not base64 of 32 bytes" },
	{ ONCE "sequence = 7 " ANNA "\nsequence = 7 " KEY32 "\n", "another secret" },
	{ "type = static\nhost = h\n", "has no ports" },
	{ STATIC "secret = " KEY32 "\n", "type static has no secret" },
	{ STATIC "source = 192.0.2.1\n", "type static has no source" },
	{ STATIC "port = 8675\n", "type static has no port" },
	{ STATIC "sequence = 1 " KEY32 "\n", "type static has no sequence" },
	{ ONCE "secret = " KEY32 "\n", "type once has no secret" },
	{ ONCE "location = here\n", "type once has no location" },
	{ ONCE "ports = 1,2,3\n", "type once has no ports" },
	{ "type = derived\nhost = h\n", "has no secret" },
	{ "type = derived\nhost = h\nsecret = AAAA\n", "has 32 bytes" },
	{ DERIVED "unbound = yes\n", "type derived has no unbound" },
	{ SEALED "steps = 8\n", "type sealed has no steps" },
	{ HEAD "server-public-key = " ANNA "\nprivate-key = " KEY32 "\npublic-key = " ANNA "\n",
	  "not that of the public key" },
};

static bool is_zero(const struct profile *profile)
{
	const unsigned char *byte = (const unsigned char *)profile;
	size_t i;

	for (i = 0; i < sizeof(*profile) && !byte[i]; i++)
		;
	return i == sizeof(*profile);
}

/* Refused with a sentence that quotes nothing, and wiped. */
static void test_bad(void **state)
{
	char why[PROFILE_WHY_SIZE];
	struct profile profile;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		strcpy(why, "");
		if (profile_parse(&profile, bad[i].text, strlen(bad[i].text), why) ||
		    !strstr(why, bad[i].said))
			fail_msg("%s: %s", bad[i].text, why);
		assert_null(strstr(why, "hunter2"));
		assert_true(is_zero(&profile));
	}
	assert_false(profile_parse(&profile, SEALED "\0\n", sizeof(SEALED "\0\n") - 1, why));
	assert_non_null(strstr(why, "zero byte"));
}

/* A pair: without the client's private key there is no secret, and the import says so. */
static void test_pair(void **state)
{
	struct x25519_pair server, client;
	char why[PROFILE_WHY_SIZE], text[PROFILE_TEXT_SIZE], again[PROFILE_TEXT_SIZE];
	unsigned char want[X25519_SIZE];
	const struct x25519_parties parties = { server.public_key, client.public_key, "ssh" };
	struct profile profile;

	(void)state;
	assert_true(x25519_generate(&server));
	assert_true(x25519_generate(&client));
	assert_true(x25519_agree(want, &server, &parties));
	profile_init(&profile, PROFILE_SEALED);
	strcpy(profile.host, "server.example");
	strcpy(profile.door, "ssh");
	memcpy(profile.server, server.public_key, X25519_SIZE);
	memcpy(profile.client.public_key, client.public_key, X25519_SIZE);
	profile_say(&profile, "server-public-key");
	profile_say(&profile, "public-key");
	profile_format(text, &profile);
	read_whole(&profile, text);
	assert_false(profile_agree(&profile, why));
	assert_non_null(strstr(why, "--private-key"));
	profile.client = client;
	profile_say(&profile, "private-key");
	profile_format(text, &profile);
	read_whole(&profile, text);
	assert_true(profile_agree(&profile, why));
	assert_int_equal(profile.secret.length, 32);
	assert_memory_equal(profile.secret.bytes, want, X25519_SIZE);
	/* The secret, which can be made, is not written. */
	profile_format(again, &profile);
	assert_string_equal(text, again);
	/* A public key with which all secrets are the same. */
	memset(profile.server, 0, X25519_SIZE);
	secret_wipe(&profile.secret);
	assert_false(profile_agree(&profile, why));
	assert_non_null(strstr(why, "no good one"));
}

/* The longest there is, and what was read. */
static void test_written(void **state)
{
	char text[PROFILE_TEXT_SIZE], again[PROFILE_TEXT_SIZE];
	struct profile profile;
	size_t length;

	(void)state;
	read_whole(&profile, whole);
	length = profile_format(text, &profile);
	assert_int_equal(length, strlen(text));
	read_whole(&profile, text);
	profile_format(again, &profile);
	assert_string_equal(text, again);

	profile_init(&profile, PROFILE_TUMBLER);
	profile.closes = true;
	memset(profile.host, 'h', PROFILE_HOST_SIZE - 1);
	memset(profile.name, 'n', NAME_SIZE - 1);
	memset(profile.door, 'd', NAME_SIZE - 1);
	memset(profile.source.bytes, 0xff, 16);
	profile_say(&profile, "source");
	profile.port = 65535;
	profile.service = 65535;
	profile.secret.length = SECRET_SIZE_MAX;
	assert_in_range(profile_format(text, &profile), 600, PROFILE_TEXT_SIZE - 1);
	read_whole(&profile, text);
	assert_int_equal(strlen(profile.host), PROFILE_HOST_SIZE - 1);
	assert_int_equal(profile.secret.length, SECRET_SIZE_MAX);
}

/* Cut off anywhere, each byte replaced, in a block of its own: within its bounds. */
static void test_mutations(void **state)
{
	static const char bytes[] = "\n=; \0a\xff";
	char why[PROFILE_WHY_SIZE];
	struct profile profile;
	size_t at, i;

	(void)state;
	for (at = 0; at < sizeof(whole); at++) {
		for (i = 0; i <= sizeof(bytes); i++) {
			size_t length = i < sizeof(bytes) ? sizeof(whole) - 1 : at;
			char *text = malloc(length ? length : 1);

			assert_non_null(text);
			memcpy(text, whole, length);
			if (at < length)
				text[at] = bytes[i];
			profile_parse(&profile, text, length, why);
			free(text);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_words),
		cmocka_unit_test(test_static),
		cmocka_unit_test(test_once),
		cmocka_unit_test(test_derived),
		cmocka_unit_test(test_agent),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_pair),
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_mutations),
	};

	return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}
