// SPDX-License-Identifier: GPL-2.0
/*
 * seqknock: knock a sequence from any address, with strays and gaps, or print it. The
 * ports come from kernel/lib by OpenSSL, and not from the module.
 */
#include <getopt.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <knock/derive.h>
#include <knock/sequence.h>

#include "frame.h"
#include "knock.h"
#include "link.h"
#include "words.h"

static const char usage[] =
"usage: seqknock --to ADDR --from ADDR --static PORT[/PROTO],... | --once HEX --number N |\n"
"                --derived HEX [--counter N] [--at SECONDS] [--slot 60] [OPTION]...\n"
"  --until N                all numbers up to this, one behind the other\n"
"  --index N                put N into the first 4 bytes of the secret, as seqkey --count\n"
"  --address ADDR           whose tail (that of --from); --unbound: of nobody\n"
"  --steps N --avoid FIRST-LAST,... --location TEXT\n"
"  --order 1,3,2            these steps alone, in this order\n"
"  --flags HEX              of TCP, instead of SYN alone; --bad: a wrong checksum\n"
"  --delay MS               between two steps (0)\n"
"  --strays N --seed S      so many SYNs to random ports at random moments among them\n"
"  --print                  the ports, and send nothing\n"
"       seqknock --to ADDR --from FIRST --flood N --sources N [--seed S] [--rate N]\n"
"                SYNs to random ports, each of some address from FIRST on; so many a\n"
"                second\n";

#define PACKETS_MAX 1024

/**
 * struct plan - what to send
 * @secret: of the key
 * @kind: 's', 'o', 'd'
 * @number: or counter
 * @fields: of a derived sequence
 * @slot_sec: length of a slot
 * @at: unix seconds
 * @ranges: to avoid
 * @n_ranges: how many
 * @steps: of a sequence that is made
 * @unbound: its tail is of no address
 * @address: else of this one
 * @sequence: what is knocked
 */
struct plan {
	u8 secret[KNOCK_DERIVE_SECRET_SIZE];
	int kind;
	u64 number;
	struct knock_fields fields;
	u32 slot_sec;
	u64 at;
	struct knock_port_range ranges[64];
	size_t n_ranges;
	unsigned int steps;
	bool unbound;
	struct knock_address address;
	struct knock_sequence sequence;
};

static bool openssl_hmac(u8 mac[KNOCK_DERIVE_MAC_SIZE], const u8 key[KNOCK_DERIVE_SECRET_SIZE],
			 const u8 *data, size_t len)
{
	unsigned int size = KNOCK_DERIVE_MAC_SIZE;

	return HMAC(EVP_sha256(), key, KNOCK_DERIVE_SECRET_SIZE, data, len, mac, &size);
}

static const struct knock_derive_crypto crypto = { openssl_hmac };

static void derive(struct plan *plan)
{
	struct knock_derivation derivation = {
		.crypto = &crypto,
		.secret = plan->secret,
		.avoid = { plan->ranges, plan->n_ranges },
	};
	u8 secret[KNOCK_DERIVE_SECRET_SIZE];
	u16 ports[KNOCK_DERIVE_STEPS_MAX];
	struct knock_fields fields;
	unsigned int i;

	if (plan->kind == 'o') {
		knock_derive_once(&crypto, plan->secret, plan->number, secret);
		derivation.secret = secret;
	} else {
		fields = knock_derive_fields(plan->number, plan->at / plan->slot_sec,
					     plan->slot_sec);
		fields.location = plan->fields.location;
		fields.location_len = plan->fields.location_len;
		derivation.fields = &fields;
	}
	if (knock_derive_head(&derivation, ports) != KNOCK_DERIVE_GOOD ||
	    knock_derive_tail(&derivation, plan->unbound ? NULL : &plan->address, ports,
			      plan->steps) != KNOCK_DERIVE_GOOD)
		die("there is no such sequence");
	for (i = 0; i < plan->steps; i++) {
		plan->sequence.steps[i].port = ports[i];
		plan->sequence.steps[i].protocol = KNOCK_STEP_TCP;
	}
	plan->sequence.count = (u8)plan->steps;
}

static void read_avoid(struct plan *plan, const char *text)
{
	struct knock_port_range *range;
	char *end;

	for (; *text && plan->n_ranges < 64; text = *end ? end + 1 : end) {
		range = &plan->ranges[plan->n_ranges++];
		range->first = (u16)strtoul(text, &end, 10);
		range->last = range->first;
		if (*end == '-')
			range->last = (u16)strtoul(end + 1, &end, 10);
	}
}

