// SPDX-License-Identifier: GPL-2.0
/* How a refused sealed knock was made, and what is said of it. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "explain.h"
#include "sealed_crypto.h"

#define NOW 1795340647ull

static struct suspect keys[3];
static struct refusal refusal;
static struct knock_sealed_plain plain;

/* Three keys of two doors; a knock of the second from 192.0.2.7, which is as it should be. */
static void set_up(u8 reason)
{
	static const char *const doors[] = { "ssh", "ssh", "web" };
	static const u8 address[4] = { 192, 0, 2, 7 };
	size_t i;

	memset(&refusal, 0, sizeof(refusal));
	memset(&plain, 0, sizeof(plain));
	for (i = 0; i < COUNT(keys); i++) {
		keys[i] = (struct suspect){ .knock_port = 8675, .skew = 90 };
		strcpy(keys[i].door, doors[i]);
		snprintf(keys[i].key, sizeof(keys[i].key), "key%zu", i);
		keys[i].secret.length = 32;
		memset(keys[i].secret.bytes, (int)i + 1, 32);
	}
	refusal.reason = reason;
	refusal.is_sealed = true;
	refusal.searched = true;
	refusal.now = NOW + 5;
	refusal.knock.time = NOW;
	refusal.knock.port = 8675;
	refusal.knock.source = knock_address_from_ipv4(address);
	plain.action = KNOCK_SEALED_OPEN;
	plain.address = refusal.knock.source;
	assert_true(sealed_door_hash(plain.door_hash, "ssh"));
	knock_tai64n_set(plain.tai64n, NOW, 0);
}

/* What is said: @words in it, and @faults for programs. */
static void says(const char *words, const char *faults)
{
	static const u8 noise[KNOCK_SEALED_RANDOM_SIZE] = { 1 };
	const struct suspect_list list = { keys, COUNT(keys) };
	struct letter letter = { .length = KNOCK_SEALED_LEN, .time = NOW };
	char text[EXPLANATION_SIZE], got[FAULTS_SIZE];

	assert_true(knock_sealed_make(&sealed_crypto, keys[1].secret.bytes, &plain, noise,
				      letter.bytes));
	assert_true(unseal(&letter, &list, UNSEAL_HINTS_MAX, &refusal.unsealed));
	assert_ptr_equal(refusal.unsealed.suspect, &keys[1]);
	explain(text, &refusal);
	explain_sealed_faults(got, &refusal);
	if (!strstr(text, words) || !strstr(text, "made with the key key1 of the door ssh."))
		fail_msg("%s", text);
	assert_string_equal(got, faults);
}

static void test_clock(void **state)
{
	(void)state;
	set_up(KNOCK_REASON_TOO_OLD);
	knock_tai64n_set(plain.tai64n, NOW - 91, 0);
	says("is 91 s behind this host's, where the key allows 90 s", "clock");
	set_up(KNOCK_REASON_UNKNOWN_HINT);
	knock_tai64n_set(plain.tai64n, NOW + 7198, 0);
	says("is 7198 s ahead of this host's", "clock");
	says("a time zone's difference, 2 h 00 min", "clock");
	knock_tai64n_set(plain.tai64n, NOW + 7100, 0);
	says("is 7100 s ahead", "clock");
	knock_tai64n_set(plain.tai64n, NOW - 26 * 3600, 0);
	says("is 93600 s behind", "clock");
}

static void test_address(void **state)
{
	(void)state;
	set_up(KNOCK_REASON_OTHER_ADDRESS);
	plain.address.bytes[15] = 9;
	says("made for the address 192.0.2.9 and came from 192.0.2.7", "address");
	says("--source 192.0.2.7", "address");
	refusal.reason = KNOCK_REASON_REPLAY;
	says("a copy of a knock from 192.0.2.9", "address");
	memset(plain.address.bytes, 0, sizeof(plain.address.bytes));
	says("for no address in particular, which takes a roaming key", "address");
	keys[1].roams = true;
	says("the client just knocks again", "");
	plain.address = refusal.knock.source;
	plain.address.bytes[15] = 9;
	says("a copy of a knock from 192.0.2.9", "address");
}

static void test_door(void **state)
{
	(void)state;
	set_up(KNOCK_REASON_OTHER_DOOR);
	assert_true(sealed_door_hash(plain.door_hash, "web"));
	says("to open or close the door web, which this is no key of", "door");
	assert_true(sealed_door_hash(plain.door_hash, "shed"));
	says("a door that the configuration does not have", "door");
	set_up(KNOCK_REASON_UNKNOWN_HINT);
	keys[1].knock_port = 9000;
	says("That door's knock port is 9000", "port");
	set_up(KNOCK_REASON_UNKNOWN_HINT);
	says("the module did not have this key and secret then", "");
}

/* Closed by a device whose clock is 60 s ahead of the one that knocks now. */
static void test_closed(void **state)
{
	(void)state;
	set_up(KNOCK_REASON_BEFORE_CLOSE);
	refusal.closed = NOW + 60;
	says("behind the one that closed the door, and can open it from", "");
	says("in 56 s.", "");
	assert_int_equal(explain_wait(&refusal), NOW + 61);
	refusal.reason = KNOCK_REASON_STALE;
	says("Every sealed knock is new", "");
	assert_int_equal(explain_wait(&refusal), 0);
}

static void test_not_after(void **state)
{
	(void)state;
	set_up(KNOCK_REASON_NOT_AFTER);
	keys[1].not_after = 1795340400;
	says("The key's time was over at 2026-11-22T09:40:00Z.", "");
}

/* Nobody's; and of what the module kept less of, the minute alone. */
static void test_little_known(void **state)
{
	const struct suspect_list list = { keys, COUNT(keys) };
	struct letter letter = { .length = KNOCK_SEALED_LEN, .time = NOW };
	char text[EXPLANATION_SIZE];

	(void)state;
	set_up(KNOCK_REASON_UNKNOWN_HINT);
	assert_false(unseal(&letter, &list, UNSEAL_HINTS_MAX, &refusal.unsealed));
	assert_false(refusal.unsealed.exhausted);
	explain(text, &refusal);
	assert_non_null(strstr(text, "compare the fingerprints"));
	assert_false(unseal(&letter, &list, 10, &refusal.unsealed));
	assert_true(refusal.unsealed.exhausted);
	explain(text, &refusal);
	assert_non_null(strstr(text, "too many"));
	assert_true(knock_sealed_hint(&sealed_crypto, keys[2].secret.bytes, NOW / 60 - 5,
				      letter.bytes));
	letter.length = KNOCK_SEALED_HINT_SIZE;
	assert_true(unseal(&letter, &list, UNSEAL_HINTS_MAX, &refusal.unsealed));
	assert_false(refusal.unsealed.opened);
	explain(text, &refusal);
	assert_non_null(strstr(text, " s behind this host's"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_door),
		cmocka_unit_test(test_closed),
		cmocka_unit_test(test_not_after),
		cmocka_unit_test(test_little_known),
	};

	return cmocka_run_group_tests_name("unseal", tests, NULL, NULL);
}
