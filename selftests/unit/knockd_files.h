/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What becomes of a knockd.conf. Whatever is made is read again by what reads doors, and
 * by what reads tumblerd's file, which must find nothing wrong.
 */
#ifndef _UNIT_KNOCKD_FILES_H
#define _UNIT_KNOCKD_FILES_H

#include "config_files.h"

#include "knockd.h"
#include "settings.h"

static struct knockd knockd;
static struct knockd_doors doors;
static struct settings settings;
static struct faults faults;

static void clear(void)
{
	knockd_doors_wipe(&doors);
	knockd_wipe(&knockd);
	settings_wipe(&settings);
	faults_clear(&faults);
}

static void assert_no_faults(const char *text)
{
	if (faults.count)
		fail_msg("%s\n%s:%u: %s", text, faults.fault[0].file, faults.fault[0].line,
			 faults.fault[0].why);
	assert_false(faults.lost);
}

/* The files, as those who read them find them. */
static void read_again(void)
{
	char *text, path[sizeof(doors.door->door.name) + 8];
	struct config config = { .doors = 0 };
	size_t i;

	for (i = 0; i < doors.count; i++) {
		text = knockd_door_text(&doors.door[i]);
		assert_non_null(text);
		snprintf(path, sizeof(path), "%s.conf", doors.door[i].door.name);
		write_file(path, 0600, text);
		free(text);
	}
	config_read_all(&config, directory, &faults);
	assert_no_faults("doors");
	assert_int_equal(config.doors, doors.count);
	config_wipe(&config);
	for (i = 0; i < doors.count; i++) {
		snprintf(path, sizeof(path), "%s.conf", doors.door[i].door.name);
		assert_int_equal(unlink(in_directory(path)), 0);
	}
	text = knockd_commands_text(&doors, "knockd.conf");
	assert_non_null(text);
	settings_init(&settings);
	settings_read_text(&settings, "tumblerd.conf", text, strlen(text), &faults);
	assert_no_faults(text);
	free(text);
}

static void make(const char *text)
{
	assert_true(knockd_read_text(&knockd, "f", text, strlen(text), &faults) || faults.count);
	assert_no_faults(text);
	assert_true(knockd_doors_make(&doors, &knockd, "f"));
	read_again();
}

static bool has_note(const struct faults *notes, unsigned int line, const char *says)
{
	size_t i;

	for (i = 0; i < notes->count; i++)
		if (notes->fault[i].line == line && strstr(notes->fault[i].why, says))
			return true;
	return false;
}

#endif /* _UNIT_KNOCKD_FILES_H */
