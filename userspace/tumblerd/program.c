// SPDX-License-Identifier: GPL-2.0
/*
 * Which file a command's first word is: a whole path, or a name that is looked for once,
 * when the settings are read, so that what is run cannot change while they hold.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program.h"

static bool is_program(const char *path)
{
	struct stat status;

	return !stat(path, &status) && S_ISREG(status.st_mode) && !access(path, X_OK);
}

/* Return: true with the first of that name among the usual directories in @path. */
static bool look_for(const char *name, char path[PATH_MAX])
{
	const char *directory = PROGRAM_PATH;
	int length;

	for (;;) {
		length = (int)strcspn(directory, ":");
		if (snprintf(path, PATH_MAX, "%.*s/%s", length, directory, name) < PATH_MAX &&
		    is_program(path))
			return true;
		if (!directory[length])
			return false;
		directory += length + 1;
	}
}

/* Puts @path in the place of the first word, which the others are moved behind. */
static bool replace_first(struct words *words, const char *path)
{
	size_t size = strlen(path) + 1, i;
	char *text, *to;

	for (i = 1; i < words->count; i++)
		size += strlen(words->word[i]) + 1;
	text = malloc(size);
	if (!text)
		return false;
	to = text;
	for (i = 0; i < words->count; i++) {
		const char *word = i ? words->word[i] : path;

		strcpy(to, word);
		words->word[i] = to;
		to += strlen(to) + 1;
	}
	free(words->text);
	words->text = text;
	return true;
}

/**
 * program_find() - see that a command begins with a whole path
 * @words: the command; its first word becomes the path if it is a name alone
 * @why: gets a sentence if it is neither, or names nothing
 *
 * Whether a whole path can be run is not looked at.
 *
 * Return: true if it does.
 */
bool program_find(struct words *words, char why[WORDS_WHY_SIZE])
{
	const char *first = words->word[0];
	char path[PATH_MAX];

	if (!*first || strchr(first, '%') || (*first != '/' && strchr(first, '/'))) {
		snprintf(why, WORDS_WHY_SIZE,
			 "`%.64s' is no whole path of a program, begin it with / and put no %% in it",
			 first);
		return false;
	}
	if (*first == '/')
		return true;
	if (!look_for(first, path)) {
		snprintf(why, WORDS_WHY_SIZE,
			 "`%.64s' is no program of the usual directories, install it or write its whole path",
			 first);
		return false;
	}
	if (replace_first(words, path))
		return true;
	snprintf(why, WORDS_WHY_SIZE, "out of memory, free some and try again");
	return false;
}
