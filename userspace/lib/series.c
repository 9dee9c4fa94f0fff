// SPDX-License-Identifier: GPL-2.0
/* What sequence keys have beside other keys. */
#include <string.h>

#include "series.h"

/* Whoever scans a host comes by two ports in their order every other time. */
#define STATIC_STEPS_MIN 3

/**
 * series_init() - the defaults, which are the module's own where it has some
 * @series: to set up; of no kind yet
 */
void series_init(struct series *series)
{
	memset(series, 0, sizeof(*series));
	series->steps = KNOCK_DERIVE_STEPS;
	series->ahead = SERIES_AHEAD;
	series->depth = SERIES_DEPTH;
	series->within = SERIES_WITHIN;
	series->slot = KNOCK_SLOT_SEC;
}

static bool same_ports(const struct knock_sequence *a, const struct knock_sequence *b)
{
	return a->count == b->count && knock_sequence_begins(a, b);
}

static bool same_avoid(const struct port_ranges *a, const struct port_ranges *b)
{
	return a->count == b->count &&
	       !memcmp(a->range, b->range, a->count * sizeof(a->range[0]));
}

/**
 * series_equal() - whether the module does the same for both
 * @a: one; of any kind or none
 * @b: the other
 *
 * How deep a book is the module does not know.
 */
bool series_equal(const struct series *a, const struct series *b)
{
	if (a->kind != b->kind)
		return false;
	if (!a->kind)
		return true;
	if (a->within != b->within)
		return false;
	if (a->kind == KNOCK_SEQUENCE_KIND_STATIC)
		return same_ports(&a->ports, &b->ports);
	if (a->steps != b->steps || a->unbound != b->unbound || !same_avoid(&a->avoid, &b->avoid))
		return false;
	return a->kind == KNOCK_SEQUENCE_KIND_ONCE ||
	       (a->slot == b->slot && a->ahead == b->ahead && !strcmp(a->location, b->location));
}

/**
 * series_weakness() - why nobody should rely on a static sequence
 * @series: of any kind
 *
 * Return: a phrase that follows the sequence; NULL if it is no weaker than any other.
 */
const char *series_weakness(const struct series *series)
{
	if (series->kind != KNOCK_SEQUENCE_KIND_STATIC)
		return NULL;
	if (series->ports.count < STATIC_STEPS_MIN)
		return "has fewer than 3 steps, so a scan completes it by chance";
	if (knock_sequence_is_swept(&series->ports))
		return "is completed by a scan of all ports, up or down";
	return NULL;
}
