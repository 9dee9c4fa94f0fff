// SPDX-License-Identifier: GPL-2.0
#include <getopt.h>
#include <stdio.h>

#include "complain.h"
#include "complete.h"
#include "config.h"
#include "knockctl.h"

/* One table for dispatch, `--help', `VERB --help' and completion. */
static const struct verb verbs[] = {
	{ "add-door", "NAME", 1, 1, "add a door", add_door_options, add_door },
	{ "set-door", "NAME", 1, 1, "change a door", set_door_options, set_door },
	{ "del-door", "NAME", 1, 1, "delete a door with its keys and grants", del_door_options,
	  del_door },
	{ "add-key", "DOOR KEY [-]", 2, 3, "add a key, - reads its secret from standard input",
	  add_key_options, add_key },
	{ "del-key", "DOOR KEY", 2, 2, "delete a key with its grants", del_key_options, del_key },
	{ "enrol", "DOOR KEY", 2, 2, "print all that the key's client needs, for tumbler import",
	  enrol_options, enrol },
	{ "rotate", "DOOR KEY", 2, 2, "hand out the next sequence of a once key", rotate_options,
	  rotate_key },
	{ "genkey", "", 0, 0, "make a private key and print it", NULL, make_private_key },
	{ "pubkey", "[FILE|-]", 0, 1, "print the public key of this server, or of a private one",
	  NULL, print_public_key },
	{ "rotate-server-key", "", 0, 0,
	  "make this server another key, and all that comes of it", NULL, rotate_server_key },
	{ "doors", "", 0, 0, "list the doors", NULL, list_doors },
	{ "keys", "[DOOR]", 0, 1, "list the keys, never their secrets", NULL, list_keys },
	{ "grants", "[DOOR]", 0, 1, "list for whom which door is open", NULL, list_grants },
	{ "open", "DOOR ADDRESS|-", 2, 2, "open a door by hand, - reads addresses by line",
	  open_options, open_grant },
	{ "close", "DOOR ADDRESS", 2, 2, "close a door for an address", NULL, close_grant },
	{ "block", "ADDRESS", 1, 1, "keep an address out, whatever it knocks", block_options,
	  block_address },
	{ "unblock", "ADDRESS|--all", 0, 1, "lift blocks and bans", unblock_options,
	  unblock_address },
	{ "blacklist", "", 0, 0, "list blocks and bans", NULL, list_blacklist },
	{ "trust", "ADDRESS[/LEN]", 1, 1, "keep addresses from being banned or hit by rules",
	  NULL, trust_prefix },
	{ "untrust", "ADDRESS[/LEN]", 1, 1, "trust them no more", NULL, untrust_prefix },
	{ "trusted", "", 0, 0, "list who is trusted", NULL, list_trusted },
	{ "old", "[DOOR]", 0, 1, "list used knocks, each of which is good once", NULL, list_old },
	{ "why", "ADDRESS", 1, 1, "tell why the last knock of an address was refused", NULL,
	  why_refused },
	{ "load", "[FILE]", 0, 1, "make the module have what the files of doors say",
	  load_options, load_files },
	{ "save", "", 0, 0, "note what the next load brings back, before the machine stops", NULL,
	  save_all },
	{ "check", "[FILE]", 0, 1, "say what is wrong in the files of doors", NULL, check_files },
	{ "import", "knockd FILE", 2, 2, "print doors for the configuration of another program",
	  import_options, import_doors },
	{ "status", "", 0, 0, "show what became of packets, and how full the tables are", NULL,
	  show_status },
	{ "monitor", "", 0, 0, "print events as they happen", NULL, monitor },
};

#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

/* What getopt returns for the options of every verb; a verb's own are above. */
enum { JSON = 1, HELP, OWN = 256 };

