/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_NETLINK_H
#define _LIB_NETLINK_H

#include <stdbool.h>

#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/socket.h>

#include <linux/knock.h>

/* Room for a sentence of the module. */
#define NETLINK_WHY_SIZE 320

/**
 * struct netlink - a connection to the module
 * @socket: libnl's
 * @family: the number that the kernel gave the family
 */
struct netlink {
	struct nl_sock *socket;
	int family;
};

/**
 * typedef netlink_reply - takes one reply, object of a dump, or event
 * @header: of the whole message, for attributes that come several times
 * @attributes: KNOCK_A_MAX + 1 of them, by number; NULL where absent; lengths are checked
 * @data: the caller's own
 */
typedef void netlink_reply(struct nlmsghdr *header, struct nlattr **attributes, void *data);

bool netlink_open(struct netlink *netlink);
void netlink_close(struct netlink *netlink);
struct nl_msg *netlink_message(struct netlink *netlink, int command, int flags);
void netlink_discard(struct nl_msg *message);
int netlink_try(struct netlink *netlink, struct nl_msg *message, netlink_reply *reply, void *data,
		char why[NETLINK_WHY_SIZE]);
bool netlink_ask(struct netlink *netlink, struct nl_msg *message, netlink_reply *reply,
		 void *data);
bool netlink_subscribe(struct netlink *netlink);
int netlink_wait(struct netlink *netlink, netlink_reply *reply, void *data);

#endif /* _LIB_NETLINK_H */
