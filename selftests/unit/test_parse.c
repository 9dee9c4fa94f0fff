// SPDX-License-Identifier: GPL-2.0
#include "check.h"
#include "name.h"
#include "parse.h"

/* Whatever is refused is refused with a sentence that fits. */
static void assert_sentence(const char *why)
{
	assert_in_range(strnlen(why, PARSE_WHY_SIZE), 20, PARSE_WHY_SIZE - 1);
}

static void test_names(void **state)
{
	static const char *const good[] = {
		"a", "0", "ssh", "A.b-c_d", "1234567890123456789012345678901",
	};
	static const char *const bad[] = {
		"", ".a", "-a", "_a", "a b", "a/b", "a\n", "\xc3\xa4", "%s%n",
		"12345678901234567890123456789012",
	};
	char why[PARSE_WHY_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++)
		assert_true(parse_name("door", good[i], why));
	for (i = 0; i < COUNT(bad); i++) {
		why[0] = '\0';
		assert_false(parse_name("door", bad[i], why));
		assert_sentence(why);
	}
}

static void test_durations(void **state)
{
	static const struct {
		const char *text;
		u32 seconds;
	} good[] = {
		{ "1", 1 }, { "30", 30 }, { "30s", 30 }, { "10m", 600 }, { "2h", 7200 },
		{ "1d", 86400 }, { "7d", 604800 }, { "168h", 604800 }, { "604800", 604800 },
		{ "007s", 7 },
	};
	static const char *const bad[] = {
		"", "0", "0s", "8d", "604801", "169h", "4294967296", "4294967297s",
		"18446744073709551617", "99999999999999999999999999d", "-1", "+1", " 1", "1 ",
		"1.5m", "s", "1x", "1mm", "1h30m", "0x10", "1S",
	};
	char why[PARSE_WHY_SIZE];
	u32 seconds;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++) {
		assert_true(parse_duration(good[i].text, &seconds, why));
		assert_int_equal(seconds, good[i].seconds);
	}
	for (i = 0; i < COUNT(bad); i++) {
		why[0] = '\0';
		assert_false(parse_duration(bad[i], &seconds, why));
		assert_sentence(why);
	}
}

static void test_skews(void **state)
{
	char why[PARSE_WHY_SIZE];
	u32 seconds = 1;

	(void)state;
	assert_true(parse_skew("0", &seconds, why));
	assert_int_equal(seconds, 0);
	assert_true(parse_skew("5m", &seconds, why));
	assert_int_equal(seconds, 300);
	assert_false(parse_skew("301s", &seconds, why));
	assert_sentence(why);
	assert_false(parse_skew("-5", &seconds, why));
}

static void test_numbers(void **state)
{
	static const char *const bad_ports[] = {
		"", "0", "65536", "-1", "22 ", "ssh", "4294967318", "0x16", "22/tcp",
	};
	static const char *const bad_grants[] = { "", "0", "1048577", "-1", "4294967297" };
	char why[PARSE_WHY_SIZE];
	u32 grants;
	u16 port;
	size_t i;

	(void)state;
	assert_true(parse_port("1", &port, why));
	assert_int_equal(port, 1);
	assert_true(parse_port("65535", &port, why));
	assert_int_equal(port, 65535);
	for (i = 0; i < COUNT(bad_ports); i++)
		assert_false(parse_port(bad_ports[i], &port, why));
	assert_sentence(why);
	assert_true(parse_grants("1", &grants, why));
	assert_true(parse_grants("1048576", &grants, why));
	assert_int_equal(grants, 1048576);
	for (i = 0; i < COUNT(bad_grants); i++)
		assert_false(parse_grants(bad_grants[i], &grants, why));
	assert_sentence(why);
}

