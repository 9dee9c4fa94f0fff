// SPDX-License-Identifier: GPL-2.0
/*
 * nlfuzz: requests to the family `knock', good ones with something changed at random: a
 * few bytes, lengths, types, attributes lost, twice or in another order. What becomes of
 * each is the kernel's business; it must answer. What was asked can be asked again, by
 * the seed.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "requests.h"
#include "words.h"

static const char usage[] = "usage: nlfuzz COUNT SEED\n";

/* All that is random comes from here (xorshift64). */
static uint64_t state;

static uint32_t pick(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 32) % below;
}

static void change_bytes(struct part *part)
{
	uint32_t i, count = 1 + pick(4);

	for (i = 0; i < count; i++)
		part->data[pick(part->length ? part->length : 1)] = (unsigned char)pick(256);
}

static void change_length(struct part *part)
{
	static const uint16_t edges[] = { 0, 1, 2, 3, 4, 8, 15, 16, 17, 31, 32, 33, 255, 256 };

	part->length = pick(2) ? edges[pick(sizeof(edges) / sizeof(edges[0]))] :
				 (uint16_t)pick(PART_SIZE_MAX);
}

/* Another one of the family's, perhaps beyond its last, perhaps said to be a nest. */
static void change_type(struct part *part)
{
	part->type = (uint16_t)pick(KNOCK_A_MAX + 4);
	if (!pick(4))
		part->type |= 1 << 15;
}

static void lose(struct request *request, size_t at)
{
	memmove(&request->part[at], &request->part[at + 1],
		(request->count - at - 1) * sizeof(request->part[0]));
	request->count--;
}

static void change_once(struct request *request)
{
	size_t at = request->count ? pick((uint32_t)request->count) : 0;
	struct part spare;

	if (!request->count || !pick(20)) {
		request->command = (int)pick(KNOCK_CMD_MAX + 3);
		return;
	}
	switch (pick(7)) {
	case 0:
	case 1:
		change_bytes(&request->part[at]);
		break;
	case 2:
		change_length(&request->part[at]);
		break;
	case 3:
		change_type(&request->part[at]);
		break;
	case 4:
		lose(request, at);
		break;
	case 5:
		if (request->count < PARTS_MAX)
			request->part[request->count++] = request->part[at];
		break;
	case 6:
		spare = request->part[at];
		request->part[at] = request->part[0];
		request->part[0] = spare;
		break;
	}
}

static struct request changed(const struct request *good)
{
	struct request request = *good;
	uint32_t i, count = 1 + pick(4);

	for (i = 0; i < count; i++)
		change_once(&request);
	if (!pick(30))
		request.tail = 1 + pick(16);
	if (!pick(30))
		request.lie = (uint16_t)(1 + pick(300));
	return request;
}

int main(int argc, char **argv)
{
	static struct request good[REQUESTS_MAX];
	long i, count, done = 0, refused = 0;
	size_t n = requests_good(good);
	struct request request;
	struct answer answer;

	if (argc != 3) {
		fputs(usage, stderr);
		return 2;
	}
	count = word_number(argv[1], 1, 1000000000);
	state = (uint64_t)word_number(argv[2], 1, 0x7fffffff) * 0x9e3779b97f4a7c15;
	if (!refusal_connect())
		die("no family `knock' here: is the module loaded?");
	for (i = 0; i < count; i++) {
		/* Changed ones may have deleted it. */
		if (i % 100 == 0)
			requests_set_up();
		request = changed(&good[pick((uint32_t)n)]);
		answer = refusal_send(&request, NULL);
		if (answer.lost)
			die("number %ld, a %s, got %s", i + 1, request.name, answer.sentence);
		done += !answer.error;
		refused += answer.error < 0;
	}
	printf("done=%ld refused=%ld\n", done, refused);
	return 0;
}
