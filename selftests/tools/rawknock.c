// SPDX-License-Identifier: GPL-2.0
/*
 * Send packets as no socket would: knocks and things that only look like knocks.
 * All packets are made before the first is sent.
 */
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "frame.h"
#include "knock.h"
#include "link.h"
#include "words.h"

#define FRAGMENTS_MAX 64
#define TEMPLATES_MAX 64

static const char usage[] =
"usage: rawknock --to ADDR --from ADDR [OPTION]...\n"
"  --dev NAME (eth0)      --to-mac MAC (02:0:0:0:0:1)   --from-mac MAC (02:0:0:0:0:2)\n"
"  --dport N (8675)       --sport N (40000)             --syn: a lone TCP SYN\n"
"  --protocol N: the same bytes as a SYN, under this number\n"
"  --sources N: take the next N addresses from --from on in turn\n"
"what is in the datagram, one of:\n"
"  --secret S [--minute OFFSET]: the digest, this minute's unless OFFSET\n"
"  --digest HEX | --bogus (a random digest each) | --random LEN | --hex HEX\n"
"  --template TEXT ('TUMBLER1: %d'): %d digest, %D upper, %m mixed case, \\n \\r \\t \\0;\n"
"  given again and again: taken in turn\n"
"  --lines: from standard input, a line of hex for each packet, in turn\n"
"  --length N: cut or fill (with NUL) the payload to N bytes\n"
"how many and how fast:\n"
"  --count N (sources, or templates)    --copies N (1) of each    --rate N a second\n"
"  --for SECONDS: over and over\n"
"what is wrong with it:\n"
"  --ip-length N  --udp-length N  --checksum good|bad|zero  --ip-checksum bad  --ttl N\n"
"  --fragments OFFSET:LENGTH,...  --ext hbh,dst*3,rt,ah,frag  --ip-options HEX\n"
"  --ext-length N: what the last extension header says of its length\n"
"  --cut N: N bytes behind the IP header, IP's length agreeing\n"
"  --truncate N: N bytes of the IP packet, its length as it was\n"
"  --sweep OPTION:FIRST-LAST: a packet for each of these numbers of --length, --cut,\n"
"  --truncate, --ip-length or --udp-length\n";

enum payload_kind { PAYLOAD_DIGEST, PAYLOAD_BOGUS, PAYLOAD_RANDOM, PAYLOAD_HEX, PAYLOAD_LINES };

/**
 * struct job - what the command line asks for
 * @spec: the packet
 * @device: interface to send on
 * @kind: where the payload comes from
 * @templates: its text, one for each packet in turn
 * @template_count: how many
 * @secret: for a digest, or NULL
 * @minute: offset to the current one
 * @digest: what stands for %d without @secret
 * @bytes: payload of PAYLOAD_HEX
 * @lines: payloads of PAYLOAD_LINES
 * @line_count: how many
 * @len: its length, or that of PAYLOAD_RANDOM
 * @length: of the payload in the end; -1: as it came
 * @sources: how many addresses
 * @count: packets, before copies
 * @copies: of each packet
 * @rate: packets a second; 0: as fast as may be
 * @seconds: how long to go on; 0: once
 * @fragments: pieces of each packet, or NULL
 * @swept: the number that differs from packet to packet, or NULL
 * @first: its value in the first packet
 */
struct job {
	struct frame_spec spec;
	const char *device;
	enum payload_kind kind;
	const char *templates[TEMPLATES_MAX];
	size_t template_count;
	const char *secret;
	int minute;
	u8 digest[32];
	u8 bytes[KNOCK_PAYLOAD_SIZE];
	struct knock_line *lines;
	size_t line_count;
	size_t len;
	int length;
	u32 sources;
	size_t count;
	size_t copies;
	u32 rate;
	u32 seconds;
	const char *fragments;
	int *swept;
	int first;
};

static void random_bytes(u8 *bytes, size_t len)
{
	static int fd = -1;

	if (fd < 0)
		fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	if (read(fd, bytes, len) != (ssize_t)len)
		die("no random bytes");
}

static void make_payload(struct job *job, u32 n, u8 payload[KNOCK_PAYLOAD_SIZE])
{
	const char *template = job->templates[n % job->template_count];
	size_t len = job->len;

	memset(payload, 0, KNOCK_PAYLOAD_SIZE);
	switch (job->kind) {
	case PAYLOAD_RANDOM:
		random_bytes(payload, len);
		break;
	case PAYLOAD_HEX:
		memcpy(payload, job->bytes, len);
		break;
	case PAYLOAD_LINES:
		len = job->lines[n % job->line_count].len;
		memcpy(payload, job->lines[n % job->line_count].bytes, len);
		break;
	case PAYLOAD_BOGUS:
		random_bytes(job->digest, sizeof(job->digest));
		len = knock_payload(payload, template, job->digest);
		break;
	case PAYLOAD_DIGEST:
		if (job->secret)
			knock_digest(job->digest, knock_minute_now() + (u32)job->minute,
				     &job->spec.src, job->secret);
		len = knock_payload(payload, template, job->digest);
		break;
	}
	job->spec.payload = payload;
	job->spec.payload_len = job->length < 0 ? len : (size_t)job->length;
}

