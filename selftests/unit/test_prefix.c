// SPDX-License-Identifier: GPL-2.0
/* ADDRESS/LENGTH: what is read, what is refused with the mend, what is printed. */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "moment.h"
#include "prefix.h"

static void test_read_and_printed(void **state)
{
	static const struct {
		const char *typed;
		const char *printed;
		u8 length;
	} good[] = {
		{ "192.0.2.1", "192.0.2.1", 128 },
		{ "192.0.2.1/32", "192.0.2.1", 128 },
		{ "192.0.2.0/24", "192.0.2.0/24", 120 },
		{ "192.0.2.128/25", "192.0.2.128/25", 121 },
		{ "0.0.0.0/0", "0.0.0.0/0", 96 },
		{ "::ffff:192.0.2.1", "192.0.2.1", 128 },
		{ "::ffff:192.0.2.0/120", "192.0.2.0/24", 120 },
		{ "::ffff:0:0/96", "0.0.0.0/0", 96 },
		{ "2001:db8::1", "2001:db8::1", 128 },
		{ "2001:DB8::/32", "2001:db8::/32", 32 },
		{ "2001:db8::/127", "2001:db8::/127", 127 },
		{ "8000::/1", "8000::/1", 1 },
		{ "::/80", "::/80", 80 },
	};
	char text[PREFIX_TEXT_SIZE];
	char why[PARSE_WHY_SIZE];
	struct prefix prefix;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++) {
		if (!parse_prefix(good[i].typed, &prefix, why))
			fail_msg("%s: %s", good[i].typed, why);
		assert_int_equal(prefix.length, good[i].length);
		format_prefix(text, &prefix);
		assert_string_equal(text, good[i].printed);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *typed;
		const char *said;
	} bad[] = {
		{ "192.0.2.1/24", "write 192.0.2.0/24 for the whole network" },
		{ "192.0.2.129/25", "write 192.0.2.128/25 for" },
		{ "::ffff:192.0.2.1/120", "write 192.0.2.0/24 for" },
		{ "10.1.2.3/0", "write 0.0.0.0/0 for" },
		{ "2001:db8::1/64", "write 2001:db8::/64 for" },
		{ "2001:db8:ffff::/33", "write 2001:db8:8000::/33 for" },
		{ "192.0.2.0/33", "it is 0 to 32 there" },
		{ "192.0.2.0/-1", "it is 0 to 32 there" },
		{ "192.0.2.0/", "it is 0 to 32 there" },
		{ "192.0.2.0/24 ", "it is 0 to 32 there" },
		{ "192.0.2.0/+24", "it is 0 to 32 there" },
		{ "192.0.2.0/4294967320", "it is 0 to 32 there" },
		{ "192.0.2.0/24/24", "it is 0 to 32 there" },
		{ "::/0", "it is 1 to 128 there" },
		{ "2001:db8::/129", "it is 1 to 128 there" },
		{ "192.0.2/24", "is no address" },
		{ "/24", "is no address" },
		{ "", "is no address" },
		{ "fe80::1%eth0/64", "is no address" },
		{ "gateway.example/24", "is no address" },
		{ "2001:db8:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:0:1/64",
		  "is no prefix" },
	};
	char why[PARSE_WHY_SIZE];
	struct prefix prefix;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		strcpy(why, "");
		assert_false(parse_prefix(bad[i].typed, &prefix, why));
		if (!strstr(why, bad[i].said))
			fail_msg("%s: %s", bad[i].typed, why);
	}
}

static void test_list(void **state)
{
	char text[17 * 16] = "", why[PARSE_WHY_SIZE];
	struct prefix_list list;
	int i;

	(void)state;
	for (i = 0; i < 17; i++) {
		sprintf(text + strlen(text), "%s10.0.%d.0/24", i ? "," : "", i);
		assert_int_equal(parse_prefixes(text, &list, why), i < PREFIXES_MAX);
	}
	assert_non_null(strstr(why, "more than 16"));
	assert_int_equal(list.prefix[15].address.bytes[14], 15);
	assert_false(parse_prefixes("", &list, why));
	assert_false(parse_prefixes("::1,,::2", &list, why));
	assert_false(parse_prefixes("::1, ::2", &list, why));
	assert_false(parse_prefixes("2001:0db8:0000:0000:0000:0000:0000:0001/128000000000000000000",
				    &list, why));
	assert_true(parse_prefixes("::1,192.0.2.1", &list, why));
	assert_int_equal(list.count, 2);
	assert_int_equal(list.prefix[1].length, 128);
}

/* What is read is printed again; and no 31st of June is one of July. */
static void test_moments(void **state)
{
	static const struct {
		const char *text;
		long long seconds;
	} moments[] = {
		{ "1970-01-01T00:00:00Z", 0 }, { "1970-01-01", 86399 },
		{ "2026-12-31T12:00:00Z", 1798718400 }, { "2024-02-29", 1709251199 },
		{ "9999-12-31T23:59:59Z", 253402300799 }, { "2026-02-29", -1 },
		{ "2026-06-31T00:00:00Z", -1 }, { "2026-12-31T24:00:00Z", -1 },
		{ "2026-12-31T12:00:60Z", -1 }, { "2026-12-31T12:00:00", -1 },
		{ "2026-12-31T12:00:00+01:00", -1 }, { "2026-12-31 12:00:00Z", -1 },
		{ "2026-12-31T12:00Z", -1 }, { "2026-1-1", -1 }, { " 2026-1-01", -1 },
		{ "2026-12-31x", -1 }, { "31.12.2026", -1 }, { "-026-12-31", -1 },
		{ "1969-12-31", -1 }, { "", -1 }, { "now", -1 }, { "2026-12-31T1 :00:00Z", -1 },
	};
	char why[PARSE_WHY_SIZE], text[TIME_TEXT_SIZE];
	u64 seconds;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(moments); i++) {
		bool good = moments[i].seconds >= 0;

		if (parse_moment(moments[i].text, &seconds, why) != good)
			fail_msg("%s", moments[i].text);
		if (!good)
			continue;
		assert_int_equal(seconds, moments[i].seconds);
		format_time(text, seconds);
		assert_memory_equal(text, moments[i].text, strlen(moments[i].text));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_and_printed),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_moments),
	};

	return cmocka_run_group_tests_name("prefix", tests, NULL, NULL);
}
