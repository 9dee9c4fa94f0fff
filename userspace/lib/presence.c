// SPDX-License-Identifier: GPL-2.0
/*
 * Whether tumblerd runs: it holds a lock, which ends with its process, however that ends;
 * a file alone says nothing. There is a file for each of its roles, one for all network
 * namespaces, and each of these has its own byte of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "place.h"
#include "presence.h"

static const char *file_of(enum presence_role role)
{
	return role == ROLE_COMMANDS ? "tumblerd-commands" : "tumblerd";
}

/* Return: a descriptor, or -1 with errno. */
static int open_file(const char *state, enum presence_role role, int flags)
{
	char path[PATH_MAX];

	if (snprintf(path, sizeof(path), "%s/%s", state, file_of(role)) >= (int)sizeof(path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* No namespace has this number: it is for the first of those that share a directory. */
#define BYTE_OF_THE_FIRST 0

static struct flock byte_at(unsigned long long number)
{
	return (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET,
			       .l_start = (off_t)number, .l_len = 1 };
}

static struct flock byte_of_this_namespace(void)
{
	struct place place;

	place_here(&place);
	return byte_at(place.namespace);
}

/**
 * presence_find() - whether tumblerd runs for this network namespace
 * @state: the directory of --state, the same as tumblerd's
 * @role: one that does this
 */
enum presence_found presence_find(const char *state, enum presence_role role)
{
	struct flock lock = byte_of_this_namespace();
	int descriptor = open_file(state, role, O_RDWR);
	bool asked;

	if (descriptor < 0)
		return errno == ENOENT ? PRESENCE_NONE : PRESENCE_UNKNOWN;
	asked = !fcntl(descriptor, F_GETLK, &lock);
	close(descriptor);
	if (!asked)
		return PRESENCE_UNKNOWN;
	return lock.l_type == F_UNLCK ? PRESENCE_NONE : PRESENCE_HERE;
}

/* Return: whether the byte is ours; false with errno, which is EAGAIN if it is another's. */
static bool lock_byte(int descriptor, struct flock lock)
{
	/* Not of the open file: a child that outlives us would go on holding it. */
	if (!fcntl(descriptor, F_SETLK, &lock))
		return true;
	if (errno == EACCES)
		errno = EAGAIN;
	return false;
}

static void say_why(char why[PRESENCE_WHY_SIZE], const char *state, enum presence_role role,
		    int error)
{
	if (error != EAGAIN)
		snprintf(why, PRESENCE_WHY_SIZE,
			 "%.120s/%s cannot be locked: %s; let --state be a directory that can be written to, or knockctl status does not see tumblerd",
			 state, file_of(role), strerror(error));
	else if (role == ROLE_COMMANDS)
		snprintf(why, PRESENCE_WHY_SIZE,
			 "another tumblerd runs commands for this network namespace; end that one first, or give this one --no-commands");
	else
		snprintf(why, PRESENCE_WHY_SIZE,
			 "another tumblerd runs for this network namespace; end that one first");
}

/* Return: a descriptor, which stays open; -1 with errno and a sentence. */
static int take_role(const char *state, enum presence_role role, char why[PRESENCE_WHY_SIZE])
{
	int descriptor = -1, error;

	if (!mkdir(state, 0700) || errno == EEXIST)
		descriptor = open_file(state, role, O_RDWR | O_CREAT);
	if (descriptor >= 0 && lock_byte(descriptor, byte_of_this_namespace()))
		return descriptor;
	error = errno;
	if (descriptor >= 0)
		close(descriptor);
	say_why(why, state, role, error);
	errno = error;
	return -1;
}

/**
 * presence_take() - be the tumblerd of this network namespace, as long as the process lives
 * @state: the directory of --state; made if it is not there
 * @roles: what this one does
 * @first: gets whether it runs commands, and no other namespace's has the same directory
 * @why: a sentence, on failure
 *
 * What is opened for it stays open.
 *
 * Return: false with errno, which is EAGAIN if another is.
 */
bool presence_take(const char *state, enum presence_role roles, bool *first,
		   char why[PRESENCE_WHY_SIZE])
{
	int agent = -1, commands = -1, error;

	*first = false;
	if (roles & ROLE_AGENT) {
		agent = take_role(state, ROLE_AGENT, why);
		if (agent < 0)
			return false;
	}
	if (!(roles & ROLE_COMMANDS))
		return true;
	commands = take_role(state, ROLE_COMMANDS, why);
	if (commands >= 0) {
		*first = lock_byte(commands, byte_at(BYTE_OF_THE_FIRST));
		return true;
	}
	error = errno;
	if (agent >= 0)
		close(agent);
	errno = error;
	return false;
}
