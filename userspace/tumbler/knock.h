/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_KNOCK_H
#define _TUMBLER_KNOCK_H

#include "options.h"
#include "profiles.h"
#include "target.h"

/**
 * struct errand - a door that is to be opened or closed
 * @options: how; with the secret in their URL, wherever it came from
 * @sealed: the datagram is a sealed one, else TUMBLER1
 * @roams: it is for no address, so the agent opens the door
 * @door: its name, for a sealed one
 * @connection: receives the connection to the port that answers; NULL if none is wanted
 * @ports: what says which ports to knock on; NULL if it is a datagram
 */
struct errand {
	const struct options *options;
	bool sealed;
	bool roams;
	char door[NAME_SIZE];
	int *connection;
	const struct profile *ports;
};

bool knock_print(const struct target_list *targets, const struct errand *errand);
bool knock(const struct target_list *targets, const struct errand *errand);
bool knock_until_answer(const struct target_list *targets, const struct errand *errand);

#endif /* _TUMBLER_KNOCK_H */
