// SPDX-License-Identifier: GPL-2.0
#include <linux/jhash.h>
#include <linux/slab.h>

#include "access.h"
#include "door.h"
#include "key.h"

/* Nodes on top of what a door may use: those whose last reader has not left yet. */
#define KNOCK_POOL_SLACK	64
/* Nodes that come later come by this part of those there are, or more: a pool is
 * walked by place, and the work is by its number of arrays.
 */
#define KNOCK_POOL_GROWTH	4
/* Used knocks that a door has room for: four times its grants, within these. */
#define KNOCK_OLDS_MIN		1024
#define KNOCK_OLDS_MAX		65536

/**
 * knock_name_hash - where a name is found
 * @name: padded with NUL
 */
u32 knock_name_hash(const char name[KNOCK_NAME_SIZE])
{
	return jhash(name, KNOCK_NAME_SIZE, 0);
}

static u32 knock_door_olds(const struct knock_door_config *config)
{
	return clamp_t(u64, 4ULL * config->max_grants, KNOCK_OLDS_MIN, KNOCK_OLDS_MAX);
}

static struct hlist_head *knock_door_chain(struct knock_tables *tables, u32 hash)
{
	return &tables->door_names[hash % KNOCK_DOOR_CHAINS];
}

/**
 * knock_door_find - a door by name
 * @kn: the namespace, its mutex held
 * @name: padded with NUL
 *
 * Return: the door or NULL.
 */
struct knock_door *knock_door_find(struct knock_net *kn, const char name[KNOCK_NAME_SIZE])
{
	struct knock_tables *tables = knock_net_tables_locked(kn);
	u32 hash = knock_name_hash(name);
	struct knock_door *door;

	if (!tables)
		return NULL;
	hlist_for_each_entry(door, knock_door_chain(tables, hash), by_name) {
		if (door->hash == hash && !memcmp(door->name, name, KNOCK_NAME_SIZE))
			return door;
	}
	return NULL;
}

/**
 * knock_door_discard - free a door that was never added
 * @door: the door, with its configuration
 */
void knock_door_discard(struct knock_door *door)
{
	if (door->grant_pool)
		knock_pool_put(door->grant_pool);
	if (door->old_pool)
		knock_pool_put(door->old_pool);
	kfree(rcu_dereference_protected(door->config, true));
	kfree(door);
}

/**
 * knock_door_create - a door with all the nodes it will ever need
 * @name: padded with NUL
 * @config: complete; the door's on success
 *
 * Context: process, may sleep.
 * Return: to be added or discarded; NULL for want of memory.
 */
struct knock_door *knock_door_create(const char name[KNOCK_NAME_SIZE],
				     struct knock_door_config *config)
{
	struct knock_door *door = kzalloc(sizeof(*door), KNOCK_GFP);

	if (!door)
		return NULL;
	memcpy(door->name, name, KNOCK_NAME_SIZE);
	door->hash = knock_name_hash(name);
	door->max_olds = knock_door_olds(config);
	INIT_LIST_HEAD(&door->keys);
	door->grant_pool = knock_pool_create(sizeof(struct knock_grant));
	door->old_pool = knock_pool_create(sizeof(struct knock_old));
	if (!door->grant_pool || !door->old_pool ||
	    knock_pool_extend(door->grant_pool, config->max_grants + KNOCK_POOL_SLACK) ||
	    knock_pool_extend(door->old_pool, door->max_olds + KNOCK_POOL_SLACK)) {
		knock_door_discard(door);
		return NULL;
	}
	RCU_INIT_POINTER(door->config, config);
	return door;
}

static int knock_tables_grow(struct knock_tables *tables, u32 grants, u32 olds)
{
	int err;

	err = knock_table_grow(&tables->grants.table, grants);
	if (err)
		return err;
	err = knock_table_grow(&tables->olds.table, olds);
	if (err)
		knock_table_shrink(&tables->grants.table, grants);
	return err;
}

