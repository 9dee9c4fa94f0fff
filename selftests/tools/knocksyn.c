// SPDX-License-Identifier: GPL-2.0
/*
 * knocksyn: from each of N source addresses a knock and, right behind it, a SYN.
 * Prints `answered A of N': for how many a SYN-ACK came back. All packets are made
 * before the first is sent, and all leave through one interface, in order.
 */
#include <getopt.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "frame.h"
#include "knock.h"
#include "link.h"
#include "words.h"

#define SOURCES_MAX 4096

/**
 * struct test - what to send, and who was answered
 * @knock: the datagram but for its source and payload
 * @syn: the SYN but for its source
 * @secret: of the knock
 * @without: leave the knocks out, to see that they are what opens
 * @sources: addresses from @knock's source on
 * @answered: one flag an address
 */
struct test {
	struct frame_spec knock, syn;
	const char *secret;
	bool without;
	u32 sources;
	bool answered[SOURCES_MAX];
};

static struct iovec *make_pairs(const struct test *test, size_t *count)
{
	struct iovec *all = calloc(2 * test->sources, sizeof(*all));
	struct frame_spec knock = test->knock, syn = test->syn;
	u8 payload[KNOCK_PAYLOAD_SIZE], digest[32];
	u32 minute = knock_minute_now();
	struct frame frame;
	u32 i;

	if (!all)
		die("no memory for so many packets");
	*count = 0;
	knock.payload = payload;
	for (i = 0; i < test->sources; i++) {
		knock.src = knock_address_add(&test->knock.src, i);
		syn.src = knock.src;
		knock_digest(digest, minute, &knock.src, test->secret);
		knock.payload_len = knock_payload(payload, "TUMBLER1: %d", digest);
		frame_build(&frame, &knock);
		if (!test->without)
			all[(*count)++] = link_keep(&frame);
		frame_build(&frame, &syn);
		all[(*count)++] = link_keep(&frame);
	}
	return all;
}

/* Whose SYN-ACK this is, or -1: the source's number is in its last four bytes. */
static long whose(const struct test *test, const u8 *bytes, size_t len)
{
	bool v6 = test->syn.family == AF_INET6;
	const u8 *ip = bytes + FRAME_ETHERNET;
	const u8 *to = v6 ? ip + 36 : ip + 16;
	const u8 *first = test->knock.src.bytes + 12;
	const u8 *tcp = ip + (v6 ? 40 : 20);
	u32 n;

	if (len < FRAME_ETHERNET + (v6 ? 60u : 40u) || bytes[12] != (v6 ? 0x86 : 0x08) ||
	    ip[v6 ? 6 : 9] != IPPROTO_TCP || (tcp[13] & 0x16) != 0x12)
		return -1;
	if (tcp[0] != test->syn.dport >> 8 || tcp[1] != (test->syn.dport & 255))
		return -1;
	n = (u32)(to[0] << 24 | to[1] << 16 | to[2] << 8 | to[3]) -
	    (u32)(first[0] << 24 | first[1] << 16 | first[2] << 8 | first[3]);
	return n < test->sources ? (long)n : -1;
}

static u32 collect(struct test *test, int fd, int quiet)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	u64 since = link_now_ms();
	static u8 bytes[2048];
	u32 answered = 0;

	while (answered < test->sources && link_now_ms() - since < (u64)quiet) {
		ssize_t len;
		long n;

		if (poll(&pfd, 1, 50) <= 0)
			continue;
		len = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
		n = len > 0 ? whose(test, bytes, (size_t)len) : -1;
		if (n < 0 || test->answered[n])
			continue;
		test->answered[n] = true;
		answered++;
		since = link_now_ms();
	}
	link_check_drops(fd);
	return answered;
}

static const struct option options[] = {
	{ "to", 1, NULL, 't' }, { "from", 1, NULL, 'f' }, { "dev", 1, NULL, 'd' },
	{ "secret", 1, NULL, 's' }, { "sources", 1, NULL, 'n' }, { "port", 1, NULL, 'p' },
	{ "knock-port", 1, NULL, 'k' }, { "quiet", 1, NULL, 'q' }, { "without", 0, NULL, 'w' },
	{ NULL, 0, NULL, 0 },
};

static const char usage[] =
"usage: knocksyn --to ADDR --from FIRST --sources N --secret S --port N\n"
"                [--knock-port 8675] [--dev eth0] [--quiet 3000] [--without]\n"
"--quiet: ms without a SYN-ACK until it gives up. --without: SYNs alone.\n";

int main(int argc, char **argv)
{
	static struct test test = { .sources = 1 };
	const char *device = "eth0";
	int quiet = 3000, option, fd;
	struct iovec *all;
	size_t count;

	test.knock = frame_spec_default;
	test.syn = frame_spec_default;
	test.syn.protocol = IPPROTO_TCP;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 't':
			test.knock.family = word_address(optarg, &test.knock.dst);
			test.syn.family = test.knock.family;
			test.syn.dst = test.knock.dst;
			break;
		case 'f':
			word_address(optarg, &test.knock.src);
			break;
		case 'd':
			device = optarg;
			break;
		case 's':
			test.secret = optarg;
			break;
		case 'n':
			test.sources = (u32)word_number(optarg, 1, SOURCES_MAX);
			break;
		case 'p':
			test.syn.dport = (u16)word_number(optarg, 1, 65535);
			break;
		case 'k':
			test.knock.dport = (u16)word_number(optarg, 1, 65535);
			break;
		case 'q':
			quiet = (int)word_number(optarg, 1, 600000);
			break;
		case 'w':
			test.without = true;
			break;
		default:
			test.secret = NULL;
			optind = argc;
		}
	}
	if (!test.secret || !test.knock.family) {
		fputs(usage, stderr);
		return 2;
	}
	all = make_pairs(&test, &count);
	fd = link_open(device, true);
	link_send(fd, all, count);
	printf("answered %u of %u\n", collect(&test, fd, quiet), test.sources);
	return 0;
}
