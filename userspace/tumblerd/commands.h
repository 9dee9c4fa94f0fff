/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_COMMANDS_H
#define _TUMBLERD_COMMANDS_H

#include <poll.h>

#include "jobs.h"
#include "owed.h"
#include "run.h"

/**
 * struct commands - commands that wait and run
 * @settings: the file; stays as it is
 * @jobs: all of them
 * @owed: close-commands, kept over a stop
 * @run: processes, as many as may run at once
 * @start_again: before this none is started, in ms
 *
 * All times are the caller's, from one clock that never goes back.
 */
struct commands {
	const struct settings *settings;
	struct jobs jobs;
	struct owed owed;
	struct run run[AT_ONCE_MAX];
	uint64_t start_again;
};

void commands_init(struct commands *commands, const struct settings *settings);
bool commands_start(struct commands *commands, uint64_t now);
void commands_end(struct commands *commands, uint64_t now);
size_t commands_watch(const struct commands *commands, struct pollfd entry[AT_ONCE_MAX]);
void commands_hear(struct commands *commands, const struct pollfd entry[AT_ONCE_MAX],
		   uint64_t now);
void commands_reap(struct commands *commands, uint64_t now);
void commands_stop(struct commands *commands, uint64_t now);
void commands_kill(struct commands *commands);
void commands_forget(struct commands *commands);

#endif /* _TUMBLERD_COMMANDS_H */
