// SPDX-License-Identifier: GPL-2.0
/* Each way to make a knock wrong is told from the others. */
#include <openssl/sha.h>

#include "diagnose.h"
#include "rows.h"

/* 2026-11-23 12:30:10 UTC */
#define NOW 1795437010ull
#define MINUTE ((u32)(NOW / 60))
#define PLENTY 0xffffffffu

static struct suspect suspects[3];
static struct refused knock;
static struct inquiry inquiry;

static void set_suspect(int i, const char *door, const char *key, u16 port, const char *secret)
{
	strcpy(suspects[i].door, door);
	strcpy(suspects[i].key, key);
	suspects[i].knock_port = port;
	suspects[i].secret.length = strlen(secret);
	memcpy(suspects[i].secret.bytes, secret, strlen(secret));
}

static int set_up(void **state)
{
	(void)state;
	set_suspect(0, "ssh", "alice", 8675, "g-secret-of-alice");
	set_suspect(1, "ssh", "bob", 8675, "h-secret-of-bob");
	set_suspect(2, "web", "alice", 9000, "k-secret-for-the-web");
	inquiry = (struct inquiry){ .knock = &knock, .suspects = suspects, .count = 3 };
	return 0;
}

/* As a client makes it that writes @time by strftime, and comes from 203.0.113.9. */
static void knocked(const char *time, const char *made_for, const char *secret, u16 port)
{
	char text[400];
	int len = snprintf(text, sizeof(text), "%s%s%s", time, made_for, secret);

	knock.source = rows_address("203.0.113.9");
	knock.time = NOW;
	knock.port = port;
	SHA256((unsigned char *)text, (size_t)len, knock.digest);
}

static void found(const char *door, const char *key, u32 minute, bool month_from_one,
		  const char *made_for)
{
	struct knock_address expected = rows_address(made_for);
	struct finding finding;

	assert_true(diagnose(&inquiry, PLENTY, &finding));
	assert_string_equal(finding.suspect->door, door);
	assert_string_equal(finding.suspect->key, key);
	assert_int_equal(finding.minute, minute);
	assert_int_equal(finding.month_from_one, month_from_one);
	assert_memory_equal(finding.address.bytes, expected.bytes, sizeof(expected.bytes));
	assert_false(finding.exhausted);
}

static void test_nothing_wrong(void **state)
{
	(void)state;
	knocked("12610231230", "203.0.113.9", "h-secret-of-bob", 8675);
	found("ssh", "bob", MINUTE, false, "203.0.113.9");
}

static void test_clock(void **state)
{
	(void)state;
	knocked("12610231229", "203.0.113.9", "g-secret-of-alice", 8675);
	found("ssh", "alice", MINUTE - 1, false, "203.0.113.9");
	knocked("12610231231", "203.0.113.9", "g-secret-of-alice", 8675);
	found("ssh", "alice", MINUTE + 1, false, "203.0.113.9");
	/* Local time for UTC, and a day, and no further than that. */
	knocked("12610232130", "203.0.113.9", "g-secret-of-alice", 8675);
	found("ssh", "alice", MINUTE + 540, false, "203.0.113.9");
	knocked("12610241430", "203.0.113.9", "g-secret-of-alice", 8675);
	found("ssh", "alice", MINUTE + 1560, false, "203.0.113.9");
	knocked("12610221030", "203.0.113.9", "g-secret-of-alice", 8675);
	found("ssh", "alice", MINUTE - 1560, false, "203.0.113.9");
}

static void test_month(void **state)
{
	(void)state;
	knocked("12611231230", "203.0.113.9", "g-secret-of-alice", 8675);
	found("ssh", "alice", MINUTE, true, "203.0.113.9");
	knocked("12611230730", "203.0.113.9", "g-secret-of-alice", 8675);
	found("ssh", "alice", MINUTE - 300, true, "203.0.113.9");
	knocked("12611231230", "10.0.3.4", "g-secret-of-alice", 8675);
	found("ssh", "alice", MINUTE, true, "10.0.3.4");
}

