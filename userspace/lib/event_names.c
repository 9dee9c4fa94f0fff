// SPDX-License-Identifier: GPL-2.0
/* Words for what the module tells. */
#include "event_names.h"

const char *const event_kinds[EVENT_KINDS] = {
	[KNOCK_EVENT_KIND_OPENED] = "opened",
	[KNOCK_EVENT_KIND_EXTENDED] = "extended",
	[KNOCK_EVENT_KIND_CLOSED] = "closed",
	[KNOCK_EVENT_KIND_EXPIRED] = "expired",
	[KNOCK_EVENT_KIND_REPLAY] = "replay",
	[KNOCK_EVENT_KIND_BANNED] = "banned",
	[KNOCK_EVENT_KIND_PARDONED] = "pardoned",
	[KNOCK_EVENT_KIND_USED] = "used",
};

const char *const event_causes[EVENT_CAUSES] = {
	[KNOCK_CAUSE_KNOCK] = "knock",
	[KNOCK_CAUSE_COMMAND] = "command",
	[KNOCK_CAUSE_RULE] = "rule",
	[KNOCK_CAUSE_DOOR_DELETED] = "door_deleted",
	[KNOCK_CAUSE_KEY_DELETED] = "key_deleted",
	[KNOCK_CAUSE_TIME] = "time",
	[KNOCK_CAUSE_AGENT] = "agent",
};
