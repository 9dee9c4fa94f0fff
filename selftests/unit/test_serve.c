// SPDX-License-Identifier: GPL-2.0
/*
 * The hand-over over localhost: real processes, sockets and TLS; only the module and its
 * grants are played. Messages get lost, clients are slow, strangers, too many.
 */
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
 * @forward: a port that its service is at, 0 for none
 * @skip_ms: added to the server's clock
 * @count: clients that are there
 * @given: how often somebody got something
 */
struct played {
	struct numbers numbers;
	u64 used;
	u64 armed;
	bool known;
	u16 forward;
	uint64_t skip_ms;
	size_t count;
	uint64_t given;
};

static struct played *played;
static unsigned char server_pin[TLS_PIN_SIZE], client_pin[TLS_PIN_SIZE];
static unsigned char client_key[TLS_KEY_SIZE], other_key[TLS_KEY_SIZE];
static u16 port;
static pid_t server;

static bool give_key(void *data, unsigned char key[TLS_KEY_SIZE])
{
	(void)data;
	return tls_key_of_server(key, (const unsigned char *)"0123456789abcdef0123456789abcdef");
}

static void make_entry(struct book_entry *entry, u64 number)
{
	entry->number = number;
	memset(entry->secret, (int)number, sizeof(entry->secret));
}

static enum serve_answer answer(void *data, const struct serve_asked *asked,
				struct serve_gift *gift)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(played->forward) };
	u64 number;

	(void)data;
	if (!played->known || memcmp(asked->pin, client_pin, TLS_PIN_SIZE))
		return SERVE_LATER;
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

static const struct serve_rules rules = { .key = give_key, .ask = answer };

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000 + played->skip_ms;
}

/* Does what tumblerd's loop does. */
static void run_server(void)
{
	static struct pollfd entry[SERVE_ENTRIES];
	static struct serve serve;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	serve_init(&serve, &rules);
	if (!serve_listen(&serve, port))
		_exit(1);
	for (;;) {
		serve_watch(&serve, entry);
		poll(entry, SERVE_ENTRIES, 20);
		serve_hear(&serve, entry, now_ms());
		serve_look(&serve, now_ms());
		serve_reap(&serve);
		played->count = serve.count;
		played->given = serve.given;
	}
}

static int connect_from(unsigned int host)
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

static int begin(void **state)
{
	int tries, descriptor = -1;

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
	server = fork();
	if (!server)
		run_server();
	for (tries = 0; tries < 500 && descriptor < 0; tries++) {
		usleep(10000);
		descriptor = connect_from(1);
	}
	close(descriptor);
	return descriptor < 0 ? -1 : 0;
}

static int end(void **state)
{
	(void)state;
	kill(server, SIGKILL);
	return waitpid(server, NULL, 0) == server ? 0 : -1;
}

static void reset(void)
{
	memset(&played->numbers, 0, sizeof(played->numbers));
	played->numbers = numbers_of_new(DEPTH);
	played->used = 0;
	played->armed = SERIES_WINDOW;
	played->known = true;
	played->forward = 0;
}

/* Where a hand-over is cut. */
enum cut { NOT_CUT, BEFORE_HAVE, BEFORE_NEXT, BEFORE_GOT, BEFORE_GO };

