// SPDX-License-Identifier: GPL-2.0
/* tumbler: the client. It needs no privilege and nothing of Linux. */
#include <stdio.h>
#include <stdlib.h>

#include <openssl/crypto.h>

#include "complain.h"
#include "connect.h"
#include "keypair.h"
#include "knock.h"
#include "options.h"
#include "prompt.h"
#include "sequence.h"

/* From the file, or else the terminal, unless the URL had it; a passphrase is stretched. */
static bool get_secret(const struct options *options, struct url *url, char why[SECRET_WHY_SIZE])
{
	bool good = url->has_secret;

	if (options->secret_file)
		good = secret_read_file(&url->secret, options->secret_file, why);
	else if (!good)
		good = prompt_secret(&url->secret, url->has_salt ? "Passphrase: " : "Secret: ",
				     why);
	if (good && url->has_salt)
		good = stretch(&url->secret, &url->salt, why);
	return good;
}

/* What the profile says, as if it had been typed; what was typed comes first. */
static void use_profile(struct options *options, const struct profile *profile)
{
	bool ipv4 = knock_address_is_ipv4(&profile->source);

	strcpy(options->url.host, options->host ? options->host : profile->host);
	options->url.port = profile->port;
	options->url.secret = profile->secret;
	options->url.has_secret = true;
	if (profile_says(profile, "source") && !options->has_source &&
	    (options->family == AF_UNSPEC || options->family == (ipv4 ? AF_INET : AF_INET6))) {
		options->source = profile->source;
		options->has_source = true;
	}
	if (options->wait && !options->wait_port && options->verb == VERB_OPEN)
		options->wait_port = profile->service;
	if (options->verb == VERB_CONNECT)
		options->wait_port = profile->agent;
}

#define NO_AGENT \
	"this profile knows no agent of the server; let its door have one by knockctl set-door --agent there, and tumbler import --force what knockctl enrol prints then"

/* Return: NULL if the profile can do what is asked for. */
static const char *find_fault(const struct options *options, const struct profile *profile)
{
	bool datagram = profile->type == PROFILE_TUMBLER || profile->type == PROFILE_SEALED;

	if (datagram && options->has_delay)
		return "a datagram has no steps, leave --delay out";
	if (profile->type == PROFILE_STATIC && options->has_source)
		return "a static sequence is the same from every address, leave --source out";
	if (options->verb == VERB_CONNECT && !profile->agent)
		return NO_AGENT;
	if (options->service && profile->service && options->service != profile->service)
		return "the profile says another port of the service, leave the port out";
	if (profile->type == PROFILE_SEALED)
		return NULL;
	if (options->open_for)
		return "only a sealed knock can say for how long, leave --for out";
	if (profile->closes && options->verb != VERB_CLOSE)
		return "this profile's key closes the door, use --close";
	if (!profile->closes && options->verb == VERB_CLOSE)
		return "this profile's key opens the door, closing takes another";
	return NULL;
}

static bool use_url(struct options *options, struct errand *errand, struct profile *profile,
		    char why[SECRET_WHY_SIZE])
{
	if (!options->url.ports.count)
		return get_secret(options, &options->url, why);
	profile->type = PROFILE_STATIC;
	profile->ports = options->url.ports;
	errand->ports = profile;
	return true;
}

/* What @errand says of ports is in @profile. */
static bool get_errand(struct options *options, struct errand *errand, struct profile *profile,
		       char why[PROFILES_WHY_SIZE])
{
	const char *fault;

	*errand = (struct errand){ .options = options };
	profile_init(profile, PROFILE_TUMBLER);
	if (!options->name)
		return use_url(options, errand, profile, why);
	if (!profiles_read(profile, options->name, why))
		return false;
	fault = find_fault(options, profile);
	if (fault) {
		snprintf(why, PROFILES_WHY_SIZE, "%s", fault);
		return false;
	}
	use_profile(options, profile);
	errand->sealed = profile->type == PROFILE_SEALED;
	/* Who does know the address may say it, and needs no agent. */
	errand->roams = profile->roaming && !options->has_source;
	strcpy(errand->door, profile->door);
	if (profile->type != PROFILE_TUMBLER && !errand->sealed)
		errand->ports = profile;
	return true;
}

static bool do_errand(const struct target_list *targets, const struct errand *errand,
		      const struct profile *profile)
{
	const struct options *options = errand->options;

	if (options->verb == VERB_CONNECT)
		return connect_and_pipe(targets, errand, profile);
	if (errand->roams && options->verb == VERB_OPEN && !options->print)
		return connect_and_open(targets, errand, profile);
	if (options->print)
		return errand->ports ? sequence_print(targets, errand) :
				       knock_print(targets, errand);
	if (options->wait_port)
		return errand->ports ? sequence_until_answer(targets, errand) :
				       knock_until_answer(targets, errand);
	return errand->ports ? sequence_knock(targets, errand) : knock(targets, errand);
}

static bool run_errand(struct options *options)
{
	struct target_list targets;
	char why[PROFILES_WHY_SIZE];
	struct profile profile;
	struct errand errand;
	bool done = false;

	if (!get_errand(options, &errand, &profile, why) ||
	    !targets_find(&targets, options, why)) {
		complain("%s", why);
	} else {
		if (errand.roams)
			targets_unbind(&targets);
		done = do_errand(&targets, &errand, &profile);
		targets_close(&targets);
	}
	profile_wipe(&profile);
	return done;
}

static void print_key(const unsigned char key[X25519_SIZE])
{
	char text[SECRET_BINARY_TEXT_SIZE];

	base64_encode(text, key, X25519_SIZE);
	puts(text);
	OPENSSL_cleanse(text, sizeof(text));
}

static bool run_keys(const struct options *options, char why[SECRET_WHY_SIZE])
{
	bool makes = options->verb == VERB_GENKEY;
	struct x25519_pair pair;
	bool done;

	done = makes ? keypair_make(&pair, why) :
	       keypair_read(&pair, options->file ? options->file : "-", why);
	if (done)
		print_key(makes ? pair.private_key : pair.public_key);
	x25519_wipe(&pair);
	return done;
}

static bool run(struct options *options)
{
	char why[PROFILES_WHY_SIZE];
	bool done;

	switch (options->verb) {
	case VERB_CHECK:
		done = profiles_check(options->name, why);
		break;
	case VERB_IMPORT:
		done = profiles_import(options, why);
		break;
	case VERB_GENKEY:
	case VERB_PUBKEY:
		done = run_keys(options, why);
		break;
	default:
		return run_errand(options);
	}
	if (!done)
		complain("%s", why);
	return done && !fflush(stdout);
}

int main(int argc, char *argv[])
{
	struct options options;
	int status;

	complain_as("tumbler");
	secret_forbid_core();
	if (options_parse(argc, argv, &options, &status))
		status = run(&options) ? EXIT_SUCCESS : EXIT_FAILURE;
	OPENSSL_cleanse(&options, sizeof(options));
	return status;
}
