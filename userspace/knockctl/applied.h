/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_APPLIED_H
#define _KNOCKCTL_APPLIED_H

#include <limits.h>

#include "config.h"

/**
 * struct applied - where it is remembered which keys the module has
 * @descriptor: of the directory; -1 if it cannot be had
 * @path: of it
 *
 * The module tells a key's fingerprint, which is random unless the secret was
 * generated. What stands here beside it says which secret that is: so load can
 * leave an equal key alone, and bring back one that it took away. It is of this
 * boot and of this network namespace; all else is removed.
 */
struct applied {
	int descriptor;
	char path[PATH_MAX];
};

bool applied_open(struct applied *applied, const char *state);
void applied_close(struct applied *applied);
bool applied_read(const struct applied *applied, const char *name, struct config_door *door);
bool applied_write(const struct applied *applied, const struct config_door *door);
void applied_remove(const struct applied *applied, const char *name);
void applied_complain(const struct applied *applied);

void applied_add_key(const char *state, const char *door, const struct config_key *key);
void applied_del_key(const char *state, const char *door, const char *key);
void applied_del_door(const char *state, const char *door);

#endif /* _KNOCKCTL_APPLIED_H */
