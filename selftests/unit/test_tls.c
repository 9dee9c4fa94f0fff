// SPDX-License-Identifier: GPL-2.0
/*
 * TLS between two processes over sockets: who has the right keys gets through, and nobody
 * else does; and what is left of them.
 */
#include "tls_pair.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/rand.h>

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

/* Of a process: what it can write to, but for what ASan has set aside. */
static bool has_in_memory(pid_t pid, const unsigned char *bytes, size_t size)
{
	char path[64], line[512], rights[8];
	unsigned long from, to;
	unsigned char *text;
	bool found = false, good;
	int memory;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	memory = open(path, O_RDONLY);
	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "r");
	assert_true(maps && memory >= 0);
	while (!found && fgets(line, sizeof(line), maps)) {
		good = sscanf(line, "%lx-%lx %7s", &from, &to, rights) == 3;
		assert_true(good);
		if (strncmp(rights, "rw", 2) || to - from > 64 << 20)
			continue;
		text = malloc(to - from);
		assert_non_null(text);
		if (pread(memory, text, to - from, (off_t)from) == (ssize_t)(to - from))
			found = memmem(text, to - from, bytes, size);
		free(text);
	}
	fclose(maps);
	close(memory);
	return found;
}

/* Has forgotten all keys but what is in the connection. */
static void forget(int socket)
{
	unsigned char byte;
	struct tls tls;
	bool good;

	good = tls_accept(&tls, socket, server_key);
	OPENSSL_cleanse(server_key, sizeof(server_key));
	_exit(good && tls_write(&tls, "x", 1) && tls_read(&tls, &byte, 1) ? ENDED_GOOD :
									     ENDED_BROKEN);
}

/* A stream lasts for days, and needs the server's key no more. */
static void test_key_forgotten(void **state)
{
	unsigned char byte;
	struct tls tls;
	pid_t pid;
	int socket = start_server(&pid, forget);

	(void)state;
	assert_true(has_in_memory(pid, server_key, sizeof(server_key)));
	assert_true(tls_connect(&tls, socket, client_key, server_pin));
	assert_true(tls_read(&tls, &byte, 1));
	assert_false(has_in_memory(pid, server_key, sizeof(server_key)));
	assert_true(tls_write(&tls, &byte, 1));
	assert_int_equal(ending(pid), ENDED_GOOD);
	tls_free(&tls);
	close(socket);
}

static void hang_up(int socket)
{
	_exit(close(socket));
}

/* Who cuts the connection may listen later; who has another key is another. */
static void test_hung_up(void **state)
{
	struct tls tls;
	pid_t pid;
	int socket = start_server(&pid, hang_up);

	(void)state;
	assert_false(tls_connect(&tls, socket, client_key, server_pin));
	assert_true(tls.cut);
	tls_free(&tls);
	close(socket);
	assert_int_equal(ending(pid), 0);
	socket = start_server(&pid, serve);
	assert_false(tls_connect(&tls, socket, client_key, client_pin));
	assert_false(tls.cut);
	tls_free(&tls);
	close(socket);
	assert_int_equal(ending(pid), ENDED_REFUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_other_client),
		cmocka_unit_test(test_other_server),
		cmocka_unit_test(test_wrong_clients),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_key_forgotten),
		cmocka_unit_test(test_hung_up),
	};

	return cmocka_run_group_tests(tests, begin, NULL);
}
