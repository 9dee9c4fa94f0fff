/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_USER_H
#define _TUMBLERD_USER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define USER_WHY_SIZE 320

/* Groups of one user that are looked at. */
#define USER_GROUPS_MAX 256

/**
 * struct user - who runs commands
 * @set: it is somebody
 * @uid: the user's number
 * @gid: of the user's own group
 * @groups: how many others there are
 * @group: all of them, @gid too
 */
struct user {
	bool set;
	uid_t uid;
	gid_t gid;
	size_t groups;
	gid_t group[USER_GROUPS_MAX];
};

bool user_find(struct user *user, const char *name, char why[USER_WHY_SIZE]);
bool user_can_be(const struct user *user);
bool user_become(const struct user *user);

#endif /* _TUMBLERD_USER_H */
