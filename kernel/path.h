/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The beginnings of all sequences: a packet finds in one look-up, whatever the number
 * of keys, whether it goes on with what its source has begun.
 */
#ifndef _KNOCK_PATH_H
#define _KNOCK_PATH_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include <knock/address.h>
#include <knock/derive.h>
#include <knock/sequence.h>

#include "node_table.h"

struct knock_key;

/* Of more sequences with one head, which nobody will ever see, the others are not found. */
#define KNOCK_ARRIVALS	2
/* What a tail can have. */
#define KNOCK_TAIL_MAX	(KNOCK_DERIVE_STEPS_MAX - KNOCK_DERIVE_HEAD)

/**
 * enum knock_path_kind - what begins so; bits
 * @KNOCK_PATH_STATIC: static sequences
 * @KNOCK_PATH_HEAD: the head of a once or derived sequence
 * @KNOCK_PATH_TWIN: nothing; it stands for the secret of a once or derived key
 */
enum knock_path_kind {
	KNOCK_PATH_STATIC = 1,
	KNOCK_PATH_HEAD = 2,
	KNOCK_PATH_TWIN = 4,
};

/**
 * struct knock_path - one beginning of a sequence
 * @node: in the table; its hash is the beginning's id
 *
 * An id is the keyed hash of the id that is one step shorter, and of the step. Nobody
 * outside can make two beginnings of one id; that two have it by chance, among all that
 * a namespace can hold, is less likely than 1 in 10^7.
 */
struct knock_path {
	struct knock_node node;
};

/**
 * struct knock_stop - one beginning of static sequences, shared by all that have it
 * @path: in the table
 * @uses: how many sequences have it; under the namespace's mutex
 * @key: whose sequence is whole here, and goes no further; NULL if it goes on; RCU
 * @rcu: to free it
 */
struct knock_stop {
	struct knock_path path;
	u32 uses;
	struct knock_key *key;
	struct rcu_head rcu;
};

/**
 * enum knock_head_state - what a head is good for
 * @KNOCK_HEAD_SPARE: it is in no table, and no reader is left
 * @KNOCK_HEAD_ARMED: whoever completes its sequence has knocked
 * @KNOCK_HEAD_OLD: whoever repeats its sequence replays
 * @KNOCK_HEAD_GONE: it is in no table any more
 */
enum knock_head_state {
	KNOCK_HEAD_SPARE,
	KNOCK_HEAD_ARMED,
	KNOCK_HEAD_OLD,
	KNOCK_HEAD_GONE,
};

/**
 * struct knock_head - one once or derived sequence, as far as it is the same from all
 *	addresses
 * @paths: its beginnings, from the first step on
 * @state: enum knock_head_state; written under @key's lock, but for
 *	%KNOCK_HEAD_SPARE, when nobody else finds it
 * @ports: what @paths are made of
 * @tail: of an old one, the rest as it was sent
 * @used: of an old one, ticks
 * @list: in a list of its key's series; under @key's lock
 * @rcu: to free it, when it is in no list any more
 * @key: whose; lives longer
 * @slot: of a derived one, its slot, else 0
 * @number: of a once sequence its number, of a derived one its counter
 * @address: of an old one, who used it
 *
 * What an old one has beside is written before @state says that it is old.
 */
struct knock_head {
	struct knock_path paths[KNOCK_DERIVE_HEAD];
	u8 state;
	u16 ports[KNOCK_DERIVE_HEAD];
	u16 tail[KNOCK_TAIL_MAX];
	u32 used;
	union {
		struct list_head list;
		struct rcu_head rcu;
	};
	struct knock_key *key;
	u64 slot;
	u64 number;
	struct knock_address address;
};

/**
 * struct knock_found - what is behind an id
 * @kinds: bits of what goes on from there
 * @whole: whose static sequence is whole there; NULL if none; RCU
 * @n_heads: how many
 * @heads: that are whole there; RCU
 */
struct knock_found {
	u8 kinds;
	struct knock_key *whole;
	u8 n_heads;
	struct knock_head *heads[KNOCK_ARRIVALS];
};

/**
 * struct knock_paths - the beginnings of a namespace
 * @table: all of them
 * @sequences: that packets are compared with
 */
struct knock_paths {
	struct knock_table table;
	atomic_t sequences;
};

int knock_paths_init(struct knock_paths *paths);
int knock_paths_reserve(struct knock_paths *paths, u32 count);
u64 knock_path_next(struct knock_paths *paths, u64 id, const struct knock_step *step);
bool knock_path_find_rcu(struct knock_paths *paths, u64 id, struct knock_found *found);
int knock_stops_add(struct knock_paths *paths, const struct knock_sequence *sequence,
		    struct knock_key *key, struct knock_stop **stops);
void knock_stops_del(struct knock_paths *paths, struct knock_stop **stops, u32 count);
void knock_head_fill(struct knock_paths *paths, struct knock_head *head);
void knock_head_show(struct knock_paths *paths, struct knock_head *head);
void knock_head_hide(struct knock_paths *paths, struct knock_head *head);
bool knock_twin_find(struct knock_paths *paths, const u8 *secret);
void knock_twin_add(struct knock_paths *paths, struct knock_path *twin, const u8 *secret);
void knock_twin_del(struct knock_paths *paths, struct knock_path *twin);

#endif /* _KNOCK_PATH_H */
