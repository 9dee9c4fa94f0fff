/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_LINES_H
#define _TUMBLERD_LINES_H

#include <stdbool.h>
#include <stddef.h>

/* What is logged of one command: so many lines, and so much of each. */
#define LINES_MAX 256
#define LINE_SIZE 512
#define LINES_BYTES_MAX (LINES_MAX * LINE_SIZE)

/**
 * struct lines - what a command says, on its way into lines
 * @length: bytes of the line so far
 * @text: they
 * @told: lines so far
 * @heard: bytes so far, also those of long lines that were dropped
 */
struct lines {
	size_t length;
	char text[LINE_SIZE];
	size_t told;
	size_t heard;
};

/* Takes a line, without its end, of printable ASCII. */
typedef void lines_take(const char *line, void *data);

bool lines_feed(struct lines *lines, const char *bytes, size_t count, lines_take *take,
		void *data);
void lines_end(struct lines *lines, lines_take *take, void *data);

#endif /* _TUMBLERD_LINES_H */
