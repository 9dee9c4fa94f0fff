// SPDX-License-Identifier: GPL-2.0
/* Ports that a key's sequences avoid, as a list: 22,1000-1010. */
#include <stdio.h>
#include <string.h>

#include "duration.h"
#include "port_ranges.h"

#define PORT_MAX 65535

static void remove_at(struct port_ranges *ranges, size_t at)
{
	ranges->count--;
	memmove(&ranges->range[at], &ranges->range[at + 1],
		(ranges->count - at) * sizeof(ranges->range[0]));
}

/* Those that touch the one at @at become a part of it. */
static void join(struct port_ranges *ranges, size_t at)
{
	struct knock_port_range *range = &ranges->range[at], *next = range + 1;

	while (at + 1 < ranges->count && (u32)range->last + 1 >= next->first) {
		if (next->last > range->last)
			range->last = next->last;
		remove_at(ranges, at + 1);
	}
}

/**
 * port_ranges_add() - avoid some more ports
 * @ranges: to add them to
 * @first: of them, not 0
 * @last: of them, included
 *
 * Return: NULL; else what is wrong, and @ranges is as it was.
 */
const char *port_ranges_add(struct port_ranges *ranges, u16 first, u16 last)
{
	size_t at = 0;

	if (!first || first > last)
		return "a range of ports is FIRST-LAST, from 1 to 65535";
	while (at < ranges->count && (u32)ranges->range[at].last + 1 < first)
		at++;
	if (at < ranges->count && ranges->range[at].first <= (u32)last + 1) {
		if (first < ranges->range[at].first)
			ranges->range[at].first = first;
		if (last > ranges->range[at].last)
			ranges->range[at].last = last;
		join(ranges, at);
		return NULL;
	}
	if (ranges->count == PORT_RANGES_MAX)
		return "more than 64 ranges of ports cannot be avoided, join some";
	memmove(&ranges->range[at + 1], &ranges->range[at],
		(ranges->count - at) * sizeof(ranges->range[0]));
	ranges->range[at] = (struct knock_port_range){ first, last };
	ranges->count++;
	return NULL;
}

/* Return: what follows; NULL if there is no port. */
static const char *take_port(const char *text, u16 *port)
{
	u32 number;
	const char *end = parse_digits(text, PORT_MAX, &number);

	if (!end || number < 1 || number > PORT_MAX)
		return NULL;
	*port = (u16)number;
	return end;
}

/**
 * port_ranges_parse() - read a list of ports to avoid
 * @ranges: receives them, sorted and joined; its content is undefined on failure
 * @text: `PORT' or `FIRST-LAST', and as many more as one likes, with commas between
 *
 * What would leave too few ports for sequences is refused.
 *
 * Return: NULL; else what is wrong.
 */
const char *port_ranges_parse(struct port_ranges *ranges, const char *text)
{
	struct knock_avoid avoid;
	const char *fault;
	u16 first, last;

	ranges->count = 0;
	for (;;) {
		text = take_port(text, &first);
		last = first;
		if (text && *text == '-')
			text = take_port(text + 1, &last);
		if (!text || (*text && *text != ','))
			return "what to avoid are ports from 1 to 65535, like 22,1000-1010";
		fault = port_ranges_add(ranges, first, last);
		if (fault)
			return fault;
		if (!*text)
			break;
		text++;
	}
	avoid = port_ranges_avoid(ranges);
	return knock_avoid_is_valid(&avoid) ? NULL :
	       "too many ports are to be avoided, 16384 from 1024 to 65535 have to be left";
}

/**
 * port_ranges_format() - write a list as port_ranges_parse() reads it
 * @text: receives it with a NUL
 * @ranges: what to write
 */
void port_ranges_format(char text[PORT_RANGES_TEXT_SIZE], const struct port_ranges *ranges)
{
	const struct knock_port_range *range = ranges->range;
	size_t i, used = 0;

	text[0] = '\0';
	for (i = 0; i < ranges->count; i++, range++) {
		used += (size_t)snprintf(text + used, PORT_RANGES_TEXT_SIZE - used, "%s%u",
					 i ? "," : "", range->first);
		if (range->last > range->first)
			used += (size_t)snprintf(text + used, PORT_RANGES_TEXT_SIZE - used,
						 "-%u", range->last);
	}
}

/* The same for kernel/lib. */
struct knock_avoid port_ranges_avoid(const struct port_ranges *ranges)
{
	return (struct knock_avoid){ ranges->range, ranges->count };
}
