/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCK_EVENT_H
#define _KNOCK_EVENT_H

#include <linux/types.h>

struct net;
struct work_struct;

bool knock_event_heard(struct net *net);
void knock_event_send(struct work_struct *work);

#endif /* _KNOCK_EVENT_H */
