// SPDX-License-Identifier: GPL-2.0
/*
 * tcptry ADDR PORT [MS [FROM_PORT]]: what a TCP connection attempt is answered with,
 * as one word on standard output: open, refused, unreachable, silent. With less than
 * 1000 ms, the time to the first retransmission, exactly one SYN is sent.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/**
 * struct target - whom to connect to
 * @len: bytes of the address of its family
 * @any: that it has a family
 * @v4: address and port, or
 * @v6: the same
 */
struct target {
	socklen_t len;
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	};
};

/* Numbers only: whoever asks for names cannot be linked statically. */
static int target(struct target *to, const char *address, const char *port)
{
	int number = atoi(port);

	if (number <= 0 || number > 65535)
		return 0;
	if (inet_pton(AF_INET, address, &to->v4.sin_addr) == 1) {
		to->v4.sin_family = AF_INET;
		to->len = sizeof(to->v4);
	} else if (inet_pton(AF_INET6, address, &to->v6.sin6_addr) == 1) {
		to->v6.sin6_family = AF_INET6;
		to->len = sizeof(to->v6);
	} else {
		return 0;
	}
	/* In both families it is in the same place. */
	to->v4.sin_port = htons((unsigned short)number);
	return 1;
}

/* Of both families the port is in the same place, and no address is :: or 0.0.0.0. */
static int from_port(int fd, const struct target *to, unsigned short port)
{
	struct sockaddr_in6 any = { .sin6_family = (sa_family_t)to->any.sa_family,
				    .sin6_port = htons(port) };
	const int on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	return bind(fd, (struct sockaddr *)&any, to->len);
}

static int attempt(const struct target *to, int ms, unsigned short port)
{
	struct pollfd pfd = { .events = POLLOUT };
	socklen_t len = sizeof(int);
	int error = 0;

	pfd.fd = socket(to->any.sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (pfd.fd < 0 || (port && from_port(pfd.fd, to, port)))
		return errno;
	if (connect(pfd.fd, &to->any, to->len) < 0)
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
	struct target to = { 0 };
	int ms = 800, port = 0;

	if (argc >= 4)
		ms = atoi(argv[3]);
	if (argc == 5)
		port = atoi(argv[4]);
	if (argc < 3 || argc > 5 || ms <= 0 || port < 0 || port > 65535 ||
	    !target(&to, argv[1], argv[2])) {
		fprintf(stderr, "usage: tcptry ADDR PORT [MS [FROM_PORT]]\n");
		return 2;
	}
	puts(word(attempt(&to, ms, (unsigned short)port)));
	return 0;
}
