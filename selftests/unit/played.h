/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A server of the hand-over on localhost, in a process of its own, and its client: real
 * processes, sockets and TLS; only the module and its grants are played.
 */
#ifndef _UNIT_PLAYED_H
#define _UNIT_PLAYED_H

#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "numbers.h"
#include "series.h"
#include "serve.h"
#include "stream.h"

#define DEPTH 16
/* More where ROUNDS says so: each takes a process of its own, with all that watches it. */
#define ROUNDS 60

/**
 * struct played - what server and test both see
 * @numbers: on the server's disk
 * @used: in the module
 * @armed: in the module
 * @known: the client's address is told to have knocked
 * @locked: the numbers are others'
 * @parted: all addresses but the client's were knocked for with another key
 * @forward: a port that its service is at, 0 for none
 * @full: it has no descriptor left
 * @rounds: how often it has gone round
 * @skip_ms: added to the server's clock
 * @still_ms: what that shows otherwise; 0 if it goes
 * @asked: how often somebody was decided about
 * @count: clients that are there
 * @given: how often somebody got something
 */
struct played {
	struct numbers numbers;
	u64 used;
	u64 armed;
	bool known;
	bool locked;
	bool parted;
	u16 forward;
	bool full;
	uint64_t rounds;
	uint64_t skip_ms;
	uint64_t still_ms;
	size_t asked;
	size_t count;
	uint64_t given;
};

static struct played *played;
static unsigned char server_pin[TLS_PIN_SIZE], client_pin[TLS_PIN_SIZE];
static unsigned char client_key[TLS_KEY_SIZE], other_key[TLS_KEY_SIZE];
static u16 port;
static pid_t server;

static inline bool give_key(void *data, unsigned char key[TLS_KEY_SIZE])
{
	(void)data;
	return tls_key_of_server(key, (const unsigned char *)"0123456789abcdef0123456789abcdef");
}

static inline void give_party(void *data, const struct knock_address *address,
			      struct serve_party *party)
{
	(void)data;
	if (!played->parted)
		return;
	strcpy(party->door, "ssh");
	strcpy(party->key, address->bytes[15] == 1 ? "alice" : "mallory");
}

static inline void make_entry(struct book_entry *entry, u64 number)
{
	entry->number = number;
	memset(entry->secret, (int)number, sizeof(entry->secret));
}

static inline enum serve_answer answer(void *data, struct serve_asked *asked,
				       struct serve_gift *gift)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(played->forward) };
	u64 number;

	(void)data;
	played->asked++;
	if (!played->known || memcmp(asked->pin, client_pin, TLS_PIN_SIZE))
		return SERVE_LATER;
	asked->proved = true;
	if (played->locked)
		return asked->last ? SERVE_GIVEN : SERVE_LATER;
	numbers_hand_over(&played->numbers, played->used, DEPTH, DEPTH);
	gift->next.used = played->used;
	for (number = played->used + 1; number <= played->numbers.handed; number++)
		if (!hand_over_has(&asked->have, number))
			make_entry(&gift->next.entry[gift->next.count++], number);
	numbers_advance(&played->numbers, played->used);
	played->armed = numbers_reach(&played->numbers, played->used);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (played->forward) {
		gift->service.length = sizeof(to);
		memcpy(&gift->service.address, &to, sizeof(to));
	}
	return SERVE_GIVEN;
}

static const struct serve_rules rules = { .key = give_key, .find_party = give_party,
					  .ask = answer };

static inline uint64_t now_ms(void)
{
	struct timespec now;

	if (played->still_ms)
		return played->still_ms + played->skip_ms;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000 + played->skip_ms;
}

/* More than poll() is given. */
#define DESCRIPTORS 400

static inline void fill_up(bool full)
{
	const struct rlimit limit = { .rlim_cur = DESCRIPTORS, .rlim_max = DESCRIPTORS };
	static int taken[DESCRIPTORS];
	static size_t count;

	setrlimit(RLIMIT_NOFILE, &limit);
	while (full && count < DESCRIPTORS && (taken[count] = dup(STDIN_FILENO)) >= 0)
		count++;
	while (!full && count)
		close(taken[--count]);
}

/* Does what tumblerd's loop does. */
static inline void run_server(void)
{
	static struct pollfd entry[SERVE_ENTRIES];
	static struct serve serve;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	serve_init(&serve, &rules);
	if (!serve_listen(&serve, port))
		_exit(1);
	for (;;) {
		played->rounds++;
		fill_up(played->full);
		serve_watch(&serve, entry);
		poll(entry, SERVE_ENTRIES, 20);
		serve_hear(&serve, entry, now_ms());
		serve_look(&serve, now_ms());
		serve_reap(&serve, now_ms());
		played->count = serve.count;
		played->given = serve.given;
	}
}

