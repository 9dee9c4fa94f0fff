// SPDX-License-Identifier: GPL-2.0
/*
 * The file of what is owed: lines are added to it, many at a time, and it is written anew
 * when few of them are needed any more. What could not be added whole is never followed
 * by more.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "complain.h"
#include "file_text.h"
#include "new_file.h"
#include "owed.h"

#define FILE_NAME "commands"

/* More than the longest that is written. */
#define FILE_MAX (64 << 20)

static bool put_whole(struct owed *owed, int directory)
{
	static const char new[] = "." FILE_NAME ".new";
	char *text = owed_format(owed);
	bool good = text && new_file_write(directory, new, text, strlen(text)) &&
		    !renameat(directory, new, directory, FILE_NAME) && !fsync(directory);

	free(text);
	if (!good)
		return false;
	owed->descriptor = openat(directory, FILE_NAME,
				  O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
	return owed->descriptor >= 0;
}

static bool write_whole(struct owed *owed)
{
	int directory = open(owed->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC), error;
	bool good;

	if (owed->descriptor >= 0)
		close(owed->descriptor);
	owed->descriptor = -1;
	if (directory < 0)
		return false;
	good = put_whole(owed, directory);
	error = errno;
	close(directory);
	errno = error;
	owed->whole = !good;
	if (good)
		owed->lines = owed->count;
	return good;
}

static bool add_lines(struct owed *owed)
{
	errno = ENOSPC;
	return write(owed->descriptor, owed->pending, owed->length) == (ssize_t)owed->length &&
	       !fdatasync(owed->descriptor);
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/**
 * owed_flush() - what has begun and ended is on the disk
 * @owed: the grants; nothing is done if nothing is new
 *
 * What cannot be written is said once, and tried again a second later, as a whole.
 */
void owed_flush(struct owed *owed)
{
	bool good;

	if (!owed->directory || (!owed->length && !owed->whole))
		return;
	if (owed->told && seconds() == owed->tried) {
		owed->length = 0;
		return;
	}
	if (owed->whole || owed->lines > 2 * owed->count + OWED_SPARE)
		good = write_whole(owed);
	else
		good = add_lines(owed);
	owed->length = 0;
	if (!good && !owed->told)
		complain("%s/" FILE_NAME " cannot be written: %m; until it can, make room there: close-commands that are due when tumblerd stops may not be run, and some that were run be run again",
			 owed->directory);
	owed->told = !good;
	owed->tried = seconds();
	owed->whole = !good;
}

/* Return: false if there is something that could not be read; it is said. */
static bool read_what_is_there(struct owed *owed, const char *path)
{
	struct faults faults = { .count = 0 };
	struct file_text file;
	bool good;

	good = file_text_read(&file, path, FILE_MAX, &faults);
	if (good)
		owed_parse(owed, file.text, file.length);
	else
		good = access(path, F_OK) && errno == ENOENT;
	if (!good)
		complain("%s: %s; until then no close-command is run that is due while tumblerd is not there",
			 path, faults.count ? faults.fault[0].why : "no memory");
	file_text_wipe(&file);
	faults_clear(&faults);
	return good;
}

/**
 * owed_open() - read what another tumblerd left behind, and keep it from now on
 * @owed: empty
 * @directory: of the file; stays as it is
 *
 * A file that cannot be read is left as it is, and nothing kept.
 */
void owed_open(struct owed *owed, const char *directory)
{
	char path[PATH_MAX];

	owed->directory = NULL;
	owed->descriptor = -1;
	if (snprintf(path, sizeof(path), "%s/" FILE_NAME, directory) >= (int)sizeof(path) ||
	    !read_what_is_there(owed, path))
		return;
	owed->directory = directory;
	owed->whole = true;
}

/**
 * owed_close() - keep no more; what is on the disk stays
 * @owed: empty afterwards
 */
void owed_close(struct owed *owed)
{
	if (!owed->directory)
		return;
	/* The last time to try. */
	owed->tried = -1;
	owed_flush(owed);
	if (owed->descriptor >= 0)
		close(owed->descriptor);
	owed->descriptor = -1;
	owed->directory = NULL;
	owed_free(owed);
}
