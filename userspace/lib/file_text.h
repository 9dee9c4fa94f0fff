/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_FILE_TEXT_H
#define _LIB_FILE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "fault.h"

/**
 * struct file_text - all that is in a file that may hold secrets
 * @text: not ended by NUL
 * @length: its bytes
 * @status: of the file, when it was read
 */
struct file_text {
	char *text;
	size_t length;
	struct stat status;
};

bool file_text_read(struct file_text *file, const char *path, size_t most,
		    struct faults *faults);
void file_text_wipe(struct file_text *file);
void file_text_check_owner(const struct file_text *file, const char *path,
			   struct faults *faults);
void file_text_check_readers(const struct file_text *file, const char *path,
			     struct faults *faults);

#endif /* _LIB_FILE_TEXT_H */
