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

/**
 * owed_flush() - what has begun and ended is on the disk
 * @owed: the grants; nothing is done if nothing is new
 *
 * What cannot be written is said once, and tried again with what comes next.
 */
void owed_flush(struct owed *owed)
{
	bool good;

	if (!owed->directory || (!owed->length && !owed->whole))
		return;
	if (owed->whole || owed->lines > 2 * owed->count + OWED_SPARE)
		good = write_whole(owed);
	else
		good = add_lines(owed);
	owed->length = 0;
	if (!good && !owed->told)
		complain("%s/" FILE_NAME " cannot be written: %m; close-commands are not run that are due while tumblerd is not there",
			 owed->directory);
	owed->told = !good;
	owed->whole = !good;
}

/**
 * owed_open() - read what another tumblerd left behind, and keep it from now on
 * @owed: empty
 * @directory: of the file; stays as it is
 */
void owed_open(struct owed *owed, const char *directory)
{
	struct faults faults = { .count = 0 };
	struct file_text file;
	char path[PATH_MAX];

	owed->directory = directory;
	owed->descriptor = -1;
	owed->whole = true;
	if (snprintf(path, sizeof(path), "%s/" FILE_NAME, directory) >= (int)sizeof(path)) {
		owed->directory = NULL;
		return;
	}
	if (file_text_read(&file, path, FILE_MAX, &faults))
		owed_parse(owed, file.text, file.length);
	file_text_wipe(&file);
	faults_clear(&faults);
}

/**
 * owed_close() - keep no more; what is on the disk stays
 * @owed: empty afterwards
 */
void owed_close(struct owed *owed)
{
	if (!owed->directory)
		return;
	owed_flush(owed);
	if (owed->descriptor >= 0)
		close(owed->descriptor);
	owed->descriptor = -1;
	owed->directory = NULL;
	owed_free(owed);
}
