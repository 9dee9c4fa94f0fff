// SPDX-License-Identifier: GPL-2.0
/* Bans on the disk: put into place whole, and gone before they are used. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bans.h"
#include "file_text.h"
#include "new_file.h"

#define FILE_NAME "bans"

/* More than the longest that is written. */
#define FILE_MAX (1 << 20)

static int open_state(const char *state, bool make)
{
	if (make && mkdir(state, 0700) && errno != EEXIST)
		return -1;
	return open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool put(int directory, const char *text)
{
	static const char new[] = "." FILE_NAME ".new";

	return new_file_write(directory, new, text, strlen(text)) &&
	       !renameat(directory, new, directory, FILE_NAME) && !fsync(directory);
}

static bool forget(int directory)
{
	return (!unlinkat(directory, FILE_NAME, 0) || errno == ENOENT) && !fsync(directory);
}

/**
 * bans_write() - write bans, down to the disk, in the place of those of before
 * @bans: the bans
 * @state: the directory of --state
 * @why: a sentence, on failure; then what was there stays, or is gone
 */
bool bans_write(const struct bans *bans, const char *state, char why[BANS_WHY_SIZE])
{
	int directory = open_state(state, true);
	char *text = bans_format(bans);
	bool good;

	if (!text)
		errno = ENOMEM;
	good = directory >= 0 && text && (bans->count ? put(directory, text) : forget(directory));
	if (!good)
		snprintf(why, BANS_WHY_SIZE,
			 "bans cannot be written to %.120s/" FILE_NAME ": %m; make room there",
			 state);
	free(text);
	if (directory >= 0)
		close(directory);
	return good;
}

static bool read_file(struct bans *bans, const char *state)
{
	struct faults faults = { .count = 0 };
	struct file_text file;
	char path[PATH_MAX];
	bool good;

	if (snprintf(path, sizeof(path), "%s/" FILE_NAME, state) >= (int)sizeof(path))
		return false;
	good = file_text_read(&file, path, FILE_MAX, &faults) &&
	       bans_parse(bans, file.text, file.length);
	file_text_wipe(&file);
	faults_clear(&faults);
	return good;
}

/**
 * bans_take() - read what was written, once: it is gone from the disk then
 * @bans: gets them; none if there are none, or that failed
 * @state: the directory of --state
 * @why: a sentence, on failure
 */
bool bans_take(struct bans *bans, const char *state, char why[BANS_WHY_SIZE])
{
	int directory = open_state(state, false);
	bool good = true;

	if (directory < 0)
		return errno == ENOENT;
	if (!faccessat(directory, FILE_NAME, F_OK, AT_SYMLINK_NOFOLLOW)) {
		good = read_file(bans, state) && forget(directory);
		if (!good) {
			bans_free(bans);
			snprintf(why, BANS_WHY_SIZE,
				 "%.120s/" FILE_NAME " cannot be read and removed, so no ban of before the stop is brought back: %m; remove it",
				 state);
		}
	}
	close(directory);
	return good;
}
