// SPDX-License-Identifier: GPL-2.0
/*
 * A bucket of hashes for each CPU and purpose. Sources are forged, so a limit by source would
 * be a switch that turns any chosen victim off; this one only bounds the work.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "budget.h"

/* Unless told, strangers get one part in so many of a CPU. */
#define KNOCK_BUDGET_SHARE	5
/* What one takes is measured by so many at a time, for so long, so many times. */
#define KNOCK_BUDGET_BATCH	32
#define KNOCK_BUDGET_RUN_NS	(1 * NSEC_PER_MSEC)
#define KNOCK_BUDGET_RUNS	4
/* A bucket holds what flows in during this time, and never less than what the
 * datagram costs that has the most keys to try.
 */
#define KNOCK_BUDGET_FULL_MS	10

/**
 * struct knock_bucket - what a CPU may still spend
 * @lock: guards the rest; the CPU's own, so that nobody waits for it
 * @hashes: left
 * @filled: monotonic time in ns up to which hashes have flowed in
 */
struct knock_bucket {
	spinlock_t lock; /* @hashes, @filled */
	u32 hashes;
	u64 filled;
};

static DEFINE_PER_CPU(struct knock_bucket[KNOCK_BUDGET_KINDS], knock_buckets);
static u32 knock_budget_per_sec __ro_after_init;
static u32 knock_budget_size;

/* When the clock shows another time: there are clocks that tick every 10 ms, and all
 * that is shorter takes no time by them.
 */
static u64 knock_budget_edge(void)
{
	u64 now, start = ktime_get_ns();

	do {
		now = ktime_get_ns();
	} while (now == start);
	return now;
}

/* Hashes a second, over a time that every clock can measure. */
static u64 knock_budget_run(void)
{
	u8 message[96], digest[SHA256_DIGEST_SIZE];
	u64 took, start = knock_budget_edge();
	u32 hashes = 0;
	int i;

	memset(message, 'x', sizeof(message));
	do {
		for (i = 0; i < KNOCK_BUDGET_BATCH; i++)
			sha256(message, sizeof(message), digest);
		hashes += KNOCK_BUDGET_BATCH;
		took = ktime_get_ns() - start;
	} while (took < KNOCK_BUDGET_RUN_NS);
	return div64_u64((u64)NSEC_PER_SEC * hashes, took);
}

/* A fifth of what a CPU can do, by the best of several runs. */
static u32 knock_budget_measure(void)
{
	u64 best = 0;
	int i;

	for (i = 0; i < KNOCK_BUDGET_RUNS; i++)
		best = max(best, knock_budget_run());
	return div_u64(best, KNOCK_BUDGET_SHARE);
}

/**
 * knock_budget_init - set the rate of all CPUs
 * @hashes_per_sec: of each CPU; 0 measures this one
 *
 * Context: module init.
 */
void knock_budget_init(u32 hashes_per_sec)
{
	int cpu, i;

	knock_budget_per_sec = hashes_per_sec ?: max(knock_budget_measure(), 1U);
	knock_budget_size = knock_budget_per_sec / (MSEC_PER_SEC / KNOCK_BUDGET_FULL_MS);
	for_each_possible_cpu(cpu) {
		for (i = 0; i < KNOCK_BUDGET_KINDS; i++)
			spin_lock_init(&per_cpu(knock_buckets, cpu)[i].lock);
	}
}

/**
 * knock_budget_rate - hashes a second and CPU
 */
u32 knock_budget_rate(void)
{
	return knock_budget_per_sec;
}

/* What is less than a hash stays in @filled for the next time. */
static void knock_bucket_fill(struct knock_bucket *bucket, u64 now)
{
	u64 elapsed = now - bucket->filled;
	u32 flowed, size = READ_ONCE(knock_budget_size);

	if (elapsed >= NSEC_PER_SEC) {
		bucket->hashes = size;
		bucket->filled = now;
		return;
	}
	flowed = div_u64(elapsed * knock_budget_per_sec, NSEC_PER_SEC);
	bucket->hashes = min_t(u64, (u64)bucket->hashes + flowed, size);
	bucket->filled += div_u64((u64)flowed * NSEC_PER_SEC + knock_budget_per_sec - 1,
				  knock_budget_per_sec);
}

/**
 * knock_budget_take - ask for hashes
 * @kind: what for
 * @hashes: how many
 *
 * Context: any, softirq included.
 * Return: true if they may be computed; false takes nothing.
 */
bool knock_budget_take(enum knock_budget_kind kind, u32 hashes)
{
	struct knock_bucket *bucket;
	bool taken;

	/* Depends on the keys there are, not on who sends. */
	if (hashes > READ_ONCE(knock_budget_size))
		WRITE_ONCE(knock_budget_size, hashes);
	local_bh_disable();
	bucket = &(*this_cpu_ptr(&knock_buckets))[kind];
	spin_lock(&bucket->lock);
	knock_bucket_fill(bucket, ktime_get_ns());
	taken = bucket->hashes >= hashes;
	if (taken)
		bucket->hashes -= hashes;
	spin_unlock(&bucket->lock);
	local_bh_enable();
	return taken;
}