static inline int connect_from(unsigned int host)
{
	struct sockaddr_in from = { .sin_family = AF_INET }, to = { .sin_family = AF_INET };
	int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	from.sin_addr.s_addr = htonl((127U << 24) + host);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	to.sin_port = htons(port);
	if (descriptor < 0 || bind(descriptor, (struct sockaddr *)&from, sizeof(from)) ||
	    connect(descriptor, (struct sockaddr *)&to, sizeof(to))) {
		close(descriptor);
		return -1;
	}
	return descriptor;
}

/* Return: whether it can be connected to. */
static inline bool start_server(void)
{
	int tries, descriptor = -1;

	server = fork();
	if (!server)
		run_server();
	for (tries = 0; tries < 500 && descriptor < 0; tries++) {
		usleep(10000);
		descriptor = connect_from(1);
	}
	close(descriptor);
	return descriptor >= 0;
}

static inline int begin(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	port = (u16)(20000 + getpid() % 20000);
	played = mmap(NULL, sizeof(*played), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	if (played == MAP_FAILED || !give_key(NULL, client_key) ||
	    !tls_key_pin(server_pin, client_key) ||
	    !tls_key_of_client(client_key, (const unsigned char *)"secret", 6) ||
	    !tls_key_pin(client_pin, client_key) ||
	    !tls_key_of_client(other_key, (const unsigned char *)"other", 5))
		return -1;
	return start_server() ? 0 : -1;
}

static inline int end(void **state)
{
	(void)state;
	kill(server, SIGKILL);
	return waitpid(server, NULL, 0) == server ? 0 : -1;
}

static inline void reset(void)
{
	memset(&played->numbers, 0, sizeof(played->numbers));
	played->numbers = numbers_of_new(DEPTH);
	played->used = 0;
	played->armed = SERIES_WINDOW;
	played->known = true;
	played->locked = false;
	played->parted = false;
	played->still_ms = 0;
	played->forward = 0;
}

/* Where a hand-over is cut. */
enum cut { NOT_CUT, BEFORE_HAVE, BEFORE_NEXT, BEFORE_GOT, BEFORE_GO };

static inline bool talk(struct tls *tls, struct book *book, enum cut cut, enum hand_over_go *go)
{
	static u8 have[HAND_OVER_HAVE_SIZE], bytes[HAND_OVER_NEXT_SIZE];
	static struct hand_over_next next;
	static struct book more;

	hand_over_put_have(have, book, &(struct hand_over_wish){ 0 });
	if (cut == BEFORE_HAVE || !tls_write(tls, have, sizeof(have)) || cut == BEFORE_NEXT ||
	    !tls_read(tls, bytes, sizeof(bytes)) || !hand_over_take_next(&next, bytes))
		return false;
	memset(&more, 0, sizeof(more));
	more.count = next.count;
	memcpy(more.entry, next.entry, next.count * sizeof(next.entry[0]));
	assert_null(book_merge(book, &more, DEPTH));
	book_answered(book, next.used);
	hand_over_put_got(bytes, hand_over_highest(&next));
	return cut != BEFORE_GOT && tls_write(tls, bytes, HAND_OVER_GOT_SIZE) &&
	       cut != BEFORE_GO && tls_read(tls, bytes, HAND_OVER_GO_SIZE) &&
	       hand_over_take_go(go, bytes);
}

static inline bool hand_over(struct book *book, enum cut cut, enum hand_over_go *go)
{
	int socket = connect_from(1);
	struct tls tls;
	bool good;

	good = socket >= 0 && tls_connect(&tls, socket, client_key, server_pin) &&
	       talk(&tls, book, cut, go);
	if (socket >= 0)
		tls_free(&tls);
	close(socket);
	return good;
}

static inline void first_book(struct book *book)
{
	memset(book, 0, sizeof(*book));
	for (book->count = 0; book->count < DEPTH; book->count++)
		make_entry(&book->entry[book->count], book->count + 1);
}

/* For what happens at once but on a machine that has much to do. */
#define WAIT_US 10000
#define WAITS 6000

static inline bool is_closed(int descriptor, int timeout)
{
	struct pollfd entry = { .fd = descriptor, .events = POLLIN };
	char byte;

	return poll(&entry, 1, timeout) == 1 && read(descriptor, &byte, 1) <= 0;
}

static inline void wait_for_count(size_t count)
{
	int tries;

	for (tries = 0; tries < WAITS && played->count != count; tries++)
		usleep(WAIT_US);
	assert_int_equal(played->count, count);
}

/* Until so many are sent away; who is not accepted yet would be given its time later. */
static inline void wait_for_closed(const int *descriptors, size_t count, size_t closed)
{
	size_t found = 0, i;
	int tries;

	for (tries = 0; tries < WAITS && found != closed; tries++) {
		usleep(WAIT_US);
		for (found = 0, i = 0; i < count; i++)
			found += is_closed(descriptors[i], 0);
	}
	assert_int_equal(found, closed);
}

/* Of the main() of such a test: whether this is what serve_start() runs. */
static inline bool is_child(int argc, char **argv)
{
	return argc == 2 && !strcmp(argv[1], SERVE_CHILD_WORD);
}

#endif /* _UNIT_PLAYED_H */
