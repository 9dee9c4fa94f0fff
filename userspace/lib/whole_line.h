/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_WHOLE_LINE_H
#define _LIB_WHOLE_LINE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct whole_lines - a text of lines, of which the last may be torn off
 * @next: what has yet to be read
 * @end: of the text
 */
struct whole_lines {
	const char *next;
	const char *end;
};

bool whole_line(struct whole_lines *lines, char *line, size_t size);

#endif /* _LIB_WHOLE_LINE_H */
