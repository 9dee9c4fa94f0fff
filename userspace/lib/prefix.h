/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_PREFIX_H
#define _LIB_PREFIX_H

#include <knock/address.h>

#include "parse.h"

#define PREFIX_LENGTH_MAX 128

/* An address, a slash and three digits. */
#define PREFIX_TEXT_SIZE (KNOCK_ADDRESS_TEXT_SIZE + 4)

/**
 * struct prefix - all addresses that begin like one
 * @address: the bits behind @length are 0
 * @length: bits that count, 1 to 128, IPv4's behind ::ffff:0:0/96
 */
struct prefix {
	struct knock_address address;
	u8 length;
};

/* As many as a key takes, which is KNOCK_FROM_MAX. */
#define PREFIXES_MAX 16

/**
 * struct prefix_list - several prefixes
 * @count: how many
 * @prefix: in the order they were given
 */
struct prefix_list {
	size_t count;
	struct prefix prefix[PREFIXES_MAX];
};

bool parse_prefix(const char *text, struct prefix *prefix, char why[PARSE_WHY_SIZE]);
bool parse_prefixes(const char *text, struct prefix_list *list, char why[PARSE_WHY_SIZE]);
void format_prefix(char text[PREFIX_TEXT_SIZE], const struct prefix *prefix);

#endif /* _LIB_PREFIX_H */
