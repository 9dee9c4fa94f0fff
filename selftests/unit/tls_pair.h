/* SPDX-License-Identifier: GPL-2.0 */
/* TLS between two processes over sockets: their keys, and a server of one connection. */
#ifndef _UNIT_TLS_PAIR_H
#define _UNIT_TLS_PAIR_H

#include "check.h"

#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hand_over.h"
#include "tls.h"

static unsigned char server_key[TLS_KEY_SIZE], client_key[TLS_KEY_SIZE], other_key[TLS_KEY_SIZE];
static unsigned char server_pin[TLS_PIN_SIZE], client_pin[TLS_PIN_SIZE];

/* How a server's process ends. */
enum { ENDED_GOOD, ENDED_REFUSED, ENDED_OTHER_PIN, ENDED_BROKEN };

static inline int begin(void **state)
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

/* Return: our end of a connection to a server. */
static inline int start_server(pid_t *pid, void (*run)(int socket))
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

static inline int ending(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

#endif /* _UNIT_TLS_PAIR_H */
