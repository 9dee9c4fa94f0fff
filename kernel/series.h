/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a sequence key has beside what all keys have: which sequences are good now, and
 * which were.
 */
#ifndef _KNOCK_SERIES_H
#define _KNOCK_SERIES_H

#include <linux/knock.h>
#include <linux/list.h>

#include "path.h"
#include "tracker.h"

struct knock_key;
struct knock_net;
struct knock_tables;

#define KNOCK_WITHIN_DEFAULT	10
#define KNOCK_WITHIN_MAX	300
#define KNOCK_AHEAD_DEFAULT	4
#define KNOCK_AHEAD_MAX		16
#define KNOCK_DERIVED_KEYS_MAX	1024
#define KNOCK_SKEW_DERIVED	5
/* Used sequences are known by their ports for so many ticks, so many of a key. */
#define KNOCK_OLD_TICKS		knock_ticks(24ULL * 60 * 60 * NSEC_PER_SEC)
#define KNOCK_OLD_SEQUENCES	8

/**
 * struct knock_derived - what a derived key has beside
 * @key: whose
 * @list: in the namespace's derived keys; under their mutex
 * @gone: heads whose readers may still be there; under the key's lock
 * @cooling: those of them that are waited for; under the mutex
 * @spare: heads that nobody uses; under the mutex
 * @slot_sec: length of a slot
 * @ahead: counters that are good in a slot
 * @location_len: bytes of @location
 * @location: what the owner says where he is
 */
struct knock_derived {
	struct knock_key *key;
	struct list_head list;
	struct list_head gone;
	struct list_head cooling;
	struct list_head spare;
	u32 slot_sec;
	u8 ahead;
	u8 location_len;
	u8 location[];
};

/**
 * struct knock_series - the sequences of a key
 * @kind: enum knock_sequence_kind
 * @steps: of each sequence
 * @unbound: tails are of no address
 * @udp: a static one has steps of UDP
 * @n_avoid: how many
 * @within: seconds from the first step to the last
 * @avoid: ports that are no steps
 * @sequence: of a static one, until it is added; with steps of UDP it stays
 * @stops: of a static one, where it passes
 * @derived: of a derived one
 * @twin: stands for the secret of a once or derived one
 * @any: something was used; under the key's lock, as all that follows
 * @n_olds: how many
 * @slot: of the highest that was used
 * @number: of the highest that was used
 * @armed: of a once one, the highest number that is good
 * @heads: armed, rising
 * @olds: used, the oldest first
 */
struct knock_series {
	u8 kind;
	u8 steps;
	bool unbound;
	bool udp;
	u8 n_avoid;
	u32 within;
	struct knock_port_range *avoid;
	union {
		struct knock_sequence *sequence;
		struct knock_derived *derived;
	};
	struct knock_stop **stops;
	struct knock_path twin;
	bool any;
	u8 n_olds;
	u64 slot;
	u64 number;
	u64 armed;
	struct list_head heads;
	struct list_head olds;
};

int knock_series_init(void);
void knock_series_exit(void);
int knock_series_add(struct knock_net *kn, struct knock_key *key);
void knock_series_del(struct knock_tables *tables, struct knock_key *key);
void knock_series_free(struct knock_key *key);
struct knock_head *knock_head_create(struct knock_key *key);
void knock_heads_free(struct list_head *heads);
int knock_series_arm(struct knock_tables *tables, struct knock_key *key, u64 upto);
bool knock_series_is_used_locked(const struct knock_key *key, u64 slot, u64 number);
struct knock_head *knock_series_armed_locked(const struct knock_key *key, u64 slot, u64 number);
struct knock_head *knock_series_old_locked(const struct knock_key *key, u64 slot, u64 number);
bool knock_head_is_old(const struct knock_head *head, u32 now);
void knock_head_retire_locked(struct knock_tables *tables, struct knock_head *head);
void knock_series_use_locked(struct knock_tables *tables, struct knock_head *head,
			     const u16 *tail, const struct knock_address *address, u32 now);

#endif /* _KNOCK_SERIES_H */