static void knock_tables_shrink(struct knock_tables *tables, u32 grants, u32 olds)
{
	knock_table_shrink(&tables->grants.table, grants);
	knock_table_shrink(&tables->olds.table, olds);
}

/**
 * knock_door_add - give a door to its namespace
 * @kn: the namespace, entered, its mutex held
 * @door: of knock_door_create(); its name is free
 *
 * Context: process, may sleep.
 * Return: 0, -ENOSPC at the limit of doors, -EADDRINUSE if its mask overlaps
 * another's, or -ENOMEM; then the door is still the caller's.
 */
int knock_door_add(struct knock_net *kn, struct knock_door *door)
{
	const struct knock_door_config *config = knock_door_config_locked(kn, door);
	struct knock_tables *tables = knock_net_tables_locked(kn);
	u32 grants = knock_pool_size(door->grant_pool);
	u32 olds = knock_pool_size(door->old_pool);
	int err;

	if (tables->n_doors >= KNOCK_DOORS_MAX)
		return -ENOSPC;
	if (!knock_marks_fit(&tables->marks, config->mark_mask, 0))
		return -EADDRINUSE;
	err = knock_tables_grow(tables, grants, olds);
	if (err)
		return err;
	err = xa_alloc_cyclic(&tables->doors, &door->id, door, xa_limit_31b, &tables->next_door,
			      KNOCK_GFP);
	if (err < 0) {
		knock_tables_shrink(tables, grants, olds);
		return err;
	}
	tables->n_doors++;
	hlist_add_head(&door->by_name, knock_door_chain(tables, door->hash));
	knock_marks_add(&tables->marks, config->mark_mask);
	set_bit(config->knock_port, tables->ports);
	return 0;
}

/* Most doors share one port, so the first look usually answers. */
static void knock_door_release_port(struct knock_net *kn, u16 port)
{
	struct knock_tables *tables = knock_net_tables_locked(kn);
	struct knock_door *door;
	unsigned long id;

	xa_for_each(&tables->doors, id, door) {
		if (knock_door_config_locked(kn, door)->knock_port == port)
			return;
	}
	clear_bit(port, tables->ports);
}

static u32 knock_door_lacks(u32 have, u32 want)
{
	return want > have ? max(want - have, have / KNOCK_POOL_GROWTH) : 0;
}

/* Room for what @config allows and the door had not; nothing is lost by more. */
static int knock_door_extend(struct knock_tables *tables, struct knock_door *door,
			     const struct knock_door_config *config)
{
	u32 have_grants = knock_pool_size(door->grant_pool);
	u32 have_olds = knock_pool_size(door->old_pool);
	u32 grants, olds;
	int err;

	grants = knock_door_lacks(have_grants, config->max_grants + KNOCK_POOL_SLACK);
	olds = knock_door_lacks(have_olds, knock_door_olds(config) + KNOCK_POOL_SLACK);
	err = knock_tables_grow(tables, grants, olds);
	if (err)
		return err;
	if (grants)
		err = knock_pool_extend(door->grant_pool, grants);
	if (!err && olds)
		err = knock_pool_extend(door->old_pool, olds);
	if (err) {
		/* What did come stays with the door and is counted when it goes. */
		grants -= knock_pool_size(door->grant_pool) - have_grants;
		knock_tables_shrink(tables, grants, olds);
	}
	return err;
}

/**
 * knock_door_set - change what is set of a door; live grants stay
 * @kn: the namespace, its mutex held
 * @door: the door
 * @config: complete; the door's on success
 *
 * Context: process, may sleep.
 * Return: 0, -EBUSY if more grants are live than it would allow, -EADDRINUSE if its
 * mask overlaps another door's, or -ENOMEM; then nothing has changed and @config is
 * still the caller's.
 */
int knock_door_set(struct knock_net *kn, struct knock_door *door,
		   struct knock_door_config *config)
{
	struct knock_door_config *before = knock_door_config_locked(kn, door);
	struct knock_tables *tables = knock_net_tables_locked(kn);
	int err;

