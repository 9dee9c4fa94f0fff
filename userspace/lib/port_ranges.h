/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_PORT_RANGES_H
#define _LIB_PORT_RANGES_H

#include <knock/derive.h>

/* As many as a key may have. */
#define PORT_RANGES_MAX 64

/* The longest list with its NUL: each range as `65534-65535,'. */
#define PORT_RANGES_TEXT_SIZE (PORT_RANGES_MAX * 12 + 1)

/**
 * struct port_ranges - ports that are no steps
 * @count: how many ranges
 * @range: sorted, and apart from each other
 */
struct port_ranges {
	size_t count;
	struct knock_port_range range[PORT_RANGES_MAX];
};

const char *port_ranges_parse(struct port_ranges *ranges, const char *text);
const char *port_ranges_add(struct port_ranges *ranges, u16 first, u16 last);
void port_ranges_format(char text[PORT_RANGES_TEXT_SIZE], const struct port_ranges *ranges);
struct knock_avoid port_ranges_avoid(const struct port_ranges *ranges);

#endif /* _LIB_PORT_RANGES_H */
