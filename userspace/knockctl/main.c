// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <stdio.h>

#include "complain.h"
#include "knockctl.h"

/* One table for dispatch, `--help' and `VERB --help'. */
static const struct verb verbs[] = {
	{ "add-door", "NAME", 1, 1, "add a door", add_door_options, add_door },
	{ "set-door", "NAME", 1, 1, "change a door", set_door_options, set_door },
	{ "del-door", "NAME", 1, 1, "delete a door with its keys and grants", NULL, del_door },
	{ "add-key", "DOOR KEY [-]", 2, 3, "add a key, - reads its secret from standard input",
	  add_key_options, add_key },
	{ "del-key", "DOOR KEY", 2, 2, "delete a key with its grants", NULL, del_key },
	{ "doors", "", 0, 0, "list the doors", NULL, list_doors },
	{ "keys", "[DOOR]", 0, 1, "list the keys, never their secrets", NULL, list_keys },
	{ "grants", "[DOOR]", 0, 1, "list for whom which door is open", NULL, list_grants },
	{ "open", "DOOR ADDRESS|-", 2, 2, "open a door by hand, - reads addresses by line",
	  open_options, open_grant },
	{ "close", "DOOR ADDRESS", 2, 2, "close a door for an address", NULL, close_grant },
	{ "status", "", 0, 0, "show what became of packets, and how full the tables are", NULL,
	  show_status },
	{ "monitor", "", 0, 0, "print events as they happen", NULL, monitor },
};

#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

/* What getopt returns for the options of every verb; a verb's own are above. */
enum { JSON = 1, HELP, VERSION, OWN = 16 };

static void print_usage(FILE *stream, const struct verb *verb)
{
	const struct option_word *option = verb ? verb->options : NULL;

	if (!verb) {
		fputs("usage: knockctl [--json] VERB ..., see knockctl --help\n", stream);
		return;
	}
	fprintf(stream, "usage: knockctl %s%s%s%s\n", verb->name, *verb->operands ? " " : "",
		verb->operands, option ? " [OPTION ...]" : "");
}

static void print_option(const char *name, const char *value, const char *help)
{
	char text[40];

	snprintf(text, sizeof(text), "--%s%s%s", name, value ? " " : "", value ? value : "");
	printf("  %-24s %s\n", text, help);
}

static void print_verb_help(const struct verb *verb)
{
	const struct option_word *option;

	print_usage(stdout, verb);
	printf("\n%s\n\n", verb->help);
	for (option = verb->options; option && option->name; option++)
		print_option(option->name, option->value, option->help);
	print_option("json", NULL, "print for programs");
	print_option("help", NULL, "print this");
}

static void print_help(void)
{
	size_t i;

	puts("usage: knockctl [--json] VERB ...\n\nAdminister the doors of xt_knock.\n");
	for (i = 0; i < VERBS; i++)
		printf("  %-9s %-15s %s\n", verbs[i].name, verbs[i].operands, verbs[i].help);
	puts("\nknockctl VERB --help tells a verb's options; --json prints for programs,\n"
	     "--version which version this is. Exit status: 0 done, 1 refused or failed,\n"
	     "2 usage. It needs CAP_NET_ADMIN, and acts on the network namespace it runs in.");
}

/**
 * usage_error() - say what is wrong with how a verb was typed
 * @invocation: with the verb
 * @why: the sentence
 *
 * Return: USAGE.
 */
enum outcome usage_error(const struct invocation *invocation, const char *why)
{
	complain("%s", why);
	print_usage(stderr, invocation->verb);
	return USAGE;
}

static const struct verb *find_verb(const char *name)
{
	size_t i;

	for (i = 0; i < VERBS; i++)
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	return NULL;
}

static void fill_option(struct option *option, const char *name, bool value, int result)
{
	*option = (struct option){ .name = name, .val = result,
				   .has_arg = value ? required_argument : no_argument };
}

/* A verb's own options and those of every verb, for getopt_long(). */
static void fill_options(struct option *options, const struct verb *verb)
{
	const struct option_word *word = verb->options;
	int i;

	for (i = 0; word && word[i].name; i++)
		fill_option(options++, word[i].name, word[i].value, OWN + i);
	fill_option(options++, "json", false, JSON);
	fill_option(options++, "help", false, HELP);
	memset(options, 0, sizeof(*options));
}

/* Return: 0, or what to leave with; in @helped whether that is all there is to do. */
static int read_options(struct invocation *invocation, int argc, char **argv, bool *helped)
{
	struct option options[OPTIONS_MAX + 3];
	int result, own;

	fill_options(options, invocation->verb);
	opterr = 0;
	while ((result = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		own = result - OWN;
		if (result == JSON) {
			invocation->json = true;
		} else if (result == HELP) {
			print_verb_help(invocation->verb);
			*helped = true;
			return DONE;
		} else if (result == ':') {
			complain("%s needs a value after it, give one or leave it out",
				 argv[optind - 1]);
			print_usage(stderr, invocation->verb);
			return USAGE;
		} else if (result == '?' || own < 0 || own >= OPTIONS_MAX) {
			complain("`%s' is no option of %s", argv[optind - 1],
				 invocation->verb->name);
			print_usage(stderr, invocation->verb);
			return USAGE;
		} else if (invocation->value[own]) {
			complain("--%s is given twice, leave one out",
				 invocation->verb->options[own].name);
			return USAGE;
		} else {
			invocation->value[own] = optarg ? optarg : "";
		}
	}
	return DONE;
}

static int read_operands(struct invocation *invocation, int argc, char **argv)
{
	const struct verb *verb = invocation->verb;
	int i;

	invocation->count = argc - optind;
	if (invocation->count < verb->least)
		return usage_error(invocation, "something is missing, give all that usage names");
	if (invocation->count > verb->most)
		return usage_error(invocation, "this is more than the verb takes, leave it out");
	for (i = 0; i < invocation->count; i++)
		invocation->operand[i] = argv[optind + i];
	return DONE;
}

static int run_verb(const struct verb *verb, bool json, int argc, char **argv)
{
	struct invocation invocation = { .verb = verb, .json = json };
	bool helped = false;
	int outcome;

	outcome = read_options(&invocation, argc, argv, &helped);
	if (outcome != DONE || helped)
		return outcome;
	outcome = read_operands(&invocation, argc, argv);
	if (outcome != DONE)
		return outcome;
	outcome = (int)verb->run(&invocation);
	if (fflush(stdout) && outcome == DONE) {
		complain("what was done cannot be printed: %m");
		outcome = REFUSED;
	}
	return outcome;
}

int main(int argc, char **argv)
{
	const struct verb *verb;
	bool json = false;
	int i;

	for (i = 1; i < argc && !strncmp(argv[i], "--", 2); i++) {
		if (!strcmp(argv[i], "--json")) {
			json = true;
		} else if (!strcmp(argv[i], "--help")) {
			print_help();
			return DONE;
		} else if (!strcmp(argv[i], "--version")) {
			puts("knockctl " KNOCK_VERSION);
			return DONE;
		} else {
			complain("`%s' is no option", argv[i]);
			print_usage(stderr, NULL);
			return USAGE;
		}
	}
	verb = i < argc ? find_verb(argv[i]) : NULL;
	if (!verb) {
		if (i < argc)
			complain("`%s' is no verb", argv[i]);
		print_usage(stderr, NULL);
		return USAGE;
	}
	return run_verb(verb, json, argc - i, argv + i);
}
