// SPDX-License-Identifier: GPL-2.0
/* Reading files of doors. */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_text.h"
#include "file_text.h"
#include "name.h"

/* More than 65536 keys take. */
#define FILE_SIZE_MAX (128 << 20)

/* The door's name is the file's. */
static void name_door(struct config_door *door, const char *path, struct faults *faults)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path;
	size_t length = strlen(base), suffix = strlen(CONFIG_SUFFIX);
	char name[NAME_MAX + 1], why[PARSE_WHY_SIZE];

	config_door_init(door, "");
	if (length <= suffix || strcmp(base + length - suffix, CONFIG_SUFFIX)) {
		faults_add(faults, path, 0,
			   "a door's file is called NAME.conf, with the name of the door; rename it");
		return;
	}
	snprintf(name, sizeof(name), "%.*s", (int)(length - suffix), base);
	if (parse_name("door", name, why))
		strcpy(door->name, name);
	else
		faults_add(faults, path, 0, "%s; rename the file", why);
}

static void check_sequence(struct config_key *key, const struct config_door *door,
			   struct faults *faults)
{
	if (!key->series.kind || key->series.kind == KNOCK_SEQUENCE_KIND_STATIC)
		return;
	if (!config_key_avoid(key, door))
		faults_add(faults, door->path, key->line,
			   "the door's ports leave too few for sequences, say which to avoid");
	if (config_door_opens_any(door))
		faults_add(faults, door->path, key->line,
			   "a door that opens any takes no once or derived key, since each port may be its service; say what it opens");
}

static void check_key(struct config_key *key, const struct config_door *door,
		      struct faults *faults)
{
	bool is_static = key->series.kind == KNOCK_SEQUENCE_KIND_STATIC;
	const char *fault, *path = door->path;

	if (!config_key_says(key, "type"))
		faults_add(faults, path, key->line,
			   "the key's type is not said, write type = tumbler, sealed or sequence");
	if (!config_key_says(key, "secret") && !config_key_says(key, "public-key") && !is_static)
		faults_add(faults, path, key->line,
			   "the key has no secret, write secret = and what base64 -w 0 makes of it");
	if (config_key_says(key, "fingerprint"))
		faults_add(faults, path, key->line,
			   "a key's fingerprint is made by the module, leave it out");
	config_key_settle(key);
	fault = config_key_fault(key);
	if (fault)
		faults_add(faults, path, key->line, "%s", fault);
	else
		check_sequence(key, door, faults);
}

static void check_keys(const struct config_door *door, const char *path, struct faults *faults)
{
	struct config_key **index = config_key_index(door);
	struct config_key *key;
	size_t i;

	if (!index) {
		faults->lost = true;
		return;
	}
	for (i = 0; i < door->keys; i++) {
		key = index[i];
		check_key(key, door, faults);
		if (i && key->name[0] && !strcmp(key->name, index[i - 1]->name))
			faults_add(faults, path, key->line,
				   "key %s is in line %u already, give this one another name",
				   key->name, index[i - 1]->line);
	}
	free(index);
}

static void check_door(const struct config_door *door, const char *path, struct faults *faults)
{
	if (!door->line)
		faults_add(faults, path, 0, "nothing says what the door opens, write [door] and below it opens = tcp/22");
	else if (!config_door_says(door, "opens"))
		faults_add(faults, path, door->line,
			   "what the door opens is not said, write opens = tcp/22, or opens = none");
	if (config_door_fault(door))
		faults_add(faults, path, door->line, "%s", config_door_fault(door));
	check_keys(door, path, faults);
}

/* Return: whether there is a text that can be judged. */
static bool read_file(struct config_door *door, const char *path, struct faults *faults)
{
	struct file_text file;
	bool good;

	name_door(door, path, faults);
	door->path = strdup(path);
	if (!door->path) {
		faults->lost = true;
		return false;
	}
	good = file_text_read(&file, path, FILE_SIZE_MAX, faults);
	if (good) {
		/* A file that others can read or write is refused, but its text is looked at. */
		file_text_check_readers(&file, path, faults);
		file_text_check_owner(&file, path, faults);
		config_read_text(door, path, file.text, file.length, faults);
	}
	file_text_wipe(&file);
	return good;
}

/**
 * config_read_door() - read a door's file
 * @door: where to; wiped by the caller, whatever comes of it
 * @path: of the file, which has the door's name
 * @faults: gets all that is wrong with it
 *
 * Return: true if nothing is wrong.
 */
bool config_read_door(struct config_door *door, const char *path, struct faults *faults)
{
	size_t before = faults->count;

	if (read_file(door, path, faults))
		check_door(door, path, faults);
	return faults->count == before && !faults->lost;
}

/**
 * config_read_applied() - read what a door's keys were when they were applied
 * @door: where to; only its keys mean anything, and have fingerprints
 * @path: of the file
 * @faults: gets all that is wrong with it
 *
 * Return: true if nothing is wrong.
 */
bool config_read_applied(struct config_door *door, const char *path, struct faults *faults)
{
	size_t before = faults->count;

	return read_file(door, path, faults) && faults->count == before && !faults->lost;
}

/* Hidden files and those of editors are none of ours. */
static int is_door_file(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name), suffix = strlen(CONFIG_SUFFIX);

	return entry->d_name[0] != '.' && length > suffix &&
	       !strcmp(entry->d_name + length - suffix, CONFIG_SUFFIX);
}

static void read_entry(struct config *config, const char *directory, const char *name,
		       struct faults *faults)
{
	struct config_door *door = config_door_add(config, "");
	char path[PATH_MAX];

	if (!door)
		faults->lost = true;
	else if (snprintf(path, sizeof(path), "%s/%s", directory, name) >= (int)sizeof(path))
		faults_add(faults, directory, 0, "the path of this directory is too long");
	else
		config_read_door(door, path, faults);
}

/**
 * config_read_all() - read all doors of a directory
 * @config: where to; wiped by the caller, whatever comes of it
 * @directory: of the files
 * @faults: gets all that is wrong with them, each by itself and together
 *
 * Return: true if nothing is wrong.
 */
bool config_read_all(struct config *config, const char *directory, struct faults *faults)
{
	size_t before = faults->count;
	struct dirent **entries;
	int i, count;

	memset(config, 0, sizeof(*config));
	count = scandir(directory, &entries, is_door_file, alphasort);
	if (count < 0) {
		faults_add(faults, directory, 0,
			   "this directory cannot be read: %m; knockctl add-door makes it");
		return false;
	}
	if (count > CONFIG_DOORS_MAX)
		faults_add(faults, directory, 0, "a namespace holds %d doors, and here are %d",
			   CONFIG_DOORS_MAX, count);
	for (i = 0; i < count; i++) {
		read_entry(config, directory, entries[i]->d_name, faults);
		free(entries[i]);
	}
	free(entries);
	config_check_secrets(config, faults);
	config_check_sequences(config, faults);
	return faults->count == before && !faults->lost;
}
