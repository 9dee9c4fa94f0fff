// SPDX-License-Identifier: GPL-2.0
/*
 * Writing files that were made of another program's configuration: all of them, or none,
 * and none in the place of another.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "complain.h"
#include "config_dir.h"
#include "import.h"
#include "new_file.h"

#define NEW ".new"

static bool is_free(const struct import_files *files)
{
	size_t i;

	for (i = 0; i < files->count; i++) {
		if (access(files->file[i].path, F_OK) && errno == ENOENT)
			continue;
		complain("%s is there already, nothing was written; give --to another directory, or move the file away",
			 files->file[i].path);
		return false;
	}
	return true;
}

/* Beside its place. */
static bool write_new(const struct config_dir *directory, const struct import_file *file)
{
	char path[PATH_MAX];

	if (file->door)
		return config_write_text(directory->descriptor, file->door, file->text);
	if (snprintf(path, sizeof(path), "%s" NEW, file->path) < (int)sizeof(path))
		return new_file_write(AT_FDCWD, path, file->text, strlen(file->text));
	errno = ENAMETOOLONG;
	return false;
}

static void abort_new(const struct config_dir *directory, const struct import_file *file)
{
	char path[PATH_MAX];

	if (file->door)
		config_write_abort(directory->descriptor, file->door);
	else if (snprintf(path, sizeof(path), "%s" NEW, file->path) < (int)sizeof(path))
		unlink(path);
}

static bool commit(const struct config_dir *directory, const struct import_file *file)
{
	char path[PATH_MAX];

	if (file->door)
		return config_write_commit(directory->descriptor, file->door);
	snprintf(path, sizeof(path), "%s" NEW, file->path);
	return !rename(path, file->path);
}

static bool write_all(const struct config_dir *directory, const struct import_files *files)
{
	size_t written, done;
	int error;

	for (written = 0; written < files->count; written++)
		if (!write_new(directory, &files->file[written]))
			break;
	for (done = 0; written == files->count && done < written; done++)
		if (!commit(directory, &files->file[done]))
			break;
	if (done == files->count)
		return true;
	error = errno;
	complain("%s cannot be written: %s; nothing was written",
		 files->file[written == files->count ? done : written].path, strerror(error));
	while (written--) {
		if (written < done)
			unlink(files->file[written].path);
		else
			abort_new(directory, &files->file[written]);
	}
	return false;
}

/**
 * import_write() - write files below a directory
 * @files: the files
 * @directory: which is made if it is not there
 *
 * Return: true; false with the sentence printed, and no file written.
 */
bool import_write(const struct import_files *files, const char *directory)
{
	char why[CONFIG_DIR_WHY_SIZE];
	struct config_dir doors;
	bool good;

	if (!config_dir_lock(&doors, directory, true, why)) {
		complain("%s", why);
		return false;
	}
	good = is_free(files) && write_all(&doors, files);
	config_dir_unlock(&doors);
	return good;
}
