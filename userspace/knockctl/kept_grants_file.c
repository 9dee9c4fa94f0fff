// SPDX-License-Identifier: GPL-2.0
/* Grants on the disk. */
#include <stdio.h>
#include <stdlib.h>

#include "kept_grants.h"

static const struct keep grants_kept = { .name = "grants", .one = "grant", .most = 1 << 20 };

/**
 * kept_grants_write() - write grants, down to the disk, in the place of those of before
 * @grants: the grants
 * @state: the directory of --state
 * @why: a sentence, on failure; then what was there stays, or is gone
 */
bool kept_grants_write(const struct kept_grants *grants, const char *state,
		       char why[KEEP_WHY_SIZE])
{
	char *text = kept_grants_format(grants);
	bool good = keep_write(&grants_kept, text, state, why);

	free(text);
	return good;
}

/**
 * kept_grants_read() - read what was written for this network namespace
 * @grants: gets them; none if there are none, or that failed
 * @state: the directory of --state
 * @why: a sentence, on failure
 */
bool kept_grants_read(struct kept_grants *grants, const char *state, char why[KEEP_WHY_SIZE])
{
	struct file_text file;
	bool good = keep_read(&grants_kept, state, &file, why);

	if (good && file.text && !kept_grants_parse(grants, file.text, file.length)) {
		kept_grants_free(grants);
		snprintf(why, KEEP_WHY_SIZE,
			 "out of memory, no grant of before the stop is brought back");
		good = false;
	}
	file_text_wipe(&file);
	return good;
}

/**
 * kept_grants_forget() - no other may bring back what was written, from now on
 * @state: the directory of --state
 * @why: a sentence, on failure; then none of it may be used
 */
bool kept_grants_forget(const char *state, char why[KEEP_WHY_SIZE])
{
	return keep_forget(&grants_kept, state, why);
}
