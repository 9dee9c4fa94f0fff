// SPDX-License-Identifier: GPL-2.0
/*
 * Who finds room with the agent: whoever has a key is heard, however many connections,
 * addresses and networks others have.
 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve.h"

static struct serve serve;
static uint64_t now;

static int begin(void **state)
{
	(void)state;
	memset(&serve, 0, sizeof(serve));
	now = 100000;
	return 0;
}

/* @host of IPv4; from 0x10000 on one of IPv6, in the network that its upper half names. */
static struct serve_asked from(const char *key, unsigned int host)
{
	const u8 bytes[4] = { 10, 0, (u8)(host >> 8), (u8)host };
	struct serve_asked asked = { .address = { { 0x20, 0x01, 0x0d, 0xb8 } } };

	if (host < 0x10000)
		asked.address = knock_address_from_ipv4(bytes);
	asked.address.bytes[7] = host < 0x10000 ? 0 : (u8)(host >> 16);
	asked.address.bytes[14] = (u8)(host >> 8);
	asked.address.bytes[15] = (u8)host;
	strcpy(asked.party.door, key ? "ssh" : "");
	strcpy(asked.party.key, key ? key : "");
	return asked;
}

static struct serve_client *put(enum serve_phase phase, const struct serve_asked *asked)
{
	struct serve_client *client = serve.client;

	while (client->phase)
		client++;
	assert_true(client < serve.client + SERVE_MAX);
	*client = (struct serve_client){ .phase = phase, .since = now, .asked = *asked };
	return client;
}

/* As serve.c does it. Return: he, NULL if he finds no room. */
static struct serve_client *come(const char *key, unsigned int host)
{
	struct serve_asked asked = from(key, host);
	struct serve_client *gives_way;

	if (!serve_room_to_talk(&serve, &asked, now, &gives_way))
		return NULL;
	if (gives_way)
		memset(gives_way, 0, sizeof(*gives_way));
	return put(SERVE_TALKS, &asked);
}

static size_t there(const char *key)
{
	size_t count = 0, i;

	for (i = 0; i < SERVE_MAX; i++)
		count += serve.client[i].phase && !strcmp(serve.client[i].asked.party.key, key);
	return count;
}

/* Return: how many of them find room. */
static size_t crowd_in(const char *key, unsigned int first, unsigned int networks, size_t count)
{
	size_t in = 0, i;

	for (i = 0; i < count; i++)
		in += !!come(key, first + (unsigned int)(i % networks));
	return in;
}

static void test_room(void **state)
{
	(void)state;
	assert_int_equal(crowd_in("mallory", 1, 1, 20), SERVE_TALKING_MAX_EACH);
	assert_non_null(come("alice", 100));
	crowd_in("mallory", 2, 63, 200);
	assert_int_equal(there("mallory"), SERVE_TALKING_MAX - 1);
	/* His networks have shared; by one more of them nothing would be gained. */
	assert_null(come("mallory", 2));
}

/* Who has a thousand addresses by one key has one key. */
static void test_parties(void **state)
{
	struct serve_client *alice, *bob;
	size_t i;

	(void)state;
	crowd_in("mallory", 1, 1000, 1000);
	assert_int_equal(there("mallory"), SERVE_TALKING_MAX);
	alice = come("alice", 2000);
	assert_non_null(alice);
	for (i = 0; i < 100; i++) {
		now += SERVE_GRACE_MS;
		crowd_in("mallory", 1, 1000, 100);
		assert_int_equal(alice->phase, SERVE_TALKS);
		assert_string_equal(alice->asked.party.key, "alice");
	}
	bob = come("bob", 2001);
	assert_non_null(bob);
	assert_string_equal(alice->asked.party.key, "alice");
	/* Nor are they kept out who come at once, up to half of the room. */
	assert_int_equal(crowd_in("carol", 3000, 20, 20), 20);
	assert_int_equal(there("mallory"), SERVE_TALKING_MAX - 22);
	assert_non_null(come("dave", 2002));
	crowd_in("carol", 3000, 20, 100);
	assert_int_equal(there("carol"), 30);
	assert_int_equal(there("mallory"), 31);
}

/* Who is as many as others takes from his own. */
static void test_even(void **state)
{
	(void)state;
	crowd_in("mallory", 1, 100, 100);
	crowd_in("alice", 1000, 100, 100);
	assert_int_equal(there("alice"), SERVE_TALKING_MAX / 2);
	now += SERVE_GRACE_MS;
	assert_non_null(come("mallory", 500));
	assert_int_equal(there("alice"), SERVE_TALKING_MAX / 2);
	assert_non_null(come("alice", 1500));
	assert_int_equal(there("alice"), SERVE_TALKING_MAX / 2);
}

/* And if nobody knows whose knocks they are, or all have the same key, networks share. */
static void test_networks(void **state)
{
	const struct serve_asked his = from(NULL, 5);
	struct serve_client *owner;
	size_t i;

	(void)state;
	crowd_in(NULL, 1, 4, 1000);
	owner = come(NULL, 5);
	assert_non_null(owner);
	for (i = 0; i < 9; i++) {
		now += SERVE_GRACE_MS / 10;
		crowd_in(NULL, 1, 4, 100);
		assert_true(knock_address_equal(&owner->asked.address, &his.address));
	}
	/* As many as he: now time decides, and it is not over. */
	begin(NULL);
	crowd_in("group", 1, 1000, 1000);
	assert_null(come("group", 2000));
	now += SERVE_GRACE_MS - 1;
	assert_null(come("group", 2000));
	now++;
	owner = come("group", 2000);
	assert_non_null(owner);
	assert_int_equal(crowd_in("group", 1, 1000, 1000), SERVE_TALKING_MAX - 1);
	assert_int_equal(crowd_in("group", 1, 1000, 1000), 0);
	assert_int_equal(owner->asked.address.bytes[14], 2000 >> 8);
}

