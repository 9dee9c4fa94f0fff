// SPDX-License-Identifier: GPL-2.0
/* Every reason has a sentence, and every finding the mend that belongs to it. */
#include <string.h>

#include "check.h"
#include "explain.h"
#include "reason.h"

/* 2026-11-23 12:30:10 UTC */
#define NOW 1795437010ull
#define MINUTE ((u32)(NOW / 60))

static const struct suspect suspect = {
	.door = "ssh", .key = "alice", .knock_port = 8675, .skew = 5,
};

static struct refusal refusal;
static char text[EXPLANATION_SIZE];
static char faults[FAULTS_SIZE];

/* A refusal by @reason of a knock whose maker was found, with nothing wrong in it. */
static void refused(u8 reason)
{
	static const u8 source[4] = { 203, 0, 113, 9 };

	memset(&refusal, 0, sizeof(refusal));
	refusal.knock.source = knock_address_from_ipv4(source);
	refusal.knock.time = NOW;
	refusal.knock.port = 8675;
	refusal.reason = reason;
	refusal.searched = true;
	refusal.finding.suspect = &suspect;
	refusal.finding.minute = MINUTE;
	refusal.finding.address = refusal.knock.source;
	refusal.now = NOW + 20;
}

static void says(const char *sentence)
{
	explain(text, &refusal);
	explain_faults(faults, &refusal);
	if (!strstr(text, sentence))
		fail_msg("said: %s\nwithout: %s", text, sentence);
	assert_in_range(strlen(text), 1, EXPLANATION_SIZE - 2);
}

static void says_not(const char *sentence)
{
	explain(text, &refusal);
	if (strstr(text, sentence))
		fail_msg("said: %s\nwith: %s", text, sentence);
}

static void test_every_reason(void **state)
{
	const char *sentence;
	u8 reason;

	(void)state;
	for (reason = 1; reason <= KNOCK_REASON_MAX; reason++) {
		assert_string_not_equal(reason_word(reason), "unknown");
		sentence = reason_sentence(reason);
		/* What was taken is not refused; a step is no knock yet. */
		if (reason <= KNOCK_REASON_NOTHING_OPEN ||
		    (reason >= KNOCK_REASON_STEP && reason <= KNOCK_REASON_NO_STEP))
			continue;
		assert_null(strstr(sentence, "does not know"));
		assert_int_equal(sentence[strlen(sentence) - 1], '.');
		refused(reason);
		refusal.searched = false;
		says(sentence);
		assert_string_equal(faults, "");
	}
	assert_string_equal(reason_word(0), "unknown");
	assert_string_equal(reason_word(KNOCK_REASON_MAX + 1), "unknown");
	assert_non_null(strstr(reason_sentence(255), "does not know"));
}

/* Of a complete sequence it is known whose it was, and what would have been good. */
static void test_sequence(void **state)
{
	u8 reason;

	(void)state;
	for (reason = 1; reason <= KNOCK_REASON_MAX; reason++)
		assert_non_null(reason_sequence_sentence(reason));
	assert_string_equal(reason_sequence_sentence(255), reason_sentence(255));
	refused(KNOCK_REASON_REPLAY);
	refusal.searched = false;
	refusal.is_sequence = true;
	strcpy(refusal.door, "web");
	strcpy(refusal.key, "bob");
	says("each is good once: so the address was banned");
	says("sequence of the key bob of the door web");
	says_not("minute");
	says_not("Of this key");
	refusal.series.kind = KNOCK_SEQUENCE_KIND_ONCE;
	refusal.number = 4;
	refusal.armed = 6;
	says("sequence of the once key bob");
	says("all up to number 4 are over, and those up to 6 are good");
	refusal.armed = 4;
	says("knockctl load arms what was handed out");
	refusal.reason = KNOCK_REASON_TOO_SLOW;
	refusal.series.within = 7;
	says("it may take 7 s");
	says_not("Of this key");
	refusal.reason = KNOCK_REASON_NOT_YET;
	refusal.series.kind = KNOCK_SEQUENCE_KIND_DERIVED;
	says("of a slot to come");
	says_not("sealed");
	refusal.reason = KNOCK_REASON_GUARD;
	refusal.accepted_from = NOW + 5;
	says("later slot");
	says("accepted from");
	refusal.is_sequence = false;
}

