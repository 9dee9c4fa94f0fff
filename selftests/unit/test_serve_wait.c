// SPDX-License-Identifier: GPL-2.0
/*
 * The hand-over over localhost, and time: what is told late, who is slow, who comes with too
 * many, and what goes on for long.
 */
#include "played.h"

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

/* Numbers that stay locked: the client is let through, and gets what it lacks later. */
static void test_locked(void **state)
{
	struct book book;
	enum hand_over_go go;
	size_t asked;

	(void)state;
	reset();
	first_book(&book);
	played->used = 1;
	played->locked = true;
	asked = played->asked;
	assert_true(hand_over(&book, NOT_CUT, &go));
	/* It was not given up at once. */
	assert_true(played->asked > asked + 2);
	assert_int_equal(book.entry[book.count - 1].number, DEPTH);
	assert_int_equal(played->numbers.handed, DEPTH);
	played->locked = false;
	assert_true(hand_over(&book, NOT_CUT, &go));
	assert_int_equal(book.entry[book.count - 1].number, DEPTH + 1);
}

/* The server's clock stands still, but for what it is put on. */
static void stop_clock(void)
{
	played->still_ms = now_ms() - played->skip_ms;
}

static void connect_all(int *descriptors, size_t count, unsigned int first, unsigned int step)
{
	size_t i;

	for (i = 0; i < count; i++)
		descriptors[i] = connect_from(first + step * (unsigned int)i);
}

static void close_all(const int *descriptors, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		close(descriptors[i]);
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
	stop_clock();
	connect_all(idle, COUNT(idle), 2, 0);
	wait_for_count(COUNT(idle));
	more = connect_from(2);
	assert_true(is_closed(more, WAITS * WAIT_US / 1000));
	close(more);
	/* A byte now and then is nothing. */
	for (i = 0; i < COUNT(idle); i++)
		assert_int_equal(write(idle[i], "\x16", 1), 1);
	assert_true(hand_over(&book, NOT_CUT, &go));
	connect_all(others, COUNT(others), 100, 1);
	wait_for_closed(others, COUNT(others),
			COUNT(idle) + COUNT(others) - SERVE_TALKING_MAX - (COUNT(idle) - 1));
	wait_for_closed(idle, COUNT(idle), COUNT(idle) - 1);
	wait_for_count(SERVE_TALKING_MAX);
	played->skip_ms += SERVE_TALK_MS;
	wait_for_count(0);
	wait_for_closed(idle, COUNT(idle), COUNT(idle));
	close_all(idle, COUNT(idle));
	close_all(others, COUNT(others));
	assert_true(hand_over(&book, NOT_CUT, &go));
}

/* Who has a key of his own gets in however many others have connected, and others in time. */
static void test_crowd(void **state)
{
	struct book book;
	enum hand_over_go go;
	int others[100], i;

	(void)state;
	reset();
	first_book(&book);
	wait_for_count(0);
	stop_clock();
	connect_all(others, COUNT(others), 100, 1);
	wait_for_closed(others, COUNT(others), COUNT(others) - SERVE_TALKING_MAX);
	assert_false(hand_over(&book, NOT_CUT, &go));
	/* Nobody is known to be another, so whoever has had his time has to go. */
	for (i = 0; i < 3; i++) {
		played->skip_ms += SERVE_GRACE_MS;
		assert_true(hand_over(&book, NOT_CUT, &go));
	}
	close_all(others, COUNT(others));
	played->skip_ms += SERVE_TALK_MS;
	wait_for_count(0);
	played->parted = true;
	connect_all(others, COUNT(others), 100, 1);
	wait_for_closed(others, COUNT(others), COUNT(others) - SERVE_TALKING_MAX);
	for (i = 0; i < 10; i++)
		assert_true(hand_over(&book, NOT_CUT, &go));
	close_all(others, COUNT(others));
	played->skip_ms += SERVE_TALK_MS;
}

/* Who comes and goes has no process made for him more often than so. */
static void test_restless(void **state)
{
	int own, i;

	(void)state;
	reset();
	wait_for_count(0);
	stop_clock();
	for (i = 0; i < SERVE_TALKING_MAX_EACH; i++) {
		own = connect_from(2);
		wait_for_count((size_t)i + 1);
		close(own);
	}
	own = connect_from(2);
	assert_true(is_closed(own, WAITS * WAIT_US / 1000));
	close(own);
	played->skip_ms += SERVE_GRACE_MS;
	wait_for_count(0);
	own = connect_from(2);
	wait_for_count(1);
	close(own);
	played->skip_ms += SERVE_GRACE_MS;
	wait_for_count(0);
}

