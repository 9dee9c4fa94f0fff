// SPDX-License-Identifier: GPL-2.0
/* tumbler:// URLs: what is read of them, and what is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "url.h"

struct good {
	const char *text;
	struct {
		const char *bytes;
		size_t len;
	} secret;
	const char *host;
	unsigned int port;
};

#define SECRET(text) { text, sizeof(text) - 1 }
#define NO_SECRET { NULL, 0 }

static const struct good good[] = {
	{ "tumbler://host/", NO_SECRET, "host", 8675 },
	{ "tumbler://host", NO_SECRET, "host", 8675 },
	{ "TUMBLER://host/", NO_SECRET, "host", 8675 },
	{ "tumbler://s@host/", SECRET("s"), "host", 8675 },
	{ "tumbler://open-pAsSwOrD@192.168.0.5:8675/", SECRET("open-pAsSwOrD"), "192.168.0.5", 8675 },
	{ "tumbler://s@a-b_c.example.:1/", SECRET("s"), "a-b_c.example.", 1 },
	{ "tumbler://s@h:65535", SECRET("s"), "h", 65535 },
	{ "tumbler://s@[2001:db8::1]/", SECRET("s"), "2001:db8::1", 8675 },
	{ "tumbler://s@[::1]:9/", SECRET("s"), "::1", 9 },
	{ "tumbler://s@[::ffff:192.0.2.1]:9", SECRET("s"), "::ffff:192.0.2.1", 9 },
	{ "tumbler://s@[fe80::1%25eth0]/", SECRET("s"), "fe80::1%eth0", 8675 },
	{ "tumbler://s@[fe80::1%eth0]/", SECRET("s"), "fe80::1%eth0", 8675 },
	{ "tumbler://a%20b%2F%3f%23%25@h/", SECRET("a b/?#%"), "h", 8675 },
	{ "tumbler://%00%ff%C3%a9@h/", SECRET("\0\xff\xc3\xa9"), "h", 8675 },
	{ "tumbler://a@b%40c@h/", SECRET("a@b@c"), "h", 8675 },
	{ "tumbler://a:b:c@h:7/", SECRET("a:b:c"), "h", 7 },
	{ "tumbler://a b+c&d@h/", SECRET("a b+c&d"), "h", 8675 },
	{ "tumbler://[x]@h/", SECRET("[x]"), "h", 8675 },
};

static const struct {
	const char *text;
	const char *host;
	const char *ports;
} knocks[] = {
	{ "knock://h/1", "h", "1" },
	{ "knock://192.0.2.1/42,196,69", "192.0.2.1", "42,196,69" },
	{ "KNOCK://server.example/42/tcp,196/udp,69", "server.example", "42,196/udp,69" },
	{ "knock://[2001:db8::1]/1,1/udp", "2001:db8::1", "1,1/udp" },
	{ "knock://[fe80::1%25eth0]/65535", "fe80::1%eth0", "65535" },
};

static void test_knocks(void **state)
{
	char ports[KNOCK_SEQUENCE_TEXT_SIZE], why[URL_WHY_SIZE];
	struct url url;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(knocks); i++) {
		if (!url_parse(knocks[i].text, &url, why))
			fail_msg("%s: %s", knocks[i].text, why);
		assert_string_equal(url.host, knocks[i].host);
		assert_false(url.has_secret);
		knock_sequence_format(ports, &url.ports);
		assert_string_equal(ports, knocks[i].ports);
	}
}

static const char *const bad[] = {
	"", "tumbler", "tumbler:", "tumbler:/", "tumbler:/h/", "tumblr://h/", "https://h/", " tumbler://h/", "h", "s@h", "tumbler://", "tumbler:///", "tumbler://s@",
	"tumbler://s@/", "tumbler://@h/", "tumbler://%@h/", "tumbler://%2@h/", "tumbler://%2g@h/",
	"tumbler://%g2@h/", "tumbler://a%@h/", "tumbler://a%4", "tumbler://s@h/path",
	"tumbler://s@h//", "tumbler://s@h/?q", "tumbler://s@h?q", "tumbler://s@h#f",
	"tumbler://s@h/#f", "tumbler://a/b@h/", "tumbler://s@h:/", "tumbler://s@h:0/",
	"tumbler://s@h:65536/", "tumbler://s@h:99999999999999999999/", "tumbler://s@h:-1/",
	"tumbler://s@h:+1/", "tumbler://s@h: 1/", "tumbler://s@h:1x/", "tumbler://s@h:0x1/",
	"tumbler://s@::1/", "tumbler://s@2001:db8::1/", "tumbler://s@2001:db8::1:8675/",
	"tumbler://s@[]/", "tumbler://s@[::1/", "tumbler://s@[::1]9/", "tumbler://s@[::1]:/",
	"tumbler://s@[::1]x:9/", "tumbler://s@[192.0.2.1]/", "tumbler://s@[host]/",
	"tumbler://s@[::g]/", "tumbler://s@[fe80::1%]/", "tumbler://s@[fe80::1%25]/x",
	"tumbler://s@ho st/", "tumbler://s@h%41/", "tumbler://s@h\n/", "tumbler://s@h\xc3\xa9/",
	"tumbler://s@h,h/", "tumbler://s@h]/",
	"knock:", "knock://", "knock:///1,2,3", "knock://h", "knock://h/", "knock://h/,1", "knock://h/1,",
	"knock://h/1,2,3/", "knock://h/1 2", "knock://h/0", "knock://h/65536", "knock://h/1/icmp",
	"knock://h/1,1", "knock://h:8675/1,2,3", "knock://[::1]:9/1", "knock://s@h/1,2,3",
	"knock://::1/1,2", "knock://h?1,2", "knock://h/1?x",
	"knock://h/1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33",
};

static bool is_zero(const struct secret *secret)
{
	const unsigned char *byte = (const unsigned char *)secret;
	size_t i;

	for (i = 0; i < sizeof(*secret); i++)
		if (byte[i])
			return false;
	return true;
}

static void test_good(void **state)
{
	char why[URL_WHY_SIZE];
	struct url url;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(good); i++) {
		if (!url_parse(good[i].text, &url, why))
			fail_msg("%s: %s", good[i].text, why);
		assert_int_equal(url.has_secret, !!good[i].secret.len);
		assert_int_equal(url.secret.length, good[i].secret.len);
		if (good[i].secret.len)
			assert_memory_equal(url.secret.bytes, good[i].secret.bytes,
					    good[i].secret.len);
		assert_string_equal(url.host, good[i].host);
		assert_int_equal(url.port, good[i].port);
	}
}

/* Refused with a sentence, the secret wiped. */
static void test_bad(void **state)
{
	char why[URL_WHY_SIZE];
	struct url url;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		why[0] = '\0';
		if (url_parse(bad[i], &url, why))
			fail_msg("taken: %s", bad[i]);
		assert_true(strlen(why) > 20);
		assert_true(is_zero(&url.secret));
	}
}

