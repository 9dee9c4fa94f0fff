// SPDX-License-Identifier: GPL-2.0
/* Files, of the doors that were made of knockd.conf. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "knockd.h"

static void put_notes(FILE *stream, const struct faults *notes)
{
	size_t i;

	for (i = 0; i < notes->count; i++)
		fprintf(stream, "# %s:%u: %s\n", notes->fault[i].file, notes->fault[i].line,
			notes->fault[i].why);
}

/* Return: what @stream wrote to @text, NULL if that is not all. */
static char *finished(FILE *stream, char **text)
{
	if (!fclose(stream))
		return *text;
	free(*text);
	return NULL;
}

/**
 * knockd_door_text() - the file of a door
 * @door: the door
 *
 * Return: the text, to be freed; NULL if there was no memory.
 */
char *knockd_door_text(const struct knockd_door *door)
{
	char *text = NULL, *format = config_format(&door->door);
	FILE *stream;
	size_t size;

	stream = format ? open_memstream(&text, &size) : NULL;
	if (stream) {
		put_notes(stream, &door->notes);
		fputs(format, stream);
	}
	if (format)
		OPENSSL_clear_free(format, strlen(format) + 1);
	return stream ? finished(stream, &text) : NULL;
}

static bool has_commands(const struct knockd_door *door)
{
	return door->command || door->close_command;
}

/**
 * knockd_commands_text() - the file of tumblerd, for the doors whose commands it runs
 * @doors: all doors
 * @path: of knockd.conf
 *
 * Return: the text, to be freed, "" if there is nothing for it; NULL if there was no memory.
 */
char *knockd_commands_text(const struct knockd_doors *doors, const char *path)
{
	const struct knockd_door *door;
	char *text = NULL;
	bool any = false;
	FILE *stream;
	size_t size;

	stream = open_memstream(&text, &size);
	if (!stream)
		return NULL;
	for (door = doors->door; door < doors->door + doors->count; door++)
		any |= has_commands(door);
	if (any || doors->log)
		fprintf(stream, "# Made of %s for tumblerd(8); see tumblerd.conf(5).\n[common]\n",
			path);
	if (doors->log)
		fprintf(stream, "log = %s\n", doors->log);
	if (any)
		fputs("# With knockd a command took what time it liked.\ntime-limit = 1h\n",
		      stream);
	for (door = doors->door; door < doors->door + doors->count; door++)
		if (has_commands(door))
			fprintf(stream, "\n[door %s]\n%s%s", door->door.name,
				door->command ? door->command : "",
				door->close_command ? door->close_command : "");
	return finished(stream, &text);
}
