// SPDX-License-Identifier: GPL-2.0
/*
 * handclient: hand-overs with tumblerd's agent, one behind the other, by a client that has the
 * right key and is greedy: it claims to have no number each time, leaves every second time
 * without saying that it got anything, and notes each number that it was ever given.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base64.h"
#include "hand_over.h"
#include "tls.h"
#include "words.h"

static const char usage[] =
"usage: handclient ADDR PORT TLS_KEY TLS_SERVER COUNT\n"
"The keys are base64, as a profile has them. At the end a line says how many were served\n"
"and how many cut, the highest number used, and of those given the lowest, the highest and\n"
"how many.\n";

#define NUMBERS_MAX 4096

/**
 * struct tally - what came
 * @served: hand-overs that brought NEXT
 * @cut: those that did not
 * @used: the highest number used, as was said last
 * @given: numbers that came, ever
 */
struct tally {
	unsigned int served;
	unsigned int cut;
	u64 used;
	bool given[NUMBERS_MAX];
};

static struct sockaddr_in to = { .sin_family = AF_INET };
static unsigned char key[TLS_KEY_SIZE], pin[TLS_PIN_SIZE];

static int reach(void)
{
	const struct timeval limit = { .tv_sec = 30 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd >= 0 && (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ||
			connect(fd, (struct sockaddr *)&to, sizeof(to))))
		die("connect: %s", strerror(errno));
	return fd;
}

static bool ask(struct tls *tls, struct hand_over_next *next)
{
	static const struct hand_over_wish wish = { .door_only = true };
	static const struct book none;
	u8 have[HAND_OVER_HAVE_SIZE], bytes[HAND_OVER_NEXT_SIZE];

	hand_over_put_have(have, &none, &wish);
	return tls_write(tls, have, sizeof(have)) && tls_read(tls, bytes, sizeof(bytes)) &&
	       hand_over_take_next(next, bytes);
}

static void note(struct tally *tally, const struct hand_over_next *next)
{
	size_t i;

	tally->served++;
	tally->used = next->used;
	for (i = 0; i < next->count; i++) {
		if (next->entry[i].number >= NUMBERS_MAX)
			die("number %llu", (unsigned long long)next->entry[i].number);
		tally->given[next->entry[i].number] = true;
	}
}

/* Return: whether the agent took what was said. */
static bool say_got(struct tls *tls, const struct hand_over_next *next)
{
	u8 bytes[HAND_OVER_GOT_SIZE], go[HAND_OVER_GO_SIZE];
	enum hand_over_go what;

	hand_over_put_got(bytes, hand_over_highest(next));
	return tls_write(tls, bytes, sizeof(bytes)) && tls_read(tls, go, sizeof(go)) &&
	       hand_over_take_go(&what, go);
}

static void hand_over(struct tally *tally, bool to_the_end)
{
	struct hand_over_next next;
	int fd = reach();
	struct tls tls;

	if (tls_connect(&tls, fd, key, pin) && ask(&tls, &next)) {
		note(tally, &next);
		if (to_the_end && !say_got(&tls, &next))
			tally->cut++;
	} else {
		tally->cut++;
	}
	tls_free(&tls);
	close(fd);
}

static void report(const struct tally *tally)
{
	unsigned int lowest = 0, highest = 0, count = 0, i;

	for (i = 0; i < NUMBERS_MAX; i++) {
		if (!tally->given[i])
			continue;
		if (!count++)
			lowest = i;
		highest = i;
	}
	printf("served %u cut %u used %llu given %u-%u, %u\n", tally->served, tally->cut,
	       (unsigned long long)tally->used, lowest, highest, count);
	fflush(stdout);
}

static void take_key(unsigned char bytes[32], const char *text)
{
	size_t length;

	if (!base64_decode(text, bytes, 32, &length) || length != 32)
		die("%s is not base64 of 32 bytes", text);
}

int main(int argc, char **argv)
{
	static struct tally tally;
	long count, i;

	if (argc != 6 || inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) {
		fputs(usage, stderr);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	to.sin_port = htons((uint16_t)word_number(argv[2], 1, 65535));
	take_key(key, argv[3]);
	take_key(pin, argv[4]);
	count = word_number(argv[5], 1, 100000);
	for (i = 0; i < count; i++)
		hand_over(&tally, i % 2);
	report(&tally);
	return 0;
}
