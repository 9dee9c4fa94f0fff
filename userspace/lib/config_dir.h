/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_CONFIG_DIR_H
#define _LIB_CONFIG_DIR_H

#include <limits.h>
#include <stdbool.h>

/* A server's key on its way into place, in the directory of the configuration. */
#define CONFIG_SERVER_KEY_NEW ".server.key.new"

#define CONFIG_DIR_WHY_SIZE (PATH_MAX + 320)

/**
 * struct config_dir - the directory of doors' files, locked
 * @descriptor: of the directory, which is the lock; -1 if it is not open
 * @missing: there is no such directory
 * @path: of it
 */
struct config_dir {
	int descriptor;
	bool missing;
	char path[PATH_MAX];
};

bool config_dir_lock(struct config_dir *directory, const char *config, bool make,
		     char why[CONFIG_DIR_WHY_SIZE]);
void config_dir_unlock(struct config_dir *directory);
bool config_dir_is_ours(const struct config_dir *directory, char why[CONFIG_DIR_WHY_SIZE]);
void config_dir_take(const struct config_dir *directory);

#endif /* _LIB_CONFIG_DIR_H */
