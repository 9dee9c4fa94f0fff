/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TOOLS_REFUSAL_H
#define _TOOLS_REFUSAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/knock.h>

struct nl_sock;

#define SNAPSHOT_SIZE 65536
#define PARTS_MAX 20
#define PART_SIZE_MAX 512

/**
 * struct part - one attribute of a request, perhaps a wrong one
 * @type: of enum knock_attr, or beyond; with NLA_F_NESTED or without
 * @length: bytes used of @data
 * @required: the request is refused without it
 * @data: the value
 */
struct part {
	uint16_t type;
	uint16_t length;
	bool required;
	unsigned char data[PART_SIZE_MAX];
};

/**
 * struct request - a request, made to be spoiled
 * @name: as in the specification
 * @command: of enum knock_cmd, or beyond
 * @flags: NLM_F_DUMP or 0
 * @count: parts used
 * @part: the attributes
 * @tail: bytes of zeros after the last attribute, which are none themselves
 * @lie: what the first attribute says of its length; 0: the truth
 */
struct request {
	const char *name;
	int command;
	int flags;
	size_t count;
	struct part part[PARTS_MAX];
	size_t tail;
	uint16_t lie;
};

/**
 * struct answer - what the kernel said to a request
 * @error: negative errno, or 0
 * @lost: there was none: perhaps it was done, perhaps it was never asked
 * @sentence: of the extended acknowledgment, or empty
 */
struct answer {
	int error;
	bool lost;
	char sentence[256];
};

/**
 * struct snapshot - all that the family tells of its state
 * @length: bytes used
 * @bytes: the replies' payloads, one after the other
 */
struct snapshot {
	size_t length;
	unsigned char bytes[SNAPSHOT_SIZE];
};

bool refusal_connect(void);
void refusal_disconnect(void);
int refusal_socket(void);
struct nl_sock *refusal_adopt(int fd);
void refusal_use(struct nl_sock *other);
void refusal_on_send(void (*call)(void));
struct answer refusal_send(const struct request *request, struct snapshot *replies);
bool refusal_snapshot(struct snapshot *snapshot, bool counters);
int refusal_join_events(void);

#endif /* _TOOLS_REFUSAL_H */