	if (config->max_grants < before->max_grants &&
	    config->max_grants < (u32)atomic_read(&door->grants))
		return -EBUSY;
	if (!knock_marks_fit(&tables->marks, config->mark_mask, before->mark_mask))
		return -EADDRINUSE;
	err = knock_door_extend(tables, door, config);
	if (err)
		return err;
	WRITE_ONCE(door->max_olds, max(door->max_olds, knock_door_olds(config)));
	set_bit(config->knock_port, tables->ports);
	/* At no moment does a packet meet a mask whose bits are nobody's. */
	knock_marks_add(&tables->marks, config->mark_mask);
	rcu_assign_pointer(door->config, config);
	knock_marks_del(&tables->marks, before->mark_mask);
	if (config->knock_port != before->knock_port)
		knock_door_release_port(kn, before->knock_port);
	kfree_rcu(before, rcu);
	return 0;
}

static void knock_door_free(struct rcu_head *rcu)
{
	knock_door_discard(container_of(rcu, struct knock_door, rcu));
}

/**
 * knock_door_del - delete a door with its keys; its grants end
 * @kn: the namespace, its mutex held
 * @door: gone on return
 *
 * Context: process. A rule that names it answers no from now on. The caller calls
 * knock_net_leave() when it has deleted all it wants.
 */
void knock_door_del(struct knock_net *kn, struct knock_door *door)
{
	struct knock_request request = {
		.tables = knock_net_tables_locked(kn),
		.door = door,
		.now = knock_time_now(),
		.cause = KNOCK_CAUSE_DOOR_DELETED,
	};
	struct knock_key *key, *next;
	LIST_HEAD(killed);

	list_for_each_entry_safe(key, next, &door->keys, of_door) {
		knock_key_kill(kn, key);
		list_add(&key->of_door, &killed);
	}
	hlist_del(&door->by_name);
	xa_erase(&request.tables->doors, door->id);
	request.tables->n_doors--;
	knock_door_release_port(kn, knock_door_config_locked(kn, door)->knock_port);

	knock_access_end_all(&request);
	knock_access_forget_all(&request);
	knock_marks_del(&request.tables->marks, knock_door_config_locked(kn, door)->mark_mask);
	knock_tables_shrink(request.tables, knock_pool_size(door->grant_pool),
			    knock_pool_size(door->old_pool));
	list_for_each_entry_safe(key, next, &killed, of_door)
		knock_key_release(key);
	call_rcu(&door->rcu, knock_door_free);
}

/**
 * knock_door_del_all - delete every door of a namespace
 * @kn: the namespace, its mutex held
 *
 * Context: process.
 */
void knock_door_del_all(struct knock_net *kn)
{
	struct knock_tables *tables = knock_net_tables_locked(kn);
	struct knock_door *door;
	unsigned long id;

	if (!tables)
		return;
	xa_for_each(&tables->doors, id, door)
		knock_door_del(kn, door);
}

/**
 * knock_door_is - whether a door has the name that a rule says
 * @door: the door
 * @label: the name
 *
 * Context: any.
 */
bool knock_door_is(const struct knock_door *door, const struct knock_label *label)
{
	return door->hash == label->hash && !memcmp(door->name, label->name, KNOCK_NAME_SIZE);
}

/**
 * knock_door_serves - whether a service is behind a door
 * @config: what is set of the door
 * @protocol: of the packet
 * @port: its destination port as the client sent it; 0 for protocols without
 *
 * Context: RCU reader.
 */
bool knock_door_serves(const struct knock_door_config *config, u8 protocol, u16 port)
{
	const struct knock_service *service;
	int i;

	for (i = 0; i < config->n_services; i++) {
		service = &config->services[i];
		if (!service->protocol)
			return true;
		if (service->protocol == protocol && port >= service->first &&
		    port <= service->last)
			return true;
	}
	return false;
}
