// SPDX-License-Identifier: GPL-2.0
/*
 * Many requests of one kind through one socket. With knockctl, one process a request,
 * a hundred thousand take hours under emulation.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "requests.h"

static const char usage[] =
"usage: nlmany grant DOOR SECONDS FIRST COUNT\n"
"       nlmany block FIRST COUNT\n"
"       nlmany trust FIRST COUNT\n"
"for COUNT IPv4 addresses from FIRST on, every other for `trust', whose neighbours\n"
"might be taken together. Ends with the first that is refused: says which, why, and\n"
"has status 1.\n";

/* What all requests have, but for the address. */
static bool prepare(struct request *request, const char *kind, char **words)
{
	static const uint8_t block = KNOCK_BLACKLIST_KIND_BLOCK, prefix = 128;

	if (!strcmp(kind, "grant")) {
		if (strlen(words[0]) >= KNOCK_NAME_SIZE)
			return false;
		*request = request_make(kind, KNOCK_CMD_GRANT_OPEN, words[0]);
		request_add_u32(request, KNOCK_A_GRANT_FOR_SEC,
				(uint32_t)strtoul(words[1], NULL, 10));
	} else if (!strcmp(kind, "block")) {
		*request = request_make(kind, KNOCK_CMD_BLACKLIST_ADD, NULL);
		request_add(request, KNOCK_A_BLACKLIST_KIND, &block, sizeof(block), true);
	} else if (!strcmp(kind, "trust")) {
		*request = request_make(kind, KNOCK_CMD_TRUST_ADD, NULL);
		request_add(request, KNOCK_A_PREFIX_LEN, &prefix, sizeof(prefix), true);
	} else {
		return false;
	}
	return true;
}

static int send_all(struct request *request, uint32_t first, uint32_t count, uint32_t step)
{
	unsigned char address[16] = { [10] = 0xff, [11] = 0xff };
	struct answer answer;
	struct part *part;
	uint32_t i, at;

	request_add(request, KNOCK_A_ADDRESS, address, sizeof(address), true);
	part = &request->part[request->count - 1];
	for (i = 0; i < count; i++) {
		at = htonl(ntohl(first) + i * step);
		memcpy(part->data + 12, &at, sizeof(at));
		answer = refusal_send(request, NULL);
		if (answer.error) {
			fprintf(stderr, "nlmany: number %u was refused: %s\n", i + 1,
				answer.sentence);
			return 1;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	bool grant = argc > 1 && !strcmp(argv[1], "grant");
	struct request request = { 0 };
	uint32_t first;

	if (argc != (grant ? 6 : 4) || !prepare(&request, argv[1], argv + 2) ||
	    inet_pton(AF_INET, argv[argc - 2], &first) != 1) {
		fputs(usage, stderr);
		return 2;
	}
	if (!refusal_connect()) {
		fputs("nlmany: no family `knock' here: is the module loaded?\n", stderr);
		return 1;
	}
	return send_all(&request, first, (uint32_t)strtoul(argv[argc - 1], NULL, 10),
			strcmp(argv[1], "trust") ? 1 : 2);
}
