// SPDX-License-Identifier: GPL-2.0
/* The command line. */
#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <openssl/crypto.h>

#include "complain.h"
#include "duration.h"
#include "name.h"
#include "options.h"
#include "profiles.h"

#define USAGE 2

#define DELAY_MS 50
/* Slower than this the shortest series of ports is older than a server takes it. */
#define DELAY_MAX_MS 10000

static const char help[] =
	"tumbler --open NAME | --close NAME [OPTION]...\n"
	"tumbler --open tumbler://[SECRET@]HOST[:PORT]/[?stretch=SALT] [OPTION]...\n"
	"tumbler --open knock://HOST/PORT[/udp],... [OPTION]...\n"
	"tumbler --connect NAME [HOST [PORT]] [OPTION]...\n"
	"tumbler import FILE|- [--name NAME] [--private-key FILE] [--force]\n"
	"tumbler --check NAME | genkey | pubkey [FILE|-]\n"
	"Knocks on a door that xt_knock hides: sends HOST a datagram, or a series of packets\n"
	"to ports that are closed.\n"
	"NAME is a profile, as the server's administrator gives it out (knockctl enrol),\n"
	"once it was imported. Without SECRET in a URL it is asked for; with SALT it is a\n"
	"passphrase, of which the secret is made.\n"
	"\n"
	"  --connect NAME     knock, take the next sequences, and be a pipe to the service:\n"
	"                     ssh -o ProxyCommand='tumbler --connect NAME %h %p' HOST\n"
	"  -4, -6             knock over IPv4 or IPv6 only; default: over all that HOST has\n"
	"  --delay MS         between two ports of a series, 50 unless set\n"
	"  --for TIME         open for that long, like 10m, if the door allows it (sealed)\n"
	"  --secret-file FILE read the secret of a URL from a file of mode 0600\n"
	"  --source ADDR      the address that HOST sees, where there is NAT in between\n"
	"  --print            print the datagram, or the ports; send nothing\n"
	"  --wait             wait until a knock may be sent, and until the service of the\n"
	"                     profile answers, if it names one\n"
	"  --wait=TCPPORT     knock until TCPPORT of HOST answers, for 200 s at most\n"
	"  --check            show what a profile says, and the fingerprint of its secret\n"
	"  --name NAME        import it under this name\n"
	"  --private-key FILE the key that genkey printed, for a profile without it\n"
	"  --force            import it even where there is one of that name\n"
	"  --help, --version\n"
	"\n"
	"Exit status: 0 sent (with --wait=TCPPORT: answered), 1 not, 2 usage.\n";

