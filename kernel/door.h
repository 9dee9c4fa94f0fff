/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Doors, and what happens at them.
 */
#ifndef _KNOCK_DOOR_H
#define _KNOCK_DOOR_H

#include <linux/knock.h>
#include <linux/list.h>
#include <linux/rcupdate.h>

#include "net.h"

#define KNOCK_OPEN_FOR_DEFAULT	30
#define KNOCK_OPEN_FOR_MAX	(7 * 24 * 60 * 60)
#define KNOCK_GRANTS_DEFAULT	256
#define KNOCK_BLACKLIST_FOR_DEFAULT	600
#define KNOCK_GRANTS_MAX	1048576
/* For so long the way to a door's agent is open; what follows is a connection. */
#define KNOCK_NARROW_FOR	10

/**
 * struct knock_door_config - what is set of a door; replaced whole
 * @rcu: to free it
 * @open_for: seconds that a knock may open it for
 * @max_grants: live at once
 * @mark: bits that an admitted packet's mark gets, within @mark_mask
 * @mark_mask: bits of the mark that are the door's; 0 is none
 * @blacklist_for: seconds that who replays one of its sequences is banned
 * @knock_port: UDP
 * @agent_port: TCP port of who opens the door to roaming keys; 0 is none
 * @n_services: how many
 * @services: what is behind it
 */
struct knock_door_config {
	struct rcu_head rcu;
	u32 open_for;
	u32 max_grants;
	u32 mark;
	u32 mark_mask;
	u32 blacklist_for;
	u16 knock_port;
	u16 agent_port;
	u16 n_services;
	struct knock_service services[];
};

/**
 * struct knock_door - a door
 * @config: written under the namespace's mutex, read by RCU
 * @name: padded with NUL
 * @hash: of @name
 * @id: unique in the namespace, rising
 * @by_name: in the namespace's doors by name; under its mutex
 * @keys: its keys; under the namespace's mutex
 * @grant_pool: nodes for its grants
 * @old_pool: nodes for used knocks of its keys
 * @max_olds: used knocks that may be remembered
 * @grants: in the table, live or not yet reported
 * @olds: used knocks that are remembered
 * @rcu: to free it
 */
struct knock_door {
	struct knock_door_config __rcu *config;
	char name[KNOCK_NAME_SIZE];
	u32 hash;
	u32 id;
	struct hlist_node by_name;
	struct list_head keys;
	struct knock_pool *grant_pool;
	struct knock_pool *old_pool;
	u32 max_olds;
	atomic_t grants;
	atomic_t olds;
	struct rcu_head rcu;
};

/**
 * struct knock_label - a door's name in a rule
 * @name: padded with NUL
 * @hash: knock_name_hash() of it
 */
struct knock_label {
	const char *name;
	u32 hash;
};

u32 knock_name_hash(const char name[KNOCK_NAME_SIZE]);
struct knock_door *knock_door_find(struct knock_net *kn, const char name[KNOCK_NAME_SIZE]);
struct knock_door *knock_door_create(const char name[KNOCK_NAME_SIZE],
				     struct knock_door_config *config);
int knock_door_add(struct knock_net *kn, struct knock_door *door);
int knock_door_set(struct knock_net *kn, struct knock_door *door,
		   struct knock_door_config *config);
void knock_door_discard(struct knock_door *door);
void knock_door_del(struct knock_net *kn, struct knock_door *door);
void knock_door_del_all(struct knock_net *kn);
bool knock_door_is(const struct knock_door *door, const struct knock_label *label);
bool knock_door_serves(const struct knock_door_config *config, u8 protocol, u16 port);

/**
 * knock_door_config_locked - what is set of a door
 * @kn: the namespace, its mutex held
 * @door: the door
 */
static inline struct knock_door_config *knock_door_config_locked(struct knock_net *kn,
								 const struct knock_door *door)
{
	return rcu_dereference_protected(door->config, lockdep_is_held(&kn->mutex));
}

#endif /* _KNOCK_DOOR_H */
