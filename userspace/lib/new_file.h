/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_NEW_FILE_H
#define _LIB_NEW_FILE_H

#include <stdbool.h>
#include <stddef.h>

bool new_file_write(int directory, const char *path, const char *text, size_t length);

#endif /* _LIB_NEW_FILE_H */
