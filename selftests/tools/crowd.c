// SPDX-License-Identifier: GPL-2.0
/*
 * crowd ADDR PORT FIRST ADDRESSES CONNECTIONS [AGAIN_MS]: so many TCP connections over IPv4,
 * from so many addresses in turn, until it is killed. Every third begins as TLS does and
 * says a byte a second, one says nothing, and one says 4 KiB of garbage at once. One that is
 * cut is made again after AGAIN_MS (1000). Once a second a line says how many are open, and
 * how many were made.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "words.h"

#define CONNECTIONS_MAX 4000
#define GARBAGE 4096

enum habit { DRIPS, SILENT, GARBLES, HABITS };

/* The head of a record of TLS, and of a ClientHello that never ends. */
static const unsigned char hello[] = { 0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3 };

/**
 * struct one - one of the connections
 * @open: it is made, or being made
 * @made: it is made
 * @again: when something is to be done about it, in ms
 * @said: bytes that it has said
 */
struct one {
	bool open;
	bool made;
	long long again;
	size_t said;
};

static struct one ones[CONNECTIONS_MAX];
static struct pollfd entries[CONNECTIONS_MAX];
static struct sockaddr_in to = { .sin_family = AF_INET };
static uint32_t first;
static long addresses, count, again_ms = 1000;
static unsigned long long made;

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void drop(long i)
{
	if (entries[i].fd >= 0)
		close(entries[i].fd);
	entries[i].fd = -1;
	ones[i] = (struct one){ .again = now_ms() + again_ms };
}

static void begin(long i)
{
	struct sockaddr_in from = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	/* Closed, it leaves nothing behind that would go on for minutes. */
	const struct linger reset = { .l_onoff = 1 };
	const int on = 1;

	if (fd < 0)
		die("a socket: %s", strerror(errno));
	from.sin_addr.s_addr = htonl(first + (uint32_t)(i % addresses));
	/* The address need not be one of this host's, if it is routed to it. */
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	setsockopt(fd, SOL_IP, IP_FREEBIND, &on, sizeof(on));
	setsockopt(fd, SOL_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
	if (bind(fd, (struct sockaddr *)&from, sizeof(from)))
		die("an address: %s", strerror(errno));
	entries[i] = (struct pollfd){ .fd = fd, .events = POLLOUT };
	ones[i].open = true;
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) && errno != EINPROGRESS)
		drop(i);
}

static void say(long i)
{
	static unsigned char garbage[GARBAGE];
	struct one *one = &ones[i];
	ssize_t size = 0;

	one->again = now_ms() + 1000;
	switch (i % HABITS) {
	case DRIPS:
		size = write(entries[i].fd, hello + (one->said < sizeof(hello) ? one->said : 0), 1);
		break;
	case GARBLES:
		if (!one->said && getrandom(garbage, GARBAGE, 0) == GARBAGE)
			size = write(entries[i].fd, garbage, GARBAGE);
		break;
	}
	if (size < 0)
		drop(i);
	else
		one->said += (size_t)size;
}

/* Something was heard of it. */
static void hear(long i)
{
	char byte;

	if (ones[i].made || entries[i].revents & (POLLERR | POLLHUP)) {
		if (read(entries[i].fd, &byte, 1) <= 0 && errno != EAGAIN)
			drop(i);
		return;
	}
	ones[i].made = true;
	entries[i].events = POLLIN;
	made++;
	say(i);
}

static void report(void)
{
	long open = 0, i;

	for (i = 0; i < count; i++)
		open += ones[i].made;
	printf("open %ld made %llu\n", open, made);
	fflush(stdout);
}

static void go_on(void)
{
	long long now = now_ms(), told = 0;
	long i;

	for (;; now = now_ms()) {
		if (now >= told + 1000) {
			report();
			told = now;
		}
		for (i = 0; i < count; i++) {
			if (now < ones[i].again)
				continue;
			if (!ones[i].open)
				begin(i);
			else if (ones[i].made)
				say(i);
		}
		poll(entries, (nfds_t)count, 50);
		for (i = 0; i < count; i++)
			if (entries[i].revents && entries[i].fd >= 0)
				hear(i);
	}
}

int main(int argc, char **argv)
{
	const struct rlimit limit = { CONNECTIONS_MAX + 64, CONNECTIONS_MAX + 64 };
	struct in_addr address;
	long i;

	if (argc < 6 || argc > 7 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1 ||
	    inet_pton(AF_INET, argv[3], &address) != 1) {
		fputs("usage: crowd ADDR PORT FIRST ADDRESSES CONNECTIONS [AGAIN_MS]\n", stderr);
		return 2;
	}
	to.sin_port = htons((uint16_t)word_number(argv[2], 1, 65535));
	first = ntohl(address.s_addr);
	addresses = word_number(argv[4], 1, 65536);
	count = word_number(argv[5], 1, CONNECTIONS_MAX);
	if (argc > 6)
		again_ms = word_number(argv[6], 1, 1000000);
	if (setrlimit(RLIMIT_NOFILE, &limit))
		die("so many files: %s", strerror(errno));
	for (i = 0; i < count; i++)
		entries[i].fd = -1;
	go_on();
}