/* Packets of one knock: one, or its fragments. */
static size_t make_one(struct job *job, u32 n, struct frame *frames)
{
	struct knock_address first = job->spec.src;
	u8 payload[KNOCK_PAYLOAD_SIZE];
	struct frame whole;

	job->spec.src = knock_address_add(&first, n % job->sources);
	if (job->swept)
		*job->swept = job->first + (int)n;
	make_payload(job, n, payload);
	frame_build(&whole, &job->spec);
	job->spec.src = first;
	if (job->fragments)
		return frame_fragments(frames, FRAGMENTS_MAX, &whole, job->spec.family,
				       job->fragments);
	frames[0] = whole;
	return 1;
}

static struct iovec *make_all(struct job *job, size_t *total)
{
	static struct frame frames[FRAGMENTS_MAX];
	struct iovec *all = NULL;
	size_t i, j, k, n;

	*total = 0;
	for (i = 0; i < job->count; i++) {
		n = make_one(job, (u32)i, frames);
		if (!all)
			all = calloc(job->count * job->copies * n, sizeof(*all));
		if (!all)
			die("no memory for so many packets");
		for (j = 0; j < n; j++)
			frames[j].len = frames[j].len < FRAME_ETHERNET ? FRAME_ETHERNET :
					frames[j].len;
		for (k = 0; k < job->copies; k++)
			for (j = 0; j < n; j++)
				all[(*total)++] = link_keep(&frames[j]);
	}
	return all;
}

static void pause_us(long us)
{
	struct timespec ts = { .tv_nsec = us * 1000 };

	nanosleep(&ts, NULL);
}

/* How many are due by now: all, unless there is a rate. */
static u64 due(const struct job *job, u64 elapsed_ns)
{
	if (!job->rate)
		return UINT64_MAX;
	return elapsed_ns / 1000 * job->rate / 1000000 + 1;
}

static u64 send_all(const struct job *job, int fd, const struct iovec *all, size_t total)
{
	u64 start = link_now_ns(), limit = (u64)job->seconds * 1000000000;
	u64 sent = 0;

	for (;;) {
		u64 elapsed = link_now_ns() - start;
		u64 n = due(job, elapsed);
		size_t at = sent % total;

		if (limit ? elapsed >= limit : sent >= total)
			return sent;
		n = n > sent ? n - sent : 0;
		n = n < total - at ? n : total - at;
		/* Few enough at once that the end is not missed. */
		if (limit && n > 64)
			n = 64;
		if (n)
			link_send(fd, all + at, n);
		else
			pause_us(200);
		sent += n;
	}
}

static void parse_ext(struct frame_spec *spec, char *text)
{
	static const struct { const char *name; u8 number; } kinds[] = {
		{ "hbh", IPPROTO_HOPOPTS }, { "dst", IPPROTO_DSTOPTS }, { "rt", IPPROTO_ROUTING },
		{ "ah", IPPROTO_AH }, { "frag", IPPROTO_FRAGMENT },
	};
	char *word, *star;
	size_t i;
	long n;

	for (word = strtok(text, ","); word; word = strtok(NULL, ",")) {
		star = strchr(word, '*');
		n = star ? word_number(star + 1, 1, FRAME_EXT_MAX) : 1;
		if (star)
			*star = 0;
		for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
			if (!strcmp(word, kinds[i].name))
				break;
		if (i == sizeof(kinds) / sizeof(*kinds))
			die("an extension header is hbh, dst, rt, ah or frag, not `%s'", word);
		for (; n; n--) {
			if (spec->ext_len == FRAME_EXT_MAX)
				die("at most %d extension headers", FRAME_EXT_MAX);
			spec->ext[spec->ext_len++] = kinds[i].number;
		}
	}
}

static enum frame_checksum parse_checksum(const char *text)
{
	if (!strcmp(text, "good"))
		return CHECKSUM_GOOD;
	if (!strcmp(text, "bad"))
		return CHECKSUM_BAD;
	if (!strcmp(text, "zero"))
		return CHECKSUM_ZERO;
	die("a checksum is good, bad or zero, not `%s'", text);
}

