// SPDX-License-Identifier: GPL-2.0
/* Sequences as lists: read, written, and judged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <knock/sequence.h>

/* In memory of its own length, so that ASan sees who reads on. */
static enum knock_sequence_result parse(struct knock_sequence *sequence, const char *text)
{
	size_t len = strlen(text);
	enum knock_sequence_result result;
	char *copy = malloc(len ? len : 1);

	memcpy(copy, text, len);
	result = knock_sequence_parse(sequence, copy, len);
	free(copy);
	return result;
}

static struct knock_sequence sequence_of(const char *text)
{
	struct knock_sequence sequence;

	assert_int_equal(parse(&sequence, text), KNOCK_SEQUENCE_GOOD);
	return sequence;
}

static void assert_spelled(const char *text, const char *spelled)
{
	struct knock_sequence sequence = sequence_of(text);
	char list[KNOCK_SEQUENCE_TEXT_SIZE];

	assert_int_equal(knock_sequence_format(list, &sequence), strlen(spelled));
	assert_string_equal(list, spelled);
}

static void good(void **state)
{
	struct knock_sequence sequence = sequence_of("42,196/udp,69/tcp");

	(void)state;
	assert_int_equal(sequence.count, 3);
	assert_int_equal(sequence.steps[0].port, 42);
	assert_int_equal(sequence.steps[0].protocol, KNOCK_STEP_TCP);
	assert_int_equal(sequence.steps[1].port, 196);
	assert_int_equal(sequence.steps[1].protocol, KNOCK_STEP_UDP);
	assert_int_equal(sequence.steps[2].protocol, KNOCK_STEP_TCP);
	assert_spelled("42,196/udp,69/tcp", "42,196/udp,69");
	assert_spelled("1", "1");
	assert_spelled("65535/udp,10,100,1000,10000", "65535/udp,10,100,1000,10000");
	assert_spelled("53/tcp,53/udp", "53,53/udp");
}

static void bad(void **state)
{
	static const struct {
		const char *text;
		enum knock_sequence_result result;
	} lists[] = {
		{ "", KNOCK_SEQUENCE_BAD_PORT },
		{ "0", KNOCK_SEQUENCE_BAD_PORT },
		{ "65536", KNOCK_SEQUENCE_BAD_PORT },
		{ "4294967297", KNOCK_SEQUENCE_BAD_PORT },
		{ "042", KNOCK_SEQUENCE_BAD_PORT },
		{ "+42", KNOCK_SEQUENCE_BAD_PORT },
		{ " 42", KNOCK_SEQUENCE_BAD_PORT },
		{ ",42", KNOCK_SEQUENCE_BAD_PORT },
		{ "42,", KNOCK_SEQUENCE_BAD_PORT },
		{ "42,,43", KNOCK_SEQUENCE_BAD_PORT },
		{ "42, 43", KNOCK_SEQUENCE_BAD_PORT },
		{ "/tcp", KNOCK_SEQUENCE_BAD_PORT },
		{ "42 ,43", KNOCK_SEQUENCE_BAD_PROTOCOL },
		{ "42/", KNOCK_SEQUENCE_BAD_PROTOCOL },
		{ "42/ud", KNOCK_SEQUENCE_BAD_PROTOCOL },
		{ "42/UDP", KNOCK_SEQUENCE_BAD_PROTOCOL },
		{ "42/sctp", KNOCK_SEQUENCE_BAD_PROTOCOL },
		{ "42/udpx", KNOCK_SEQUENCE_BAD_PROTOCOL },
		{ "42-43", KNOCK_SEQUENCE_BAD_PROTOCOL },
		{ "42,43,42", KNOCK_SEQUENCE_TWICE },
		{ "42/tcp,42", KNOCK_SEQUENCE_TWICE },
		{ "42/udp,42,42/udp", KNOCK_SEQUENCE_TWICE },
	};
	struct knock_sequence sequence;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		if (parse(&sequence, lists[i].text) != lists[i].result)
			fail_msg("'%s' is taken for another thing", lists[i].text);
	}
	/* A NUL within is no end. */
	assert_int_equal(knock_sequence_parse(&sequence, "42\0,43", 6),
			 KNOCK_SEQUENCE_BAD_PROTOCOL);
}

static void longest(void **state)
{
	char list[KNOCK_SEQUENCE_TEXT_SIZE + 16], again[KNOCK_SEQUENCE_TEXT_SIZE];
	struct knock_sequence sequence;
	size_t len = 0;
	int i;

	(void)state;
	for (i = 0; i < KNOCK_STEPS_MAX; i++)
		len += (size_t)sprintf(list + len, "%s%d/udp", i ? "," : "", 65535 - i);
	sequence = sequence_of(list);
	assert_int_equal(sequence.count, KNOCK_STEPS_MAX);
	assert_int_equal(knock_sequence_format(again, &sequence), len);
	assert_string_equal(again, list);
	strcpy(list + len, ",1");
	assert_int_equal(parse(&sequence, list), KNOCK_SEQUENCE_TOO_LONG);
}

static bool begins(const char *whole, const char *beginning)
{
	struct knock_sequence a = sequence_of(whole), b = sequence_of(beginning);

	return knock_sequence_begins(&a, &b);
}

static void beginnings(void **state)
{
	(void)state;
	assert_true(begins("42,196,69", "42,196,69"));
	assert_true(begins("42,196,69", "42,196"));
	assert_true(begins("42,196,69", "42/tcp"));
	assert_false(begins("42,196", "42,196,69"));
	assert_false(begins("42,196,69", "42,69"));
	assert_false(begins("42,196,69", "42,196/udp"));
	assert_false(begins("42,196,69", "196,69"));
}

static bool is_swept(const char *text)
{
	struct knock_sequence sequence = sequence_of(text);

	return knock_sequence_is_swept(&sequence);
}

static void swept(void **state)
{
	(void)state;
	assert_true(is_swept("42"));
	assert_true(is_swept("42,43"));
	assert_true(is_swept("1,2,3"));
	assert_true(is_swept("42,100/udp,1000"));
	assert_true(is_swept("1000,100,42/udp"));
	assert_true(is_swept("53,53/udp,54"));
	assert_true(is_swept("42,196,1/udp,2/udp"));
	assert_true(is_swept("9/udp,8/udp,42,41"));
	assert_false(is_swept("42,196,69"));
	assert_false(is_swept("196,42,69"));
	assert_false(is_swept("1,2,9/udp,8/udp"));
	assert_false(is_swept("5,3/udp,4"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(bad),
		cmocka_unit_test(longest),
		cmocka_unit_test(beginnings),
		cmocka_unit_test(swept),
	};

	return cmocka_run_group_tests_name("sequence", tests, NULL, NULL);
}