static void test_clock(void **state)
{
	(void)state;
	refused(KNOCK_REASON_UNPROVED);
	refusal.finding.minute = MINUTE - 3;
	says("is 131 to 190 s behind this host's, where the key allows 5 s");
	assert_string_equal(faults, "clock");
	says_not("UTC");
	refusal.finding.minute = MINUTE + 2;
	says("is 110 to 169 s ahead of this host's");
	/* Japan, Nepal, New York. */
	refusal.finding.minute = MINUTE + 540;
	says("time zone's difference, 9 h 00 min: the time has to be UTC");
	refusal.finding.minute = MINUTE + 345;
	says("time zone's difference, 5 h 45 min");
	refusal.finding.minute = MINUTE - 300;
	says("time zone's difference, 5 h 00 min");
	refusal.finding.minute = MINUTE + 547;
	says_not("zone");
	refusal.finding.minute = MINUTE + 25 * 60;
	says_not("zone");
}

static void test_address(void **state)
{
	static const u8 other[4] = { 192, 168, 1, 7 };

	(void)state;
	refused(KNOCK_REASON_UNPROVED);
	refusal.finding.address = knock_address_from_ipv4(other);
	says("made for the address 192.168.1.7 and came from 203.0.113.9");
	says("--source 203.0.113.9");
	assert_string_equal(faults, "address");
	refusal.reason = KNOCK_REASON_REPLAY;
	says("copy of a knock from 192.168.1.7");
	says_not("next at");
	says_not("--source");
}

static void test_port_and_month(void **state)
{
	(void)state;
	refused(KNOCK_REASON_UNPROVED);
	refusal.knock.port = 9000;
	says("with the key alice of the door ssh");
	says("knock port is 8675");
	assert_string_equal(faults, "port");
	refusal.finding.month_from_one = true;
	refusal.finding.minute = MINUTE - 60;
	says("January is 00");
	assert_string_equal(faults, "port,month,clock");
}

static void test_nothing_wrong(void **state)
{
	(void)state;
	refused(KNOCK_REASON_UNPROVED);
	says("knockctl load");
	assert_string_equal(faults, "");
	/* 3 s into a minute, the one before is still good. */
	refusal.knock.time = NOW / 60 * 60 + 3;
	refusal.finding.minute = MINUTE - 1;
	says("knockctl load");
	refusal.knock.time += 3;
	says("behind this host's");
}

static void test_not_found(void **state)
{
	(void)state;
	refused(KNOCK_REASON_UNPROVED);
	refusal.finding.suspect = NULL;
	says("the client has another secret");
	refusal.finding.exhausted = true;
	says("too many keys");
}

static void test_times(void **state)
{
	(void)state;
	refused(KNOCK_REASON_DUPLICATE);
	says("next at 2026-11-23T12:31:00Z, in 30 s.");
	refusal.finding.minute = MINUTE + 1;
	says("next at 2026-11-23T12:32:00Z, in 90 s.");
	refusal.searched = false;
	says("next at 2026-11-23T12:31:00Z, in 30 s.");
	refusal.now = NOW + 3600;
	says("2026-11-23T12:31:00Z, which is past.");

	refused(KNOCK_REASON_GUARD);
	says_not("accepted from");
	refusal.accepted_from = NOW + 50;
	says("accepted from 2026-11-23T12:31:00Z, in 30 s.");
}

static void test_what_is_searched(void **state)
{
	(void)state;
	assert_true(explain_can_search(KNOCK_REASON_UNPROVED));
	assert_true(explain_can_search(KNOCK_REASON_OLD_FULL));
	assert_false(explain_can_search(KNOCK_REASON_FORM));
	assert_false(explain_can_search(KNOCK_REASON_BUDGET));
	assert_false(explain_can_search(KNOCK_REASON_BLOCKED));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_reason),
		cmocka_unit_test(test_sequence),
		cmocka_unit_test(test_clock),
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_port_and_month),
		cmocka_unit_test(test_nothing_wrong),
		cmocka_unit_test(test_not_found),
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_what_is_searched),
	};

	return cmocka_run_group_tests_name("explain", tests, NULL, NULL);
}
