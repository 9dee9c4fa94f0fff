// SPDX-License-Identifier: GPL-2.0
/* Which boot this is, and which network namespace. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "place.h"

/**
 * place_here() - which boot this is, and which network namespace
 * @place: to fill; without /proc it cannot be told
 */
void place_here(struct place *place)
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "re");
	struct stat status;

	memset(place, 0, sizeof(*place));
	if (file) {
		if (!fgets(place->boot, sizeof(place->boot), file))
			place->boot[0] = '\0';
		place->boot[strcspn(place->boot, "\n")] = '\0';
		fclose(file);
	}
	if (!stat("/proc/self/ns/net", &status))
		place->namespace = status.st_ino;
}

static bool find_name(char name[PLACE_NAME_SIZE], const struct stat *namespace)
{
	struct dirent **entries;
	struct stat status;
	bool found = false;
	char path[300];
	int i, count = scandir("/run/netns", &entries, NULL, alphasort);

	for (i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "/run/netns/%s", entries[i]->d_name);
		if (!found && !stat(path, &status) && status.st_dev == namespace->st_dev &&
		    status.st_ino == namespace->st_ino) {
			snprintf(name, PLACE_NAME_SIZE, "%s", entries[i]->d_name);
			found = true;
		}
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return found;
}

/**
 * place_name() - which network namespace this is, in words that outlast a boot
 * @name: gets none if it is that of the first process, as of a host; else the name that
 *	`ip netns' has for it; else a number, which outlasts no boot
 */
void place_name(char name[PLACE_NAME_SIZE])
{
	struct stat here, first;

	name[0] = '\0';
	if (stat("/proc/self/ns/net", &here) ||
	    (!stat("/proc/1/ns/net", &first) && here.st_ino == first.st_ino) ||
	    find_name(name, &here))
		return;
	snprintf(name, PLACE_NAME_SIZE, "net-%llu", (unsigned long long)here.st_ino);
}

static int is_process(const struct dirent *entry)
{
	return entry->d_name[0] >= '0' && entry->d_name[0] <= '9';
}

static bool has_process(unsigned long long namespace)
{
	struct dirent **entries;
	struct stat status;
	bool found = false;
	char path[300];
	int i, count = scandir("/proc", &entries, is_process, alphasort);

	for (i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "/proc/%s/ns/net", entries[i]->d_name);
		found = found || (!stat(path, &status) && status.st_ino == namespace);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	return found;
}

/* As `ip netns add' keeps one. */
static bool is_mounted(unsigned long long namespace)
{
	FILE *file = fopen("/proc/self/mountinfo", "re");
	char name[64], *line = NULL;
	bool found = false;
	size_t size = 0;

	snprintf(name, sizeof(name), " net:[%llu] ", namespace);
	while (file && !found && getline(&line, &size, file) >= 0)
		found = strstr(line, name);
	free(line);
	if (file)
		fclose(file);
	return found;
}

/**
 * namespace_is_alive() - whether a network namespace is still to be seen
 * @namespace: its inode
 *
 * Return: true if a process is in it, or it is mounted somewhere.
 */
bool namespace_is_alive(unsigned long long namespace)
{
	return has_process(namespace) || is_mounted(namespace);
}
