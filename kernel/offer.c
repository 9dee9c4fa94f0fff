// SPDX-License-Identifier: GPL-2.0
#include "net.h"
#include "offer.h"
#include "sealed.h"
#include "tumbler.h"

/**
 * knock_is_len - whether any knock has a payload of this length
 * @len: bytes
 */
bool knock_is_len(u32 len)
{
	return len == KNOCK_SEALED_LEN ||
	       (len >= KNOCK_TUMBLER_TEXT_MIN && len <= KNOCK_TUMBLER_TEXT_MAX);
}

/**
 * knock_is_accepted - whether a packet proved a key and was used up
 * @reason: what became of it
 */
bool knock_is_accepted(enum knock_reason reason)
{
	return reason >= KNOCK_REASON_OPENED && reason <= KNOCK_REASON_NOTHING_OPEN;
}

/**
 * knock_put_on_record - record what was refused
 * @tables: the namespace's
 * @record: all but when and why
 * @reason: why
 *
 * Context: softirq.
 */
void knock_put_on_record(struct knock_tables *tables, struct knock_record *record,
			 enum knock_reason reason)
{
	record->time = ktime_get_real_seconds();
	record->reason = reason;
	knock_recorder_put(&tables->recorder, record);
}

/**
 * knock_refuse - count and record what is to a knock port and is no knock
 * @tables: the namespace's
 * @packet: its source and its port, which is 0 if it may be another
 * @reason: why it is none
 *
 * Context: softirq.
 */
void knock_refuse(struct knock_tables *tables, const struct knock_packet *packet,
		  enum knock_reason reason)
{
	struct knock_record record = { .address = packet->source, .port = packet->port };
	const struct knock_cost nothing = { };

	knock_stats_count(tables->stats, reason, &nothing);
	/* A source that nobody can have has nobody who asks. */
	if (packet->port && reason != KNOCK_REASON_SOURCE)
		knock_put_on_record(tables, &record, reason);
}

/**
 * knock_offer - look whether a datagram is a knock, and do what it asks for
 * @tables: the namespace's
 * @packet: to a knock port, of a length that knock_is_len()
 *
 * Counted, with what it cost, and recorded if it is refused. Allocates nothing; the
 * work is bounded by the budget of hashes and three look-ups, or by one look-up and one
 * opening.
 *
 * Context: softirq, RCU reader.
 * Return: what became of it.
 */
enum knock_reason knock_offer(struct knock_tables *tables, const struct knock_packet *packet)
{
	struct knock_record record = { .address = packet->source, .port = packet->port };
	struct knock_cost cost = { };
	enum knock_reason reason;

	if (knock_is_blocked(tables, &packet->source))
		reason = KNOCK_REASON_BLOCKED;
	else if (packet->len == KNOCK_SEALED_LEN)
		reason = knock_sealed_offer(tables, packet, &record, &cost);
	else
		reason = knock_tumbler_offer(tables, packet, &record, &cost);
	knock_stats_count(tables->stats, reason, &cost);
	if (!knock_is_accepted(reason))
		knock_put_on_record(tables, &record, reason);
	return reason;
}