/* What stands where a secret could is not repeated on the screen. */
static void test_secret_is_not_quoted(void **state)
{
	static const char *const texts[] = {
		"tumbler://hunter2/@h/", "tumbler://%hunter2@h/", "tumbler://hunter2@/",
		"hunter2@h", "tumbler://hunter2@h:x/", "tumbler://h:hunter2/",
		"tumbler://hunter2#@h/",
	};
	char why[URL_WHY_SIZE];
	struct url url;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(texts); i++) {
		assert_false(url_parse(texts[i], &url, why));
		assert_null(strstr(why, "hunter2"));
	}
}

static void test_every_byte_by_percent(void **state)
{
	char text[64], why[URL_WHY_SIZE];
	struct url url;
	int byte;

	(void)state;
	for (byte = 0; byte < 256; byte++) {
		snprintf(text, sizeof(text), byte & 1 ? "tumbler://%%%02x@h/" : "tumbler://%%%02X@h/",
			 byte);
		assert_true(url_parse(text, &url, why));
		assert_int_equal(url.secret.length, 1);
		assert_int_equal(url.secret.bytes[0], byte);
	}
}

/* 255 bytes of secret and of host are good, 256 are not. */
static void test_lengths(void **state)
{
	char text[1200], why[URL_WHY_SIZE], part[800];
	struct url url;
	int len, i;

	(void)state;
	for (len = 254; len <= 257; len++) {
		memset(part, 'h', sizeof(part));
		snprintf(text, sizeof(text), "tumbler://%.*s@h/", len, part);
		assert_int_equal(url_parse(text, &url, why), len <= 255);
		snprintf(text, sizeof(text), "tumbler://s@%.*s/", len, part);
		assert_int_equal(url_parse(text, &url, why), len <= 255);
		snprintf(text, sizeof(text), "tumbler://s@[fe80::1%%%.*s]/", len - 8, part);
		assert_int_equal(url_parse(text, &url, why), len <= 255);
		for (i = 0; i < len; i++)
			memcpy(part + 3 * i, "%41", 3);
		snprintf(text, sizeof(text), "tumbler://%.*s@h/", 3 * len, part);
		assert_int_equal(url_parse(text, &url, why), len <= 255);
	}
}

/* Cut off anywhere, and in a block of its own, it is read within its bounds. */
static void test_every_truncation(void **state)
{
	static const char text[] = "tumbler://a%20b@[fe80::1%25eth0]:8675/";
	char why[URL_WHY_SIZE];
	struct url url;
	size_t len;

	(void)state;
	for (len = 0; len < sizeof(text); len++) {
		char *copy = strndup(text, len);
		bool is_good;

		assert_non_null(copy);
		is_good = url_parse(copy, &url, why);
		free(copy);
		/* Host a, behind the bracket, and from the first digit of the port on. */
		assert_int_equal(is_good, len == 11 || len == strlen(text) - 6 ||
				 len >= strlen(text) - 4);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_knocks),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_secret_is_not_quoted),
		cmocka_unit_test(test_every_byte_by_percent),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_every_truncation),
	};

	return cmocka_run_group_tests_name("url", tests, NULL, NULL);
}
