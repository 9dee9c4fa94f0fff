// SPDX-License-Identifier: GPL-2.0
/* Ports to avoid: sorted, joined, refused where they are none. */
#include <string.h>

#include "check.h"
#include "port_ranges.h"

static const struct {
	const char *text;
	const char *want;
} good[] = {
	{ "22", "22" },
	{ "8676,22,1000-1010", "22,1000-1010,8676" },
	{ "1,2,3", "1-3" },
	{ "3,1,2", "1-3" },
	{ "5-9,1-4", "1-9" },
	{ "1-9,2-3", "1-9" },
	{ "2-3,1-9", "1-9" },
	{ "1-2,4-5,7-8,2-7", "1-8" },
	{ "1-2,4-5,8-9,3-4", "1-5,8-9" },
	{ "22,22,22-22", "22" },
	{ "65535,65534", "65534-65535" },
	{ "1-49151", "1-49151" },
};

static void test_good(void **state)
{
	char text[PORT_RANGES_TEXT_SIZE];
	struct port_ranges ranges;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++) {
		const char *fault = port_ranges_parse(&ranges, good[i].text);

		if (fault)
			fail_msg("%s: %s", good[i].text, fault);
		port_ranges_format(text, &ranges);
		assert_string_equal(text, good[i].want);
	}
}

static const char *const bad[] = {
	"", ",", "22,", ",22", "0", "0-5", "65536", "5-65536", "9-5", "22-", "-22", "1-2-3", "22 ",
	" 22", "22, 23", "ssh", "22/tcp", "1-65535", "1024-60000",
};

static void test_bad(void **state)
{
	struct port_ranges ranges;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++)
		if (!port_ranges_parse(&ranges, bad[i]))
			fail_msg("`%s' was taken", bad[i]);
}

/* Sixty-four ranges, a sixty-fifth, and what joins two of them. */
static void test_many(void **state)
{
	char text[PORT_RANGES_TEXT_SIZE];
	struct port_ranges ranges = { 0 };
	u16 i;

	(void)state;
	for (i = 0; i < PORT_RANGES_MAX; i++)
		assert_null(port_ranges_add(&ranges, 65500 - 10 * i, 65505 - 10 * i));
	assert_int_equal(ranges.count, PORT_RANGES_MAX);
	port_ranges_format(text, &ranges);
	assert_int_equal(strlen(text), PORT_RANGES_TEXT_SIZE - 2);
	assert_non_null(port_ranges_add(&ranges, 22, 22));
	assert_null(port_ranges_add(&ranges, 65496, 65499));
	assert_int_equal(ranges.count, PORT_RANGES_MAX - 1);
	assert_null(port_ranges_add(&ranges, 22, 22));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests_name("port_ranges", tests, NULL, NULL);
}
