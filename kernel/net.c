// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "ban.h"
#include "door.h"
#include "net.h"
#include "reap.h"

static unsigned int knock_net_id __read_mostly;
static const struct knock_net_ops *knock_net_ops __read_mostly;

/**
 * knock_net - what a namespace has
 * @net: the namespace
 */
struct knock_net *knock_net(const struct net *net)
{
	return net_generic(net, knock_net_id);
}

/**
 * knock_net_tables_rcu - what packets meet
 * @net: the namespace
 *
 * Context: RCU reader.
 * Return: NULL while the namespace has no door, block or trusted prefix.
 */
struct knock_tables *knock_net_tables_rcu(const struct net *net)
{
	return rcu_dereference(knock_net(net)->tables);
}

/**
 * knock_net_tables_locked - what packets meet
 * @kn: the namespace, its mutex held
 *
 * Return: NULL while the namespace has no door, block or trusted prefix.
 */
struct knock_tables *knock_net_tables_locked(struct knock_net *kn)
{
	return rcu_dereference_protected(kn->tables, lockdep_is_held(&kn->mutex));
}

/* Nobody else can find @tables, or it was never published. */
static void knock_tables_destroy(struct knock_tables *tables)
{
	knock_ring_exit(&tables->ring);
	knock_recorder_exit(&tables->recorder);
	knock_table_exit(&tables->grants.table);
	knock_table_exit(&tables->olds.table);
	knock_hints_exit(&tables->hints);
	knock_table_exit(&tables->paths.table);
	knock_trackers_destroy(rcu_dereference_protected(tables->trackers, true));
	knock_blacklist_destroy(rcu_dereference_protected(tables->bans, true));
	knock_blacklist_destroy(rcu_dereference_protected(tables->blocks, true));
	kvfree(rcu_dereference_protected(tables->trust, true));
	free_percpu(tables->stats);
	xa_destroy(&tables->doors);
	xa_destroy(&tables->keys);
	kvfree(tables);
}

static struct knock_tables *knock_tables_create(struct net *net)
{
	struct knock_tables *tables = kvzalloc(sizeof(*tables), KNOCK_GFP);

	if (!tables)
		return NULL;
	xa_init_flags(&tables->doors, XA_FLAGS_ALLOC1 | XA_FLAGS_ACCOUNT);
	xa_init_flags(&tables->keys, XA_FLAGS_ALLOC1 | XA_FLAGS_ACCOUNT);
	INIT_DELAYED_WORK(&tables->reaper, knock_reap);
	knock_deriveds_init(&tables->deriveds, tables);
	tables->stats = knock_stats_create();
	if (!tables->stats || knock_grants_init(&tables->grants) ||
	    knock_olds_init(&tables->olds) || knock_hints_init(&tables->hints) ||
	    knock_paths_init(&tables->paths) ||
	    knock_recorder_init(&tables->recorder) ||
	    knock_ring_init(&tables->ring, net, &knock_net_ops->listener)) {
		knock_tables_destroy(tables);
		return NULL;
	}
	/* An id has 53 bits, so that programs may hold it in a double: 52 to begin
	 * with, and as many more to come.
	 */
	atomic64_set(&tables->grants.last_id, get_random_u64() >> 12);
	return tables;
}

/**
 * knock_net_enter - make sure that a namespace can have doors, blocks and so on
 * @kn: the namespace, its mutex held
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM; knock_net_leave() undoes it if nothing was added.
 */
int knock_net_enter(struct knock_net *kn)
{
	struct knock_tables *tables;
	int err;

	if (knock_net_tables_locked(kn))
		return 0;
	tables = knock_tables_create(kn->net);
	if (!tables)
		return -ENOMEM;
	if (atomic_read(&kn->ban_rules) && knock_ban_prepare(tables)) {
		knock_tables_destroy(tables);
		return -ENOMEM;
	}
	rcu_assign_pointer(kn->tables, tables);
	err = knock_net_ops->watch(kn->net);
	if (err) {
		RCU_INIT_POINTER(kn->tables, NULL);
		synchronize_rcu();
		knock_tables_destroy(tables);
	}
	return err;
}

/* A rule may still ask, and a reader may still be inside. */
static void knock_net_forget(struct knock_net *kn, struct knock_tables *tables)
{
	knock_net_ops->unwatch(kn->net);
	RCU_INIT_POINTER(kn->tables, NULL);
	synchronize_rcu();
	cancel_delayed_work_sync(&tables->reaper);
	knock_hints_stop(&tables->hints);
	knock_deriveds_stop(&tables->deriveds);
	knock_tables_destroy(tables);
}

/* Bans are of no use to whom nobody can knock, so they keep nothing. */
static bool knock_tables_are_needed(const struct knock_tables *tables)
{
	return tables->n_doors || rcu_access_pointer(tables->trust) ||
	       !knock_blacklist_is_empty(rcu_dereference_protected(tables->blocks, true));
}

/**
 * knock_net_leave - give everything back if the last that is needed is gone
 * @kn: the namespace, its mutex held
 *
 * Context: process, may sleep.
 */
void knock_net_leave(struct knock_net *kn)
{
	struct knock_tables *tables = knock_net_tables_locked(kn);

	if (tables && !knock_tables_are_needed(tables))
		knock_net_forget(kn, tables);
}

static int __net_init knock_net_init_net(struct net *net)
{
	struct knock_net *kn = knock_net(net);

	mutex_init(&kn->mutex);
	kn->net = net;
	return 0;
}

/* Hooks must be gone before a namespace's last readers are waited for. Rules may
 * outlive this: they find no door.
 */
static void __net_exit knock_net_pre_exit(struct net *net)
{
	struct knock_net *kn = knock_net(net);
	struct knock_tables *tables;

	mutex_lock(&kn->mutex);
	knock_door_del_all(kn);
	tables = knock_net_tables_locked(kn);
	if (tables)
		knock_net_forget(kn, tables);
	mutex_unlock(&kn->mutex);
}

static void __net_exit knock_net_exit_net(struct net *net)
{
	mutex_destroy(&knock_net(net)->mutex);
}

static struct pernet_operations knock_pernet_ops = {
	.init = knock_net_init_net,
	.pre_exit = knock_net_pre_exit,
	.exit = knock_net_exit_net,
	.id = &knock_net_id,
	.size = sizeof(struct knock_net),
};

/**
 * knock_net_init - begin to keep state for every namespace
 * @ops: of the layers above; stays valid until knock_net_exit()
 *
 * Context: module init.
 */
int knock_net_init(const struct knock_net_ops *ops)
{
	knock_net_ops = ops;
	return register_pernet_subsys(&knock_pernet_ops);
}

/**
 * knock_net_exit - delete all that namespaces have
 *
 * Context: module exit; rcu_barrier() must follow.
 */
void knock_net_exit(void)
{
	unregister_pernet_subsys(&knock_pernet_ops);
}
