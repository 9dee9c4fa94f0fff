// SPDX-License-Identifier: GPL-2.0
/*
 * opengrants DOOR FIRST COUNT SECONDS: grants by hand for COUNT addresses, through
 * one socket. With knockctl, one process a grant, a hundred thousand take hours
 * under emulation.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "refusal.h"

static void put(struct part *part, int type, const void *data, size_t length)
{
	part->type = (uint16_t)type;
	part->length = (uint16_t)length;
	memcpy(part->data, data, length);
}

int main(int argc, char **argv)
{
	struct request request = { .command = KNOCK_CMD_GRANT_OPEN, .count = 3 };
	unsigned char address[16] = { [10] = 0xff, [11] = 0xff };
	uint32_t first, count, seconds, i, at;
	struct answer answer;

	if (argc != 5 || strlen(argv[1]) >= KNOCK_NAME_SIZE ||
	    inet_pton(AF_INET, argv[2], &first) != 1) {
		fprintf(stderr, "usage: opengrants DOOR FIRST COUNT SECONDS\n");
		return 2;
	}
	count = (uint32_t)strtoul(argv[3], NULL, 10);
	seconds = (uint32_t)strtoul(argv[4], NULL, 10);
	if (!refusal_connect()) {
		fprintf(stderr, "opengrants: no family `knock' here: is the module loaded?\n");
		return 1;
	}
	put(&request.part[0], KNOCK_A_DOOR_NAME, argv[1], strlen(argv[1]) + 1);
	put(&request.part[2], KNOCK_A_GRANT_FOR_SEC, &seconds, sizeof(seconds));
	for (i = 0; i < count; i++) {
		at = htonl(ntohl(first) + i);
		memcpy(address + 12, &at, sizeof(at));
		put(&request.part[1], KNOCK_A_ADDRESS, address, sizeof(address));
		answer = refusal_send(&request, NULL);
		if (answer.error) {
			fprintf(stderr, "opengrants: the %u. was refused: %s\n", i + 1,
				answer.sentence);
			return 1;
		}
	}
	return 0;
}