/* The steps that --order names. */
static void reorder(struct knock_sequence *sequence, const char *order)
{
	struct knock_sequence whole = *sequence;
	unsigned long step;
	char *end;

	sequence->count = 0;
	for (; *order; order = *end ? end + 1 : end) {
		step = strtoul(order, &end, 10);
		if (!step || step > whole.count || sequence->count == KNOCK_STEPS_MAX)
			die("--order names step %lu of %u", step, whole.count);
		sequence->steps[sequence->count++] = whole.steps[step - 1];
	}
}

/* Moments of strays, each in units of a step, so that they rise. */
static int by_moment(const void *a, const void *b)
{
	double one = *(const double *)a, two = *(const double *)b;

	return one < two ? -1 : one > two;
}

static void wait_ms(long ms)
{
	struct timespec rest = { ms / 1000, ms % 1000 * 1000000 };

	while (nanosleep(&rest, &rest))
		;
}

static void send_one(int fd, const struct frame_spec *base, const struct knock_step *step)
{
	struct frame_spec spec = *base;
	struct frame frame;
	struct iovec packet;

	spec.protocol = step->protocol;
	spec.dport = step->port;
	frame_build(&frame, &spec);
	packet = link_keep(&frame);
	link_send(fd, &packet, 1);
}

static void send_all(int fd, const struct plan *plan, const struct frame_spec *base, long delay,
		     long strays)
{
	struct knock_step stray = { .protocol = KNOCK_STEP_TCP };
	static double moment[PACKETS_MAX];
	long i, sent = 0;

	for (i = 0; i < strays; i++)
		moment[i] = drand48() * plan->sequence.count;
	qsort(moment, (size_t)strays, sizeof(moment[0]), by_moment);
	for (i = 0; i < plan->sequence.count; i++) {
		if (i && delay)
			wait_ms(delay);
		for (; sent < strays && moment[sent] < (double)i; sent++) {
			stray.port = (u16)(1 + lrand48() % 65535);
			send_one(fd, base, &stray);
		}
		send_one(fd, base, &plan->sequence.steps[i]);
	}
}

/* A bundle at a time, since each call of the kernel costs. */
#define BUNDLE 64

/* Until so many packets are due. */
static void keep_rate(u64 start_ns, long sent, long rate)
{
	const struct timespec moment = { .tv_nsec = 100000 };

	while (rate && (link_now_ns() - start_ns) / 1000 * (u64)rate / 1000000 < (u64)sent)
		nanosleep(&moment, NULL);
}

static void flood(const struct frame_spec *base, long count, long sources, long rate)
{
	struct iovec packets[BUNDLE];
	struct frame_spec spec = *base;
	struct frame frame;
	int fd = link_open("eth0", false);
	u64 start_ns = link_now_ns();
	long i, j;

	spec.protocol = KNOCK_STEP_TCP;
	for (i = 0; i < count; i += BUNDLE) {
		keep_rate(start_ns, i, rate);
		for (j = 0; j < BUNDLE; j++) {
			spec.src = knock_address_add(&base->src, (u32)(lrand48() % sources));
			spec.dport = (u16)(1 + lrand48() % 65535);
			frame_build(&frame, &spec);
			packets[j] = link_keep(&frame);
		}
		link_send(fd, packets, BUNDLE);
		for (j = 0; j < BUNDLE; j++)
			free(packets[j].iov_base);
	}
}

static const struct option options[] = {
	{ "rate", 1, NULL, 'r' }, { "flood", 1, NULL, 'F' }, { "sources", 1, NULL, 'N' },
	{ "to", 1, NULL, 't' },
	{ "from", 1, NULL, 'f' }, { "static", 1, NULL, 's' }, { "once", 1, NULL, 'o' },
	{ "derived", 1, NULL, 'd' }, { "number", 1, NULL, 'n' }, { "counter", 1, NULL, 'n' },
	{ "at", 1, NULL, 'a' }, { "slot", 1, NULL, 'S' }, { "index", 1, NULL, 'i' },
	{ "until", 1, NULL, 'U' },
	{ "address", 1, NULL, 'A' }, { "unbound", 0, NULL, 'u' }, { "steps", 1, NULL, 'c' },
	{ "avoid", 1, NULL, 'v' }, { "location", 1, NULL, 'l' }, { "order", 1, NULL, 'O' },
	{ "delay", 1, NULL, 'D' }, { "strays", 1, NULL, 'x' }, { "seed", 1, NULL, 'e' },
	{ "flags", 1, NULL, 'g' }, { "bad", 0, NULL, 'b' }, { "print", 0, NULL, 'p' },
	{ NULL, 0, NULL, 0 },
};

