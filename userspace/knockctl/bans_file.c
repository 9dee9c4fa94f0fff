// SPDX-License-Identifier: GPL-2.0
/* Bans on the disk, a file each network namespace: put into place whole. */
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
#include "place.h"

/* Behind it, and a dot, the name of a network namespace that is not the machine's own. */
#define FILE_NAME "bans"
#define NAME_ROOM (sizeof(FILE_NAME ".") + PLACE_NAME_SIZE)

/* More than the longest that is written. */
#define FILE_MAX (1 << 20)

static int open_state(const char *state, bool make)
{
	if (make && mkdir(state, 0700) && errno != EEXIST)
		return -1;
	return open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* One may be too long for the disk, which then says so. */
static void file_name(char name[NAME_ROOM])
{
	char place[PLACE_NAME_SIZE];

	place_name(place);
	snprintf(name, NAME_ROOM, FILE_NAME "%s%s", *place ? "." : "", place);
}

static bool put(int directory, const char *text)
{
	char name[NAME_ROOM], new[NAME_ROOM + sizeof("..new")];

	file_name(name);
	snprintf(new, sizeof(new), ".%s.new", name);
	return new_file_write(directory, new, text, strlen(text)) &&
	       !renameat(directory, new, directory, name) && !fsync(directory);
}

static bool forget(int directory)
{
	char name[NAME_ROOM];

	file_name(name);
	return (!unlinkat(directory, name, 0) || errno == ENOENT) && !fsync(directory);
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

/**
 * bans_read() - read what was written for this network namespace
 * @bans: gets them; none if there are none, or that failed
 * @state: the directory of --state
 * @why: a sentence, on failure
 */
bool bans_read(struct bans *bans, const char *state, char why[BANS_WHY_SIZE])
{
	struct faults faults = { .count = 0 };
	char path[PATH_MAX], name[NAME_ROOM];
	struct file_text file;
	bool good;

	file_name(name);
	if (snprintf(path, sizeof(path), "%s/%s", state, name) >= (int)sizeof(path) ||
	    (access(path, F_OK) && errno == ENOENT))
		return true;
	good = file_text_read(&file, path, FILE_MAX, &faults) &&
	       bans_parse(bans, file.text, file.length);
	if (!good) {
		bans_free(bans);
		snprintf(why, BANS_WHY_SIZE,
			 "%.220s cannot be read, so no ban of before the stop is brought back; remove it",
			 path);
	}
	file_text_wipe(&file);
	faults_clear(&faults);
	return good;
}

/**
 * bans_forget() - no other may bring back what was written, from now on
 * @state: the directory of --state
 * @why: a sentence, on failure; then none of it may be used
 */
bool bans_forget(const char *state, char why[BANS_WHY_SIZE])
{
	int directory = open_state(state, false);
	bool good;

	if (directory < 0)
		return errno == ENOENT;
	good = forget(directory);
	if (!good)
		snprintf(why, BANS_WHY_SIZE,
			 "%.120s/" FILE_NAME " cannot be removed, so no ban of before the stop is brought back: %m; remove it",
			 state);
	close(directory);
	return good;
}
