/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_TARGET_H
#define _TUMBLER_TARGET_H

#include <sys/socket.h>

#include "options.h"

/* More addresses than that of one host are not knocked on. */
#define TARGETS_MAX 16

/* Room for a sentence about what is wrong. */
#define TARGET_WHY_SIZE 320

/**
 * struct target - one address of the host, and the address it sees us by
 * @socket_address: the host's, with the knock port
 * @socket_address_len: its length
 * @server: the host's
 * @source: ours, or what --source says
 * @descriptor: a UDP socket connected to it, -1 if none is needed
 */
struct target {
	struct sockaddr_storage socket_address;
	socklen_t socket_address_len;
	struct knock_address server;
	struct knock_address source;
	int descriptor;
};

/**
 * struct target_list - all addresses of the host that can be reached
 * @count: how many
 * @target: in the order of preference
 */
struct target_list {
	size_t count;
	struct target target[TARGETS_MAX];
};

bool targets_find(struct target_list *list, const struct options *options,
		  char why[TARGET_WHY_SIZE]);
struct sockaddr_storage target_at(const struct target *target, u16 port);
void targets_unbind(struct target_list *list);
void targets_close(struct target_list *list);

#endif /* _TUMBLER_TARGET_H */
