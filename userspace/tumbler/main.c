// SPDX-License-Identifier: GPL-2.0
/* tumbler: the client. It needs no privilege and nothing of Linux. */
#include <stdio.h>
#include <stdlib.h>

#include <openssl/crypto.h>

#include "complain.h"
#include "keypair.h"
#include "knock.h"
#include "options.h"
#include "prompt.h"

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

	strcpy(options->url.host, profile->host);
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
}

/* Return: NULL if the profile can do what is asked for. */
static const char *find_fault(const struct options *options, const struct profile *profile)
{
	if (profile->type == PROFILE_SEALED)
		return NULL;
	if (profile->type != PROFILE_TUMBLER)
		return "this tumbler knocks no sequences yet, take a newer one";
	if (options->open_for)
		return "a TUMBLER1 knock cannot say for how long, leave --for out";
	if (profile->closes && options->verb == VERB_OPEN)
		return "this profile's key closes the door, use --close";
	if (!profile->closes && options->verb == VERB_CLOSE)
		return "this profile's key opens the door, closing takes another";
	return NULL;
}

static bool get_errand(struct options *options, struct errand *errand,
		       char why[PROFILES_WHY_SIZE])
{
	struct profile profile;
	const char *fault;

	*errand = (struct errand){ .options = options };
	if (!options->name)
		return get_secret(options, &options->url, why);
	if (!profiles_read(&profile, options->name, why))
		return false;
	fault = find_fault(options, &profile);
	if (fault) {
		snprintf(why, PROFILES_WHY_SIZE, "%s", fault);
	} else {
		use_profile(options, &profile);
		errand->sealed = profile.type == PROFILE_SEALED;
		strcpy(errand->door, profile.door);
	}
	profile_wipe(&profile);
	return !fault;
}

static bool run_errand(struct options *options)
{
	struct target_list targets;
	char why[PROFILES_WHY_SIZE];
	struct errand errand;
	bool done;

	if (!get_errand(options, &errand, why) || !targets_find(&targets, options, why)) {
		complain("%s", why);
		return false;
	}
	if (options->print)
		done = knock_print(&targets, &errand);
	else if (options->wait_port)
		done = knock_until_answer(&targets, &errand);
	else
		done = knock(&targets, &errand);
	targets_close(&targets);
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
