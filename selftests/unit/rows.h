/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _UNIT_ROWS_H
#define _UNIT_ROWS_H

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include <knock/address.h>

#include "check.h"

#define ROWS_COLUMNS_MAX 24

/* Each row of a file of vectors, split into its columns; returns how many CHECK took. */
static inline unsigned int rows_for_each(const char *file_name, int columns,
					 bool (*check)(char **column, void *data), void *data)
{
	FILE *file = fopen(file_name, "r");
	char *column[ROWS_COLUMNS_MAX], *at, line[2048];
	unsigned int count = 0;
	int i;

	assert_non_null(file);
	assert_in_range(columns, 1, ROWS_COLUMNS_MAX);
	while (fgets(line, sizeof(line), file)) {
		if (*line == '#')
			continue;
		line[strcspn(line, "\n")] = '\0';
		at = line;
		for (i = 0; i < columns; i++) {
			column[i] = strsep(&at, "\t");
			if (!column[i])
				fail_msg("%s has too few columns", column[0]);
		}
		if (at)
			fail_msg("%s has too many columns", column[0]);
		count += check(column, data);
	}
	fclose(file);
	return count;
}

/* Bytes of hex, at most ROOM; returns how many. */
static inline size_t rows_hex(void *bytes, size_t room, const char *hex)
{
	size_t i;

	for (i = 0; hex[2 * i]; i++)
		if (i == room || sscanf(hex + 2 * i, "%2hhx", (unsigned char *)bytes + i) != 1)
			fail_msg("no hex, or too much: %s", hex);
	return i;
}

static inline struct knock_address rows_address(const char *text)
{
	struct knock_address address;
	u8 bytes[4];

	if (inet_pton(AF_INET, text, bytes) == 1)
		return knock_address_from_ipv4(bytes);
	assert_int_equal(inet_pton(AF_INET6, text, address.bytes), 1);
	return address;
}

#endif /* _UNIT_ROWS_H */
