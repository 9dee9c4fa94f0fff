// SPDX-License-Identifier: GPL-2.0
/* tumbler: the client. It needs no privilege and nothing of Linux. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include <openssl/crypto.h>

#include "complain.h"
#include "options.h"
#include "prompt.h"
#include "send.h"
#include "state.h"
#include "target.h"
#include "wait.h"

/* Long enough for a guarded key of the default skew, and a minute to spare. */
#define ANSWER_MS 200000
#define CONNECT_MS 1000

static const char too_late[] =
	"this host's clock is past the year 2899, for which there are no knocks; set it";

/* Prints the datagram of each of our addresses, which is what it depends on. */
static bool print(const struct target_list *targets, const struct url *url)
{
	char text[KNOCK_TUMBLER_TEXT_LEN];
	u32 minute = wait_minute_now();
	size_t i, j;

	for (i = 0; i < targets->count; i++) {
		const struct knock_address *source = &targets->target[i].source;

		for (j = 0; j < i; j++)
			if (knock_address_equal(&targets->target[j].source, source))
				break;
		if (j < i)
			continue;
		if (!datagram_make(text, minute, source, &url->secret)) {
			complain("%s", too_late);
			return false;
		}
		printf("%.*s\n", KNOCK_TUMBLER_TEXT_LEN, text);
	}
	return !fflush(stdout);
}

/**
 * enum outcome - what came of knocking once
 * @SENT: on all addresses whose minute was free
 * @USED: no address had its minute free
 * @FAILED: it is said why
 */
enum outcome { SENT, USED, FAILED };

/* Knocks on every address that was not knocked on in this minute. */
static enum outcome knock_once(const struct target_list *targets, const struct url *url, u32 *next)
{
	struct knock knocks[TARGETS_MAX];
	u32 minute = wait_minute_now();
	u32 first_free = 0;
	size_t count = 0;
	bool sent;
	size_t i;

	for (i = 0; i < targets->count; i++) {
		struct knock *knock = &knocks[count];
		u32 its_next;

		knock->target = &targets->target[i];
		if (!datagram_make(knock->text, minute, &knock->target->source, &url->secret)) {
			complain("%s", too_late);
			return FAILED;
		}
		if (state_claim(knock->target, url, minute, &its_next))
			count++;
		else if (!first_free || its_next < first_free)
			first_free = its_next;
	}
	if (!count) {
		*next = first_free;
		return USED;
	}
	*next = minute + 1;
	sent = send_copies(knocks, count);
	for (i = 0; i < count; i++)
		if (!knocks[i].sent)
			state_release(knocks[i].target, url, minute);
	return sent ? SENT : FAILED;
}

static void say_next(u32 next, const char *mend)
{
	time_t begin = (time_t)next * 60;
	char text[16];
	struct tm utc;

	gmtime_r(&begin, &utc);
	strftime(text, sizeof(text), "%H:%M", &utc);
	complain("this secret has knocked from here in this minute already, and does so once a minute; the next knock is possible at %s UTC, in %ld s%s",
		 text, (long)(begin - time(NULL)), mend);
}

static bool knock(const struct target_list *targets, const struct options *options)
{
	enum outcome outcome;
	u32 next = 0;

	outcome = knock_once(targets, &options->url, &next);
	if (outcome == USED)
		say_next(next, options->wait ? ": waiting" : "; or use --wait");
	while (outcome == USED && options->wait) {
		wait_for_minute(next);
		outcome = knock_once(targets, &options->url, &next);
	}
	return outcome == SENT;
}

/*
 * Knocks in every minute until the port answers: the server may just have been
 * started, and refuse knocks that could be older than itself.
 */
static bool knock_until_answer(const struct target_list *targets, const struct options *options)
{
	u64 end = wait_uptime_ms() + ANSWER_MS;
	u32 next = 0;

	do {
		if (wait_minute_now() >= next &&
		    knock_once(targets, &options->url, &next) == FAILED)
			return false;
		if (wait_port_answers(targets, options->wait_port, CONNECT_MS))
			return true;
	} while (wait_uptime_ms() < end);
	complain("TCP port %u of %.200s did not answer in %d s; check secret, clock, and which address the server sees (--source)",
		 options->wait_port, options->url.host, ANSWER_MS / 1000);
	return false;
}

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

static bool run(struct options *options)
{
	struct target_list targets;
	char why[TARGET_WHY_SIZE];
	bool done;

	if (!get_secret(options, &options->url, why) || !targets_find(&targets, options, why)) {
		complain("%s", why);
		return false;
	}
	if (options->print)
		done = print(&targets, &options->url);
	else if (options->wait_port)
		done = knock_until_answer(&targets, options);
	else
		done = knock(&targets, options);
	targets_close(&targets);
	return done;
}

int main(int argc, char *argv[])
{
	struct rlimit no_core = { 0, 0 };
	struct options options;
	int status;

	complain_as("tumbler");
	/* A core file would hold the secret. */
	setrlimit(RLIMIT_CORE, &no_core);
	if (options_parse(argc, argv, &options, &status))
		status = run(&options) ? EXIT_SUCCESS : EXIT_FAILURE;
	OPENSSL_cleanse(&options, sizeof(options));
	return status;
}
