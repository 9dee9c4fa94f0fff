/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_EVENT_NAMES_H
#define _LIB_EVENT_NAMES_H

#include <linux/knock.h>

#define EVENT_KINDS (KNOCK_EVENT_KIND_MAX + 1)
#define EVENT_CAUSES (KNOCK_CAUSE_MAX + 1)

/* By enum knock_event_kind; NULL where there is none. */
extern const char *const event_kinds[EVENT_KINDS];
/* By enum knock_cause; NULL where there is none. */
extern const char *const event_causes[EVENT_CAUSES];

#endif /* _LIB_EVENT_NAMES_H */
