/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_COMPLETE_H
#define _KNOCKCTL_COMPLETE_H

#include "knockctl.h"

/**
 * struct verb_table - all verbs
 * @verb: they
 * @count: how many
 */
struct verb_table {
	const struct verb *verb;
	size_t count;
};

void complete(const struct verb_table *table, char **word, int count);

#endif /* _KNOCKCTL_COMPLETE_H */
