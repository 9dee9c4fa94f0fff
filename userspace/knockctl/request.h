/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_REQUEST_H
#define _KNOCKCTL_REQUEST_H

#include "config.h"
#include "netlink.h"

/*
 * One request each over an open connection. Return: 0, or the number of an
 * error, with the module's sentence in @why.
 */
int request_add_door(struct netlink *netlink, const struct config_door *door,
		     char why[NETLINK_WHY_SIZE]);
int request_set_door(struct netlink *netlink, const struct config_door *door,
		     char why[NETLINK_WHY_SIZE]);
int request_door(struct netlink *netlink, const char *name, struct config_door *door,
		 char why[NETLINK_WHY_SIZE]);
int request_del_door(struct netlink *netlink, const char *door, char why[NETLINK_WHY_SIZE]);

/**
 * struct key_request - a key to be added, and what the module said of it
 * @door: of which
 * @key: with its secret; gets its fingerprint
 * @fresh: nobody can have used it yet
 * @reply: called with the key as the module describes it; may be NULL
 * @data: for @reply
 */
struct key_request {
	const char *door;
	struct config_key *key;
	bool fresh;
	netlink_reply *reply;
	void *data;
};

int request_add_key(struct netlink *netlink, struct key_request *request,
		    char why[NETLINK_WHY_SIZE]);
int request_del_key(struct netlink *netlink, const char *door, const char *key,
		    char why[NETLINK_WHY_SIZE]);
void request_take_from(struct prefix_list *list, struct nlattr *attribute);
int request_all(struct netlink *netlink, struct config *config, char why[NETLINK_WHY_SIZE]);

#endif /* _KNOCKCTL_REQUEST_H */
