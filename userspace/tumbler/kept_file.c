// SPDX-License-Identifier: GPL-2.0
/* Files that several tumblers change, one at a time, and whole or not at all. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kept_file.h"
#include "new_file.h"

/**
 * kept_file_share() - wait until no other process has a file locked, but let others share it
 * @descriptor: of the file, open for reading; closing any descriptor of it ends that
 *
 * Return: true; false with errno, which is EINTR after a signal.
 */
bool kept_file_share(int descriptor)
{
	struct flock whole = { .l_type = F_RDLCK, .l_whence = SEEK_SET };

	return !fcntl(descriptor, F_SETLKW, &whole);
}

/**
 * kept_file_own() - lock a file, unless another process shares it or has it locked
 * @descriptor: of the file, open for writing
 *
 * Return: true; false with errno, and what it had of the file it has still.
 */
bool kept_file_own(int descriptor)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return !fcntl(descriptor, F_SETLK, &whole);
}

/**
 * kept_file_lock() - wait until no other process has a file locked
 * @descriptor: of the file, open for writing; closing any descriptor of it unlocks it
 *
 * Return: true; false with errno.
 */
bool kept_file_lock(int descriptor)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int error;

	do {
		error = fcntl(descriptor, F_SETLKW, &whole);
	} while (error && errno == EINTR);
	return !error;
}

/* While we waited for its lock, another may have taken its place. */
static bool has_path(const struct kept_file *file)
{
	struct stat ours, now;

	return !fstat(file->descriptor, &ours) && !lstat(file->path, &now) &&
	       ours.st_dev == now.st_dev && ours.st_ino == now.st_ino;
}

static bool is_regular(int descriptor)
{
	struct stat status;

	if (fstat(descriptor, &status))
		return false;
	if (S_ISREG(status.st_mode))
		return true;
	errno = EINVAL;
	return false;
}

/**
 * kept_file_open() - open a file that no other tumbler changes until it is closed
 * @file: with its path
 * @make: make an empty one if there is none, and its directories
 *
 * Return: true; false with errno.
 */
bool kept_file_open(struct kept_file *file, bool make)
{
	int flags = O_RDWR | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK, error;

	if (make)
		home_make_directories(file->path);
	for (;;) {
		file->descriptor = open(file->path, make ? flags | O_CREAT : flags, 0600);
		if (file->descriptor < 0)
			return false;
		if (!is_regular(file->descriptor) || !kept_file_lock(file->descriptor))
			break;
		if (has_path(file))
			return true;
		close(file->descriptor);
	}
	error = errno;
	kept_file_close(file);
	errno = error;
	return false;
}

/**
 * kept_file_read() - read a file to its end
 * @descriptor: of any file or pipe
 * @text: receives it
 * @size: of @text, one more than may be read
 *
 * Return: bytes; -1 with errno, EFBIG if there are too many.
 */
ssize_t kept_file_read(int descriptor, char *text, size_t size)
{
	size_t length = 0;
	ssize_t got;

	for (;;) {
		got = read(descriptor, text + length, size - length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		length += (size_t)got;
		if (length == size) {
			errno = EFBIG;
			return -1;
		}
	}
	return got < 0 ? -1 : (ssize_t)length;
}

/* So that the file has its new name even if the power fails now. */
static bool sync_directory(const char *path)
{
	char directory[HOME_PATH_SIZE];
	int descriptor;
	bool good;

	strcpy(directory, path);
	*(strrchr(directory, '/') + 1) = '\0';
	descriptor = open(directory, O_RDONLY | O_CLOEXEC);
	if (descriptor < 0)
		return false;
	/* Some file systems cannot, and say so. */
	good = !fsync(descriptor) || errno == EINVAL;
	close(descriptor);
	return good;
}

/**
 * kept_file_replace() - put a text in the place of a file, down to the disk
 * @file: open; it is not to be replaced again until it was opened again
 * @text: what shall be in it
 * @length: its bytes
 *
 * Return: true; false with errno, and the file may be the old one or the new one.
 */
bool kept_file_replace(const struct kept_file *file, const char *text, size_t length)
{
	char beside[HOME_PATH_SIZE + 8];
	int error;

	snprintf(beside, sizeof(beside), "%s.new", file->path);
	if (!new_file_write(AT_FDCWD, beside, text, length))
		return false;
	if (!rename(beside, file->path))
		return sync_directory(file->path);
	error = errno;
	unlink(beside);
	errno = error;
	return false;
}

/* Others may have it now. */
void kept_file_close(struct kept_file *file)
{
	if (file->descriptor >= 0)
		close(file->descriptor);
	file->descriptor = -1;
}
