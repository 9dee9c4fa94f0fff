// SPDX-License-Identifier: GPL-2.0
/* Where clients of the hand-over connect to. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "complain.h"
#include "serve.h"

#define BACKLOG 64

/* A client that has vanished is noticed in 5 minutes, whether it is to hear something or not. */
#define ALIVE_IDLE_SEC 60
#define ALIVE_EVERY_SEC 30
#define ALIVE_TRIES 8
#define ALIVE_MS ((ALIVE_IDLE_SEC + ALIVE_TRIES * ALIVE_EVERY_SEC) * 1000)

static void set(int descriptor, int level, int option, int value)
{
	setsockopt(descriptor, level, option, &value, sizeof(value));
}

/* Connections that are accepted have it, too. */
static void watch_alive(int descriptor)
{
	set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
	set(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, ALIVE_IDLE_SEC);
	set(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, ALIVE_EVERY_SEC);
	set(descriptor, IPPROTO_TCP, TCP_KEEPCNT, ALIVE_TRIES);
	set(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, ALIVE_MS);
}

static int open_socket(int family, u16 port)
{
	struct sockaddr_in6 address6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	struct sockaddr_in address4 = { .sin_family = AF_INET, .sin_port = htons(port) };
	int descriptor;
	bool good;

	descriptor = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (descriptor < 0)
		return -1;
	set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1);
	watch_alive(descriptor);
	if (family == AF_INET6) {
		set(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 0);
		good = !bind(descriptor, (struct sockaddr *)&address6, sizeof(address6));
	} else {
		good = !bind(descriptor, (struct sockaddr *)&address4, sizeof(address4));
	}
	if (good && !listen(descriptor, BACKLOG))
		return descriptor;
	close(descriptor);
	return -1;
}

/**
 * serve_listen() - let clients connect
 * @serve: set up
 * @port: of TCP
 *
 * Return: false with the sentence printed.
 */
bool serve_listen(struct serve *serve, u16 port)
{
	serve->listener = open_socket(AF_INET6, port);
	/* A host without IPv6. */
	if (serve->listener < 0 && (errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL))
		serve->listener = open_socket(AF_INET, port);
	serve->program = serve_open_program();
	if (serve->listener >= 0 && serve->program >= 0)
		return true;
	complain("TCP port %u cannot be listened at: %m; stop what has it, or write another as agent = PORT",
		 port);
	return false;
}
