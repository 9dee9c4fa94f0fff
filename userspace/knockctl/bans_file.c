// SPDX-License-Identifier: GPL-2.0
/* Bans on the disk. */
#include <stdio.h>
#include <stdlib.h>

#include "bans.h"

static const struct keep bans_kept = { .name = "bans", .one = "ban", .most = 1 << 20 };

/**
 * bans_write() - write bans, down to the disk, in the place of those of before
 * @bans: the bans
 * @state: the directory of --state
 * @why: a sentence, on failure; then what was there stays, or is gone
 */
bool bans_write(const struct bans *bans, const char *state, char why[KEEP_WHY_SIZE])
{
	char *text = bans_format(bans);
	bool good = keep_write(&bans_kept, text, state, why);

	free(text);
	return good;
}

/**
 * bans_read() - read what was written for this network namespace
 * @bans: gets them; none if there are none, or that failed
 * @state: the directory of --state
 * @why: a sentence, on failure
 */
bool bans_read(struct bans *bans, const char *state, char why[KEEP_WHY_SIZE])
{
	struct file_text file;
	bool good = keep_read(&bans_kept, state, &file, why);

	if (good && file.text && !bans_parse(bans, file.text, file.length)) {
		bans_free(bans);
		snprintf(why, KEEP_WHY_SIZE, "out of memory, no ban of before the stop is brought back");
		good = false;
	}
	file_text_wipe(&file);
	return good;
}

/**
 * bans_forget() - no other may bring back what was written, from now on
 * @state: the directory of --state
 * @why: a sentence, on failure; then none of it may be used
 */
bool bans_forget(const char *state, char why[KEEP_WHY_SIZE])
{
	return keep_forget(&bans_kept, state, why);
}
