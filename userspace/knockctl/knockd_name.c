// SPDX-License-Identifier: GPL-2.0
/* Names of doors and keys, of those that sections of knockd.conf have. */
#include <stdio.h>
#include <string.h>

#include "knockd.h"

#define FIRST "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
#define LETTERS FIRST "_.-"

/**
 * knockd_name() - make a name of any text
 * @name: receives one that is good
 * @text: what it shall be like
 * @number: tells names of like texts apart; from 1, which is not seen
 *
 * Return: true if the name is the text as it is.
 */
bool knockd_name(char name[KNOCK_NAME_SIZE], const char *text, unsigned int number)
{
	char suffix[16] = "";
	size_t room, i;

	if (number > 1)
		snprintf(suffix, sizeof(suffix), "-%u", number);
	room = KNOCK_NAME_SIZE - 1 - strlen(suffix);
	snprintf(name, room + 1, "%s%s", strchr(FIRST, *text) ? "" : "x", text);
	for (i = 0; name[i]; i++)
		if (!strchr(LETTERS, name[i]))
			name[i] = '_';
	strcat(name, suffix);
	return !strcmp(name, text);
}
