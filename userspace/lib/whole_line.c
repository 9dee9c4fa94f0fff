// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "whole_line.h"

/**
 * whole_line() - the next line of a file that may have been cut off while it was written
 * @lines: where from
 * @line: gets it, with its line end, and a NUL
 * @size: bytes of @line; what does not fit is passed over
 *
 * Return: false if there is no other.
 */
bool whole_line(struct whole_lines *lines, char *line, size_t size)
{
	const char *begin, *end;
	size_t length;

	do {
		begin = lines->next;
		end = memchr(begin, '\n', (size_t)(lines->end - begin));
		if (!end)
			return false;
		lines->next = end + 1;
		length = (size_t)(lines->next - begin);
	} while (length >= size);
	memcpy(line, begin, length);
	line[length] = '\0';
	return true;
}