enum option_number {
	OPT_TO = 1, OPT_FROM, OPT_DEV, OPT_TO_MAC, OPT_FROM_MAC, OPT_DPORT, OPT_SPORT, OPT_SYN,
	OPT_SOURCES, OPT_SECRET, OPT_MINUTE, OPT_DIGEST, OPT_BOGUS, OPT_RANDOM, OPT_HEX, OPT_LINES,
	OPT_TEMPLATE, OPT_LENGTH, OPT_COUNT, OPT_COPIES, OPT_RATE, OPT_FOR, OPT_IP_LENGTH,
	OPT_UDP_LENGTH, OPT_CHECKSUM, OPT_IP_CHECKSUM, OPT_TTL, OPT_FRAGMENTS, OPT_EXT,
	OPT_IP_OPTIONS, OPT_CUT, OPT_TRUNCATE, OPT_SWEEP, OPT_PROTOCOL, OPT_EXT_LENGTH,
};

static const struct option options[] = {
	{ "to", 1, NULL, OPT_TO }, { "from", 1, NULL, OPT_FROM }, { "dev", 1, NULL, OPT_DEV },
	{ "to-mac", 1, NULL, OPT_TO_MAC }, { "from-mac", 1, NULL, OPT_FROM_MAC },
	{ "dport", 1, NULL, OPT_DPORT }, { "sport", 1, NULL, OPT_SPORT },
	{ "syn", 0, NULL, OPT_SYN }, { "sources", 1, NULL, OPT_SOURCES },
	{ "secret", 1, NULL, OPT_SECRET }, { "minute", 1, NULL, OPT_MINUTE },
	{ "digest", 1, NULL, OPT_DIGEST }, { "bogus", 0, NULL, OPT_BOGUS },
	{ "random", 1, NULL, OPT_RANDOM }, { "hex", 1, NULL, OPT_HEX },
	{ "lines", 0, NULL, OPT_LINES },
	{ "template", 1, NULL, OPT_TEMPLATE }, { "length", 1, NULL, OPT_LENGTH },
	{ "count", 1, NULL, OPT_COUNT }, { "copies", 1, NULL, OPT_COPIES },
	{ "rate", 1, NULL, OPT_RATE }, { "for", 1, NULL, OPT_FOR },
	{ "ip-length", 1, NULL, OPT_IP_LENGTH }, { "udp-length", 1, NULL, OPT_UDP_LENGTH },
	{ "checksum", 1, NULL, OPT_CHECKSUM }, { "ip-checksum", 1, NULL, OPT_IP_CHECKSUM },
	{ "ttl", 1, NULL, OPT_TTL }, { "fragments", 1, NULL, OPT_FRAGMENTS },
	{ "ext", 1, NULL, OPT_EXT }, { "ip-options", 1, NULL, OPT_IP_OPTIONS },
	{ "cut", 1, NULL, OPT_CUT }, { "truncate", 1, NULL, OPT_TRUNCATE },
	{ "sweep", 1, NULL, OPT_SWEEP }, { "protocol", 1, NULL, OPT_PROTOCOL },
	{ "ext-length", 1, NULL, OPT_EXT_LENGTH },
	{ NULL, 0, NULL, 0 },
};

/* Addresses, ports and what spoils a packet: whatever struct frame_spec has. */
static bool parse_spec(struct frame_spec *spec, int option, char *arg)
{
	switch (option) {
	case OPT_TO:
		spec->family = word_address(arg, &spec->dst);
		return true;
	case OPT_FROM:
		word_address(arg, &spec->src);
		return true;
	case OPT_TO_MAC:
		word_mac(arg, spec->dst_mac);
		return true;
	case OPT_FROM_MAC:
		word_mac(arg, spec->src_mac);
		return true;
	case OPT_DPORT:
		spec->dport = (u16)word_number(arg, 0, 65535);
		return true;
	case OPT_SPORT:
		spec->sport = (u16)word_number(arg, 0, 65535);
		return true;
	case OPT_SYN:
		spec->protocol = IPPROTO_TCP;
		return true;
	case OPT_IP_LENGTH:
		spec->ip_length = (int)word_number(arg, 0, 65535);
		return true;
	case OPT_UDP_LENGTH:
		spec->udp_length = (int)word_number(arg, 0, 65535);
		return true;
	case OPT_CHECKSUM:
		spec->udp_checksum = parse_checksum(arg);
		return true;
	case OPT_IP_CHECKSUM:
		spec->ip_checksum_bad = parse_checksum(arg) != CHECKSUM_GOOD;
		return true;
	case OPT_TTL:
		spec->ttl = (u8)word_number(arg, 0, 255);
		return true;
	case OPT_PROTOCOL:
		spec->protocol = (u8)word_number(arg, 0, 255);
		return true;
	case OPT_EXT:
		parse_ext(spec, arg);
		return true;
	case OPT_EXT_LENGTH:
		spec->ext_length = (int)word_number(arg, 0, 255);
		return true;
	case OPT_IP_OPTIONS:
		spec->options_len = word_hex(arg, spec->options, sizeof(spec->options));
		return true;
	case OPT_CUT:
		spec->cut = (int)word_number(arg, 0, FRAME_SIZE);
		return true;
	case OPT_TRUNCATE:
		spec->truncate = (int)word_number(arg, 0, FRAME_SIZE);
		return true;
	}
	return false;
}

