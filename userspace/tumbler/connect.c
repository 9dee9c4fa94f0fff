// SPDX-License-Identifier: GPL-2.0
/*
 * Behind the knock: a connection to the server's agent, which hands over the next
 * sequences, and then a pipe through it to the service of the door.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "books.h"
#include "complain.h"
#include "connect.h"
#include "kept_file.h"
#include "sequence.h"
#include "stop.h"
#include "stream.h"
#include "wait.h"

/* The agent may wait for that it is told of the knock, and for its disk. */
#define LIMIT_SEC 15

/*
 * An agent that has too many to talk with cuts connections at once: so long it is tried
 * again, by the same knock, after a pause that grows.
 */
#define TRY_MS 10000
#define PAUSE_MS 100
#define PAUSE_MAX_MS 800
#define ANSWER_MS 1000

/* Until the door's service answers, where that is waited for; so often the door is opened. */
#define SERVICE_MS 200000
#define AGAIN_MS 5000

/* From now on each read and write waits, so long at most. */
static bool limit(int connection, time_t seconds)
{
	const struct timeval time = { .tv_sec = seconds };

	return fcntl(connection, F_SETFL, fcntl(connection, F_GETFL) & ~O_NONBLOCK) >= 0 &&
	       !setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time)) &&
	       !setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof(time));
}

static bool say_hello(struct tls *tls, int connection, const struct profile *profile)
{
	unsigned char key[TLS_KEY_SIZE];
	bool good;

	good = limit(connection, LIMIT_SEC) && profile_tls_key(profile, key) &&
	       tls_connect(tls, connection, key, profile->tls_server);
	OPENSSL_cleanse(key, sizeof(key));
	return good;
}

static void say_refused(const struct profile *profile, bool other)
{
	if (stop_asked())
		return;
	if (other)
		complain("TCP port %u of %.200s is no agent with the key that the profile says; after knockctl rotate-server-key on the server the profile has to be imported again",
			 profile->agent, profile->host);
	else
		complain("TCP port %u of %.200s cuts each connection at once; too many clients may be there, and tumblerd on the server logs what it knows",
			 profile->agent, profile->host);
}

static void connect_again(int *connection, const struct target_list *targets, u16 port)
{
	stop_cuts(-1);
	if (*connection >= 0)
		close(*connection);
	*connection = -1;
	if (wait_port_answers(targets, port, ANSWER_MS, connection))
		stop_cuts(*connection);
}

/* Until the agent listens to us. */
static bool reach(struct tls *tls, int *connection, const struct target_list *targets,
		  const struct profile *profile)
{
	u64 end = wait_uptime_ms() + TRY_MS, pause = PAUSE_MS;

	while (*connection < 0 || !say_hello(tls, *connection, profile)) {
		bool other = *connection >= 0 && !tls->cut;

		if (other || stop_asked() || wait_uptime_ms() + pause > end) {
			say_refused(profile, other);
			return false;
		}
		tls_free(tls);
		wait_until_uptime(wait_uptime_ms() + pause);
		if (pause < PAUSE_MAX_MS)
			pause *= 2;
		connect_again(connection, targets, profile->agent);
	}
	return true;
}

static bool say_have(struct tls *tls, const struct errand *errand,
		     const struct profile *profile)
{
	const struct options *options = errand->options;
	const struct hand_over_wish wish = { .door_only = options->verb == VERB_OPEN,
					     .open_for = errand->roams ? options->open_for : 0 };
	u8 have[HAND_OVER_HAVE_SIZE];
	char why[BOOKS_WHY_SIZE];
	struct book book = { .count = 0 };

	if (profile->type == PROFILE_ONCE && !books_read(&book, options->name, why)) {
		complain("%s", why);
		return false;
	}
	hand_over_put_have(have, &book, &wish);
	book_wipe(&book);
	if (tls_write(tls, have, sizeof(have)))
		return true;
	complain("the agent has cut the connection");
	return false;
}

static bool take_next(struct tls *tls, struct hand_over_next *next)
{
	u8 bytes[HAND_OVER_NEXT_SIZE];
	bool good;

	good = tls_read(tls, bytes, sizeof(bytes)) && hand_over_take_next(next, bytes);
	OPENSSL_cleanse(bytes, sizeof(bytes));
	if (!good)
		complain("the agent has nothing for this client: it knows no knock of this key from this address, or its door is not one that it serves; tumblerd on the server logs what it knows, and forward = in its file says what it serves");
	return good;
}

/* In the book, and on the disk, before it is said that it is there. */
static bool say_got(struct tls *tls, const struct hand_over_next *next,
		    const struct profile *profile, const char *name)
{
	u8 got[HAND_OVER_GOT_SIZE];
	char why[BOOKS_WHY_SIZE];

	if (profile->type == PROFILE_ONCE &&
	    !books_take_next(name, next, profile->depth, why)) {
		complain("%s", why);
		return false;
	}
	hand_over_put_got(got, hand_over_highest(next));
	if (tls_write(tls, got, sizeof(got)))
		return true;
	complain("the agent has cut the connection");
	return false;
}

static bool take_go(struct tls *tls, enum hand_over_go *go)
{
	u8 bytes[HAND_OVER_GO_SIZE];

	if (tls_read(tls, bytes, sizeof(bytes)) && hand_over_take_go(go, bytes))
		return true;
	complain("the agent has cut the connection");
	return false;
}

