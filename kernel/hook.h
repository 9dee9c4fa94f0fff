/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCK_HOOK_H
#define _KNOCK_HOOK_H

struct net;

int knock_hook_watch(struct net *net);
void knock_hook_unwatch(struct net *net);

#endif /* _KNOCK_HOOK_H */
