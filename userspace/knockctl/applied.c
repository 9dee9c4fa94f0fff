// SPDX-License-Identifier: GPL-2.0
/* Which keys the module has, as far as we gave it them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "applied.h"
#include "complain.h"
#include "place.h"

/* Which boot the directories beside it are of. */
#define BOOT "boot"
#define PREFIX "applied."

static int is_applied(const struct dirent *entry)
{
	return !strncmp(entry->d_name, PREFIX, strlen(PREFIX));
}

static int is_file(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
}

static void remove_directory(int state, const char *name)
{
	int descriptor = openat(state, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct dirent **entries;
	int i, count;

	if (descriptor < 0)
		return;
	count = scandirat(descriptor, ".", &entries, is_file, NULL);
	for (i = 0; i < count; i++) {
		unlinkat(descriptor, entries[i]->d_name, 0);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	close(descriptor);
	unlinkat(state, name, AT_REMOVEDIR);
}

static bool is_of_this_boot(int state, const char *boot)
{
	int descriptor = openat(state, BOOT, O_RDONLY | O_CLOEXEC);
	char text[64] = "";
	ssize_t got = -1;

	if (descriptor >= 0) {
		got = read(descriptor, text, sizeof(text) - 1);
		close(descriptor);
	}
	return got > 0 && !strcmp(text, boot);
}

/* What another boot applied is nowhere any more. @state is locked. */
static void forget_other_boots(int state, const char *boot)
{
	struct dirent **entries;
	int i, count, descriptor;

	if (is_of_this_boot(state, boot))
		return;
	count = scandirat(state, ".", &entries, is_applied, NULL);
	for (i = 0; i < count; i++) {
		remove_directory(state, entries[i]->d_name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	descriptor = openat(state, BOOT, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (descriptor < 0)
		return;
	dprintf(descriptor, "%s", boot);
	close(descriptor);
}

/* Return: the namespace's directory, or -1 with errno. */
static int open_directory(const char *state, const char *path, const struct place *here)
{
	int descriptor, within = -1, error;

	if (mkdir(state, 0700) && errno != EEXIST)
		return -1;
	descriptor = open(state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (descriptor < 0)
		return -1;
	if (!flock(descriptor, LOCK_EX)) {
		forget_other_boots(descriptor, here->boot);
		if (!mkdir(path, 0700) || errno == EEXIST)
			within = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	}
	error = errno;
	close(descriptor);
	errno = error;
	return within;
}

/**
 * applied_open() - open what is remembered of this boot and network namespace
 * @applied: to fill
 * @state: the directory of --state
 *
 * Context: the configuration is locked.
 * Return: false with errno if it cannot be had; then nothing is known.
 */
bool applied_open(struct applied *applied, const char *state)
{
	struct place here;

	place_here(&here);
	applied->descriptor = -1;
	if (snprintf(applied->path, sizeof(applied->path), "%s/" PREFIX "%llu", state,
		     here.namespace) >= (int)sizeof(applied->path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	applied->descriptor = open_directory(state, applied->path, &here);
	return applied->descriptor >= 0;
}

void applied_close(struct applied *applied)
{
	if (applied->descriptor >= 0)
		close(applied->descriptor);
	applied->descriptor = -1;
}

/**
 * applied_read() - read the keys of a door as they were applied
 * @applied: open or not
 * @name: the door's
 * @door: where to; wiped by the caller
 *
 * Return: true; false if nothing is known of the door, which then has no keys.
 */
bool applied_read(const struct applied *applied, const char *name, struct config_door *door)
{
	struct faults faults = { .count = 0 };
	char path[PATH_MAX];
	bool good = false;

	config_door_init(door, name);
	if (applied->descriptor >= 0 &&
	    snprintf(path, sizeof(path), "%s/%s" CONFIG_SUFFIX, applied->path, name) <
	    (int)sizeof(path))
		good = config_read_applied(door, path, &faults);
	faults_clear(&faults);
	if (!good) {
		config_door_wipe(door);
		config_door_init(door, name);
	}
	return good;
}

/**
 * applied_write() - remember the keys of a door
 * @applied: open or not
 * @door: the door; keys whose secret or fingerprint is not known are left out
 *
 * Return: false with errno if that failed.
 */
bool applied_write(const struct applied *applied, const struct config_door *door)
{
	struct config_door known;
	bool good;
	size_t i;

	if (applied->descriptor < 0 || !config_door_copy(&known, door))
		return false;
	for (i = known.keys; i-- > 0;) {
		/* The secret itself, which another server key would make another. */
		known.key[i].paired = false;
		if (!known.key[i].known || !config_key_is_known(&known.key[i]))
			config_key_del(&known, &known.key[i]);
	}
	good = config_write_new(applied->descriptor, &known) &&
	       config_write_commit(applied->descriptor, known.name);
	config_door_wipe(&known);
	return good;
}

void applied_remove(const struct applied *applied, const char *name)
{
	if (applied->descriptor >= 0 && config_hide(applied->descriptor, name))
		config_forget(applied->descriptor, name);
}

/* A warning: what was to be done is done. */
void applied_complain(const struct applied *applied)
{
	complain("done, but %s cannot be written: %m; so the next load takes keys of given secrets for new ones, with a guard",
		 applied->path);
}

static void change(const char *state, const char *name, const struct config_key *key,
		   const char *gone)
{
	struct applied applied;
	struct config_door door;
	struct config_key *old, *new;
	bool good = false;

	if (applied_open(&applied, state)) {
		applied_read(&applied, name, &door);
		old = config_key_find(&door, gone);
		if (old)
			config_key_del(&door, old);
		new = key ? config_key_add(&door, key->name) : NULL;
		if (new)
			*new = *key;
		good = (!key || new) && applied_write(&applied, &door);
		config_door_wipe(&door);
	}
	/* What is remembered in vain does no harm. */
	if (!good && key)
		applied_complain(&applied);
	applied_close(&applied);
}

/**
 * applied_add_key() - remember a key that the module took
 * @state: the directory of --state
 * @door: its door's name
 * @key: with secret and fingerprint
 */
void applied_add_key(const char *state, const char *door, const struct config_key *key)
{
	change(state, door, key, key->name);
}

/**
 * applied_del_key() - forget a key
 * @state: the directory of --state
 * @door: its door's name
 * @key: its name
 */
void applied_del_key(const char *state, const char *door, const char *key)
{
	change(state, door, NULL, key);
}

/**
 * applied_del_door() - forget a door's keys
 * @state: the directory of --state
 * @door: its name
 */
void applied_del_door(const char *state, const char *door)
{
	struct applied applied;

	if (applied_open(&applied, state))
		applied_remove(&applied, door);
	applied_close(&applied);
}
