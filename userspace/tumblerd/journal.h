/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_JOURNAL_H
#define _TUMBLERD_JOURNAL_H

#include <stdbool.h>
#include <syslog.h>

#include "event.h"
#include "jobs.h"

bool journal_open(const char *log);
void journal_event(const struct event *event);
void journal_served(const struct subject *subject, uint64_t grant, size_t sequences);
void journal_command(const struct job *job, int priority, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* _TUMBLERD_JOURNAL_H */
