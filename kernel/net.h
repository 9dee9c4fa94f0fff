/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a network namespace has: nothing but a mutex until its first door, block
 * or trusted prefix is added, and all that a packet can meet while it has any.
 */
#ifndef _KNOCK_NET_H
#define _KNOCK_NET_H

#include <linux/bitmap.h>
#include <linux/mutex.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "blacklist.h"
#include "derived.h"
#include "grant.h"
#include "hint.h"
#include "mark.h"
#include "old.h"
#include "path.h"
#include "recorder.h"
#include "ring.h"
#include "stats.h"
#include "tracker.h"
#include "trust.h"

struct net;

#define KNOCK_DOORS_MAX		4096
#define KNOCK_KEYS_MAX		65536
#define KNOCK_DOOR_CHAINS	256
#define KNOCK_KEY_CHAINS	4096
#define KNOCK_PORTS		65536

/**
 * struct knock_time - one moment by two clocks, read once for a packet
 * @boot: boot time in ns, for all that lasts
 * @wall: unix time in ns, for what a protocol says and people read
 */
struct knock_time {
	u64 boot;
	u64 wall;
};

static inline struct knock_time knock_time_now(void)
{
	struct knock_time now = {
		.boot = ktime_get_boottime_ns(),
		.wall = ktime_get_real_ns(),
	};

	return now;
}

/**
 * struct knock_tables - all that a namespace with doors, blocks or trusted prefixes has
 * @ports: knock ports, one bit each; written under the mutex
 * @grants: who may pass
 * @olds: used knocks
 * @marks: bits of the mark that are doors'; written under the mutex
 * @recorder: refused knocks
 * @bans: NULL until there can be one; set under the mutex, stays, read by RCU
 * @blocks: NULL until there was one; set under the mutex, stays, read by RCU
 * @trust: NULL without trusted prefixes; written under the mutex, read by RCU
 * @ring: events
 * @stats: counters, for each CPU
 * @hints: what sealed knocks may begin with
 * @paths: what sequences begin with
 * @trackers: who has begun which; NULL until there can be one; set under the mutex,
 *	stays, read by RCU
 * @deriveds: derived keys
 * @n_sequences: sequence keys; under the mutex, read by packets
 * @n_udp_sequences: those with a step of UDP; under the mutex, read by packets
 * @n_deriveds: derived keys; under the mutex
 * @tumblers: keys whose digests are tried; written under the mutex, read by RCU
 * @n_tumblers: how many; under the mutex
 * @n_sealed: how many sealed keys; under the mutex
 * @doors: by id, rising; written under the mutex, read by RCU
 * @n_doors: how many; under the mutex
 * @keys: by id, rising; written under the mutex, read by RCU
 * @n_keys: how many; under the mutex
 * @next_door: where the next id is looked for
 * @next_key: where the next id is looked for
 * @door_names: doors by name; under the mutex
 * @key_names: keys by door and name; under the mutex
 * @reaper: reports what expired, forgets what is old enough
 * @todo: what the reaper is asked for, bits of enum knock_reap
 */
struct knock_tables {
	DECLARE_BITMAP(ports, KNOCK_PORTS);
	struct knock_grants grants;
	struct knock_olds olds;
	struct knock_marks marks;
	struct knock_recorder recorder;
	struct knock_blacklist __rcu *bans;
	struct knock_blacklist __rcu *blocks;
	struct knock_trust __rcu *trust;
	struct knock_ring ring;
	struct knock_stats __percpu *stats;
	struct knock_hints hints;
	struct knock_paths paths;
	struct knock_trackers __rcu *trackers;
	struct knock_deriveds deriveds;
	u32 n_sequences;
	u32 n_udp_sequences;
	u32 n_deriveds;
	struct hlist_head tumblers;
	u32 n_tumblers;
	u32 n_sealed;
	struct xarray doors;
	u32 n_doors;
	struct xarray keys;
	u32 n_keys;
	u32 next_door;
	u32 next_key;
	struct hlist_head door_names[KNOCK_DOOR_CHAINS];
	struct hlist_head key_names[KNOCK_KEY_CHAINS];
	struct delayed_work reaper;
	unsigned long todo;
};

/**
 * struct knock_net - a namespace
 * @mutex: guards the configuration; outermost, process context only
 * @tables: NULL without doors, blocks and trusted prefixes; written under @mutex,
 *	read by RCU
 * @net: the namespace
 * @ban_rules: how many rules ban; risen under @mutex
 */
struct knock_net {
	struct mutex mutex; /* the configuration */
	struct knock_tables __rcu *tables;
	struct net *net;
	atomic_t ban_rules;
};

/**
 * struct knock_net_ops - what a namespace asks of the layers above
 * @watch: see every packet from now on; process context
 * @unwatch: see none any more; process context
 * @listener: who asks for events
 */
struct knock_net_ops {
	int (*watch)(struct net *net);
	void (*unwatch)(struct net *net);
	struct knock_listener listener;
};

int knock_net_init(const struct knock_net_ops *ops);
void knock_net_exit(void);
struct knock_net *knock_net(const struct net *net);
struct knock_tables *knock_net_tables_rcu(const struct net *net);
struct knock_tables *knock_net_tables_locked(struct knock_net *kn);
int knock_net_enter(struct knock_net *kn);
void knock_net_leave(struct knock_net *kn);

#endif /* _KNOCK_NET_H */
