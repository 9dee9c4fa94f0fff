// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <linux/slab.h>

#include "pool.h"
#include "ring.h"

/**
 * knock_ring_init - make an empty ring
 * @ring: the ring
 * @net: whose events
 * @listener: who asks for them
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int knock_ring_init(struct knock_ring *ring, struct net *net,
		    const struct knock_listener *listener)
{
	ring->events = kvcalloc(KNOCK_RING_SIZE, sizeof(*ring->events), KNOCK_GFP);
	if (!ring->events)
		return -ENOMEM;
	spin_lock_init(&ring->lock);
	INIT_WORK(&ring->send, listener->send);
	ring->net = net;
	ring->heard = listener->heard;
	return 0;
}

/**
 * knock_ring_exit - send what is left, and free it
 * @ring: nobody puts anything in any more; all zero is fine too
 *
 * Context: process, sleeps until the work has ended.
 */
void knock_ring_exit(struct knock_ring *ring)
{
	if (!ring->events)
		return;
	flush_work(&ring->send);
	kvfree(ring->events);
	ring->events = NULL;
}

/**
 * knock_ring_put - tell whoever listens
 * @ring: the ring
 * @event: copied
 *
 * Nobody listens: nothing is kept. No room: counted, and the next event says so.
 *
 * Context: any, softirq included; allocates nothing.
 */
void knock_ring_put(struct knock_ring *ring, const struct knock_event *event)
{
	struct knock_event *slot;

	if (!ring->heard(ring->net))
		return;
	spin_lock_bh(&ring->lock);
	if (ring->head - ring->tail < KNOCK_RING_SIZE) {
		slot = &ring->events[ring->head++ % KNOCK_RING_SIZE];
		*slot = *event;
		slot->lost = ring->lost;
		ring->lost = 0;
	} else {
		ring->lost++;
		ring->lost_ever++;
	}
	spin_unlock_bh(&ring->lock);
	schedule_work(&ring->send);
}

/**
 * knock_ring_get - take the oldest event out
 * @ring: the ring
 * @event: where to
 *
 * Return: false if there is none.
 */
bool knock_ring_get(struct knock_ring *ring, struct knock_event *event)
{
	bool some;

	spin_lock_bh(&ring->lock);
	some = ring->head != ring->tail;
	if (some)
		*event = ring->events[ring->tail++ % KNOCK_RING_SIZE];
	spin_unlock_bh(&ring->lock);
	return some;
}

/**
 * knock_ring_lose - count an event that could not be sent
 * @ring: the ring
 * @event: of knock_ring_get(); the next one also says what this one would have
 *
 * Context: any, softirq included.
 */
void knock_ring_lose(struct knock_ring *ring, const struct knock_event *event)
{
	spin_lock_bh(&ring->lock);
	ring->lost += event->lost + 1;
	ring->lost_ever++;
	spin_unlock_bh(&ring->lock);
}

/**
 * knock_ring_lost - how many events were ever lost, for want of room or memory
 * @ring: the ring
 */
u64 knock_ring_lost(struct knock_ring *ring)
{
	u64 lost;

	spin_lock_bh(&ring->lock);
	lost = ring->lost_ever;
	spin_unlock_bh(&ring->lock);
	return lost;
}