static bool parse_payload(struct job *job, int option, const char *arg)
{
	switch (option) {
	case OPT_SECRET:
		job->secret = arg;
		return true;
	case OPT_MINUTE:
		job->minute = (int)word_number(arg, -10000000, 10000000);
		return true;
	case OPT_DIGEST:
		if (word_hex(arg, job->digest, 32) != 32)
			die("a digest has 32 bytes");
		return true;
	case OPT_BOGUS:
		job->kind = PAYLOAD_BOGUS;
		return true;
	case OPT_RANDOM:
		job->kind = PAYLOAD_RANDOM;
		job->len = (size_t)word_number(arg, 0, 1000);
		return true;
	case OPT_HEX:
		job->kind = PAYLOAD_HEX;
		job->len = word_hex(arg, job->bytes, sizeof(job->bytes));
		return true;
	case OPT_LINES:
		job->kind = PAYLOAD_LINES;
		job->line_count = knock_lines(&job->lines);
		return true;
	case OPT_TEMPLATE:
		if (job->template_count == TEMPLATES_MAX)
			die("at most %d templates", TEMPLATES_MAX);
		job->templates[job->template_count++] = arg;
		return true;
	case OPT_LENGTH:
		job->length = (int)word_number(arg, 0, 1000);
		return true;
	case OPT_FRAGMENTS:
		job->fragments = arg;
		return true;
	}
	return false;
}

static void parse_sweep(struct job *job, const char *arg)
{
	const struct { const char *name; int *number; } numbers[] = {
		{ "length", &job->length }, { "cut", &job->spec.cut },
		{ "truncate", &job->spec.truncate }, { "ip-length", &job->spec.ip_length },
		{ "udp-length", &job->spec.udp_length },
	};
	int last, read = 0;
	char name[16];
	size_t i;

	if (sscanf(arg, "%15[a-z-]:%d-%d%n", name, &job->first, &last, &read) != 3 || arg[read] ||
	    job->first < 0 || last < job->first || last > 1000)
		die("`%s' is no OPTION:FIRST-LAST up to 1000", arg);
	for (i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		if (!strcmp(name, numbers[i].name))
			job->swept = numbers[i].number;
	if (!job->swept)
		die("--%s has no numbers to sweep", name);
	job->count = (size_t)(last - job->first) + 1;
}

static void parse_amount(struct job *job, int option, const char *arg)
{
	switch (option) {
	case OPT_DEV:
		job->device = arg;
		break;
	case OPT_SOURCES:
		job->sources = (u32)word_number(arg, 1, 1 << 24);
		break;
	case OPT_COUNT:
		job->count = (size_t)word_number(arg, 1, 1 << 24);
		break;
	case OPT_COPIES:
		job->copies = (size_t)word_number(arg, 1, 1 << 20);
		break;
	case OPT_RATE:
		job->rate = (u32)word_number(arg, 1, 10000000);
		break;
	case OPT_FOR:
		job->seconds = (u32)word_number(arg, 1, 100000);
		break;
	case OPT_SWEEP:
		parse_sweep(job, arg);
		break;
	default:
		fputs(usage, stderr);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	static struct job job = { .device = "eth0", .length = -1, .sources = 1, .copies = 1 };
	struct iovec *all;
	size_t total;
	int option;

	job.spec = frame_spec_default;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (!parse_spec(&job.spec, option, optarg) &&
		    !parse_payload(&job, option, optarg))
			parse_amount(&job, option, optarg);
	if (!job.spec.family || optind != argc) {
		fputs(usage, stderr);
		return 2;
	}
	if (job.spec.options_len % 4)
		die("IP options fill words of 4 bytes");
	if (!job.template_count)
		job.templates[job.template_count++] = "TUMBLER1: %d";
	if (!job.count && job.line_count)
		job.count = job.line_count;
	else if (!job.count)
		job.count = job.sources > job.template_count ? job.sources : job.template_count;
	all = make_all(&job, &total);
	printf("sent %llu\n",
	       (unsigned long long)send_all(&job, link_open(job.device, false), all, total));
	return 0;
}
