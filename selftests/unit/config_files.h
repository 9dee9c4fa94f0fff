/* SPDX-License-Identifier: GPL-2.0 */
/* Files of doors in a directory of the test's own, and what is wrong with them. */
#ifndef _UNIT_CONFIG_FILES_H
#define _UNIT_CONFIG_FILES_H

#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"

#define DOOR "[door]\nopens = tcp/22\n"
#define B32 "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

/**
 * struct broken - a file and its faults
 * @text: of the file
 * @want: exactly these, as `LINE: WORDS|LINE: WORDS'
 */
struct broken {
	const char *text;
	const char *want;
};

#define TEMPLATE "/tmp/test_config.XXXXXX"

static char directory[sizeof(TEMPLATE)];

static int make_directory(void **state)
{
	(void)state;
	strcpy(directory, TEMPLATE);
	return mkdtemp(directory) ? 0 : -1;
}

static int remove_directory(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf '%s'", directory);
	return system(command);
}

static const char *in_directory(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static void write_file(const char *name, mode_t mode, const char *text)
{
	FILE *file = fopen(in_directory(name), "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(in_directory(name), mode), 0);
}

/* Whether the faults are those of "LINE: WORDS|LINE: WORDS". */
static bool faults_are(const struct faults *faults, const char *want)
{
	size_t i;

	for (i = 0; i < faults->count; i++) {
		size_t length = strcspn(want, "|");
		char one[128], *words;

		snprintf(one, sizeof(one), "%.*s", (int)length, want);
		if (strtoul(one, &words, 10) != faults->fault[i].line || words[0] != ':' ||
		    !strstr(faults->fault[i].why, words + 2))
			return false;
		want += length + (want[length] == '|');
	}
	return !*want;
}

static inline void assert_broken(const struct broken *broken)
{
	struct faults faults = { .count = 0 };
	struct config config;
	size_t k;

	write_file("ssh.conf", 0600, broken->text);
	assert_false(config_read_all(&config, directory, &faults));
	faults_sort(&faults);
	if (!faults_are(&faults, broken->want)) {
		for (k = 0; k < faults.count; k++)
			print_message("%u: %s\n", faults.fault[k].line, faults.fault[k].why);
		fail_msg("%s\nis not: %s", broken->text, broken->want);
	}
	config_wipe(&config);
	faults_clear(&faults);
	unlink(in_directory("ssh.conf"));
}

#endif /* _UNIT_CONFIG_FILES_H */