static bool hand_over(struct tls *tls, const struct errand *errand,
		      const struct profile *profile, enum hand_over_go *go)
{
	struct hand_over_next next = { .count = 0 };
	bool good;

	good = say_have(tls, errand, profile) && take_next(tls, &next) &&
	       say_got(tls, &next, profile, errand->options->name) && take_go(tls, go);
	OPENSSL_cleanse(&next, sizeof(next));
	return good;
}

static bool pipe_through(struct tls *tls, int connection, enum hand_over_go go)
{
	switch (go) {
	case HAND_OVER_SERVICE:
		break;
	case HAND_OVER_NOTHING:
		complain("all is handed over, but no service is behind this door's agent; forward = in tumblerd's file names one");
		return true;
	default:
		complain("all is handed over, but the service behind the door does not answer the agent");
		return false;
	}
	if ((limit(connection, 0) &&
	     stream_run(tls, STDIN_FILENO, STDOUT_FILENO, stop_descriptor(), -1)) || stop_asked())
		return true;
	complain("the connection was cut");
	return false;
}

static bool use(int *connection, const struct target_list *targets, const struct errand *errand,
		const struct profile *profile)
{
	enum hand_over_go go;
	struct tls tls = { .pinned = true };
	bool good;

	stop_cuts(*connection);
	good = reach(&tls, connection, targets, profile) &&
	       hand_over(&tls, errand, profile, &go) &&
	       (errand->options->verb == VERB_OPEN || pipe_through(&tls, *connection, go));
	stop_cuts(-1);
	tls_free(&tls);
	return good;
}

static bool catch_signals(void)
{
	if (stop_catch())
		return true;
	complain("signals cannot be caught, and so the door not be closed at the end: %s; let more files be open",
		 strerror(errno));
	return false;
}

/* Return: whether the agent has opened the door; if not it is said why. */
static bool open_once(const struct target_list *targets, const struct errand *errand,
		      const struct profile *profile)
{
	struct options options = *errand->options;
	struct errand opening = *errand;
	int connection = -1;
	bool good;

	options.wait_port = profile->agent;
	opening.options = &options;
	opening.connection = &connection;
	good = knock_until_answer(targets, &opening) &&
	       use(&connection, targets, &opening, profile);
	if (connection >= 0)
		close(connection);
	OPENSSL_cleanse(&options, sizeof(options));
	return good;
}

/**
 * connect_and_open() - knock without saying our address, and have the agent open the door
 * @targets: the server's addresses
 * @errand: with what is knocked; with a port to wait for, also until that answers
 * @profile: that it is of
 *
 * Return: true if the door is open, and the port answers; if not it is said why, unless a
 * signal came.
 */
bool connect_and_open(const struct target_list *targets, const struct errand *errand,
		      const struct profile *profile)
{
	u64 end = wait_uptime_ms() + SERVICE_MS;
	u16 port = errand->options->wait_port;

	if (!catch_signals())
		return false;
	do {
		if (!open_once(targets, errand, profile))
			return false;
		if (!port || wait_port_answers(targets, port, AGAIN_MS, NULL))
			return true;
	} while (wait_uptime_ms() < end && !stop_asked());
	if (!stop_asked())
		complain("the agent has opened the door, but TCP port %u of %.200s does not answer",
			 port, errand->options->url.host);
	return false;
}

/* All that go through the same profile share its file. Return: it; -1 if that cannot be. */
static int share_profile(const char *name)
{
	struct profile_place place;
	int descriptor;

	if (!profiles_place(&place, name))
		return -1;
	descriptor = open(place.path, O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (descriptor >= 0 && !kept_file_share(descriptor)) {
		close(descriptor);
		descriptor = -1;
	}
	return descriptor;
}

/*
 * A sealed key closes what it has opened; who else may close is another key. The last of a
 * profile closes for all: one that just begins waits until that is done, and then knocks.
 */
static void close_door(const struct target_list *targets, const struct errand *errand, int shared)
{
	struct options options = *errand->options;
	struct errand closing = *errand;

	if (errand->sealed && (shared < 0 || kept_file_own(shared))) {
		options.verb = VERB_CLOSE;
		options.open_for = 0;
		closing.options = &options;
		knock(targets, &closing);
	}
	OPENSSL_cleanse(&options, sizeof(options));
}

/**
 * connect_and_pipe() - knock, take what is handed over, and be a pipe to the service
 * @targets: the server's addresses
 * @errand: with what is knocked, until the agent's port answers
 * @profile: that it is of
 *
 * Return: true if all that was said got through, both ways; if not it is said why, unless
 * a signal came.
 */
bool connect_and_pipe(const struct target_list *targets, const struct errand *errand,
		      const struct profile *profile)
{
	struct errand opening = *errand;
	int connection = -1, shared;
	bool good;

	if (!catch_signals())
		return false;
	shared = share_profile(errand->options->name);
	opening.connection = &connection;
	good = errand->ports ? sequence_until_answer(targets, &opening) :
			       knock_until_answer(targets, &opening);
	if (good || stop_asked()) {
		good = good && use(&connection, targets, errand, profile);
		if (connection >= 0)
			close(connection);
		close_door(targets, errand, shared);
	}
	if (shared >= 0)
		close(shared);
	return good;
}
