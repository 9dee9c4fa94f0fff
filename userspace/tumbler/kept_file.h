/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_KEPT_FILE_H
#define _TUMBLER_KEPT_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "home.h"

/**
 * struct kept_file - a file of the user's that no other tumbler changes meanwhile
 * @path: where it is, set before it is opened
 * @descriptor: to read it; holds the lock
 *
 * It is replaced, never written to, so that it is whole whatever happens; whoever has the
 * lock of the file that has the path now may do that, once.
 */
struct kept_file {
	char path[HOME_PATH_SIZE];
	int descriptor;
};

bool kept_file_share(int descriptor);
bool kept_file_own(int descriptor);
bool kept_file_lock(int descriptor);
bool kept_file_open(struct kept_file *file, bool make);
ssize_t kept_file_read(int descriptor, char *text, size_t size);
bool kept_file_replace(const struct kept_file *file, const char *text, size_t length);
void kept_file_close(struct kept_file *file);

#endif /* _TUMBLER_KEPT_FILE_H */
