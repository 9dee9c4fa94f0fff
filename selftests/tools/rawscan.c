// SPDX-License-Identifier: GPL-2.0
/*
 * rawscan: send one TCP SYN or one datagram to each port, from one source port,
 * and print what came back as a sorted set, one answer a line:
 *	PORT KIND	syn-ack, rst, udp, or icmp TYPE/CODE about that port
 *	other WHAT	any other packet from there
 * so that two scans can be compared with diff.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "frame.h"
#include "link.h"
#include "words.h"

#define CHUNK 32
/* How long a slow machine takes to answer. */
#define ANSWER_MS 1000
#define ANSWERS_MAX 400000

/**
 * struct answer - one packet that came back
 * @port: the port it is about; 0: none
 * @what: its kind
 */
struct answer {
	u16 port;
	char what[30];
};

static struct answer answers[ANSWERS_MAX];
static size_t answers_count;
/* From the last port to the first. */
static bool downwards;

static u16 get16(const u8 *at)
{
	return (u16)(at[0] << 8 | at[1]);
}

__attribute__((format(printf, 2, 3)))
static void note(u16 port, const char *format, ...)
{
	struct answer *answer = &answers[answers_count++];
	__builtin_va_list ap;

	if (answers_count > ANSWERS_MAX)
		die("more than %d answers", ANSWERS_MAX);
	answer->port = port;
	__builtin_va_start(ap, format);
	vsnprintf(answer->what, sizeof(answer->what), format, ap);
	__builtin_va_end(ap);
}

/* @about: the header of the packet that is complained about; @skip: its length. */
static void note_icmp(const u8 *icmp, size_t len, size_t skip)
{
	if (len < 8 + skip + 4)
		note(0, "icmp %u/%u", icmp[0], icmp[1]);
	else
		note(get16(icmp + 8 + skip + 2), "icmp %u/%u", icmp[0], icmp[1]);
}

static void note_transport(u8 protocol, const u8 *at, size_t len, size_t ip_header)
{
	bool v6 = ip_header == 40;

	if (protocol == IPPROTO_TCP && len >= 20)
		note(get16(at), (at[13] & 4) ? "rst" : (at[13] & 0x12) == 0x12 ? "syn-ack" : "tcp");
	else if (protocol == IPPROTO_UDP && len >= 8)
		note(get16(at), "udp");
	else if (protocol == IPPROTO_ICMP && len >= 8 && !v6)
		note_icmp(at, len, (at[0] == 3 && len >= 9) ? (at[8] & 15u) * 4 : len);
	else if (protocol == IPPROTO_ICMPV6 && len >= 8 && at[0] < 128)
		note_icmp(at, len, 40);
	else if (!(protocol == IPPROTO_ICMPV6 && len >= 8 && at[0] >= 133 && at[0] <= 136))
		note(0, "protocol %u", protocol);
}

/* Neighbours that look for each other are no answer. */
static void look(const u8 *bytes, size_t len, const struct frame_spec *spec)
{
	const u8 *ip = bytes + FRAME_ETHERNET;
	size_t header;

	if (memcmp(bytes + 6, spec->dst_mac, 6) || len < FRAME_ETHERNET + 40)
		return;
	switch (get16(bytes + 12)) {
	case 0x0800:
		header = (ip[0] & 15u) * 4;
		if (len >= FRAME_ETHERNET + header)
			note_transport(ip[9], ip + header, len - FRAME_ETHERNET - header, header);
		break;
	case 0x86dd:
		note_transport(ip[6], ip + 40, len - FRAME_ETHERNET - 40, 40);
		break;
	case 0x0806:
		break;
	default:
		note(0, "ethernet type %04x", get16(bytes + 12));
	}
}

/* Read all there is; wait at most @ms for the first. */
static bool receive(int fd, int ms, const struct frame_spec *spec)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	static u8 bytes[2048];
	bool any = false;
	ssize_t len;

	if (ms && poll(&pfd, 1, ms) <= 0)
		return false;
	while ((len = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0) {
		look(bytes, (size_t)len, spec);
		any = true;
	}
	return any;
}

