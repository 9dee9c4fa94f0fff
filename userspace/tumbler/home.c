// SPDX-License-Identifier: GPL-2.0
/* Where a user's own files are, as the XDG Base Directory Specification has it. */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "home.h"

const struct home home_config = { "XDG_CONFIG_HOME", ".config" };
const struct home home_state = { "XDG_STATE_HOME", ".local/state" };

/**
 * home_find() - find the path of a file of the user's
 * @path: receives it
 * @home: what kind of file it is
 * @tail: its path, from the directory of its kind
 *
 * Return: false if the path is too long.
 */
bool home_find(char path[HOME_PATH_SIZE], const struct home *home, const char *tail)
{
	const char *directory = getenv(home->variable), *own = getenv("HOME");
	const struct passwd *user;
	int length;

	if (directory && *directory == '/') {
		length = snprintf(path, HOME_PATH_SIZE, "%s/%s", directory, tail);
	} else {
		user = own && *own == '/' ? NULL : getpwuid(getuid());
		if (user)
			own = user->pw_dir;
		length = snprintf(path, HOME_PATH_SIZE, "%s/%s/%s", own ? own : "",
				  home->otherwise, tail);
	}
	return length > 0 && length < HOME_PATH_SIZE;
}

/**
 * home_make_directories() - make every directory that is missing on the way to a file
 * @path: of the file, absolute; the same again when done
 */
void home_make_directories(char *path)
{
	char *slash;

	for (slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
}
