// SPDX-License-Identifier: GPL-2.0
/* Configurations of other programs, as files of doors: printed, or written. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"
#include "complain.h"
#include "file_text.h"
#include "import.h"
#include "listing.h"

#define FILE_SIZE_MAX (1 << 20)

/* Where tumblerd looks. */
#define COMMANDS_DIRECTORY "/etc"
#define COMMANDS_DEFAULT COMMANDS_DIRECTORY "/" IMPORT_COMMANDS

enum { TO };

const struct option_word import_options[] = {
	[TO] = { "to", "DIR", "write the files below DIR, and print their names" },
	{ NULL, NULL, NULL },
};

/**
 * import_wipe() - free files that were made
 * @files: all-zero afterwards
 */
void import_wipe(struct import_files *files)
{
	size_t i;

	for (i = 0; i < files->count; i++) {
		free(files->file[i].path);
		free(files->file[i].text);
	}
	free(files->file);
	memset(files, 0, sizeof(*files));
}

/* Takes @text, which may be NULL: then, and for want of memory, it is false. */
static bool add_file(struct import_files *files, const char *door, char *path, char *text)
{
	struct import_file *file = &files->file[files->count++];

	file->door = door;
	file->path = path;
	file->text = text;
	return path && text;
}

static char *path_of(const char *directory, const char *door)
{
	char *path = NULL;

	if (asprintf(&path, "%s/" CONFIG_DOORS "/%s" CONFIG_SUFFIX, directory, door) < 0)
		return NULL;
	return path;
}

/* What is printed is for where tumblerd looks. */
static char *path_of_commands(const char *to)
{
	char *path = NULL;

	if (asprintf(&path, "%s/" IMPORT_COMMANDS, to ? to : COMMANDS_DIRECTORY) < 0)
		return NULL;
	return path;
}

/* Return: whether there was memory. */
static bool make_files(struct import_files *files, const struct knockd_doors *doors,
		       const struct invocation *invocation)
{
	const char *from = invocation->operand[1], *to = invocation->value[TO];
	char *commands = knockd_commands_text(doors, from);
	bool good = commands;
	size_t i;

	files->file = calloc(doors->count + 1, sizeof(*files->file));
	if (!files->file) {
		free(commands);
		return false;
	}
	for (i = 0; i < doors->count; i++)
		good &= add_file(files, doors->door[i].door.name,
				 path_of(to ? to : invocation->config,
					 doors->door[i].door.name),
				 knockd_door_text(&doors->door[i]));
	if (commands && *commands)
		good &= add_file(files, NULL, path_of_commands(to), commands);
	else
		free(commands);
	return good;
}

static bool list_files(const struct import_files *files)
{
	struct listing listing;
	struct record record;
	size_t i;

	listing_begin(&listing, true);
	for (i = 0; i < files->count; i++) {
		record = (struct record){ .count = 0 };
		record_text(&record, "file", files->file[i].path);
		record_text(&record, "text", files->file[i].text);
		listing_add(&listing, &record);
		record_clear(&record);
	}
	return listing_end(&listing);
}

/* What is about no door is no part of a file. */
static void print_notes(struct faults *notes)
{
	size_t i;

	faults_sort(notes);
	for (i = 0; i < notes->count; i++)
		printf("# %s:%u: %s\n", notes->fault[i].file, notes->fault[i].line,
		       notes->fault[i].why);
}

/* Below the directory of --to nobody looks for what is for tumblerd. */
static void print_files(const struct import_files *files, bool texts)
{
	size_t i;

	for (i = 0; i < files->count; i++) {
		const struct import_file *file = &files->file[i];

		if (texts)
			printf("\n# %s\n%s", file->path, file->text);
		else
			puts(file->path);
		if (!texts && !file->door)
			printf("# tumblerd reads %s: mv %s there, or give it --config\n",
			       COMMANDS_DEFAULT, file->path);
	}
}

static enum outcome show(const struct invocation *invocation, struct knockd_doors *doors,
			 const struct import_files *files)
{
	const char *to = invocation->value[TO];

	if (to && !import_write(files, to))
		return REFUSED;
	if (invocation->json) {
		list_files(files);
	} else {
		print_notes(&doors->notes);
		print_files(files, !to);
	}
	if (doors->left_out)
		complain("%zu of the sequences could not be carried over; the comments of their doors say why, and what to do",
			 doors->left_out);
	return DONE;
}

static enum outcome make(const struct invocation *invocation, const struct knockd *knockd)
{
	struct import_files files = { .count = 0 };
	enum outcome outcome = REFUSED;
	struct knockd_doors doors;

	if (knockd_doors_make(&doors, knockd, invocation->operand[1]) &&
	    make_files(&files, &doors, invocation))
		outcome = show(invocation, &doors, &files);
	else
		complain("out of memory, nothing was made; free some and try again");
	import_wipe(&files);
	knockd_doors_wipe(&doors);
	return outcome;
}

enum outcome import_doors(const struct invocation *invocation)
{
	struct faults faults = { .count = 0 };
	enum outcome outcome = REFUSED;
	struct knockd knockd = { .count = 0 };
	const char *path = invocation->operand[1];
	struct file_text file;

	if (strcmp(invocation->operand[0], "knockd"))
		return usage_error(invocation, "only knockd's configuration can be imported, name that first");
	if (file_text_read(&file, path, FILE_SIZE_MAX, &faults) &&
	    knockd_read_text(&knockd, path, file.text, file.length, &faults)) {
		outcome = make(invocation, &knockd);
	} else {
		print_faults(stderr, &faults);
		complain(faults.lost ?
			 "out of memory, not all could be read; free some and try again" :
			 "what is wrong must be mended first, nothing was made");
	}
	file_text_wipe(&file);
	knockd_wipe(&knockd);
	faults_clear(&faults);
	return outcome;
}
