// SPDX-License-Identifier: GPL-2.0
/* The client's command line: what is taken, what is refused, and what is wiped of it. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "check.h"
#include "options.h"

#define ARGUMENTS 8
#define ARGUMENT_SIZE 64

/**
 * struct line - a command line that can be written to
 * @text: its arguments
 * @argv: as main() has it; getopt() changes the order
 */
struct line {
	char text[ARGUMENTS][ARGUMENT_SIZE];
	char *argv[ARGUMENTS + 1];
};

static bool parse(struct line *line, const char *const *argument, struct options *options,
		  int *status)
{
	int count = 0;

	memset(line, 0, sizeof(*line));
	line->argv[count++] = strcpy(line->text[0], "tumbler");
	for (; count < ARGUMENTS && argument[count - 1]; count++) {
		assert_true(strlen(argument[count - 1]) < ARGUMENT_SIZE);
		line->argv[count] = strcpy(line->text[count], argument[count - 1]);
	}
	/* Of getopt(): to begin anew. */
	optind = 0;
	return options_parse(count, line->argv, options, status);
}

static const char *const bad[][ARGUMENTS] = {
	{ NULL },
	{ "--open" },
	{ "--no-such-option" },
	{ "--open", "a b" },
	{ "--open", "a", "--check", "a" },
	{ "--close", "tumbler://s@h/" },
	{ "--open", "tumbler://s@h/", "--secret-file", "f" },
	{ "--open", "a", "--secret-file", "f" },
	{ "--open", "a", "--wait=0" },
	{ "--open", "a", "--wait=65536" },
	{ "--open", "a", "--wait", "22x" },
	{ "--open", "a", "--source", "host" },
	{ "--open", "a", "--source", "::1", "-4" },
	{ "--open", "a", "--source", "192.0.2.1", "-6" },
	{ "--open", "a", "-4", "-6" },
	{ "--open", "a", "--for", "0" },
	{ "--open", "a", "--for", "8d" },
	{ "--close", "a", "--wait=22" },
	{ "--close", "a", "--for", "1m" },
	{ "--open", "a", "--print", "--wait" },
	{ "--open", "a", "--name", "b" },
	{ "import", "f", "--name", "a/b" },
	{ "import", "f", "--print" },
	{ "import", "-", "--private-key", "-" },
	{ "--close", "knock:" },
	{ "--check", "knock://h/1,2,3" },
	{ "--open", "knock://h/1,2,3", "--source", "192.0.2.1" },
	{ "--open", "knock://h/1,2,3", "--secret-file", "f" },
	{ "--open", "knock://h/1,2,3", "--for", "1m" },
	{ "--close", "knock://h/1,2,3", "--wait=22" },
	{ "--open", "knock://h/1,2,3", "--delay", "10001" },
	{ "--open", "knock://h/1,2,3", "--delay", "5x" },
	{ "--open", "knock://h/1,2,3", "--delay", "-1" },
	{ "--open", "tumbler://s@h/", "--delay", "5" },
	{ "--check", "a", "--delay", "5" },
	{ "genkey", "f" },
	{ "pubkey", "-4" },
};

static void test_bad(void **state)
{
	struct options options;
	struct line line;
	int status;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		if (parse(&line, bad[i], &options, &status))
			fail_msg("line %zu was taken", i);
		assert_int_equal(status, 2);
	}
}

/* Wherever it stands, and whether the line is good or not. */
static const char *const secret[][ARGUMENTS] = {
	{ "--open", "tumbler://hunter2@h/" },
	{ "--open=tumbler://hunter2@h/", "--print" },
	{ "-4", "--open", "tumbler://hunter2@h/", "--wait", "22" },
	{ "--open", "tumbler://hunter2@h/path" },
	{ "--open", "hunter2/" },
	{ "--open", "a", "--open", "hunter2" },
	{ "--close", "tumbler://hunter2@h/" },
	{ "--check", "tumbler://hunter2@h/" },
	{ "--open", "knock://h/42,196,hunter2" },
	{ "--close", "knock://hunter2/42,196,69" },
	{ "hunter2" },
	{ "--open", "a", "hunter2", "tumbler://hunter2@h/" },
	{ "import", "a", "b", "hunter2" },
};

static void test_wiped(void **state)
{
	struct options options;
	struct line line;
	int status;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(secret); i++) {
		parse(&line, secret[i], &options, &status);
		if (memmem(line.text, sizeof(line.text), "hunter2", 7))
			fail_msg("the secret stays in line %zu", i);
	}
}

static void test_taken(void **state)
{
	const char *const wait[] = { "--wait", "22", "--open", "a", "--for", "10m", NULL };
	const char *const url[] = { "-6", "--source", "2001:db8::7", "--open",
				    "tumbler://s@h:9/", "--wait", NULL };
	const char *const import[] = { "import", "--force", "f", "--name", "b", "--private-key",
				       "k", NULL };
	const char *const ports[] = { "--close", "knock://h/42,196/udp", "--delay", "200", NULL };
	struct options options;
	struct line line;
	int status;

	(void)state;
	assert_true(parse(&line, wait, &options, &status));
	assert_int_equal(options.verb, VERB_OPEN);
	assert_string_equal(options.name, "a");
	assert_true(options.wait);
	assert_int_equal(options.wait_port, 22);
	assert_int_equal(options.open_for, 600);

	assert_true(parse(&line, url, &options, &status));
	assert_null(options.name);
	assert_int_equal(options.url.port, 9);
	assert_memory_equal(options.url.secret.bytes, "s", options.url.secret.length);
	assert_int_equal(options.family, AF_INET6);
	assert_true(options.has_source && options.wait && !options.wait_port);

	assert_int_equal(options.delay_ms, 50);

	assert_true(parse(&line, ports, &options, &status));
	assert_null(options.name);
	assert_int_equal(options.verb, VERB_CLOSE);
	assert_int_equal(options.url.ports.count, 2);
	assert_int_equal(options.delay_ms, 200);

	assert_true(parse(&line, import, &options, &status));
	assert_int_equal(options.verb, VERB_IMPORT);
	assert_string_equal(options.file, "f");
	assert_string_equal(options.name, "b");
	assert_string_equal(options.private_key, "k");
	assert_true(options.force);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_wiped),
		cmocka_unit_test(test_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