static void test_marks(void **state)
{
	static const struct {
		const char *text;
		struct mark mark;
	} good[] = {
		{ "0x100/0x100", { 0x100, 0x100 } }, { "256/256", { 256, 256 } },
		{ "1/0xff", { 1, 0xff } },	     { "0XfF/0Xff", { 0xff, 0xff } },
		{ "010/15", { 10, 15 } },	     { "none", { 0, 0 } },
		{ "4294967295/0xffffffff", { 0xffffffff, 0xffffffff } },
	};
	static const char *const bad[] = {
		"", "/", "1", "1/", "/1", "0x/0x1", "1/0x", "1/1/1", "1/1 ", " 1/1", "-1/1",
		"1/-1", "+1/1", "None", "none/1", "1/none", "0x1g/0x1f", "a/b", "0b1/0b1",
		"4294967296/4294967296", "1/0x100000000", "0x10000000000000000/1",
		"0/0", "1/0", "0/1", "2/1", "0x300/0x100",
	};
	char why[PARSE_WHY_SIZE], text[MARK_TEXT_SIZE];
	struct mark mark;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++) {
		assert_true(parse_mark(good[i].text, &mark, why));
		assert_int_equal(mark.value, good[i].mark.value);
		assert_int_equal(mark.mask, good[i].mark.mask);
	}
	for (i = 0; i < COUNT(bad); i++) {
		why[0] = '\0';
		assert_false(parse_mark(bad[i], &mark, why));
		assert_sentence(why);
	}
	mark.value = 0x80000000;
	mark.mask = 0xffffffff;
	format_mark(text, &mark);
	assert_string_equal(text, "0x80000000/0xffffffff");
}

static void test_services(void **state)
{
	struct service_list list;
	char why[PARSE_WHY_SIZE];
	char text[SERVICE_TEXT_SIZE];

	(void)state;
	assert_true(parse_services("tcp/22,udp/8000-8010,any,SCTP/1,dccp/65535", &list, why));
	assert_int_equal(list.count, 5);
	assert_int_equal(list.service[0].protocol, 6);
	assert_int_equal(list.service[0].first, 22);
	assert_int_equal(list.service[0].last, 22);
	assert_int_equal(list.service[1].protocol, 17);
	assert_int_equal(list.service[1].last, 8010);
	assert_int_equal(list.service[2].protocol, 0);
	assert_int_equal(list.service[2].first, 0);
	assert_int_equal(list.service[3].protocol, 132);
	assert_int_equal(list.service[4].protocol, 33);
	format_service(text, &list.service[1]);
	assert_string_equal(text, "udp/8000-8010");
	format_service(text, &list.service[2]);
	assert_string_equal(text, "any");
	assert_true(parse_services("none", &list, why));
	assert_int_equal(list.count, 0);
}

static void test_bad_services(void **state)
{
	static const char *const bad[] = {
		"", ",", "tcp", "tcp/", "tcp/0", "tcp/65536", "/22", "22", "tcp/22,", ",tcp/22",
		"tcp/22,,udp/1", "tcp/22-", "tcp/-22", "tcp/30-20", "tcp/0-5", "tcp/5-65536",
		"tcp/1-2-3", "tcpx/22", "tc/22", "icmp/1", "any/22", "none,tcp/22", "tcp/22 ",
		"tcp/ssh", "tcp/4294967318",
		"tcp/22aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	};
	char why[PARSE_WHY_SIZE], many[33 * 8] = "";
	struct service_list list;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		why[0] = '\0';
		assert_false(parse_services(bad[i], &list, why));
		assert_sentence(why);
	}
	for (i = 0; i < KNOCK_SERVICES_MAX; i++)
		strcat(many, i ? ",tcp/1" : "tcp/1");
	assert_true(parse_services(many, &list, why));
	strcat(many, ",tcp/1");
	assert_false(parse_services(many, &list, why));
	assert_sentence(why);
}

static void test_addresses(void **state)
{
	static const char *const bad[] = {
		"", "localhost", "1.2.3", "1.2.3.256", "1.2.3.4/32", "fe80::1%eth0", "::1::",
		" 1.2.3.4", "01.2.3.4", "0x7f.1.1.1", "[::1]",
	};
	static const u8 mapped[16] = { [10] = 0xff, 0xff, 192, 0, 2, 1 };
	struct knock_address address;
	char why[PARSE_WHY_SIZE];
	size_t i;

	(void)state;
	assert_true(parse_address("192.0.2.1", &address, why));
	assert_memory_equal(address.bytes, mapped, 16);
	memset(&address, 0, sizeof(address));
	assert_true(parse_address("::ffff:192.0.2.1", &address, why));
	assert_memory_equal(address.bytes, mapped, 16);
	assert_true(parse_address("2001:db8::1", &address, why));
	assert_int_equal(address.bytes[0], 0x20);
	for (i = 0; i < COUNT(bad); i++) {
		why[0] = '\0';
		assert_false(parse_address(bad[i], &address, why));
		assert_sentence(why);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),	  cmocka_unit_test(test_durations),
		cmocka_unit_test(test_skews),	  cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_marks),	  cmocka_unit_test(test_services),
		cmocka_unit_test(test_bad_services), cmocka_unit_test(test_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
