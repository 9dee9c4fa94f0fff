// SPDX-License-Identifier: GPL-2.0
/* Another user to run commands as. */
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/capability.h>

#include "user.h"

/**
 * user_find() - look a user up, with all groups
 * @user: to fill
 * @name: the user's
 * @why: gets a sentence if there is none
 *
 * It is done once, before anything is run: between fork and exec no library may be asked.
 *
 * Return: true if there is one.
 */
bool user_find(struct user *user, const char *name, char why[USER_WHY_SIZE])
{
	int groups = USER_GROUPS_MAX;
	struct passwd *entry;

	entry = getpwnam(name);
	if (!entry) {
		snprintf(why, USER_WHY_SIZE,
			 "there is no user `%.64s', make one with useradd, or name another", name);
		return false;
	}
	if (getgrouplist(name, entry->pw_gid, user->group, &groups) < 0) {
		snprintf(why, USER_WHY_SIZE,
			 "user `%.64s' is in more than %d groups, name one who is in fewer",
			 name, USER_GROUPS_MAX);
		return false;
	}
	user->set = true;
	user->uid = entry->pw_uid;
	user->gid = entry->pw_gid;
	user->groups = (size_t)groups;
	return true;
}

/**
 * user_can_be() - whether this process may run what it starts as a user
 * @user: the user
 *
 * Return: true if it has CAP_SETUID and CAP_SETGID, and CAP_KILL to end that again, or no
 * user is set.
 */
bool user_can_be(const struct user *user)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	uint32_t wanted = 1U << CAP_SETUID | 1U << CAP_SETGID | 1U << CAP_KILL;

	if (!user->set)
		return true;
	return !syscall(SYS_capget, &header, data) && (data[0].effective & wanted) == wanted;
}

/**
 * user_become() - give up being who this process is, for good
 * @user: who to be; nothing is done if none is set
 *
 * It calls nothing that a child of fork() may not.
 *
 * Return: true; false with errno if that cannot be.
 */
bool user_become(const struct user *user)
{
	if (!user->set)
		return true;
	return !setgroups(user->groups, user->group) &&
	       !setresgid(user->gid, user->gid, user->gid) &&
	       !setresuid(user->uid, user->uid, user->uid);
}
