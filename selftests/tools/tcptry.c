// SPDX-License-Identifier: GPL-2.0
/*
 * tcptry ADDR PORT [MS]: what a TCP connection attempt is answered with, as one
 * word on standard output: open, refused, unreachable, silent. With less than
 * 1000 ms, the time to the first retransmission, exactly one SYN is sent.
 */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int attempt(const struct addrinfo *to, int ms)
{
	struct pollfd pfd = { .events = POLLOUT };
	socklen_t len = sizeof(int);
	int error = 0;

	pfd.fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (pfd.fd < 0)
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
	int ms = 800;

	if (argc == 4)
		ms = atoi(argv[3]);
	if (argc < 3 || argc > 4 || ms <= 0 || getaddrinfo(argv[1], argv[2], &hints, &to)) {
		fprintf(stderr, "usage: tcptry ADDR PORT [MS]\n");
		return 2;
	}
	puts(word(attempt(to, ms)));
	freeaddrinfo(to);
	return 0;
}
