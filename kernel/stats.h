/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why the packet path did what it did, counted.
 */
#ifndef _KNOCK_STATS_H
#define _KNOCK_STATS_H

#include <linux/knock.h>
#include <linux/percpu.h>
#include <linux/u64_stats_sync.h>

/**
 * struct knock_cost - what a packet cost
 * @hashes: tumbler hashes computed
 * @derivations: keys derived for sealed datagrams, each to open one
 * @lookups: of steps
 * @tails: derived for who has done a head
 */
struct knock_cost {
	u32 hashes;
	u32 derivations;
	u32 lookups;
	u32 tails;
};

/**
 * struct knock_stats - the counters of a namespace on one CPU
 * @reasons: by enum knock_reason
 * @hashes: tumbler hashes computed for packets
 * @derivations: keys derived for sealed datagrams
 * @lookups: of steps
 * @tails: derived for who has done a head
 * @syncp: lets 32-bit readers see whole numbers
 */
struct knock_stats {
	u64_stats_t reasons[KNOCK_REASON_MAX + 1];
	u64_stats_t hashes;
	u64_stats_t derivations;
	u64_stats_t lookups;
	u64_stats_t tails;
	struct u64_stats_sync syncp;
};

/**
 * struct knock_totals - the counters of all CPUs
 * @reasons: by enum knock_reason
 * @hashes: tumbler hashes computed for packets
 * @derivations: keys derived for sealed datagrams
 * @lookups: of steps
 * @tails: derived for who has done a head
 */
struct knock_totals {
	u64 reasons[KNOCK_REASON_MAX + 1];
	u64 hashes;
	u64 derivations;
	u64 lookups;
	u64 tails;
};

struct knock_stats __percpu *knock_stats_create(void);
void knock_stats_count(struct knock_stats __percpu *stats, enum knock_reason reason,
		       const struct knock_cost *cost);
void knock_stats_sum(struct knock_stats __percpu *stats, struct knock_totals *totals);

#endif /* _KNOCK_STATS_H */
