/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events on their way from the packet path to whoever listens.
 */
#ifndef _KNOCK_RING_H
#define _KNOCK_RING_H

#include <linux/knock.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <knock/address.h>

struct net;

#define KNOCK_RING_SIZE 1024

/**
 * struct knock_event - something that happened
 * @kind: enum knock_event_kind
 * @cause: enum knock_cause
 * @count: of a replay: how many since the last event
 * @lost: events that were lost before this one
 * @sequence: enum knock_sequence_kind of what it is about; 0 if it is none
 * @narrow: of a grant: it admits to the door's agent alone
 * @id: of the grant; 0 if it is not about one
 * @time: unix seconds
 * @until: of grant or ban, unix seconds; 0 if it says nothing of an end
 * @slot: of a derived sequence
 * @number: of a once sequence, or the counter of a derived one
 * @address: the client's
 * @door: its name, empty of a ban by hand or rule
 * @key: its name, empty by hand or rule
 */
struct knock_event {
	u8 kind;
	u8 cause;
	u8 sequence;
	bool narrow;
	u32 count;
	u32 lost;
	u64 id;
	u64 time;
	u64 until;
	u64 slot;
	u64 number;
	struct knock_address address;
	char door[KNOCK_NAME_SIZE];
	char key[KNOCK_NAME_SIZE];
};

/**
 * struct knock_ring - events not yet sent
 * @lock: guards all that follows but @send; innermost, taken in softirq
 * @events: KNOCK_RING_SIZE of them
 * @head: how many were ever put in
 * @tail: how many were ever taken out
 * @lost: events that found no room, or no memory to be sent, and nobody was told
 * @lost_ever: all of them
 * @send: takes them out and sends them
 * @net: whose they are
 * @heard: whether anybody listens; else nothing is put in
 */
struct knock_ring {
	spinlock_t lock; /* what follows, but @net and @heard */
	struct knock_event *events;
	u32 head;
	u32 tail;
	u32 lost;
	u64 lost_ever;
	struct work_struct send;
	struct net *net;
	bool (*heard)(struct net *net);
};

/**
 * struct knock_listener - the far end of all rings, given by the control plane
 * @heard: whether anybody listens in a namespace; any context
 * @send: work on a ring's @send
 */
struct knock_listener {
	bool (*heard)(struct net *net);
	work_func_t send;
};

int knock_ring_init(struct knock_ring *ring, struct net *net,
		    const struct knock_listener *listener);
void knock_ring_exit(struct knock_ring *ring);
void knock_ring_put(struct knock_ring *ring, const struct knock_event *event);
bool knock_ring_get(struct knock_ring *ring, struct knock_event *event);
void knock_ring_lose(struct knock_ring *ring, const struct knock_event *event);
u64 knock_ring_lost(struct knock_ring *ring);

#endif /* _KNOCK_RING_H */
