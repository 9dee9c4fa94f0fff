// SPDX-License-Identifier: GPL-2.0
#include "pool.h"
#include "stats.h"

/**
 * knock_stats_create - counters for each CPU, all 0
 *
 * Context: process, may sleep.
 * Return: to be freed by free_percpu(), or NULL for want of memory.
 */
struct knock_stats __percpu *knock_stats_create(void)
{
	struct knock_stats __percpu *stats;
	int cpu;

	stats = alloc_percpu_gfp(struct knock_stats, KNOCK_GFP);
	if (!stats)
		return NULL;
	for_each_possible_cpu(cpu)
		u64_stats_init(&per_cpu_ptr(stats, cpu)->syncp);
	return stats;
}

/**
 * knock_stats_count - count what was done with a packet
 * @stats: the namespace's
 * @reason: why
 * @cost: what it cost
 *
 * Context: any, softirq included.
 */
void knock_stats_count(struct knock_stats __percpu *stats, enum knock_reason reason,
		       const struct knock_cost *cost)
{
	struct knock_stats *mine;

	local_bh_disable();
	mine = this_cpu_ptr(stats);
	u64_stats_update_begin(&mine->syncp);
	u64_stats_inc(&mine->reasons[reason]);
	u64_stats_add(&mine->hashes, cost->hashes);
	u64_stats_add(&mine->derivations, cost->derivations);
	u64_stats_add(&mine->lookups, cost->lookups);
	u64_stats_add(&mine->tails, cost->tails);
	u64_stats_update_end(&mine->syncp);
	local_bh_enable();
}

/**
 * knock_stats_sum - the counters of all CPUs
 * @stats: the namespace's
 * @totals: where to
 */
void knock_stats_sum(struct knock_stats __percpu *stats, struct knock_totals *totals)
{
	struct knock_totals one;
	const struct knock_stats *mine;
	unsigned int start;
	int cpu, i;

	memset(totals, 0, sizeof(*totals));
	for_each_possible_cpu(cpu) {
		mine = per_cpu_ptr(stats, cpu);
		do {
			start = u64_stats_fetch_begin(&mine->syncp);
			for (i = 0; i <= KNOCK_REASON_MAX; i++)
				one.reasons[i] = u64_stats_read(&mine->reasons[i]);
			one.hashes = u64_stats_read(&mine->hashes);
			one.derivations = u64_stats_read(&mine->derivations);
			one.lookups = u64_stats_read(&mine->lookups);
			one.tails = u64_stats_read(&mine->tails);
		} while (u64_stats_fetch_retry(&mine->syncp, start));
		for (i = 0; i <= KNOCK_REASON_MAX; i++)
			totals->reasons[i] += one.reasons[i];
		totals->hashes += one.hashes;
		totals->derivations += one.derivations;
		totals->lookups += one.lookups;
		totals->tails += one.tails;
	}
}
