/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What needs no packet: a work item, at most once a second, that reports what is
 * over and makes room.
 */
#ifndef _KNOCK_REAP_H
#define _KNOCK_REAP_H

struct knock_tables;
struct work_struct;

/**
 * enum knock_reap - bits of what the reaper is asked for
 * @KNOCK_REAP_OLDS: a key's floor has risen; what is below it can be forgotten
 * @KNOCK_REAP_PRESSURE: room for used knocks is short; let floors rise
 * @KNOCK_REAP_REPLAYS: a key has replays that were not told
 */
enum knock_reap {
	KNOCK_REAP_OLDS,
	KNOCK_REAP_PRESSURE,
	KNOCK_REAP_REPLAYS,
};

void knock_reap(struct work_struct *work);
void knock_reap_soon(struct knock_tables *tables);
void knock_reap_grants_now(struct knock_tables *tables);
void knock_reap_olds(struct knock_tables *tables, bool pressure);
void knock_reap_replays(struct knock_tables *tables);

#endif /* _KNOCK_REAP_H */
