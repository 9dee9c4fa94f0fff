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
#include "options.h"

#define USAGE 2

static const char help[] =
	"tumbler --open tumbler://[SECRET@]HOST[:PORT]/[?stretch=SALT] [OPTION]...\n"
	"Knocks on a door that xt_knock hides: sends one TUMBLER1 datagram to UDP PORT\n"
	"(8675 unless set). Without SECRET in the URL it is asked for. With SALT it is a\n"
	"passphrase, of which the secret is made.\n"
	"\n"
	"  -4, -6             knock over IPv4 or IPv6 only; default: over all that HOST has\n"
	"  --secret-file FILE read the secret from a file of mode 0600\n"
	"  --source ADDR      the address that HOST sees, where there is NAT in between\n"
	"  --print            print the datagram, send nothing\n"
	"  --wait             if this minute's knock was used, wait for the next minute\n"
	"  --wait=TCPPORT     knock until TCPPORT of HOST answers, for 200 s at most\n"
	"  --help, --version\n"
	"\n"
	"Exit status: 0 sent (with --wait=TCPPORT: answered), 1 not, 2 usage.\n";

static const struct option table[] = {
	{ "open", required_argument, NULL, 'o' },
	{ "secret-file", required_argument, NULL, 'f' },
	{ "source", required_argument, NULL, 's' },
	{ "print", no_argument, NULL, 'p' },
	{ "wait", optional_argument, NULL, 'w' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static bool misused(const char *sentence)
{
	complain("%s; see tumbler --help", sentence);
	return false;
}

/* The URL is overwritten where ps shows it, before anything that takes time. */
static bool take_url(char *text, struct options *options)
{
	char why[URL_WHY_SIZE];
	bool good;

	if (options->url.host[0]) {
		OPENSSL_cleanse(text, strlen(text));
		return misused("--open is given twice, one door is opened at a time");
	}
	good = url_parse(text, &options->url, why);
	OPENSSL_cleanse(text, strlen(text));
	if (!good)
		complain("%s", why);
	return good;
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

static bool take_family(int family, struct options *options)
{
	if (options->family != AF_UNSPEC && options->family != family)
		return misused("-4 and -6 exclude each other, leave both out to knock over both");
	options->family = family;
	return true;
}

static bool take(int option, int argc, char *argv[], struct options *options)
{
	switch (option) {
	case 'o':
		return take_url(optarg, options);
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

static bool is_consistent(const struct options *options)
{
	int family = knock_address_is_ipv4(&options->source) ? AF_INET : AF_INET6;

	if (!options->url.host[0])
		return misused("nothing to open, give --open tumbler://[SECRET@]HOST[:PORT]/");
	if (options->url.has_secret && options->secret_file)
		return misused("there is a secret in the URL and one in --secret-file, leave one out");
	if (options->print && options->wait)
		return misused("--print sends nothing, so there is nothing to --wait for");
	if (options->has_source && options->family != AF_UNSPEC && options->family != family)
		return misused("--source is not of the family that -4 or -6 asks for");
	return true;
}

/* For completion: the options that begin like the last word; values it leaves alone. */
static void complete(int count, char *word[])
{
	const char *begun = count ? word[count - 1] : "";
	const struct option *option;
	char text[32];

	if (*begun != '-')
		return;
	for (option = table; option->name; option++) {
		snprintf(text, sizeof(text), "--%s", option->name);
		if (!strncmp(text, begun, strlen(begun)))
			puts(text);
	}
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
 * Return: true if there is a door to knock on; false if all is said
 */
bool options_parse(int argc, char *argv[], struct options *options, int *status)
{
	int option;

	*status = USAGE;
	memset(options, 0, sizeof(*options));
	options->family = AF_UNSPEC;
	if (argc > 1 && !strcmp(argv[1], "--complete")) {
		complete(argc - 2, argv + 2);
		*status = 0;
		return false;
	}
	while ((option = getopt_long(argc, argv, ":46hV", table, NULL)) != -1) {
		if (option == 'h' || option == 'V') {
			*status = 0;
			fputs(option == 'h' ? help : "tumbler " KNOCK_VERSION "\n", stdout);
			return false;
		}
		if (!take(option, argc, argv, options))
			return false;
	}
	if (optind < argc) {
		while (optind < argc) {
			OPENSSL_cleanse(argv[optind], strlen(argv[optind]));
			optind++;
		}
		return misused("there is an argument too many, what to open follows --open");
	}
	return is_consistent(options);
}
