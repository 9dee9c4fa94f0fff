/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keys: what opens or closes a door.
 */
#ifndef _KNOCK_KEY_H
#define _KNOCK_KEY_H

#include <linux/knock.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <knock/history.h>
#include <knock/sealed.h>
#include <knock/tumbler.h>
#include <knock/window.h>

#include "net.h"

struct knock_door;
struct knock_series;

#define KNOCK_KEY_GRANTS_DEFAULT	64
/* The most that the module parameter tumbler_keys may ask for. */
#define KNOCK_TUMBLER_KEYS_LIMIT	1024
#define KNOCK_KEY_OLDS			4096
#define KNOCK_FINGERPRINT_SIZE		8

/**
 * struct knock_key - a key
 * @name: padded with NUL
 * @door: what it opens or closes; lives longer
 * @id: unique in the namespace, rising
 * @type: enum knock_key_type
 * @action: enum knock_key_action
 * @skew: seconds that clocks may differ
 * @max_grants: live at once
 * @from: where its knocks may come from; NULL is anywhere
 * @roaming: of a sealed key: its knocks may be for no address in particular
 * @not_after: unix seconds after which it is refused; 0 is never
 * @fingerprint: tells it from others, tells nothing of its secret
 * @guard: boot time in ns before which nothing can have been knocked with it that
 *	is not a replay; 0 if it was made just now
 * @of_door: in the door's keys; under the namespace's mutex
 * @by_name: in the namespace's keys by name; under its mutex
 * @tried: in the namespace's tumblers; written under the mutex, read by RCU
 * @hints: of a sealed key, else NULL
 * @door_hash: of a sealed key: what its knocks call its door
 * @grants: in the table, live or not yet reported
 * @olds: used knocks that are remembered
 * @lock: guards all that follows but @secret; taken in softirq, outside the tables'
 * @dead: deleted, nothing may be added for it any more
 * @highest: latest minute ever accepted; 0 if none
 * @floor: minutes below it are refused
 * @history: of a sealed key: the knocks it took; else NULL
 * @series: of a sequence key, else NULL; in one piece with the key
 * @used: unix seconds of the latest accepted knock; 0 if none
 * @replays: not yet reported
 * @replay_from: the source of the latest of them
 * @replay_slot: of the latest, if it was a derived sequence
 * @replay_number: of the latest, if it was a sequence
 * @replay_told: boot time in ns of the last replay event; 0 if none
 * @rcu: to free it
 * @secret_len: bytes of @secret
 * @secret: in one piece with the key, wiped when it is freed
 */
struct knock_key {
	char name[KNOCK_NAME_SIZE];
	struct knock_door *door;
	u32 id;
	u8 type;
	u8 action;
	bool roaming;
	u32 skew;
	u32 max_grants;
	struct knock_trust *from;
	u64 not_after;
	u8 fingerprint[KNOCK_FINGERPRINT_SIZE];
	u64 guard;
	struct list_head of_door;
	struct hlist_node by_name;
	struct hlist_node tried;
	struct knock_hint_set *hints;
	u8 door_hash[KNOCK_SEALED_DOOR_SIZE];
	atomic_t grants;
	atomic_t olds;
	spinlock_t lock; /* what follows, up to @rcu */
	bool dead;
	u32 highest;
	u32 floor;
	struct knock_history *history;
	struct knock_series *series;
	u64 used;
	u32 replays;
	struct knock_address replay_from;
	u64 replay_slot;
	u64 replay_number;
	u64 replay_told;
	struct rcu_head rcu;
	u8 secret_len;
	u8 *secret;
};

struct knock_key *knock_key_create(u8 type, const u8 *secret, u8 len, bool random);
int knock_key_seal(struct knock_key *key);
struct knock_key *knock_key_find(struct knock_net *kn, const struct knock_door *door,
				 const char name[KNOCK_NAME_SIZE]);
bool knock_key_is_secret_used(struct knock_net *kn, const u8 *secret, u8 len);
int knock_key_add(struct knock_net *kn, struct knock_key *key);
void knock_key_del(struct knock_net *kn, struct knock_key *key);
void knock_key_kill(struct knock_net *kn, struct knock_key *key);
void knock_key_release(struct knock_key *key);
void knock_key_discard(struct knock_key *key);
void knock_key_replayed(struct knock_tables *tables, struct knock_key *key,
			const struct knock_address *from, struct knock_time now);
void knock_key_replayed_locked(struct knock_tables *tables, struct knock_key *key,
			       const struct knock_address *from, struct knock_time now);
void knock_key_tell_replays(struct knock_tables *tables, struct knock_key *key,
			    struct knock_time now);
enum knock_reason knock_key_limits(const struct knock_key *key,
				   const struct knock_address *source, u64 now_sec);
u64 knock_key_accepted_from(const struct knock_key *key, struct knock_time now);

#endif /* _KNOCK_KEY_H */
