// SPDX-License-Identifier: GPL-2.0
/*
 * Behind the knock: a connection to the server's agent, which hands over the next
 * sequences, and then a pipe through it to the service of the door.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "books.h"
#include "complain.h"
#include "connect.h"
#include "sequence.h"
#include "stream.h"

/* The agent may wait for that it is told of the knock, and for its disk. */
#define LIMIT_SEC 15

/* The connection that a signal cuts, and whether one has. */
static int cuttable = -1;
static volatile sig_atomic_t is_cut;

/* ssh ends its ProxyCommand so; the door is closed all the same. */
static void cut(int number)
{
	(void)number;
	is_cut = 1;
	shutdown(cuttable, SHUT_RDWR);
}

static void catch_signals(int connection)
{
	struct sigaction action = { .sa_handler = cut };

	cuttable = connection;
	sigaction(SIGHUP, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

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
	if (!good)
		complain("TCP port %u of %.200s is no agent with the key that the profile says, or the connection was cut; after knockctl rotate-server-key on the server the profile has to be imported again",
			 profile->agent, profile->host);
	return good;
}

static bool say_have(struct tls *tls, const struct profile *profile, const char *name)
{
	u8 have[HAND_OVER_HAVE_SIZE];
	char why[BOOKS_WHY_SIZE];
	struct book book = { .count = 0 };

	if (profile->type == PROFILE_ONCE && !books_read(&book, name, why)) {
		complain("%s", why);
		return false;
	}
	hand_over_put_have(have, &book);
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

static bool hand_over(struct tls *tls, const struct profile *profile, const char *name,
		      enum hand_over_go *go)
{
	struct hand_over_next next = { .count = 0 };
	bool good;

	good = say_have(tls, profile, name) && take_next(tls, &next) &&
	       say_got(tls, &next, profile, name) && take_go(tls, go);
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
	if ((limit(connection, 0) && stream_run(tls, STDIN_FILENO, STDOUT_FILENO)) || is_cut)
		return true;
	complain("the connection was cut");
	return false;
}

static bool use(int connection, const struct errand *errand, const struct profile *profile)
{
	enum hand_over_go go;
	struct tls tls = { .pinned = true };
	bool good;

	catch_signals(connection);
	good = say_hello(&tls, connection, profile) &&
	       hand_over(&tls, profile, errand->options->name, &go) &&
	       pipe_through(&tls, connection, go);
	tls_free(&tls);
	return good;
}

/* A sealed key closes what it has opened; who else may close is another key. */
static void close_door(const struct target_list *targets, const struct errand *errand)
{
	struct options options = *errand->options;
	struct errand closing = *errand;

	if (errand->sealed) {
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
 * Return: true if all that was said got through, both ways; if not it is said why.
 */
bool connect_and_pipe(const struct target_list *targets, const struct errand *errand,
		      const struct profile *profile)
{
	struct errand opening = *errand;
	int connection = -1;
	bool good;

	opening.connection = &connection;
	good = errand->ports ? sequence_until_answer(targets, &opening) :
			       knock_until_answer(targets, &opening);
	if (!good)
		return false;
	good = use(connection, errand, profile);
	close(connection);
	close_door(targets, errand);
	return good;
}
