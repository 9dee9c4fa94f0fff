// SPDX-License-Identifier: GPL-2.0
#include "check.h"

#include <stdio.h>

#include "words.h"

static const struct subject alice = {
	.ip = "2001:db8::2", .name = "open-ssh", .key = "alice",
};

/* The words as one text, each between < and >. */
static void join(char *text, const struct words *words)
{
	size_t i;

	*text = '\0';
	for (i = 0; i < words->count; i++)
		text += sprintf(text, "<%s>", words->word[i]);
	assert_null(words->word[words->count]);
}

static void test_split(void **state)
{
	/* As sh -c 'printf "<%s>" ...' prints them. */
	static const char *const pairs[][2] = {
		{ "a", "<a>" },
		{ "  a\t b  ", "<a><b>" },
		{ "a 'b c' d", "<a><b c><d>" },
		{ "a \"b c\"d'e f'", "<a><b cde f>" },
		{ "a '' \"\" b", "<a><><><b>" },
		{ "a\\ b \\' \\\\ \\\"", "<a b><'><\\><\">" },
		{ "'a\\b' \"a\\b\\\\\\\"\\$\\`\"", "<a\\b><a\\b\\\"$`>" },
		{ "'|;&<>()$`*?[~#' a~ b#", "<|;&<>()$`*?[~#><a~><b#>" },
		{ "\"|;&<>()*?[~#'\"", "<|;&<>()*?[~#'>" },
		{ "\\| \\; \\$x", "<|><;><$x>" },
		{ "%IP% {a,b} x=y !", "<%IP%><{a,b}><x=y><!>" },
	};
	char why[WORDS_WHY_SIZE], text[256];
	struct words words;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(pairs); i++) {
		assert_true(words_split(&words, pairs[i][0], why));
		join(text, &words);
		assert_string_equal(text, pairs[i][1]);
		words_free(&words);
	}
}

static void test_refused(void **state)
{
	static const char *const bad[] = {
		"", "   ", "'a", "\"a", "a\\", "\"a\\", "a | b", "a;b", "a &", "a > /b", "a < /b",
		"(a)", "a $x", "a \"$x\"", "a `b`", "a \"`b`\"", "a *", "a b?", "a [b]", "a ~", "# a",
		"a #b", "a&&b",
	};
	char why[WORDS_WHY_SIZE];
	struct words words;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		why[0] = '\0';
		assert_false(words_split(&words, bad[i], why));
		assert_in_range(strnlen(why, sizeof(why)), 20, sizeof(why) - 1);
		words_free(&words);
	}
}

static void test_many(void **state)
{
	char text[2 * WORDS_MAX + 3] = "", why[WORDS_WHY_SIZE];
	struct words words;
	size_t i;

	(void)state;
	for (i = 0; i < WORDS_MAX; i++)
		strcat(text, "a ");
	assert_true(words_split(&words, text, why));
	assert_int_equal(words.count, WORDS_MAX);
	words_free(&words);
	strcat(text, "a");
	assert_false(words_split(&words, text, why));
	words_free(&words);
}

static void filled(const char *command, const struct subject *subject, const char *want)
{
	struct words words, result;
	char why[WORDS_WHY_SIZE], text[512];

	assert_true(words_split(&words, command, why));
	assert_true(words_fill(&result, &words, subject));
	join(text, &result);
	assert_string_equal(text, want);
	words_free(&result);
	words_free(&words);
}

static void test_fill(void **state)
{
	static const struct subject nobody = { .ip = "10.0.0.2", .name = "x" };
	/* No module has such names; if one had, each would still be one word, put in once. */
	static const struct subject mallory = {
		.ip = "%NAME% %KEY%", .name = "a b;'\"$(c)", .key = "%IP%",
	};

	(void)state;
	filled("p -s %IP% --%NAME%=%KEY%", &alice, "<p><-s><2001:db8::2><--open-ssh=alice>");
	filled("p %IP%%IP% '%NAME%' \"%KEY%\"", &nobody, "<p><10.0.0.210.0.0.2><x><>");
	filled("p %ip% %% %IP %H%M%S %NAME", &alice, "<p><%ip%><%%><%IP><%H%M%S><%NAME>");
	filled("p %IP% %NAME% %KEY%", &mallory, "<p><%NAME% %KEY%><a b;'\"$(c)><%IP%>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_fill),
	};

	return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