static void print_usage(FILE *stream, const struct verb *verb)
{
	const struct option_word *option = verb ? verb->options : NULL;

	if (!verb) {
		fputs("usage: knockctl [--json] [--config DIR] [--state DIR] VERB ..., see knockctl --help\n",
		      stream);
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

	puts("usage: knockctl [--json] [--config DIR] [--state DIR] VERB ...\n\nAdminister the doors of xt_knock.\n");
	for (i = 0; i < VERBS; i++)
		printf("  %-17s %-15s %s\n", verbs[i].name, verbs[i].operands, verbs[i].help);
	puts("\nknockctl VERB --help tells a verb's options; --json prints for programs,\n"
	     "--version which version this is. Doors are configured in DIR/doors of --config\n"
	     "(" CONFIG_DEFAULT "), and --state (" STATE_DEFAULT ") has what was applied.\n"
	     "Exit status: 0 done, 1 refused or failed, 2 usage. It needs CAP_NET_ADMIN, and acts\n"
	     "on the network namespace it runs in.");
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

/* Says why an option that getopt refused, or that came twice, is wrong. */
static enum outcome option_error(const struct invocation *invocation, int result,
				 const char *typed)
{
	if (result == ':')
		complain("%s needs a value after it, give one or leave it out", typed);
	else if (result == '?')
		complain("`%s' is no option of %s", typed, invocation->verb->name);
	else
		complain("--%s is given twice, leave one out",
			 invocation->verb->options[result - OWN].name);
	print_usage(stderr, invocation->verb);
	return USAGE;
}

/* Return: DONE, or what to leave with; @helped says whether there is more to do. */
static enum outcome read_options(struct invocation *invocation, int argc, char **argv,
				 bool *helped)
{
	struct option options[OPTIONS_MAX + 3];
	int result;

	fill_options(options, invocation->verb);
	opterr = 0;
	while (!*helped && (result = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		switch (result) {
		case JSON:
			invocation->json = true;
			break;
		case HELP:
			print_verb_help(invocation->verb);
			*helped = true;
			break;
		default:
			if (result < OWN || result >= OWN + OPTIONS_MAX ||
			    invocation->value[result - OWN])
				return option_error(invocation, result, argv[optind - 1]);
			invocation->value[result - OWN] = optarg ? optarg : "";
		}
	}
	return DONE;
}

static enum outcome read_operands(struct invocation *invocation, int argc, char **argv)
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

static enum outcome run_verb(const struct verb *verb, const struct invocation *globals, int argc,
			     char **argv)
{
	struct invocation invocation = *globals;
	bool helped = false;
	enum outcome outcome;

	invocation.verb = verb;
	outcome = read_options(&invocation, argc, argv, &helped);
	if (outcome != DONE || helped)
		return outcome;
	outcome = read_operands(&invocation, argc, argv);
	if (outcome != DONE)
		return outcome;
	outcome = verb->run(&invocation);
	if (fflush(stdout) && outcome == DONE) {
		complain("what was done cannot be printed: %m");
		outcome = REFUSED;
	}
	return outcome;
}

/* The option @name with its value, before the verb. Return: whether @at is it. */
static bool take_directory(const char *name, char **argv, int *at, const char **directory)
{
	size_t length = strlen(name);
	const char *typed = argv[*at];

	if (typed && !strncmp(typed, name, length) && typed[length] == '=') {
		*directory = typed + length + 1;
		return true;
	}
	if (!typed || strcmp(typed, name) || !argv[*at + 1])
		return false;
	*directory = argv[++*at];
	return true;
}

/*
 * The options before the verb. Return: where the verb stands; 0 if there is
 * nothing left to do, with what to leave with in @outcome.
 */
static int read_globals(int argc, char **argv, struct invocation *globals, enum outcome *outcome)
{
	int i;

	*outcome = DONE;
	for (i = 1; i < argc && argv[i][0] == '-'; i++) {
		if (!strcmp(argv[i], "--json")) {
			globals->json = true;
			continue;
		}
		if (take_directory("--config", argv, &i, &globals->config) ||
		    take_directory("--state", argv, &i, &globals->state))
			continue;
		if (!strcmp(argv[i], "--config") || !strcmp(argv[i], "--state")) {
			complain("%s needs a directory after it, give one or leave it out",
				 argv[i]);
			*outcome = USAGE;
		} else if (!strcmp(argv[i], "--help")) {
			print_help();
		} else if (!strcmp(argv[i], "--version")) {
			puts("knockctl " KNOCK_VERSION);
		} else {
			complain("`%s' is no option of knockctl itself", argv[i]);
			print_usage(stderr, NULL);
			*outcome = USAGE;
		}
		return 0;
	}
	return i;
}

int main(int argc, char **argv)
{
	struct invocation globals = { .config = CONFIG_DEFAULT, .state = STATE_DEFAULT };
	const struct verb *verb;
	enum outcome outcome;
	int at;

	complain_as("knockctl");
	secret_forbid_core();
	if (argc > 1 && !strcmp(argv[1], "--complete")) {
		complete(&(struct verb_table){ verbs, VERBS }, argv + 2, argc - 2);
		return DONE;
	}
	at = read_globals(argc, argv, &globals, &outcome);
	if (!at)
		return (int)outcome;
	verb = at < argc ? find_verb(argv[at]) : NULL;
	if (!verb) {
		if (at < argc)
			complain("`%s' is no verb", argv[at]);
		print_usage(stderr, NULL);
		return USAGE;
	}
	return (int)run_verb(verb, &globals, argc - at, argv + at);
}
