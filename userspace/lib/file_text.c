// SPDX-License-Identifier: GPL-2.0
/* Files of ours that are read whole, and whom they must not belong to. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "file_text.h"

static ssize_t read_all(int descriptor, char *text, size_t size)
{
	size_t length = 0;
	ssize_t got;

	while (length < size) {
		got = read(descriptor, text + length, size - length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (!got)
			break;
		length += (size_t)got;
	}
	return (ssize_t)length;
}

static bool read_open_file(int descriptor, struct file_text *file, const char *path,
			   size_t most, struct faults *faults)
{
	ssize_t length;

	if (fstat(descriptor, &file->status)) {
		faults_add(faults, path, 0, "this file cannot be examined: %m");
		return false;
	}
	if (!S_ISREG(file->status.st_mode)) {
		faults_add(faults, path, 0, "this is no regular file, put one there");
		return false;
	}
	if (file->status.st_size > (off_t)most) {
		faults_add(faults, path, 0, "this file is bigger than %zu MB, shorten it",
			   most >> 20);
		return false;
	}
	file->text = OPENSSL_malloc((size_t)file->status.st_size + 1);
	if (!file->text) {
		faults->lost = true;
		return false;
	}
	length = read_all(descriptor, file->text, (size_t)file->status.st_size);
	if (length < 0) {
		faults_add(faults, path, 0, "this file cannot be read: %m");
		return false;
	}
	file->length = (size_t)length;
	return true;
}

/**
 * file_text_read() - read a file
 * @file: where to; wiped by the caller, whatever comes of it
 * @path: of the file
 * @most: bytes that it may have
 * @faults: gets why it could not be read
 *
 * Return: true if there is a text that can be judged.
 */
bool file_text_read(struct file_text *file, const char *path, size_t most,
		    struct faults *faults)
{
	int descriptor;
	bool good;

	memset(file, 0, sizeof(*file));
	/* O_NONBLOCK: a named pipe is refused rather than waited for. */
	descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (descriptor < 0) {
		faults_add(faults, path, 0, "this file cannot be opened: %m; see that it is there, and that you may read it");
		return false;
	}
	good = read_open_file(descriptor, file, path, most, faults);
	close(descriptor);
	return good;
}

/**
 * file_text_wipe() - forget what was in a file
 * @file: the file
 */
void file_text_wipe(struct file_text *file)
{
	if (file->text)
		OPENSSL_clear_free(file->text, (size_t)file->status.st_size + 1);
	file->text = NULL;
	file->length = 0;
}

/**
 * file_text_check_owner() - see that it is root's, or of who runs this
 * @file: that was read
 * @path: of the file
 * @faults: gets what is wrong
 */
void file_text_check_owner(const struct file_text *file, const char *path,
			   struct faults *faults)
{
	if (file->status.st_uid && file->status.st_uid != geteuid())
		faults_add(faults, path, 0,
			   "this file belongs to user %u, who may change it; chown it to root",
			   file->status.st_uid);
}

/**
 * file_text_check_readers() - see that nobody else could read it
 * @file: that was read
 * @path: of the file
 * @faults: gets what is wrong
 */
void file_text_check_readers(const struct file_text *file, const char *path,
			     struct faults *faults)
{
	if (file->status.st_mode & 0077)
		faults_add(faults, path, 0,
			   "others than the owner may have read the secrets, its mode is %04o; chmod 600 it if they have not",
			   file->status.st_mode & 07777);
}
