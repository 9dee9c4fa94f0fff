/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_EVENT_H
#define _TUMBLERD_EVENT_H

#include <linux/knock.h>

#include "words.h"

struct nlattr;

/**
 * struct event - what the module tells
 * @kind: of enum knock_event_kind
 * @cause: of enum knock_cause, 0 if there is none
 * @subject: door, key and address; each empty if it is not told
 * @grant: the grant's id, 0 if it is about none
 * @until: unix seconds until which the door is open, or the address is banned; 0 for none
 * @count: how many replays, 0 if it is not about any
 * @number: of a sequence key, if @numbered
 * @numbered: @number is set
 * @narrow: the grant lets its client no further than to tumblerd
 * @lost: events before it that the module had no room for
 */
struct event {
	unsigned int kind;
	unsigned int cause;
	struct subject subject;
	uint64_t grant;
	uint64_t until;
	uint32_t count;
	uint64_t number;
	bool numbered;
	bool narrow;
	uint32_t lost;
};

bool event_take(struct event *event, struct nlattr **attributes);
void event_take_grant(struct event *event, struct nlattr **attributes);
const char *event_kind(const struct event *event);
const char *event_cause(const struct event *event);

#endif /* _TUMBLERD_EVENT_H */