static bool talk(struct tls *tls, struct book *book, enum cut cut, enum hand_over_go *go)
{
	static u8 have[HAND_OVER_HAVE_SIZE], bytes[HAND_OVER_NEXT_SIZE];
	static struct hand_over_next next;
	static struct book more;

	hand_over_put_have(have, book);
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

static bool hand_over(struct book *book, enum cut cut, enum hand_over_go *go)
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

static void first_book(struct book *book)
{
	memset(book, 0, sizeof(*book));
	for (book->count = 0; book->count < DEPTH; book->count++)
		make_entry(&book->entry[book->count], book->count + 1);
}

/* Return: whether the number opened. */
static bool play_knock(u64 number)
{
	if (number <= played->used || number > played->armed)
		return false;
	played->used = number;
	/* The agent sees to that, whatever becomes of the hand-over. */
	numbers_advance(&played->numbers, number);
	played->armed = numbers_reach(&played->numbers, number);
	return true;
}

/* As tumbler does who must get in: on to the end, then all. Return: how many knocks. */
static unsigned int get_in(struct book *book)
{
	const struct book_entry *next;
	unsigned int tries;

	for (tries = 1; tries <= 2 * DEPTH; tries++) {
		next = book_next(book);
		if (!next) {
			book->answered = 0;
			next = book_next(book);
		}
		assert_non_null(next);
		book_take(book, next->number);
		if (play_knock(next->number))
			return tries;
	}
	return tries;
}

static void test_given(void **state)
{
	struct book book;
	enum hand_over_go go;
	size_t i;

	(void)state;
	reset();
	first_book(&book);
	assert_int_equal(get_in(&book), 1);
	assert_true(hand_over(&book, NOT_CUT, &go));
	assert_int_equal(go, HAND_OVER_NOTHING);
	assert_int_equal(played->numbers.handed, DEPTH + 1);
	assert_int_equal(played->armed, 1 + SERIES_WINDOW);
	assert_int_equal(book.count, DEPTH);
	for (i = 0; i < book.count; i++)
		assert_int_equal(book.entry[i].number, i + 2);
}

/* Of three hand-overs two are cut somewhere, and some knocks are heard by nobody. */
static void test_losses(void **state)
{
	const char *said = getenv("ROUNDS");
	unsigned int rounds = said ? (unsigned int)atoi(said) : ROUNDS;
	unsigned int seed = 7, round, tries, most = 0, whole = 0;
	enum hand_over_go go;
	struct book book;

	(void)state;
	reset();
	first_book(&book);
	for (round = 0; round < rounds; round++) {
		enum cut cut = round % 3 ? (enum cut)(1 + rand_r(&seed) % 4) : NOT_CUT;

		if (rand_r(&seed) % 4 == 0)
			book_take(&book, book_next(&book)->number);
		tries = get_in(&book);
		most = tries > most ? tries : most;
		assert_true(tries < 2 * DEPTH);
		whole += hand_over(&book, cut, &go);
		assert_true(played->numbers.handed <= played->used + DEPTH);
		assert_true(played->armed <= played->numbers.handed);
	}
	assert_int_equal(whole, (rounds + 2) / 3);
	print_message("# at most %u knocks\n", most);
}

/* Return: whether anything but the end of the connection came. */
static bool gets_anything(const unsigned char key[TLS_KEY_SIZE], const struct book *book)
{
	u8 have[HAND_OVER_HAVE_SIZE], byte;
	int socket = connect_from(1);
	struct tls tls;
	bool got;

	hand_over_put_have(have, book);
	assert_true(tls_connect(&tls, socket, key, server_pin));
	tls_write(&tls, have, sizeof(have));
	got = tls_read(&tls, &byte, 1);
	tls_free(&tls);
	close(socket);
	return got;
}

static void test_strangers(void **state)
{
	struct numbers before;
	struct book book;

	(void)state;
	reset();
	first_book(&book);
	before = played->numbers;
	/* A key that nobody has knocked with, and one whose owner has not knocked. */
	assert_false(gets_anything(other_key, &book));
	played->known = false;
	assert_false(gets_anything(client_key, &book));
	assert_memory_equal(&played->numbers, &before, sizeof(before));
}

/* A knock that is told only after the client has asked. */
static void test_told_late(void **state)
{
	struct book book;
	enum hand_over_go go;
	pid_t late;

	(void)state;
	reset();
	first_book(&book);
	played->known = false;
	late = fork();
	if (!late) {
		usleep(500000);
		played->known = true;
		_exit(0);
	}
	assert_true(hand_over(&book, NOT_CUT, &go));
	assert_int_equal(waitpid(late, NULL, 0), late);
}

/* For what happens at once but on a machine that has much to do. */
#define WAIT_US 10000
#define WAITS 6000

static bool is_closed(int descriptor, int timeout)
{
	struct pollfd entry = { .fd = descriptor, .events = POLLIN };
	char byte;

	return poll(&entry, 1, timeout) == 1 && read(descriptor, &byte, 1) <= 0;
}

static void wait_for_count(size_t count)
{
	int tries;

	for (tries = 0; tries < WAITS && played->count != count; tries++)
		usleep(WAIT_US);
	assert_int_equal(played->count, count);
}

/* Until so many are sent away; who is not accepted yet would be given its time later. */
static void wait_for_closed(const int *descriptors, size_t count, size_t closed)
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

/* Who says nothing, or little: few of an address, not all in all, and not for long. */
static void test_slow(void **state)
{
	int idle[SERVE_TALKING_MAX_EACH], more, others[100];
	struct book book;
	enum hand_over_go go;
	size_t i;

	(void)state;
	reset();
	first_book(&book);
	wait_for_count(0);
	for (i = 0; i < COUNT(idle); i++)
		idle[i] = connect_from(2);
	wait_for_count(COUNT(idle));
	more = connect_from(2);
	assert_true(is_closed(more, WAITS * WAIT_US / 1000));
	close(more);
	/* A byte now and then is nothing. */
	for (i = 0; i < COUNT(idle); i++)
		assert_int_equal(write(idle[i], "\x16", 1), 1);
	assert_true(hand_over(&book, NOT_CUT, &go));
	for (i = 0; i < COUNT(others); i++)
		others[i] = connect_from(100 + (unsigned int)i);
	wait_for_closed(others, COUNT(others),
			COUNT(idle) + COUNT(others) - SERVE_TALKING_MAX);
	wait_for_count(SERVE_TALKING_MAX);
	played->skip_ms += SERVE_TALK_MS;
	wait_for_count(0);
	for (i = 0; i < COUNT(idle); i++) {
		assert_true(is_closed(idle[i], WAITS * WAIT_US / 1000));
		close(idle[i]);
	}
	for (i = 0; i < COUNT(others); i++)
		close(others[i]);
	assert_true(hand_over(&book, NOT_CUT, &go));
}

/* A service that says what it heard, and one that is not there. */
static void test_service(void **state)
{
	struct sockaddr_in own = { .sin_family = AF_INET };
	int listener = socket(AF_INET, SOCK_STREAM, 0), service, socket;
	socklen_t length = sizeof(own);
	enum hand_over_go go;
	struct book book;
	struct tls tls;
	char bytes[8];

	(void)state;
	reset();
	first_book(&book);
	own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(listener, (struct sockaddr *)&own, sizeof(own)), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&own, &length), 0);
	played->forward = ntohs(own.sin_port);
	socket = connect_from(1);
	assert_true(tls_connect(&tls, socket, client_key, server_pin));
	assert_true(talk(&tls, &book, NOT_CUT, &go));
	assert_int_equal(go, HAND_OVER_SERVICE);
	service = accept(listener, NULL, NULL);
	assert_true(service >= 0);
	assert_true(tls_write(&tls, "hallo", 5));
	assert_int_equal(recv(service, bytes, 5, MSG_WAITALL), 5);
	assert_memory_equal(bytes, "hallo", 5);
	assert_int_equal(write(service, "back", 4), 4);
	assert_true(tls_read(&tls, bytes, 4));
	assert_memory_equal(bytes, "back", 4);
	/* The client ends its way, and still hears the other. */
	assert_true(SSL_shutdown(tls.ssl) >= 0);
	assert_int_equal(read(service, bytes, 1), 0);
	assert_int_equal(write(service, "end", 3), 3);
	close(service);
	assert_true(tls_read(&tls, bytes, 3));
	assert_false(tls_read(&tls, bytes, 1));
	assert_int_equal(SSL_get_shutdown(tls.ssl) & SSL_RECEIVED_SHUTDOWN,
			 SSL_RECEIVED_SHUTDOWN);
	tls_free(&tls);
	close(socket);
	close(listener);
	wait_for_count(0);
	assert_true(hand_over(&book, NOT_CUT, &go));
	assert_int_equal(go, HAND_OVER_SILENCE);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_given),
		cmocka_unit_test(test_losses),
		cmocka_unit_test(test_strangers),
		cmocka_unit_test(test_told_late),
		cmocka_unit_test(test_slow),
		cmocka_unit_test(test_service),
	};

	/* What serve_start() runs. */
	if (argc == 2 && !strcmp(argv[1], SERVE_CHILD_WORD))
		return serve_child();
	return cmocka_run_group_tests(tests, begin, end);
}