static const struct option table[] = {
	{ "open", required_argument, NULL, 'o' },
	{ "close", required_argument, NULL, 'c' },
	{ "connect", required_argument, NULL, 'N' },
	{ "check", required_argument, NULL, 'C' },
	{ "delay", required_argument, NULL, 'D' },
	{ "for", required_argument, NULL, 'd' },
	{ "secret-file", required_argument, NULL, 'f' },
	{ "source", required_argument, NULL, 's' },
	{ "print", no_argument, NULL, 'p' },
	{ "wait", optional_argument, NULL, 'w' },
	{ "name", required_argument, NULL, 'n' },
	{ "private-key", required_argument, NULL, 'k' },
	{ "force", no_argument, NULL, 'F' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static const struct {
	const char *word;
	enum verb verb;
} words[] = {
	{ "import", VERB_IMPORT },
	{ "genkey", VERB_GENKEY },
	{ "pubkey", VERB_PUBKEY },
};

#define WORDS (sizeof(words) / sizeof(words[0]))

static bool misused(const char *sentence)
{
	complain("%s; see tumbler --help", sentence);
	return false;
}

/* The URL is overwritten where ps shows it, before anything that takes time. */
static bool take_url(char *text, struct options *options)
{
	char why[URL_WHY_SIZE];
	bool good = url_parse(text, &options->url, why);

	OPENSSL_cleanse(text, strlen(text));
	if (!good)
		complain("%s", why);
	return good;
}

/* What has a colon is a URL, or was meant to be one. Any series of ports may close. */
static bool is_url(enum verb verb, const char *text)
{
	return (verb == VERB_OPEN && strchr(text, ':')) ||
	       (verb == VERB_CLOSE && !strncmp(text, "knock:", 6));
}

static bool take_subject(enum verb verb, char *text, struct options *options)
{
	bool again = options->verb != VERB_NONE;

	options->verb = verb;
	if (!again && is_url(verb, text))
		return take_url(text, options);
	options->name = text;
	if (!again && name_is_good(text))
		return true;
	OPENSSL_cleanse(text, strlen(text));
	if (again)
		return misused("more than one thing is asked for, use one of --open, --close, --connect, --check, import, genkey and pubkey, and once");
	return misused("what is to be opened, closed or checked is no name of a profile; a URL begins with tumbler:// or knock://");
}

static bool take_source(const char *text, struct options *options)
{
	u8 bytes[4];

	options->has_source = true;
	if (inet_pton(AF_INET, text, bytes) == 1) {
		options->source = knock_address_from_ipv4(bytes);
		return true;
	}
	if (inet_pton(AF_INET6, text, options->source.bytes) == 1)
		return true;
	return misused("--source is no IPv4 or IPv6 address, give the one that the server sees");
}

static bool take_port(const char *text, u16 *port)
{
	unsigned long number = 0;

	if (strspn(text, "0123456789") == strlen(text) && strlen(text) <= 5)
		number = strtoul(text, NULL, 10);
	if (number < 1 || number > 65535)
		return misused("--wait takes a TCP port from 1 to 65535");
	*port = (u16)number;
	return true;
}

/* Also `--wait 22', which getopt takes for an argument of its own. */
static bool take_wait(int argc, char *argv[], struct options *options)
{
	const char *port = optarg;

	options->wait = true;
	if (!port && optind < argc && argv[optind][0] >= '0' && argv[optind][0] <= '9')
		port = argv[optind++];
	return !port || take_port(port, &options->wait_port);
}

static bool take_for(const char *text, struct options *options)
{
	char why[DURATION_WHY_SIZE];

	return parse_duration(text, &options->open_for, why) ||
	       misused("--for takes a whole number and s, m, h or d, from 1s to 7d");
}

static bool take_delay(const char *text, struct options *options)
{
	const char *end = parse_digits(text, DELAY_MAX_MS, &options->delay_ms);

	options->has_delay = true;
	return (end && !*end && options->delay_ms <= DELAY_MAX_MS) ||
	       misused("--delay takes a number of milliseconds up to 10000");
}

static bool take_family(int family, struct options *options)
{
	if (options->family != AF_UNSPEC && options->family != family)
		return misused("-4 and -6 exclude each other, leave both out to knock over both");
	options->family = family;
	return true;
}

static bool take_name(const char *text, struct options *options)
{
	options->name = text;
	return name_is_good(text) ||
	       misused("--name is no name, it has 1 to 31 of A-Z a-z 0-9 _ . - and begins with a letter or digit");
}

static bool take(int option, int argc, char *argv[], struct options *options)
{
	switch (option) {
	case 'o':
		return take_subject(VERB_OPEN, optarg, options);
	case 'c':
		return take_subject(VERB_CLOSE, optarg, options);
	case 'N':
		return take_subject(VERB_CONNECT, optarg, options);
	case 'C':
		return take_subject(VERB_CHECK, optarg, options);
	case 'D':
		return take_delay(optarg, options);
	case 'd':
		return take_for(optarg, options);
	case 'f':
		options->secret_file = optarg;
		return true;
	case 's':
		return take_source(optarg, options);
	case 'w':
		return take_wait(argc, argv, options);
	case '4':
		return take_family(AF_INET, options);
	case '6':
		return take_family(AF_INET6, options);
	case 'p':
		options->print = true;
		return true;
	case ':':
		return misused("an option lacks its argument");
	default:
		return misused("there is no such option");
	}
}

/* Those that only import has. */
static bool take_of_import(int option, struct options *options)
{
	if (options->verb != VERB_IMPORT)
		return misused("--name, --private-key and --force are of import, leave them out");
	switch (option) {
	case 'n':
		return take_name(optarg, options);
	case 'k':
		options->private_key = optarg;
		return true;
	default:
		options->force = true;
		return true;
	}
}

static bool knocks(const struct options *options)
{
	return options->verb == VERB_OPEN || options->verb == VERB_CLOSE ||
	       options->verb == VERB_CONNECT;
}

/* A URL of either kind, and what its kind has no use for. */
static bool url_is_consistent(const struct options *options)
{
	bool knock = options->url.ports.count;

	if (options->name)
		return true;
	if (options->open_for)
		return misused("only a sealed knock can say for how long, leave --for out, or use a profile of type sealed");
	if (knock && options->has_source)
		return misused("a series of ports in a URL is the same from every address, leave --source out");
	if (knock && options->secret_file)
		return misused("a series of ports has no secret, leave --secret-file out");
	if (!knock && options->has_delay)
		return misused("a datagram has no steps, leave --delay out");
	if (options->url.has_secret && options->secret_file)
		return misused("there is a secret in the URL and one in --secret-file, leave one out");
	return true;
}

static bool is_consistent(const struct options *options)
{
	int family = knock_address_is_ipv4(&options->source) ? AF_INET : AF_INET6;

	if (options->verb == VERB_NONE)
		return misused("nothing to open, give --open NAME, --open tumbler://[SECRET@]HOST[:PORT]/ or --open knock://HOST/PORT,...");
	if (options->verb == VERB_IMPORT && !options->file)
		return misused("what to import is not said, give a file, or - for standard input");
	if (options->private_key && !strcmp(options->private_key, "-") &&
	    !strcmp(options->file, "-"))
		return misused("the profile and the private key cannot both come from standard input, give a file for one of them");
	if (!knocks(options) &&
	    (options->family != AF_UNSPEC || options->open_for || options->secret_file ||
	     options->has_source || options->has_delay || options->wait || options->print))
		return misused("this sends no knock, leave the options of --open and --close out");
	if (options->name && options->secret_file)
		return misused("a profile has its secret already, leave --secret-file out");
	if (options->verb == VERB_CLOSE && (options->open_for || options->wait_port))
		return misused("a door that is closed is not open for a time, and answers nobody; leave --for and the port out");
	if (options->verb == VERB_CONNECT && (options->print || options->wait))
		return misused("--connect waits for the agent of the profile, and prints nothing; leave --print and --wait out");
	if (options->print && options->wait)
		return misused("--print sends nothing, so there is nothing to --wait for");
	if (options->has_source && options->family != AF_UNSPEC && options->family != family)
		return misused("--source is not of the family that -4 or -6 asks for");
	return !knocks(options) || url_is_consistent(options);
}

static bool is_profile_option(const char *text)
{
	return !strcmp(text, "--open") || !strcmp(text, "--close") ||
	       !strcmp(text, "--connect") || !strcmp(text, "--check");
}

static void complete_word(const char *begun, bool is_first)
{
	const struct option *option;
	char text[32];
	size_t i;

	for (i = 0; i < WORDS && is_first; i++)
		if (!strncmp(words[i].word, begun, strlen(begun)))
			puts(words[i].word);
	if (*begun != '-')
		return;
	for (option = table; option->name; option++) {
		snprintf(text, sizeof(text), "--%s", option->name);
		if (!strncmp(text, begun, strlen(begun)))
			puts(text);
	}
}

/*
 * For completion: what may stand for the last word. Bash takes `=' for a word of its own.
 */
static void complete(int count, char *word[])
{
	const char *begun = count ? word[count - 1] : "";
	int before = count - 2;

	if (count && !strcmp(begun, "="))
		begun = "";
	else if (before > 0 && !strcmp(word[before], "="))
		before--;
	if (before >= 0 && is_profile_option(word[before]))
		profiles_print_names(begun);
	else
		complete_word(begun, count == 1);
}

/* The word before all options. Return: how many arguments were taken. */
static int take_word(int argc, char *argv[], struct options *options)
{
	size_t i;

	for (i = 0; i < WORDS && argc > 1; i++) {
		if (strcmp(argv[1], words[i].word))
			continue;
		options->verb = words[i].verb;
		return 1;
	}
	return 0;
}

static bool read_port(const char *text, u16 *port)
{
	u32 number;
	const char *end = parse_digits(text, 65535, &number);

	*port = (u16)number;
	return end && !*end && number >= 1 && number <= 65535;
}

/* As ssh has them: %h %p. */
static bool take_host(char *text, struct options *options)
{
	if (!options->host) {
		options->host = text;
		return profile_host_is_good(text) ||
		       misused("the host behind --connect NAME is neither a name nor an address");
	}
	if (!options->service)
		return read_port(text, &options->service) ||
		       misused("the port behind --connect NAME HOST is no number from 1 to 65535");
	return misused("there is an argument too many behind --connect NAME HOST PORT");
}

static bool take_file(char *text, struct options *options)
{
	if (options->verb == VERB_CONNECT)
		return take_host(text, options);
	if (!options->file && (options->verb == VERB_IMPORT || options->verb == VERB_PUBKEY)) {
		options->file = text;
		return true;
	}
	return misused("there is an argument too many, what to open follows --open");
}

/* What is not looked at may be a secret that others should not see for long. */
static void wipe_rest(int argc, char *argv[])
{
	for (; optind < argc; optind++)
		OPENSSL_cleanse(argv[optind], strlen(argv[optind]));
}

/* Return: whether all could be taken; @status is 0 if that was a question about tumbler. */
static bool take_all(int argc, char *argv[], struct options *options, int *status)
{
	int option;

	do {
		while ((option = getopt_long(argc, argv, "+:46hV", table, NULL)) != -1) {
			if (option == 'h' || option == 'V') {
				*status = 0;
				fputs(option == 'h' ? help : "tumbler " KNOCK_VERSION "\n", stdout);
				return false;
			}
			if (option == 'n' || option == 'k' || option == 'F') {
				if (!take_of_import(option, options))
					return false;
			} else if (!take(option, argc, argv, options)) {
				return false;
			}
		}
		/* It stops at what is no option, and goes on behind it. */
		if (optind < argc && !take_file(argv[optind++], options)) {
			optind--;
			wipe_rest(argc, argv);
			return false;
		}
	} while (optind < argc);
	return true;
}

/**
 * options_parse() - read the command line
 * @argc: as main() has it
 * @argv: as main() has it; the URL in it is overwritten
 * @options: receives what is asked for
 * @status: receives the exit status if there is nothing to do
 *
 * What was typed is never quoted: a secret may stand in the wrong place.
 *
 * Return: true if there is something to do; false if all is said
 */
bool options_parse(int argc, char *argv[], struct options *options, int *status)
{
	int taken;

	*status = USAGE;
	memset(options, 0, sizeof(*options));
	options->family = AF_UNSPEC;
	options->delay_ms = DELAY_MS;
	if (argc > 1 && !strcmp(argv[1], "--complete")) {
		complete(argc - 2, argv + 2);
		*status = 0;
		return false;
	}
	taken = take_word(argc, argv, options);
	return take_all(argc - taken, argv + taken, options, status) && is_consistent(options);
}