static void scan(int fd, struct frame_spec *spec, u32 first, u32 last, int quiet)
{
	struct iovec chunk[CHUNK];
	struct frame frame;
	u64 silent_since;
	bool answered = true;
	u32 port = first;
	size_t n, sent;

	while (port <= last) {
		size_t before = answers_count;

		for (n = 0; n < CHUNK && port <= last; n++) {
			spec->dport = (u16)(downwards ? last - (port - first) : port);
			port++;
			frame_build(&frame, spec);
			chunk[n] = link_keep(&frame);
		}
		link_send(fd, chunk, n);
		sent = n;
		/* Who answers is waited for: its kernel has room for so many ICMP
		 * errors on their way, and drops the others.
		 */
		receive(fd, answered ? ANSWER_MS : 0, spec);
		while (answers_count != before && answers_count - before < sent &&
		       receive(fd, ANSWER_MS, spec))
			;
		answered = answers_count != before;
		while (n)
			free(chunk[--n].iov_base);
	}
	silent_since = link_now_ms();
	while (link_now_ms() - silent_since < (u64)quiet) {
		size_t before = answers_count;

		receive(fd, 50, spec);
		if (answers_count != before)
			silent_since = link_now_ms();
	}
	link_check_drops(fd);
}

static int compare(const void *a, const void *b)
{
	const struct answer *x = a, *y = b;

	return x->port != y->port ? x->port - y->port : strcmp(x->what, y->what);
}

static void print_set(void)
{
	size_t i;

	qsort(answers, answers_count, sizeof(*answers), compare);
	for (i = 0; i < answers_count; i++) {
		if (i && !compare(&answers[i], &answers[i - 1]))
			continue;
		if (answers[i].port)
			printf("%u %s\n", answers[i].port, answers[i].what);
		else
			printf("other %s\n", answers[i].what);
	}
}

static const struct option options[] = {
	{ "to", 1, NULL, 't' }, { "from", 1, NULL, 'f' }, { "dev", 1, NULL, 'd' },
	{ "udp", 1, NULL, 'u' }, { "tumbler", 0, NULL, 'k' }, { "ports", 1, NULL, 'p' },
	{ "down", 0, NULL, 'D' }, { "sport", 1, NULL, 's' }, { "quiet", 1, NULL, 'q' },
	{ "to-mac", 1, NULL, 'm' },
	{ NULL, 0, NULL, 0 },
};

static const char usage[] =
"usage: rawscan --to ADDR --from ADDR [--udp LEN [--tumbler]] [--ports FIRST-LAST]\n"
"               [--down] [--dev eth0] [--sport 41000] [--to-mac MAC] [--quiet 1500]\n"
"Without --udp a SYN to each port. --tumbler: the datagram begins like a knock.\n";

int main(int argc, char **argv)
{
	static u8 payload[1000];
	struct frame_spec spec = frame_spec_default;
	unsigned int first = 1, last = 65535;
	const char *device = "eth0";
	int quiet = 1500, option;

	spec.protocol = IPPROTO_TCP;
	spec.sport = 41000;
	spec.payload = payload;
	memset(payload, 'a', sizeof(payload));
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 't':
			spec.family = word_address(optarg, &spec.dst);
			break;
		case 'f':
			word_address(optarg, &spec.src);
			break;
		case 'd':
			device = optarg;
			break;
		case 'u':
			spec.protocol = IPPROTO_UDP;
			spec.payload_len = (size_t)word_number(optarg, 0, sizeof(payload));
			break;
		case 'k':
			memcpy(payload, "TUMBLER1: ", 10);
			break;
		case 'p':
			if (sscanf(optarg, "%u-%u", &first, &last) != 2 || last > 65535)
				die("ports are FIRST-LAST");
			break;
		case 'D':
			downwards = true;
			break;
		case 's':
			spec.sport = (u16)word_number(optarg, 1, 65535);
			break;
		case 'q':
			quiet = (int)word_number(optarg, 1, 600000);
			break;
		case 'm':
			word_mac(optarg, spec.dst_mac);
			break;
		default:
			spec.family = 0;
			optind = argc;
		}
	}
	if (!spec.family) {
		fputs(usage, stderr);
		return 2;
	}
	scan(link_open(device, true), &spec, first, last, quiet);
	print_set();
	return 0;
}