static int listen_as_service(struct sockaddr_in *own)
{
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t length = sizeof(*own);

	*own = (struct sockaddr_in){ .sin_family = AF_INET };
	own->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(listener, (struct sockaddr *)own, sizeof(*own)), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)own, &length), 0);
	return listener;
}

/**
 * struct passage - a client who has come through to a service
 * @listener: the service's
 * @service: the service's end of the connection
 * @socket: the client's
 * @tls: what he speaks over it
 * @book: his
 */
struct passage {
	int listener;
	int service;
	int socket;
	struct tls tls;
	struct book book;
};

static void come_through(struct passage *passage)
{
	struct sockaddr_in own;
	enum hand_over_go go;

	reset();
	first_book(&passage->book);
	passage->listener = listen_as_service(&own);
	played->forward = ntohs(own.sin_port);
	passage->socket = connect_from(1);
	assert_true(tls_connect(&passage->tls, passage->socket, client_key, server_pin));
	assert_true(talk(&passage->tls, &passage->book, NOT_CUT, &go));
	assert_int_equal(go, HAND_OVER_SERVICE);
	passage->service = accept(passage->listener, NULL, NULL);
	assert_true(passage->service >= 0);
}

static void leave(struct passage *passage)
{
	tls_free(&passage->tls);
	close(passage->socket);
	close(passage->listener);
}

/* A service that says what it heard, and one that is not there. */
static void test_service(void **state)
{
	struct passage passage;
	enum hand_over_go go;
	struct tls *tls = &passage.tls;
	char bytes[8];
	int service;

	(void)state;
	come_through(&passage);
	service = passage.service;
	assert_true(tls_write(tls, "hallo", 5));
	assert_int_equal(recv(service, bytes, 5, MSG_WAITALL), 5);
	assert_memory_equal(bytes, "hallo", 5);
	assert_int_equal(write(service, "back", 4), 4);
	assert_true(tls_read(tls, bytes, 4));
	assert_memory_equal(bytes, "back", 4);
	/* The client ends its way, and still hears the other. */
	assert_true(SSL_shutdown(tls->ssl) >= 0);
	assert_int_equal(read(service, bytes, 1), 0);
	assert_int_equal(write(service, "end", 3), 3);
	close(service);
	assert_true(tls_read(tls, bytes, 3));
	assert_false(tls_read(tls, bytes, 1));
	assert_int_equal(SSL_get_shutdown(tls->ssl) & SSL_RECEIVED_SHUTDOWN,
			 SSL_RECEIVED_SHUTDOWN);
	leave(&passage);
	wait_for_count(0);
	assert_true(hand_over(&passage.book, NOT_CUT, &go));
	assert_int_equal(go, HAND_OVER_SILENCE);
}

/* A host that has no room for a connection is not asked all the time. */
static void test_full(void **state)
{
	uint64_t before;
	struct book book;
	enum hand_over_go go;
	int socket;

	(void)state;
	reset();
	first_book(&book);
	wait_for_count(0);
	played->full = true;
	before = played->rounds;
	while (played->rounds < before + 2)
		usleep(WAIT_US);
	socket = connect_from(1);
	before = played->rounds;
	usleep(500000);
	assert_true(played->rounds < before + 100);
	played->full = false;
	wait_for_count(1);
	close(socket);
	wait_for_count(0);
	assert_true(hand_over(&book, NOT_CUT, &go));
}

/* Who has no service yet goes with the server, and who has one keeps it. */
static void test_killed(void **state)
{
	struct passage passage;
	char bytes[8];
	int talking;

	(void)state;
	come_through(&passage);
	talking = connect_from(1);
	wait_for_count(2);
	assert_int_equal(kill(server, SIGKILL), 0);
	assert_int_equal(waitpid(server, NULL, 0), server);
	assert_true(is_closed(talking, 10000));
	assert_int_equal(write(passage.service, "still", 5), 5);
	assert_true(tls_read(&passage.tls, bytes, 5));
	assert_memory_equal(bytes, "still", 5);
	close(talking);
	close(passage.service);
	leave(&passage);
	assert_true(start_server());
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_told_late),
		cmocka_unit_test(test_locked),
		cmocka_unit_test(test_slow),
		cmocka_unit_test(test_crowd),
		cmocka_unit_test(test_restless),
		cmocka_unit_test(test_service),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_killed),
	};

	return is_child(argc, argv) ? serve_child() : cmocka_run_group_tests(tests, begin, end);
}
