/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_LISTING_H
#define _LIB_LISTING_H

#include <libsmartcols.h>

#include "record.h"

/**
 * struct listing - records on their way to stdout
 * @json: an array of objects, else a table
 * @table: the table, from the first record on, which names its columns
 * @rows: how many records were added
 */
struct listing {
	bool json;
	struct libscols_table *table;
	size_t rows;
};

void listing_begin(struct listing *listing, bool json);
bool listing_add(struct listing *listing, const struct record *record);
bool listing_end(struct listing *listing);

#endif /* _LIB_LISTING_H */
