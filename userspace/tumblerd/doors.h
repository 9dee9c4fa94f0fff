/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_DOORS_H
#define _TUMBLERD_DOORS_H

#include "netlink.h"
#include "settings.h"

bool doors_make(struct netlink *netlink, const struct settings *settings);
bool doors_mend(struct netlink *netlink, const struct settings *settings);
void doors_unmake(struct netlink *netlink, const struct settings *settings);

#endif /* _TUMBLERD_DOORS_H */