static void test_other_address(void **state)
{
	static const char *const addresses[] = {
		"192.168.0.0",	"192.168.178.21", "192.168.255.255", "10.0.0.1",
		"10.0.255.255", "172.16.0.2",	  "172.31.0.255",
	};
	struct knock_address known[] = {
		rows_address("198.51.100.77"), rows_address("2001:db8::7"),
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(addresses); i++) {
		knocked("12610231230", addresses[i], "h-secret-of-bob", 8675);
		found("ssh", "bob", MINUTE, false, addresses[i]);
	}
	knocked("12610231229", "192.168.1.2", "h-secret-of-bob", 8675);
	found("ssh", "bob", MINUTE - 1, false, "192.168.1.2");
	inquiry.addresses = known;
	inquiry.address_count = COUNT(known);
	knocked("12610231231", "198.51.100.77", "h-secret-of-bob", 8675);
	found("ssh", "bob", MINUTE + 1, false, "198.51.100.77");
	knocked("12610231230", "2001:db8::7", "h-secret-of-bob", 8675);
	found("ssh", "bob", MINUTE, false, "2001:db8::7");
	knocked("12610231230", "192.168.0.1", "h-secret-of-bob", 8675);
	found("ssh", "bob", MINUTE, false, "192.168.0.1");
}

static void test_other_port(void **state)
{
	(void)state;
	knocked("12610231230", "203.0.113.9", "k-secret-for-the-web", 8675);
	found("web", "alice", MINUTE, false, "203.0.113.9");
}

static void not_found(u32 hashes_max, bool exhausted)
{
	struct finding finding;

	assert_false(diagnose(&inquiry, hashes_max, &finding));
	assert_null(finding.suspect);
	assert_int_equal(finding.exhausted, exhausted);
}

static void test_not_found(void **state)
{
	(void)state;
	knocked("12610231230", "203.0.113.9", "g-secret-of-nobody", 8675);
	not_found(PLENTY, false);
	/* Clock or address, and two months at most: two faults are not searched for. */
	knocked("12610231230", "192.168.0.1", "k-secret-for-the-web", 8675);
	not_found(PLENTY, false);
	knocked("12610231030", "192.168.0.1", "g-secret-of-alice", 8675);
	not_found(PLENTY, false);
	knocked("12610241431", "203.0.113.9", "g-secret-of-alice", 8675);
	not_found(PLENTY, false);
	inquiry.count = 0;
	not_found(PLENTY, false);
}

/* Of IPv6 no private network is small enough to be tried. */
static void test_ipv6(void **state)
{
	(void)state;
	knocked("12610231230", "2001:db8::5", "g-secret-of-alice", 8675);
	knock.source = rows_address("2001:db8::5");
	found("ssh", "alice", MINUTE, false, "2001:db8::5");
	knocked("12610231230", "192.168.0.1", "g-secret-of-alice", 8675);
	knock.source = rows_address("2001:db8::5");
	not_found(PLENTY, false);
}

static void test_work_is_bounded(void **state)
{
	(void)state;
	knocked("12610231229", "203.0.113.9", "g-secret-of-alice", 8675);
	/* All keys and both months of this minute come first. */
	not_found(0, true);
	not_found(6, true);
	assert_true(diagnose(&inquiry, 7, &(struct finding){ 0 }));
}

static void test_clock_off(void **state)
{
	static const struct {
		u64 time;
		u32 minute;
		long long least, most;
	} clocks[] = {
		{ 6000, 100, 0, 0 },	{ 6059, 100, 0, 0 },	 { 6000, 101, 60, 119 },
		{ 6059, 101, 1, 60 },	{ 6000, 99, -1, -60 },	 { 6059, 99, -60, -119 },
		{ 6010, 40, -3551, -3610 },
	};
	struct clock_off off;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(clocks); i++) {
		off = diagnose_clock(clocks[i].time, clocks[i].minute);
		assert_int_equal(off.least, clocks[i].least);
		assert_int_equal(off.most, clocks[i].most);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_nothing_wrong, set_up),
		cmocka_unit_test_setup(test_clock, set_up),
		cmocka_unit_test_setup(test_month, set_up),
		cmocka_unit_test_setup(test_other_address, set_up),
		cmocka_unit_test_setup(test_other_port, set_up),
		cmocka_unit_test_setup(test_not_found, set_up),
		cmocka_unit_test_setup(test_ipv6, set_up),
		cmocka_unit_test_setup(test_work_is_bounded, set_up),
		cmocka_unit_test(test_clock_off),
	};

	return cmocka_run_group_tests_name("diagnose", tests, NULL, NULL);
}
