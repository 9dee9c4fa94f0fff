// SPDX-License-Identifier: GPL-2.0
/* Files that are put into place whole, one each network namespace. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "keep.h"
#include "new_file.h"
#include "place.h"

/* Behind the name, and a dot, that of a network namespace that is not the machine's own. */
#define NAME_ROOM (sizeof("grants.") + PLACE_NAME_SIZE)

static int open_state(const char *state, bool make)
{
	if (make && mkdir(state, 0700) && errno != EEXIST)
		return -1;
	return open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* One may be too long for the disk, which then says so. */
static void file_name(const struct keep *keep, char name[NAME_ROOM])
{
	char place[PLACE_NAME_SIZE];

	place_name(place);
	snprintf(name, NAME_ROOM, "%s%s%s", keep->name, *place ? "." : "", place);
}

static bool put(const struct keep *keep, int directory, const char *text)
{
	char name[NAME_ROOM], new[NAME_ROOM + sizeof("..new")];

	file_name(keep, name);
	snprintf(new, sizeof(new), ".%s.new", name);
	return new_file_write(directory, new, text, strlen(text)) &&
	       !renameat(directory, new, directory, name) && !fsync(directory);
}

static bool forget(const struct keep *keep, int directory)
{
	char name[NAME_ROOM];

	file_name(keep, name);
	return (!unlinkat(directory, name, 0) || errno == ENOENT) && !fsync(directory);
}

/**
 * keep_write() - write it, down to the disk, in the place of what was there before
 * @keep: which
 * @text: what is written; if it is empty there is no file then; NULL is for want of memory
 * @state: the directory of --state
 * @why: a sentence, on failure; then what was there stays, or is gone
 */
bool keep_write(const struct keep *keep, const char *text, const char *state,
		char why[KEEP_WHY_SIZE])
{
	int directory = open_state(state, true);
	bool good;

	if (!text)
		errno = ENOMEM;
	good = directory >= 0 && text &&
	       (*text ? put(keep, directory, text) : forget(keep, directory));
	if (!good)
		snprintf(why, KEEP_WHY_SIZE,
			 "%ss cannot be written to %.120s/%s: %m; make room there", keep->one,
			 state, keep->name);
	if (directory >= 0)
		close(directory);
	return good;
}

/**
 * keep_read() - read what was written for this network namespace
 * @keep: which
 * @state: the directory of --state
 * @file: gets it, to be wiped; without a text if there is none, or that failed
 * @why: a sentence, on failure
 */
bool keep_read(const struct keep *keep, const char *state, struct file_text *file,
	       char why[KEEP_WHY_SIZE])
{
	struct faults faults = { .count = 0 };
	char path[PATH_MAX], name[NAME_ROOM];
	bool good;

	memset(file, 0, sizeof(*file));
	file_name(keep, name);
	if (snprintf(path, sizeof(path), "%s/%s", state, name) >= (int)sizeof(path) ||
	    (access(path, F_OK) && errno == ENOENT))
		return true;
	good = file_text_read(file, path, keep->most, &faults);
	if (!good)
		snprintf(why, KEEP_WHY_SIZE,
			 "%.220s cannot be read, so no %s of before the stop is brought back; remove it",
			 path, keep->one);
	faults_clear(&faults);
	return good;
}

/**
 * keep_forget() - no other may bring back what was written, from now on
 * @keep: which
 * @state: the directory of --state
 * @why: a sentence, on failure; then none of it may be used
 */
bool keep_forget(const struct keep *keep, const char *state, char why[KEEP_WHY_SIZE])
{
	int directory = open_state(state, false);
	bool good;

	if (directory < 0)
		return errno == ENOENT;
	good = forget(keep, directory);
	if (!good)
		snprintf(why, KEEP_WHY_SIZE,
			 "%.120s/%s cannot be removed, so no %s of before the stop is brought back: %m; remove it",
			 state, keep->name, keep->one);
	close(directory);
	return good;
}
