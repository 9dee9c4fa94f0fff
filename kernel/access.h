/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What happens at doors: opened, extended, closed, expired.
 */
#ifndef _KNOCK_ACCESS_H
#define _KNOCK_ACCESS_H

#include <linux/knock.h>

#include "net.h"

struct knock_door;
struct knock_key;
struct knock_label;

/**
 * struct knock_granted - a grant as people see it
 * @id: unique in the namespace
 * @since: unix seconds
 * @until: unix seconds
 */
struct knock_granted {
	u64 id;
	u64 since;
	u64 until;
};

/**
 * struct knock_request - who wants what of a door
 * @tables: the namespace's
 * @door: the door; RCU or the namespace's mutex keeps it. To close, it may be NULL
 * @label: then it is the door of this name
 * @key: what asks, its lock held; NULL by hand or rule
 * @old: what was proved, to be remembered as used in the same step; or NULL
 * @granted: filled in if the door was opened or extended; or NULL
 * @address: the client's
 * @now: the time
 * @seconds: to be open for
 * @cause: enum knock_cause
 * @own: to close only what @key has opened, and is as narrow
 * @narrow: to open no more than the way to the door's agent
 */
struct knock_request {
	struct knock_tables *tables;
	struct knock_door *door;
	const struct knock_label *label;
	struct knock_key *key;
	struct knock_old *old;
	struct knock_granted *granted;
	struct knock_address address;
	struct knock_time now;
	u32 seconds;
	u8 cause;
	bool own;
	bool narrow;
};

enum knock_reason knock_access_open(const struct knock_request *request);
u32 knock_access_close(const struct knock_request *request);
void knock_access_expire(struct knock_tables *tables, struct knock_grant *grant,
			 struct knock_time now);
void knock_access_end_all(const struct knock_request *request);
struct knock_old *knock_access_remember(struct knock_key *key);
bool knock_access_is_short(const struct knock_key *key);
void knock_access_drop(struct knock_key *key, struct knock_old *old);
void knock_access_forget(struct knock_tables *tables, struct knock_old *old,
			 const struct knock_key *key);
void knock_access_forget_all(const struct knock_request *request);
u64 knock_access_until(const struct knock_grant *grant, struct knock_time now);

#endif /* _KNOCK_ACCESS_H */
