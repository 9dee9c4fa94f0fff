// SPDX-License-Identifier: GPL-2.0
/*
 * knockrace: the same knock from several CPUs at the same moment, round after
 * round, each round from a source address of its own. What the server made of it
 * is in its counters: `opened' by one a round, `duplicate' by all others.
 */
#include <getopt.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frame.h"
#include "knock.h"
#include "link.h"
#include "words.h"

#define THREADS_MAX 16

/**
 * struct race - what all threads see
 * @rounds: one packet each
 * @count: how many rounds
 * @threads: how many run, each on the CPU of its number
 * @copies: of the packet, from each thread
 * @device: interface to send on
 * @arrived: how often a thread came to the start of a round
 */
struct race {
	struct iovec *rounds;
	size_t count;
	unsigned int threads;
	unsigned int copies;
	const char *device;
	atomic_size_t arrived;
};

struct runner {
	pthread_t thread;
	struct race *race;
	unsigned int cpu;
};

/* Spinning starts all within some instructions; a lock would wake them in turn. */
static void *keep_pace(void *data)
{
	struct runner *runner = data;
	struct race *race = runner->race;
	int fd = link_open(race->device, false);
	cpu_set_t cpus;
	unsigned int i;
	size_t round;

	CPU_ZERO(&cpus);
	CPU_SET(runner->cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		die("there is no CPU %u to run on", runner->cpu);
	for (round = 0; round < race->count; round++) {
		atomic_fetch_add(&race->arrived, 1);
		while (atomic_load(&race->arrived) < (round + 1) * race->threads)
			;
		for (i = 0; i < race->copies; i++)
			link_send(fd, &race->rounds[round], 1);
	}
	close(fd);
	return NULL;
}

static void make_rounds(struct race *race, struct frame_spec spec, const char *secret)
{
	struct knock_address first = spec.src;
	struct knock_line *lines = NULL;
	u8 payload[KNOCK_PAYLOAD_SIZE], digest[32];
	u32 minute = knock_minute_now();
	struct frame frame;
	size_t i;

	if (!secret)
		race->count = knock_lines(&lines);
	race->rounds = calloc(race->count, sizeof(*race->rounds));
	if (!race->rounds)
		die("no memory for so many rounds");
	spec.payload = payload;
	for (i = 0; i < race->count; i++) {
		spec.src = knock_address_add(&first, (u32)i);
		if (secret) {
			knock_digest(digest, minute, &spec.src, secret);
			spec.payload_len = knock_payload(payload, "TUMBLER1: %d", digest);
		} else {
			spec.payload = lines[i].bytes;
			spec.payload_len = lines[i].len;
		}
		frame_build(&frame, &spec);
		race->rounds[i] = link_keep(&frame);
	}
}

static const struct option options[] = {
	{ "to", 1, NULL, 't' }, { "from", 1, NULL, 'f' }, { "dev", 1, NULL, 'd' },
	{ "secret", 1, NULL, 's' }, { "rounds", 1, NULL, 'r' }, { "threads", 1, NULL, 'n' },
	{ "copies", 1, NULL, 'c' }, { "knock-port", 1, NULL, 'k' }, { "lines", 0, NULL, 'l' },
	{ NULL, 0, NULL, 0 },
};

static const char usage[] =
"usage: knockrace --to ADDR --from FIRST --secret S|--lines [--rounds 1000] [--threads 2]\n"
"                 [--copies 2] [--knock-port 8675] [--dev eth0]\n"
"  --lines: payloads from standard input, a line of hex for each round\n";

int main(int argc, char **argv)
{
	static struct race race = { .count = 1000, .threads = 2, .copies = 2, .device = "eth0" };
	static struct runner runners[THREADS_MAX];
	struct frame_spec spec = frame_spec_default;
	const char *secret = NULL;
	bool lines = false;
	unsigned int i;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 't':
			spec.family = word_address(optarg, &spec.dst);
			break;
		case 'f':
			word_address(optarg, &spec.src);
			break;
		case 'd':
			race.device = optarg;
			break;
		case 's':
			secret = optarg;
			break;
		case 'l':
			lines = true;
			break;
		case 'r':
			race.count = (size_t)word_number(optarg, 1, 1000000);
			break;
		case 'n':
			race.threads = (unsigned int)word_number(optarg, 1, THREADS_MAX);
			break;
		case 'c':
			race.copies = (unsigned int)word_number(optarg, 1, 1000);
			break;
		case 'k':
			spec.dport = (u16)word_number(optarg, 1, 65535);
			break;
		default:
			spec.family = 0;
			optind = argc;
		}
	}
	if (!secret == !lines || !spec.family) {
		fputs(usage, stderr);
		return 2;
	}
	make_rounds(&race, spec, secret);
	for (i = 0; i < race.threads; i++) {
		runners[i] = (struct runner){ .race = &race, .cpu = i };
		if (pthread_create(&runners[i].thread, NULL, keep_pace, &runners[i]))
			die("no thread");
	}
	for (i = 0; i < race.threads; i++)
		pthread_join(runners[i].thread, NULL);
	printf("sent %zu\n", race.count * race.threads * race.copies);
	return 0;
}
