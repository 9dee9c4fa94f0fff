// SPDX-License-Identifier: GPL-2.0
/* What a command says, line by line, and no more than anybody would read. */
#include "lines.h"

static bool is_enough(const struct lines *lines)
{
	return lines->told >= LINES_MAX || lines->heard >= LINES_BYTES_MAX;
}

static char printable(char letter)
{
	if (letter == '\t')
		return ' ';
	return letter < ' ' || letter > '~' ? '?' : letter;
}

static void finish_line(struct lines *lines, lines_take *take, void *data)
{
	lines->text[lines->length] = '\0';
	lines->length = 0;
	lines->told++;
	take(lines->text, data);
}

/**
 * lines_feed() - take some of what a command says
 * @lines: what it said so far; begin with an all-zero one
 * @bytes: what it says
 * @count: how many
 * @take: called for each line that is whole
 * @data: for @take
 *
 * What is not printable ASCII becomes a question mark, since whoever reads the log does
 * so in a terminal; and of a long line the rest is dropped.
 *
 * Return: true; false if it has said too much, and no more of it is taken.
 */
bool lines_feed(struct lines *lines, const char *bytes, size_t count, lines_take *take,
		void *data)
{
	size_t i;

	for (i = 0; i < count && !is_enough(lines); i++) {
		lines->heard++;
		if (bytes[i] == '\n')
			finish_line(lines, take, data);
		else if (lines->length < LINE_SIZE - 1)
			lines->text[lines->length++] = printable(bytes[i]);
	}
	return i == count;
}

/**
 * lines_end() - nothing more is said
 * @lines: what was
 * @take: called for what has no line end, if there is room for it
 * @data: for @take
 */
void lines_end(struct lines *lines, lines_take *take, void *data)
{
	if (lines->length && lines->told < LINES_MAX)
		finish_line(lines, take, data);
}
