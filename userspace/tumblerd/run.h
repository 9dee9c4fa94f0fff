/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_RUN_H
#define _TUMBLERD_RUN_H

#include <sys/types.h>

#include "jobs.h"
#include "lines.h"

/**
 * struct run - a process that is a command
 * @job: the command; NULL if this runs none
 * @pid: the process, and its group
 * @output: what it says is read there; -1 if it says no more
 * @lines: what it said
 */
struct run {
	struct job *job;
	pid_t pid;
	int output;
	struct lines lines;
};

/* What came of starting one: at the next try it may be otherwise, or not. */
enum run_began { RUN_BEGAN, RUN_NO_ROOM, RUN_CANNOT };

enum run_began run_start(struct run *run, struct job *job);
bool run_read(struct run *run);
void run_signal(const struct run *run, int signal);
bool run_ended(struct run *run, uint64_t now);

#endif /* _TUMBLERD_RUN_H */
