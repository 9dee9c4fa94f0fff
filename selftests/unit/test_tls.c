// SPDX-License-Identifier: GPL-2.0
/*
 * TLS between two processes over sockets: who has the right keys gets through, and
 * nobody else does; and a pipe through it, both ways, each end by itself.
 */
#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "hand_over.h"
#include "stream.h"

static unsigned char server_key[TLS_KEY_SIZE], client_key[TLS_KEY_SIZE], other_key[TLS_KEY_SIZE];
static unsigned char server_pin[TLS_PIN_SIZE], client_pin[TLS_PIN_SIZE];

/* How a server's process ends. */
enum { ENDED_GOOD, ENDED_REFUSED, ENDED_OTHER_PIN, ENDED_BROKEN };

static int begin(void **state)
{
	static const unsigned char private_key[] = "0123456789abcdef0123456789abcdef";
	bool good;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	good = tls_key_of_server(server_key, private_key) &&
	       tls_key_of_client(client_key, (const unsigned char *)"secret", 6) &&
	       tls_key_of_client(other_key, (const unsigned char *)"other", 5) &&
	       tls_key_pin(server_pin, server_key) && tls_key_pin(client_pin, client_key);
	return good ? 0 : -1;
}

static void serve(int socket)
{
	unsigned char byte;
	struct tls tls;
	int status;

	if (!tls_accept(&tls, socket, server_key))
		status = ENDED_REFUSED;
	else if (memcmp(tls.pin, client_pin, TLS_PIN_SIZE))
		status = ENDED_OTHER_PIN;
	else
		status = tls_read(&tls, &byte, 1) && tls_write(&tls, &byte, 1) ? ENDED_GOOD :
										 ENDED_BROKEN;
	tls_free(&tls);
	_exit(status);
}

/* Return: our end of a connection to a server. */
static int start_server(pid_t *pid, void (*run)(int socket))
{
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	*pid = fork();
	assert_true(*pid >= 0);
	if (!*pid) {
		close(pair[0]);
		run(pair[1]);
	}
	close(pair[1]);
	return pair[0];
}

static int ending(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void test_good(void **state)
{
	unsigned char byte = 42;
	struct tls tls;
	pid_t pid;
	int socket = start_server(&pid, serve);

	(void)state;
	assert_true(tls_connect(&tls, socket, client_key, server_pin));
	assert_int_equal(SSL_version(tls.ssl), TLS1_3_VERSION);
	assert_true(tls_write(&tls, &byte, 1));
	byte = 0;
	assert_true(tls_read(&tls, &byte, 1));
	assert_int_equal(byte, 42);
	/* What would let a session come again never came. */
	assert_false(SSL_SESSION_has_ticket(SSL_get0_session(tls.ssl)));
	assert_false(tls_read(&tls, &byte, 1));
	tls_free(&tls);
	close(socket);
	assert_int_equal(ending(pid), ENDED_GOOD);
}

static void test_other_client(void **state)
{
	struct tls tls;
	pid_t pid;
	int socket = start_server(&pid, serve);
	unsigned char byte;

	(void)state;
	assert_true(tls_connect(&tls, socket, other_key, server_pin));
	assert_false(tls_read(&tls, &byte, 1));
	tls_free(&tls);
	close(socket);
	assert_int_equal(ending(pid), ENDED_OTHER_PIN);
}

static void test_other_server(void **state)
{
	struct tls tls;
	pid_t pid;
	int socket = start_server(&pid, serve);

	(void)state;
	assert_false(tls_connect(&tls, socket, client_key, client_pin));
	assert_false(tls.known);
	tls_free(&tls);
	close(socket);
	assert_int_equal(ending(pid), ENDED_REFUSED);
}

/* A client of libssl's own making, which may be wrong in one thing. */
static bool connects(int socket, int version, const char *alpn, const unsigned char *key,
		     const char *type)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	EVP_PKEY *pair = NULL;
	X509 *certificate = X509_new();
	unsigned char byte = 1;
	bool good;
	SSL *ssl;

	if (key)
		pair = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, key, TLS_KEY_SIZE);
	else if (type)
		pair = EVP_EC_gen(type);
	if (pair) {
		X509_set_version(certificate, 2);
		ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
		/* Dates that are over: nobody is to look at them. */
		X509_gmtime_adj(X509_getm_notBefore(certificate), -86400 * 2);
		X509_gmtime_adj(X509_getm_notAfter(certificate), -86400);
		X509_set_pubkey(certificate, pair);
		X509_sign(certificate, pair, key ? NULL : EVP_sha256());
		SSL_CTX_use_certificate(context, certificate);
		SSL_CTX_use_PrivateKey(context, pair);
	}
	SSL_CTX_set_max_proto_version(context, version);
	if (alpn)
		SSL_CTX_set_alpn_protos(context, (const unsigned char *)alpn,
					(unsigned int)strlen(alpn));
	ssl = SSL_new(context);
	SSL_set_fd(ssl, socket);
	good = SSL_connect(ssl) == 1 && SSL_write(ssl, &byte, 1) == 1 &&
	       SSL_read(ssl, &byte, 1) == 1;
	SSL_free(ssl);
	SSL_CTX_free(context);
	X509_free(certificate);
	EVP_PKEY_free(pair);
	return good;
}

static void test_wrong_clients(void **state)
{
	static const struct {
		int version;
		const char *alpn;
		bool key;
		const char *type;
		int status;
	} rows[] = {
		{ TLS1_3_VERSION, "\x09tumbler/1", true, NULL, ENDED_GOOD },
		{ TLS1_2_VERSION, "\x09tumbler/1", true, NULL, ENDED_REFUSED },
		{ TLS1_3_VERSION, NULL, true, NULL, ENDED_REFUSED },
		{ TLS1_3_VERSION, "\x09tumbler/2", true, NULL, ENDED_REFUSED },
		{ TLS1_3_VERSION, "\x08http/1.1", true, NULL, ENDED_REFUSED },
		{ TLS1_3_VERSION, "\x09tumbler/1", false, NULL, ENDED_REFUSED },
		{ TLS1_3_VERSION, "\x09tumbler/1", false, "P-256", ENDED_REFUSED },
	};
	pid_t pid;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		int socket = start_server(&pid, serve);

		assert_int_equal(connects(socket, rows[i].version, rows[i].alpn,
					  rows[i].key ? client_key : NULL, rows[i].type),
				 rows[i].status == ENDED_GOOD);
		close(socket);
		assert_int_equal(ending(pid), rows[i].status);
	}
}

static void test_garbage(void **state)
{
	unsigned char bytes[4096];
	pid_t pid;
	int round;

	(void)state;
	for (round = 0; round < 50; round++) {
		int socket = start_server(&pid, serve);

		RAND_bytes(bytes, sizeof(bytes));
		/* Half of them look like the beginning of a handshake. */
		if (round % 2)
			memcpy(bytes, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
		assert_true(write(socket, bytes, sizeof(bytes)) > 0);
		close(socket);
		assert_int_equal(ending(pid), ENDED_REFUSED);
	}
}

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
		status = stream_run(&tls, pair[0], pair[0]) ? ENDED_GOOD : ENDED_BROKEN;
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

	good = tls_connect(&tls, socket, client_key, server_pin) && stream_run(&tls, in, out);
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
	close(in[0]);
	close(in[1]);
	close(out[0]);
	close(out[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_other_client),
		cmocka_unit_test(test_other_server),
		cmocka_unit_test(test_wrong_clients),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_stream),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, begin, NULL);
}
