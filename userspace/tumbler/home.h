/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_HOME_H
#define _TUMBLER_HOME_H

#include <stdbool.h>

/* Room for the path of a file of the user's. */
#define HOME_PATH_SIZE 4096

/**
 * struct home - a kind of files that the user keeps
 * @variable: of the environment, names their directory
 * @otherwise: where that is, from the home directory, if the variable names none
 */
struct home {
	const char *variable;
	const char *otherwise;
};

extern const struct home home_config, home_state;

bool home_find(char path[HOME_PATH_SIZE], const struct home *home, const char *tail);
void home_make_directories(char *path);

#endif /* _TUMBLER_HOME_H */
