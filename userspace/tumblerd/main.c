// SPDX-License-Identifier: GPL-2.0
/* tumblerd: runs commands when doors open and close. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agent.h"
#include "complain.h"
#include "config.h"
#include "journal.h"
#include "presence.h"
#include "serve_child.h"

enum { CONFIG = 1, STATE, DOORS, NO_COMMANDS, ONLY_COMMANDS, CHECK, HELP, VERSION };

static const struct option options[] = {
	{ "config", required_argument, NULL, CONFIG },
	{ "state", required_argument, NULL, STATE },
	{ "doors", required_argument, NULL, DOORS },
	{ "no-commands", no_argument, NULL, NO_COMMANDS },
	{ "only-commands", no_argument, NULL, ONLY_COMMANDS },
	{ "check", no_argument, NULL, CHECK },
	{ "help", no_argument, NULL, HELP },
	{ "version", no_argument, NULL, VERSION },
	{ NULL, 0, NULL, 0 }
};

static void print_usage(FILE *stream)
{
	fputs("usage: tumblerd [--config FILE] [--state DIR] [--doors DIR]\n"
	      "                [--no-commands | --only-commands] [--check]\n", stream);
}

static void print_help(void)
{
	print_usage(stdout);
	puts("\nRun commands when doors of xt_knock open and close, log what happens, arm once keys\n"
	     "in the place of used numbers, and hand their clients the next ones over TLS.\n\n"
	     "  --config FILE    what to do (" SETTINGS_DEFAULT ")\n"
	     "  --state DIR      what knockctl keeps of once keys (" STATE_DEFAULT ")\n"
	     "  --doors DIR      where knockctl keeps doors and keys (" CONFIG_DEFAULT ")\n"
	     "  --no-commands    do all but run commands, which is left to another tumblerd\n"
	     "  --only-commands  do nothing but run commands: be that other\n"
	     "  --check          only say what is wrong in the file\n"
	     "  --help           print this\n"
	     "  --version        print which version this is\n\n"
	     "It stays in the foreground until SIGTERM, and then ends what it runs. Exit status:\n"
	     "0 done, 1 refused or failed, 2 usage. It needs CAP_NET_ADMIN, and acts on the network\n"
	     "namespace it runs in.");
}

/* For bash: the options that begin as the last word does; files are bash's own. */
static void complete(int count, char **words)
{
	const char *last = count ? words[count - 1] : "";
	const struct option *option;
	char text[16];

	if (count > 1 && (!strcmp(words[count - 2], "--config") ||
			  !strcmp(words[count - 2], "--state") ||
			  !strcmp(words[count - 2], "--doors")))
		return;
	for (option = options; option->name; option++) {
		snprintf(text, sizeof(text), "--%s", option->name);
		if (!strncmp(text, last, strlen(last)))
			puts(text);
	}
}

static void print_faults(struct faults *faults)
{
	size_t i;

	faults_sort(faults);
	for (i = 0; i < faults->count; i++) {
		const struct fault *fault = &faults->fault[i];

		if (fault->line)
			fprintf(stderr, "%s:%u: %s\n", fault->file, fault->line, fault->why);
		else
			fprintf(stderr, "%s: %s\n", fault->file, fault->why);
	}
	if (faults->lost)
		complain("out of memory, not all can be told; free some and try again");
}

/* What was meant for another program is taken as it is, but not without a word. */
static void warn_of_secrets(const struct settings *settings)
{
	const struct door_settings *door;
	size_t i;

	for (i = 0; i < settings->doors; i++) {
		door = &settings->door[i];
		if (door->made &&
		    secret_bits(door->secret.bytes, door->secret.length) < SECRET_BITS_MIN)
			complain("door %s: the secret looks guessable, and one watched knock lets anyone try guesses; a better one is printed by: openssl rand -base64 20",
				 door->name);
	}
}

/* Of two at once each would run all commands. */
static bool is_the_only(const char *state, enum presence_role roles, bool *first)
{
	char why[PRESENCE_WHY_SIZE];

	if (!presence_take(state, roles, first, why)) {
		complain("%s", why);
		return errno != EAGAIN;
	}
	if (!*first && (roles & ROLE_COMMANDS))
		complain("another network namespace's tumblerd keeps its commands in %s, so they are not kept here; give --state a directory of its own",
			 state);
	return true;
}

static bool run(const char *path, struct agent_places *places, enum presence_role roles,
		bool check)
{
	struct faults faults = { .count = 0 };
	struct settings settings;
	bool good;

	good = settings_read(&settings, path, roles, &faults);
	print_faults(&faults);
	faults_clear(&faults);
	if (good) {
		warn_of_secrets(&settings);
		if (check)
			printf("nothing is wrong: doors %zu\n", settings.doors);
		good = check || (is_the_only(places->state, roles, &places->keeps) &&
				 journal_open(settings.log) && agent_run(&settings, places));
	} else if (!check) {
		complain("what is wrong must be mended first, nothing was done");
	}
	settings_wipe(&settings);
	return good;
}

int main(int argc, char **argv)
{
	struct agent_places places = { .state = STATE_DEFAULT, .doors = CONFIG_DEFAULT };
	enum presence_role roles = ROLE_BOTH;
	const char *path = SETTINGS_DEFAULT;
	bool check = false;
	int result;

	complain_as("tumblerd");
	secret_forbid_core();
	if (argc > 1 && !strcmp(argv[1], "--complete")) {
		complete(argc - 2, argv + 2);
		return EXIT_SUCCESS;
	}
	if (argc == 2 && !strcmp(argv[1], SERVE_CHILD_WORD))
		return serve_child();
	opterr = 0;
	while ((result = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (result) {
		case CONFIG:
			path = optarg;
			break;
		case STATE:
			places.state = optarg;
			break;
		case DOORS:
			places.doors = optarg;
			break;
		case NO_COMMANDS:
			roles &= ~(unsigned int)ROLE_COMMANDS;
			break;
		case ONLY_COMMANDS:
			roles &= ~(unsigned int)ROLE_AGENT;
			break;
		case CHECK:
			check = true;
			break;
		case HELP:
			print_help();
			return EXIT_SUCCESS;
		case VERSION:
			puts("tumblerd " KNOCK_VERSION);
			return EXIT_SUCCESS;
		default:
			complain("`%s' is no option of tumblerd, or lacks its value",
				 argv[optind - 1]);
			print_usage(stderr);
			return 2;
		}
	}
	if (optind < argc) {
		complain("`%s' is more than tumblerd takes, leave it out", argv[optind]);
		print_usage(stderr);
		return 2;
	}
	if (!roles) {
		complain("--no-commands and --only-commands together are nothing, leave one out");
		return 2;
	}
	return run(path, &places, roles, check) ? EXIT_SUCCESS : EXIT_FAILURE;
}
