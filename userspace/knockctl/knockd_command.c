// SPDX-License-Identifier: GPL-2.0
/*
 * Commands of knockd.conf as tumblerd.conf has them. knockd hands each to a shell;
 * tumblerd runs it without one, so one that needs a shell is given one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "knockd.h"

/* What means the same to a shell, and to tumblerd. */
#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:,%=@+- "

/* As long as a line is to be, and as long as one may be. */
#define LINE_WIDTH 90
#define LINE_MAX_WIDTH 190

#define INDENT "  "

/* As one word in single quotes; a ; behind a blank is nowhere bare. */
static void put_quoted(FILE *stream, const char *text)
{
	const char *at;

	fputc('\'', stream);
	for (at = text; *at; at++) {
		if (*at == '\'')
			fputs("'\\''", stream);
		else if (*at == ';' && at > text && strchr(" \t", at[-1]))
			fputs("'\\;'", stream);
		else
			fputc(*at, stream);
	}
	fputc('\'', stream);
}

/* With a % in its path, the program is not known before the address is. */
static bool is_plain(const char *command)
{
	return *command == '/' && !command[strspn(command, PLAIN)] &&
	       command[strcspn(command, "% ")] != '%';
}

/**
 * knockd_command() - a command as the value of a word of tumblerd.conf
 * @command: of IPv4, and of IPv6 if there is no other; "" for nothing
 * @command_6: of IPv6; NULL if that is the same
 *
 * Return: the text, to be freed; "" if there is nothing to do; NULL if it cannot be one,
 * since tumblerd replaces more of it than knockd does, or for want of memory.
 */
char *knockd_command(const char *command, const char *command_6)
{
	bool same = !command_6 || !strcmp(command, command_6);
	char *text = NULL;
	FILE *stream;
	size_t size;

	if (strstr(command, "%NAME%") || strstr(command, "%KEY%") ||
	    (command_6 && (strstr(command_6, "%NAME%") || strstr(command_6, "%KEY%"))))
		return NULL;
	if (same && (!*command || is_plain(command)))
		return strdup(command);
	stream = open_memstream(&text, &size);
	if (!stream)
		return NULL;
	fputs("/bin/sh -c ", stream);
	if (same) {
		put_quoted(stream, command);
	} else {
		fputs("'case $0 in *:*) eval \"$2\";; *) eval \"$1\";; esac' %IP% ", stream);
		put_quoted(stream, command);
		fputc(' ', stream);
		put_quoted(stream, command_6);
	}
	if (fclose(stream)) {
		free(text);
		return NULL;
	}
	return text;
}

/*
 * Whether the value can go on in another line behind the blank at @at: not where more
 * blanks are, nor where the line would be taken for a comment, a section or a word.
 */
static bool can_break(const char *text, const char *at)
{
	size_t word;

	if (*at != ' ' || at == text || strchr(" \t", at[-1]) || strchr(" \t;#[", at[1]))
		return false;
	word = strspn(at + 1, "abcdefghijklmnopqrstuvwxyz-");
	return !word || !strchr(" \t=", at[1 + word]) ||
	       at[1 + word + strspn(at + 1 + word, " \t")] != '=';
}

/* Return: how much of @text goes into a line; 0 if that cannot be so little. */
static size_t line_length(const char *text)
{
	size_t best = 0, i;

	if (strlen(text) <= LINE_WIDTH)
		return strlen(text);
	for (i = 1; i <= LINE_MAX_WIDTH && text[i] && (i <= LINE_WIDTH || !best); i++)
		if (can_break(text, text + i))
			best = i;
	return best || i > LINE_MAX_WIDTH || text[i] ? best : i;
}

/**
 * knockd_command_lines() - a word of tumblerd.conf with its command, in lines
 * @word: the word
 * @command: made by knockd_command(), of which something is to be done
 *
 * Return: the text, to be freed; NULL if it cannot be put into lines that are short enough,
 * or for want of memory.
 */
char *knockd_command_lines(const char *word, const char *command)
{
	char *text = NULL;
	size_t size, length;
	bool good = true;
	FILE *stream;

	stream = open_memstream(&text, &size);
	if (!stream)
		return NULL;
	fprintf(stream, "%s = ", word);
	for (;;) {
		length = line_length(command);
		good = length;
		if (!good)
			break;
		fprintf(stream, "%.*s\n", (int)length, command);
		if (!command[length])
			break;
		command += length + 1;
		fputs(INDENT, stream);
	}
	if (!fclose(stream) && good)
		return text;
	free(text);
	return NULL;
}
