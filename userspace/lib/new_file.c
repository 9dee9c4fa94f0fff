// SPDX-License-Identifier: GPL-2.0
/* Files that hold secrets, written beside those whose place they shall take. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "new_file.h"

static bool write_all(int descriptor, const char *bytes, size_t length)
{
	ssize_t put;

	while (length) {
		put = write(descriptor, bytes, length);
		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		bytes += put;
		length -= (size_t)put;
	}
	return true;
}

/**
 * new_file_write() - write a file whole, for its owner alone, down to the disk
 * @directory: a descriptor, or AT_FDCWD
 * @path: of the file, from there; what another left under it is removed
 * @text: what shall be in it
 * @length: its bytes
 *
 * Of two that write to one @path at once, one or the other is there in the end.
 *
 * Return: true; false with errno, and nothing left behind.
 */
bool new_file_write(int directory, const char *path, const char *text, size_t length)
{
	int descriptor, error;
	bool good;

	unlinkat(directory, path, 0);
	descriptor = openat(directory, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
			    0600);
	if (descriptor < 0)
		return false;
	good = write_all(descriptor, text, length) && !fsync(descriptor);
	error = errno;
	if (close(descriptor) && good) {
		error = errno;
		good = false;
	}
	if (!good)
		unlinkat(directory, path, 0);
	errno = error;
	return good;
}
