/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The generic netlink family, one file an object.
 * Documentation/netlink/specs/knock.yaml says what goes in and out.
 */
#ifndef _KNOCK_NETLINK_H
#define _KNOCK_NETLINK_H

#include <linux/knock.h>
#include <net/genetlink.h>

#include "net.h"

struct knock_door;
struct knock_door_config;
struct knock_key;

extern struct genl_family knock_nl_family;

int knock_nl_init(void);
void knock_nl_exit(void);

int knock_nl_name(char name[KNOCK_NAME_SIZE], const struct nlattr *attr,
		  struct netlink_ext_ack *extack);
int knock_nl_address(struct knock_address *address, const struct nlattr *attr,
		     struct netlink_ext_ack *extack);
int knock_nl_prefix(struct knock_prefix *prefix, const struct knock_from *from,
		    const struct nlattr *attr, struct netlink_ext_ack *extack);
struct knock_door *knock_nl_door(struct knock_net *kn, struct nlattr **attrs,
				 struct netlink_ext_ack *extack);
int knock_nl_dump_filter(struct netlink_callback *cb);

/**
 * struct knock_nl_reply - a message being made
 * @skb: the message
 * @head: of the family
 */
struct knock_nl_reply {
	struct sk_buff *skb;
	void *head;
};

int knock_nl_reply_begin(struct knock_nl_reply *reply, struct genl_info *info, u8 cmd);
int knock_nl_reply_end(struct knock_nl_reply *reply, struct genl_info *info, int err);

void *knock_nl_part_begin(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd);
int knock_nl_part_end(struct sk_buff *skb, void *head, int err);

/**
 * struct knock_nl_walk - a listing of what is in pools
 * @skb: the reply
 * @cb: the listing
 * @pool: which of a door's
 * @put: adds what is in a slot, if it is to be seen; an error if there is no room
 * @tables: the namespace's
 * @now: the time
 */
struct knock_nl_walk {
	struct sk_buff *skb;
	struct netlink_callback *cb;
	struct knock_pool *(*pool)(const struct knock_door *door);
	int (*put)(const struct knock_nl_walk *walk, struct knock_node *node);
	struct knock_tables *tables;
	struct knock_time now;
};

int knock_nl_walk(struct knock_nl_walk *walk);

int knock_nl_door_add_doit(struct sk_buff *skb, struct genl_info *info);
int knock_nl_door_set_doit(struct sk_buff *skb, struct genl_info *info);
int knock_nl_door_del_doit(struct sk_buff *skb, struct genl_info *info);
int knock_nl_door_get_doit(struct sk_buff *skb, struct genl_info *info);
int knock_nl_door_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

u32 knock_nl_tumbler_keys_max(void);
struct knock_key *knock_nl_key(struct knock_net *kn, struct genl_info *info);
int knock_nl_key_put(struct sk_buff *skb, struct knock_key *key);
void knock_nl_key_wipe(struct genl_info *info);
int knock_nl_key_add_doit(struct sk_buff *skb, struct genl_info *info);
int knock_nl_key_del_doit(struct sk_buff *skb, struct genl_info *info);
int knock_nl_key_get_doit(struct sk_buff *skb, struct genl_info *info);
int knock_nl_key_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

int knock_nl_sequence_kind(u8 type, struct nlattr **attrs, struct netlink_ext_ack *extack);
int knock_nl_series_read(struct knock_key *key, u8 kind, struct nlattr **attrs,
			 struct netlink_ext_ack *extack);
int knock_nl_series_admit(struct knock_net *kn, const struct knock_key *key,
			  struct netlink_ext_ack *extack);
int knock_nl_port_is_free(struct knock_net *kn, u16 port, struct netlink_ext_ack *extack);
bool knock_nl_series_fits(const struct knock_door *door, const struct knock_door_config *config);
int knock_nl_series_put(struct sk_buff *skb, struct knock_key *key);
int knock_nl_key_arm_doit(struct sk_buff *skb, struct genl_info *info);

int knock_nl_grant_open_doit(struct sk_buff *skb, struct genl_info *info);
int knock_nl_grant_close_doit(struct sk_buff *skb, struct genl_info *info);
int knock_nl_grant_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

int knock_nl_old_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

int knock_nl_record_get_doit(struct sk_buff *skb, struct genl_info *info);
int knock_nl_record_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

int knock_nl_blacklist_add_doit(struct sk_buff *skb, struct genl_info *info);
int knock_nl_blacklist_del_doit(struct sk_buff *skb, struct genl_info *info);
int knock_nl_blacklist_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int knock_nl_blacklist_flush_doit(struct sk_buff *skb, struct genl_info *info);

int knock_nl_trust_add_doit(struct sk_buff *skb, struct genl_info *info);
int knock_nl_trust_del_doit(struct sk_buff *skb, struct genl_info *info);
int knock_nl_trust_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb);

int knock_nl_state_get_doit(struct sk_buff *skb, struct genl_info *info);

/* What a command takes; all else is refused. */
extern const struct nla_policy knock_nl_door_policy[KNOCK_A_MAX + 1];
extern const struct nla_policy knock_nl_door_name_policy[KNOCK_A_MAX + 1];
extern const struct nla_policy knock_nl_key_name_policy[KNOCK_A_MAX + 1];
extern const struct nla_policy knock_nl_grant_policy[KNOCK_A_MAX + 1];
extern const struct nla_policy knock_nl_blacklist_policy[KNOCK_A_MAX + 1];
extern const struct nla_policy knock_nl_listed_policy[KNOCK_A_MAX + 1];
extern const struct nla_policy knock_nl_flush_policy[KNOCK_A_MAX + 1];
extern const struct nla_policy knock_nl_trust_policy[KNOCK_A_MAX + 1];
extern const struct nla_policy knock_nl_state_policy[KNOCK_A_MAX + 1];

#endif /* _KNOCK_NETLINK_H */
