/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_SUSPECTS_H
#define _KNOCKCTL_SUSPECTS_H

#include <stdbool.h>

#include "diagnose.h"

/* Room for a sentence about why there are none. */
#define SUSPECTS_WHY_SIZE 400

/**
 * struct suspects - the keys of one type of the configuration
 * @count: how many
 * @suspect: they; wiped and freed by suspects_wipe()
 */
struct suspects {
	size_t count;
	struct suspect *suspect;
};

bool suspects_read(struct suspects *suspects, const char *directory, u8 type,
		   char why[SUSPECTS_WHY_SIZE]);
void suspects_wipe(struct suspects *suspects);

#endif /* _KNOCKCTL_SUSPECTS_H */
