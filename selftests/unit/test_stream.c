// SPDX-License-Identifier: GPL-2.0
/* A pipe through TLS between two processes: both ways, each end by itself, or cut short. */
#include "tls_pair.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>

#include <openssl/rand.h>

#include "stream.h"

/* Whoever gets it sends it back, and is done when the other is. */
static void echo(int socket)
{
	int pair[2], status = ENDED_BROKEN;
	char bytes[10000];
	struct tls tls;
	ssize_t got;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair))
		_exit(ENDED_BROKEN);
	if (!fork()) {
		close(pair[0]);
		close(socket);
		while ((got = read(pair[1], bytes, sizeof(bytes))) > 0)
			if (write(pair[1], bytes, (size_t)got) != got)
				_exit(1);
		/* The end was passed on; this comes after it, on the other way. */
		_exit(write(pair[1], "end", 3) != 3);
	}
	close(pair[1]);
	fcntl(pair[0], F_SETFL, O_NONBLOCK);
	if (tls_accept(&tls, socket, server_key))
		status = stream_run(&tls, pair[0], pair[0], -1, -1) ? ENDED_GOOD : ENDED_BROKEN;
	tls_free(&tls);
	_exit(status);
}

#define ECHO_SIZE (8 << 20)

static unsigned char sent[ECHO_SIZE];

static void write_all(int descriptor)
{
	size_t at = 0;
	ssize_t put;

	for (; at < ECHO_SIZE; at += (size_t)put) {
		put = write(descriptor, sent + at, ECHO_SIZE - at);
		if (put <= 0)
			_exit(1);
	}
	_exit(0);
}

static void run_client(int socket, int in, int out)
{
	struct tls tls;
	bool good;

	good = tls_connect(&tls, socket, client_key, server_pin) &&
	       stream_run(&tls, in, out, -1, -1);
	tls_free(&tls);
	_exit(good ? 0 : 1);
}

static void test_stream(void **state)
{
	pid_t server, writer, client;
	unsigned char *got = malloc(ECHO_SIZE + 16);
	int in[2], out[2];
	size_t length = 0;
	ssize_t more;
	int socket = start_server(&server, echo);

	(void)state;
	assert_non_null(got);
	RAND_bytes(sent, sizeof(sent));
	assert_int_equal(pipe2(in, O_CLOEXEC) | pipe2(out, O_CLOEXEC), 0);
	writer = fork();
	if (!writer) {
		close(out[1]);
		write_all(in[1]);
	}
	close(in[1]);
	client = fork();
	if (!client) {
		close(out[0]);
		run_client(socket, in[0], out[1]);
	}
	close(out[1]);
	close(socket);
	while ((more = read(out[0], got + length, ECHO_SIZE + 16 - length)) > 0)
		length += (size_t)more;
	assert_int_equal(length, ECHO_SIZE + 3);
	assert_memory_equal(got, sent, ECHO_SIZE);
	assert_memory_equal(got + ECHO_SIZE, "end", 3);
	assert_int_equal(ending(writer), 0);
	assert_int_equal(ending(client), 0);
	assert_int_equal(ending(server), ENDED_GOOD);
	free(got);
	close(in[0]);
	close(out[0]);
}

/* An end that nobody said is no end. */
static void close_both(const int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

static void cut(int socket)
{
	struct tls tls;
	bool good;

	good = tls_accept(&tls, socket, server_key) && tls_write(&tls, "half", 4);
	_exit(good ? ENDED_GOOD : ENDED_BROKEN);
}

static void test_cut(void **state)
{
	int in[2], out[2], socket;
	pid_t server, client;

	(void)state;
	socket = start_server(&server, cut);
	assert_int_equal(pipe(in) | pipe(out), 0);
	client = fork();
	if (!client)
		run_client(socket, in[0], out[1]);
	assert_int_equal(ending(server), ENDED_GOOD);
	assert_int_equal(ending(client), 1);
	close(socket);
	close_both(in);
	close_both(out);
}

static void flood(int socket)
{
	struct tls tls;
	bool good = tls_accept(&tls, socket, server_key);

	while (good)
		good = tls_write(&tls, sent, sizeof(sent));
	_exit(ENDED_BROKEN);
}

/* While nobody reads what comes. */
static void test_stop(void **state)
{
	int in[2], out[2], stop[2], socket, tries;
	struct pollfd entry = { .events = POLLOUT };
	pid_t server, client;
	struct tls tls;

	(void)state;
	socket = start_server(&server, flood);
	assert_int_equal(pipe(in) | pipe(out) | pipe(stop), 0);
	client = fork();
	if (!client) {
		alarm(60);
		_exit(tls_connect(&tls, socket, client_key, server_pin) &&
		      stream_run(&tls, in[0], out[1], stop[0], -1));
	}
	close(socket);
	entry.fd = out[1];
	for (tries = 0; tries < 6000 && poll(&entry, 1, 0); tries++)
		usleep(10000);
	assert_int_equal(write(stop[1], "", 1), 1);
	assert_int_equal(ending(client), 0);
	assert_int_equal(ending(server), ENDED_BROKEN);
	close_both(in);
	close_both(out);
	close_both(stop);
}

/* Of a service that has said all. */
static void run_ended_service(int socket)
{
	struct tls tls;
	int pair[2];
	bool good;

	alarm(60);
	good = !socketpair(AF_UNIX, SOCK_STREAM, 0, pair) && !shutdown(pair[1], SHUT_WR) &&
	       tls_accept(&tls, socket, server_key) &&
	       !stream_run(&tls, pair[0], pair[0], -1, 300);
	_exit(good ? ENDED_GOOD : ENDED_BROKEN);
}

/* A client that does not end either is not waited for. */
static void test_silent(void **state)
{
	unsigned char byte;
	struct tls tls;
	pid_t server;
	int socket = start_server(&server, run_ended_service);

	(void)state;
	assert_true(tls_connect(&tls, socket, client_key, server_pin));
	assert_false(tls_read(&tls, &byte, 1));
	assert_int_equal(ending(server), ENDED_GOOD);
	tls_free(&tls);
	close(socket);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stream),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_silent),
	};

	return cmocka_run_group_tests(tests, begin, NULL);
}
