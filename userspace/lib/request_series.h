/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_REQUEST_SERIES_H
#define _LIB_REQUEST_SERIES_H

#include "config.h"
#include "netlink.h"

bool request_put_series(struct nl_msg *message, const struct config_key *key);
void request_take_series(struct config_key *key, struct nlattr **attributes);

/* One request over an open connection, as those of request.h. */
int request_key(struct netlink *netlink, const char *door, struct config_key *key,
		char why[NETLINK_WHY_SIZE]);
int request_arm_key(struct netlink *netlink, const char *door, struct config_key *key, u64 upto,
		    char why[NETLINK_WHY_SIZE]);

#endif /* _LIB_REQUEST_SERIES_H */