/**
 * struct order - how to send it
 * @base: a packet but for its port
 * @order: of the steps, or NULL
 * @address: of the tail, or NULL
 * @delay: ms
 * @strays: how many
 * @index: of the key
 * @until: a number, and all before it
 * @flood: how many SYNs instead
 * @sources: from so many addresses
 * @rate: so many a second, or 0
 * @print: and do not send
 */
struct order {
	struct frame_spec base;
	const char *order, *address;
	long delay, strays, index, flood, sources, rate;
	u64 until;
	bool print;
};

static bool read_plan(struct plan *plan, int option)
{
	switch (option) {
	case 's':
		if (knock_sequence_parse(&plan->sequence, optarg, strlen(optarg)) !=
		    KNOCK_SEQUENCE_GOOD)
			die("`%s' is no list of steps", optarg);
		plan->kind = option;
		break;
	case 'o':
	case 'd':
		plan->kind = option;
		if (word_hex(optarg, plan->secret, sizeof(plan->secret)) != sizeof(plan->secret))
			die("a secret has 64 hex digits");
		break;
	case 'n':
		plan->number = strtoull(optarg, NULL, 10);
		break;
	case 'a':
		plan->at = strtoull(optarg, NULL, 10);
		break;
	case 'S':
		plan->slot_sec = (u32)word_number(optarg, 1, 86400);
		break;
	case 'u':
		plan->unbound = true;
		break;
	case 'c':
		plan->steps = (unsigned int)word_number(optarg, 4, KNOCK_DERIVE_STEPS_MAX);
		break;
	case 'v':
		read_avoid(plan, optarg);
		break;
	case 'l':
		plan->fields.location = (const u8 *)optarg;
		plan->fields.location_len = (u8)strlen(optarg);
		break;
	default:
		return false;
	}
	return true;
}

static bool read_order(struct order *order, int option)
{
	switch (option) {
	case 't':
		order->base.family = word_address(optarg, &order->base.dst);
		break;
	case 'f':
		word_address(optarg, &order->base.src);
		break;
	case 'A':
		order->address = optarg;
		break;
	case 'O':
		order->order = optarg;
		break;
	case 'D':
		order->delay = word_number(optarg, 0, 600000);
		break;
	case 'x':
		order->strays = word_number(optarg, 0, PACKETS_MAX);
		break;
	case 'e':
		srand48(word_number(optarg, 0, 2147483647));
		break;
	case 'U':
		order->until = (u64)word_number(optarg, 1, 1 << 24);
		break;
	case 'i':
		order->index = word_number(optarg, 1, 65536);
		break;
	case 'F':
		order->flood = word_number(optarg, 1, 100000000);
		break;
	case 'N':
		order->sources = word_number(optarg, 1, 1 << 24);
		break;
	case 'r':
		order->rate = word_number(optarg, 1, 10000000);
		break;
	case 'g':
		order->base.tcp_flags = (u8)strtoul(optarg, NULL, 16);
		break;
	case 'b':
		order->base.udp_checksum = CHECKSUM_BAD;
		break;
	case 'p':
		order->print = true;
		break;
	default:
		return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	static struct plan plan = { .slot_sec = 60, .steps = KNOCK_DERIVE_STEPS };
	static struct order order;
	char text[KNOCK_SEQUENCE_TEXT_SIZE];
	u32 index;
	int option, fd;

	/* Reading its configuration is most of what it takes to start. */
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
	order.base = frame_spec_default;
	plan.at = (u64)time(NULL);
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		if (!read_plan(&plan, option) && !read_order(&order, option))
			plan.kind = 0, optind = argc;
	if (order.flood && order.sources && order.base.family) {
		flood(&order.base, order.flood, order.sources, order.rate);
		return 0;
	}
	if (!plan.kind || (!order.print && !order.base.family)) {
		fputs(usage, stderr);
		return 2;
	}
	plan.address = order.base.src;
	if (order.address)
		word_address(order.address, &plan.address);
	index = (u32)order.index;
	if (index)
		memcpy(plan.secret, &index, sizeof(index));
	if (plan.kind != 's')
		derive(&plan);
	if (order.order)
		reorder(&plan.sequence, order.order);
	if (order.print) {
		knock_sequence_format(text, &plan.sequence);
		puts(text);
		return 0;
	}
	fd = link_open("eth0", false);
	send_all(fd, &plan, &order.base, order.delay, order.strays);
	while (plan.number < order.until) {
		plan.number++;
		derive(&plan);
		send_all(fd, &plan, &order.base, order.delay, order.strays);
	}
	return 0;
}
