// SPDX-License-Identifier: GPL-2.0
/* Reading tumblerd.conf(5), and what has to hold for all of it. */
#include <unistd.h>

#include "file_text.h"
#include "settings.h"

/* More than 4096 doors with commands take. */
#define FILE_SIZE_MAX (64 << 20)

static bool has_secrets(const struct settings *settings)
{
	size_t i;

	for (i = 0; i < settings->doors; i++)
		if (settings->door[i].secret.length)
			return true;
	return false;
}

/* Who can change the file has commands run, and who can read it knocks. */
static void check_status(const struct settings *settings, const struct file_text *file,
			 const char *path, struct faults *faults)
{
	file_text_check_owner(file, path, faults);
	if (file->status.st_mode & 0022)
		faults_add(faults, path, 0,
			   "others than the owner may change what is run, its mode is %04o; chmod 600 it",
			   file->status.st_mode & 07777);
	else if (has_secrets(settings))
		file_text_check_readers(file, path, faults);
}

static void check_commands(const struct door_settings *door, const char *path,
			   struct faults *faults)
{
	const char *program;
	int moment;

	for (moment = 0; moment < MOMENTS; moment++) {
		program = door->command[moment].word[0];
		if (program && access(program, X_OK))
			faults_add(faults, path, door->line,
				   "door %s: %s cannot be run: %m; install it, or name another",
				   door->name, program);
	}
	if (!user_can_be(&door->user))
		faults_add(faults, path, door->line,
			   "door %s: only root can run commands as another user; run tumblerd as root, or leave user out",
			   door->name);
}

static void check_door(const struct door_settings *door, const char *path, struct faults *faults)
{
	if (door->made && !door->secret.length)
		faults_add(faults, path, door->line,
			   "door %s has no secret, write secret = and one, or [door %s] if knockctl made it",
			   door->name, door->name);
	if (!door->command[ON_OPENED].count && !door->command[ON_ENDED].count &&
	    !door->forwards)
		faults_add(faults, path, door->line,
			   "nothing is to be done for door %s, write command = and what to run, or forward = and where its service is",
			   door->name);
	check_commands(door, path, faults);
}

/**
 * settings_read() - read the file
 * @settings: where to; wiped by the caller, whatever comes of it
 * @path: of the file
 * @faults: gets all that is wrong with it
 *
 * Return: true if nothing is wrong.
 */
bool settings_read(struct settings *settings, const char *path, struct faults *faults)
{
	size_t before = faults->count, i;
	struct file_text file;

	settings_init(settings);
	if (file_text_read(&file, path, FILE_SIZE_MAX, faults)) {
		settings_read_text(settings, path, file.text, file.length, faults);
		check_status(settings, &file, path, faults);
	}
	file_text_wipe(&file);
	settings_settle(settings);
	if (!user_can_be(&settings->agent_user))
		faults_add(faults, path, settings->line,
			   "only root can have another user speak with clients; run tumblerd as root, or leave agent-user out");
	for (i = 0; i < settings->doors; i++)
		if (settings->door[i].name[0])
			check_door(&settings->door[i], path, faults);
	return faults->count == before && !faults->lost;
}