/* Of IPv6 a /64 is one network; of IPv4 an address is. */
static void test_addresses(void **state)
{
	(void)state;
	assert_int_equal(crowd_in("mallory", 0x10000, 1000, 1000), SERVE_TALKING_MAX_EACH);
	assert_int_equal(crowd_in("mallory", 0x20000, 1000, 1000), SERVE_TALKING_MAX_EACH);
	assert_int_equal(crowd_in("mallory", 1, 1000, 20), 20);
}

/* Of one network with too many he who came first, and of another's key at once. */
static void test_same_network(void **state)
{
	struct serve_client *first = come("mallory", 1);

	(void)state;
	now++;
	assert_int_equal(crowd_in("mallory", 1, 1, 100), SERVE_TALKING_MAX_EACH - 1);
	now += SERVE_GRACE_MS - 1;
	assert_non_null(come("mallory", 1));
	assert_int_equal(first->since, now);
	assert_null(come("mallory", 1));
	assert_non_null(come("alice", 1));
}

/* Who has proved his key, or is gone, takes nobody's place, nor loses his. */
static void test_phases(void **state)
{
	struct serve_asked mallory = from("mallory", 1), asks = mallory;
	struct serve_client *proved[3], *gone, *rests;
	size_t i;

	(void)state;
	mallory.proved = true;
	proved[0] = put(SERVE_ASKS, &mallory);
	proved[1] = put(SERVE_TAKES, &mallory);
	proved[2] = put(SERVE_STREAMS, &mallory);
	gone = put(SERVE_GOES, &asks);
	rests = put(SERVE_RESTS, &asks);
	put(SERVE_ASKS, &asks);
	now++;
	assert_int_equal(crowd_in("mallory", 1, 1, 100), SERVE_TALKING_MAX_EACH - 2);
	crowd_in("mallory", 2, 10, 100);
	assert_int_equal(there("mallory"), COUNT(proved) + 1 + SERVE_TALKING_MAX);
	assert_int_equal(crowd_in("alice", 100, 10, 5), 5);
	for (i = 0; i < COUNT(proved); i++)
		assert_true(proved[i]->asked.proved);
	assert_int_equal(gone->phase, SERVE_GOES);
	/* The one that rests was the first to give way. */
	assert_int_not_equal(rests->phase, SERVE_RESTS);
	begin(NULL);
	for (i = 0; i < SERVE_TALKING_MAX; i++)
		put(SERVE_RESTS, &asks);
	now += SERVE_GRACE_MS - 1;
	assert_null(come("mallory", 1));
	now++;
	assert_non_null(come("mallory", 1));
}

/* Return: whether one who talks may stay once he has proved the key. */
static bool stays(const char *key, unsigned int host)
{
	struct serve_asked asked = from(key, host);
	struct serve_client *client;
	bool good;

	asked.proved = true;
	client = put(SERVE_ASKS, &asked);
	good = serve_room_to_stay(&serve, client);
	client->phase = good ? SERVE_STREAMS : SERVE_NOBODY;
	return good;
}

/* How many get in of one key from addresses of their own. */
static size_t fill(const char *key)
{
	size_t in = 0;

	while (stays(key, 1000 + (unsigned int)in))
		in++;
	return in;
}

static void test_staying(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; stays("mallory", 1); i++)
		;
	assert_int_equal(i, SERVE_STAYING_MAX_EACH);
	assert_true(stays("alice", 1));
	/* What one key leaves is enough for many others, and so on. */
	assert_int_equal(i + fill("mallory"), 128);
	assert_int_equal(fill("mallory-2"), 64);
	assert_int_equal(fill("mallory-3"), 32);
	assert_int_equal(fill("mallory-4"), 16);
	assert_true(stays("bob", 1));
}

/* Whoever comes at random, for a second at most, each with one connection at a time. */
static void test_random(void **state)
{
	struct serve_client *honest = NULL;
	unsigned int seed = 3, round, kept = 0;
	size_t i, places;

	(void)state;
	for (round = 0; round < 20000; round++) {
		now += (unsigned int)rand_r(&seed) % 20;
		if (honest && now >= honest->since + 1000) {
			assert_string_equal(honest->asked.party.key, "alice");
			memset(honest, 0, sizeof(*honest));
			honest = NULL;
			kept++;
		}
		if (!honest && rand_r(&seed) % 8 == 0) {
			honest = come("alice", 1000);
			assert_non_null(honest);
		}
		come(rand_r(&seed) % 2 ? "mallory" : NULL, (unsigned int)rand_r(&seed) % 500);
		for (places = 0, i = 0; i < SERVE_MAX; i++)
			places += serve.client[i].phase != SERVE_NOBODY;
		assert_true(places <= SERVE_TALKING_MAX);
	}
	assert_true(kept > 50);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_room, begin),
		cmocka_unit_test_setup(test_parties, begin),
		cmocka_unit_test_setup(test_even, begin),
		cmocka_unit_test_setup(test_networks, begin),
		cmocka_unit_test_setup(test_addresses, begin),
		cmocka_unit_test_setup(test_same_network, begin),
		cmocka_unit_test_setup(test_phases, begin),
		cmocka_unit_test_setup(test_staying, begin),
		cmocka_unit_test_setup(test_random, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
