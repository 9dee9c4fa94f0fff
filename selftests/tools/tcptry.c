// SPDX-License-Identifier: GPL-2.0
/*
 * tcptry ADDR PORT [MS [FROM_PORT]]: what a TCP connection attempt is answered with,
 * as one word on standard output: open, refused, unreachable, silent. With less than
 * 1000 ms, the time to the first retransmission, exactly one SYN is sent.
 */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Of both families the port is in the same place, and no address is :: or 0.0.0.0. */
static int from_port(int fd, const struct addrinfo *to, unsigned short port)
{
	struct sockaddr_in6 any = { .sin6_family = (sa_family_t)to->ai_family,
				    .sin6_port = htons(port) };
	const int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	return bind(fd, (struct sockaddr *)&any, to->ai_addrlen);
}

static int attempt(const struct addrinfo *to, int ms, unsigned short port)
{
	struct pollfd pfd = { .events = POLLOUT };
	socklen_t len = sizeof(int);
	int error = 0;

	pfd.fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (pfd.fd < 0 || (port && from_port(pfd.fd, to, port)))
		return errno;
	if (connect(pfd.fd, to->ai_addr, to->ai_addrlen) < 0)
		error = errno;
	if (error == EINPROGRESS) {
		error = ETIMEDOUT;
		if (poll(&pfd, 1, ms) > 0)
			getsockopt(pfd.fd, SOL_SOCKET, SO_ERROR, &error, &len);
	}
	close(pfd.fd);
	return error;
}

static const char *word(int error)
{
	switch (error) {
	case 0:
		return "open";
	case ECONNREFUSED:
		return "refused";
	case ETIMEDOUT:
		return "silent";
	case EHOSTUNREACH:
	case ENETUNREACH:
	case EACCES:
		return "unreachable";
	default:
		return strerror(error);
	}
}

int main(int argc, char **argv)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
				  .ai_socktype = SOCK_STREAM };
	struct addrinfo *to;
	int ms = 800, port = 0;

	if (argc >= 4)
		ms = atoi(argv[3]);
	if (argc == 5)
		port = atoi(argv[4]);
	if (argc < 3 || argc > 5 || ms <= 0 || port < 0 || port > 65535 ||
	    getaddrinfo(argv[1], argv[2], &hints, &to)) {
		fprintf(stderr, "usage: tcptry ADDR PORT [MS [FROM_PORT]]\n");
		return 2;
	}
	puts(word(attempt(to, ms, (unsigned short)port)));
	freeaddrinfo(to);
	return 0;
}
