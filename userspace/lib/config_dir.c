// SPDX-License-Identifier: GPL-2.0
/* The directory of doors' files: made, locked, and whose it is. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "config.h"
#include "config_dir.h"
#include "place.h"

/* Which network namespace the directory belongs to. */
#define RECORD ".namespace"

#define WAIT_SEC 10

/* @what could not be done to @path, and errno is why. */
static void explain(const char *path, const char *what, const char *mend,
		    char why[CONFIG_DIR_WHY_SIZE])
{
	if (errno == EACCES || errno == EPERM)
		snprintf(why, CONFIG_DIR_WHY_SIZE,
			 "not permitted, %s cannot be %s; run it as root, or give --config a directory of your own",
			 path, what);
	else
		snprintf(why, CONFIG_DIR_WHY_SIZE, "%s cannot be %s: %m; %s", path, what, mend);
}

static bool make_directory(const char *path, char why[CONFIG_DIR_WHY_SIZE])
{
	if (!mkdir(path, 0700) || errno == EEXIST)
		return true;
	explain(path, "made", "make it, or use --volatile to keep no file", why);
	return false;
}

/* Whoever else may write there could give us keys. */
static bool is_private(int descriptor, const char *path, char why[CONFIG_DIR_WHY_SIZE])
{
	struct stat status;

	if (fstat(descriptor, &status)) {
		snprintf(why, CONFIG_DIR_WHY_SIZE, "%s cannot be examined: %m", path);
		return false;
	}
	if (!(status.st_mode & 0022) && (!status.st_uid || status.st_uid == geteuid()))
		return true;
	snprintf(why, CONFIG_DIR_WHY_SIZE,
		 "others may write to %s, its mode is %04o and its owner user %u; chown it to root and chmod 700 it",
		 path, status.st_mode & 07777, status.st_uid);
	return false;
}

static bool wait_for_lock(int descriptor)
{
	const struct timespec pause = { .tv_nsec = 50000000 };
	int i;

	for (i = 0; flock(descriptor, LOCK_EX | LOCK_NB); i++) {
		if (errno != EWOULDBLOCK || i == WAIT_SEC * 20)
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}

static int is_left_over(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name), suffix = strlen(CONFIG_SUFFIX ".new");

	return entry->d_name[0] == '.' && length > suffix &&
	       (!strcmp(entry->d_name + length - suffix, CONFIG_SUFFIX ".new") ||
		!strcmp(entry->d_name + length - suffix, CONFIG_SUFFIX ".old"));
}

/* What a writer left that was killed. Whoever holds the lock writes nothing yet. */
static void sweep(int descriptor, const char *config)
{
	struct dirent **entries;
	int i, count = scandirat(descriptor, ".", &entries, is_left_over, NULL);
	char key[PATH_MAX];

	for (i = 0; i < count; i++) {
		unlinkat(descriptor, entries[i]->d_name, 0);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	if (snprintf(key, sizeof(key), "%s/" CONFIG_SERVER_KEY_NEW, config) < (int)sizeof(key))
		unlink(key);
}

/**
 * config_dir_lock() - open the directory of doors' files for oneself alone
 * @directory: to fill
 * @config: the directory it is in
 * @make: make it if it is not there
 * @why: a sentence, on failure
 *
 * Return: true; false if it is not there, not private, or another has it for longer
 * than ten seconds.
 */
bool config_dir_lock(struct config_dir *directory, const char *config, bool make,
		     char why[CONFIG_DIR_WHY_SIZE])
{
	const char *path = directory->path;

	directory->descriptor = -1;
	directory->missing = false;
	if (snprintf(directory->path, sizeof(directory->path), "%s/" CONFIG_DOORS, config) >=
	    (int)sizeof(directory->path)) {
		snprintf(why, CONFIG_DIR_WHY_SIZE, "the path of --config is too long, shorten it");
		return false;
	}
	if (make && (!make_directory(config, why) || !make_directory(path, why)))
		return false;
	directory->descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory->descriptor < 0) {
		directory->missing = errno == ENOENT;
		explain(path, "opened", "knockctl add-door makes it", why);
		return false;
	}
	if (!is_private(directory->descriptor, path, why))
		goto err_close;
	if (!wait_for_lock(directory->descriptor)) {
		snprintf(why, CONFIG_DIR_WHY_SIZE,
			 "another knockctl is changing %s; try again when it is done", path);
		goto err_close;
	}
	sweep(directory->descriptor, config);
	return true;

err_close:
	config_dir_unlock(directory);
	return false;
}

/**
 * config_dir_unlock() - let others change it
 * @directory: locked, or its locking failed
 */
void config_dir_unlock(struct config_dir *directory)
{
	if (directory->descriptor >= 0)
		close(directory->descriptor);
	directory->descriptor = -1;
}

/* Return: false if nobody took the directory yet. */
static bool read_record(const struct config_dir *directory, struct place *place)
{
	int descriptor = openat(directory->descriptor, RECORD, O_RDONLY | O_CLOEXEC);
	char text[128];
	ssize_t got;

	if (descriptor < 0)
		return false;
	got = read(descriptor, text, sizeof(text) - 1);
	close(descriptor);
	if (got < 0)
		return false;
	text[got] = '\0';
	return sscanf(text, "%63s net:[%llu]", place->boot, &place->namespace) == 2;
}

/**
 * config_dir_is_ours() - whether its doors are this network namespace's
 * @directory: locked
 * @why: a sentence, if they are another's
 *
 * Return: false if it was taken, in this boot, by a namespace that still is.
 */
bool config_dir_is_ours(const struct config_dir *directory, char why[CONFIG_DIR_WHY_SIZE])
{
	struct place here, there;

	place_here(&here);
	if (!here.namespace || !read_record(directory, &there) || strcmp(here.boot, there.boot) ||
	    here.namespace == there.namespace || !namespace_is_alive(there.namespace))
		return true;
	snprintf(why, CONFIG_DIR_WHY_SIZE,
		 "%s is of another network namespace, net:[%llu], and this is net:[%llu]; give this one a directory of its own with --config, or keep no file with --volatile",
		 directory->path, there.namespace, here.namespace);
	return false;
}

/**
 * config_dir_take() - note that its doors are this network namespace's
 * @directory: locked
 *
 * Where that cannot be written nothing is lost but a warning to others.
 */
void config_dir_take(const struct config_dir *directory)
{
	struct place here, there;
	int descriptor;

	place_here(&here);
	if (!here.namespace || (read_record(directory, &there) && !strcmp(here.boot, there.boot) &&
				here.namespace == there.namespace))
		return;
	unlinkat(directory->descriptor, RECORD, 0);
	descriptor = openat(directory->descriptor, RECORD,
			    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (descriptor < 0)
		return;
	dprintf(descriptor, "%s net:[%llu]\n", here.boot, here.namespace);
	close(descriptor);
}
