// SPDX-License-Identifier: GPL-2.0
/*
 * udpsend: send standard input as a datagram, in a buffer of an unusual shape:
 * several datagrams in one, which the network card would cut, or with its payload in
 * pages of its own. Between two hosts of one machine it arrives as it was sent.
 */
#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define TEXT_MAX 1000
#define COPIES_MAX 60

static const char usage[] =
"usage: udpsend [--segment BYTES] [--copies N] [--paged] ADDR PORT < DATAGRAM\n"
"  --copies N: what is read N times over, in one buffer\n"
"  --segment BYTES: of each datagram that the buffer is to be cut into\n"
"  --paged: leave the payload in the pages that it is in\n";

static const struct option options[] = {
	{ "segment", 1, NULL, 's' }, { "copies", 1, NULL, 'c' }, { "paged", 0, NULL, 'p' },
	{ NULL, 0, NULL, 0 },
};

/**
 * struct shape - of the buffer
 * @segment: bytes in each datagram; 0: all in one
 * @copies: how many times
 * @paged: send without copying
 */
struct shape {
	int segment;
	int copies;
	int paged;
};

static int send_shaped(const struct addrinfo *to, const struct shape *shape, const char *buffer,
		       size_t len)
{
	int fd = socket(to->ai_family, SOCK_DGRAM, 0);
	const int on = 1;

	if (fd < 0 ||
	    (shape->segment && setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &shape->segment,
					  sizeof(shape->segment))) ||
	    (shape->paged && setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &on, sizeof(on))) ||
	    sendto(fd, buffer, len, shape->paged ? MSG_ZEROCOPY : 0, to->ai_addr,
		   to->ai_addrlen) != (ssize_t)len) {
		fprintf(stderr, "udpsend: cannot send: %s\n", strerror(errno));
		return 1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
				  .ai_socktype = SOCK_DGRAM };
	static char buffer[TEXT_MAX * COPIES_MAX];
	struct shape shape = { .copies = 1 };
	struct addrinfo *to;
	int i, option;
	size_t len;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == 's')
			shape.segment = atoi(optarg);
		else if (option == 'c')
			shape.copies = atoi(optarg);
		else if (option == 'p')
			shape.paged = 1;
		else
			shape.copies = 0;
	}
	if (shape.copies < 1 || shape.copies > COPIES_MAX || optind + 2 != argc ||
	    getaddrinfo(argv[optind], argv[optind + 1], &hints, &to)) {
		fputs(usage, stderr);
		return 2;
	}
	len = fread(buffer, 1, TEXT_MAX, stdin);
	for (i = 1; i < shape.copies; i++)
		memcpy(buffer + (size_t)i * len, buffer, len);
	i = send_shaped(to, &shape, buffer, (size_t)shape.copies * len);
	freeaddrinfo(to);
	return i;
}
