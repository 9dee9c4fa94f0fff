/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_IMPORT_H
#define _KNOCKCTL_IMPORT_H

#include "knockctl.h"
#include "knockd.h"

/* What is for tumblerd, beside the doors. */
#define IMPORT_COMMANDS "tumblerd.conf"

/**
 * struct import_file - a file that was made
 * @door: whose; NULL for tumblerd's
 * @path: where it belongs; owned
 * @text: what it says; owned
 */
struct import_file {
	const char *door;
	char *path;
	char *text;
};

/**
 * struct import_files - all that was made
 * @count: how many files
 * @file: the files
 */
struct import_files {
	size_t count;
	struct import_file *file;
};

void import_wipe(struct import_files *files);

/* import_write.c */
bool import_write(const struct import_files *files, const char *directory);

#endif /* _KNOCKCTL_IMPORT_H */
