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

/* Who is run as he can do to the processes that speak with strangers what he wants. */
static bool is_agent_user(const struct settings *settings, const struct door_settings *door)
{
	bool runs = door->command[ON_OPENED].count || door->command[ON_ENDED].count;

	return runs && settings->agent_user.set &&
	       settings->agent_user.uid == (door->user.set ? door->user.uid : geteuid());
}

static void check_door(const struct settings *settings, const struct door_settings *door,
		       const char *path, struct faults *faults)
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
	if (is_agent_user(settings, door))
		faults_add(faults, path, door->line,
			   "door %s: its commands would be run as the user who speaks with clients of the hand-over; name another as user, or as agent-user",
			   door->name);
	if (settings->roles & ROLE_COMMANDS)
		check_commands(door, path, faults);
}

/* Strangers are spoken with by a user who can do nothing, or not at all. */
static void settle_agent(struct settings *settings, const char *path, struct faults *faults)
{
	struct user *user = &settings->agent_user;
	char why[USER_WHY_SIZE];

	if (!settings_forward(settings)) {
		user->set = false;
		return;
	}
	if (!user->set && !user_find(user, "nobody", why))
		faults_add(faults, path, settings->line, "%s, as agent-user", why);
	else if (!(settings->roles & ROLE_AGENT))
		return;
	else if (user->uid == geteuid())
		faults_add(faults, path, settings->line,
			   "clients of the hand-over would be spoken with by who runs tumblerd; name another user as agent-user, or leave forward out");
	else if (!user_can_be(user))
		faults_add(faults, path, settings->line,
			   "clients of the hand-over are spoken with by another user, for which tumblerd lacks rights; run it as root, or leave forward out");
}

/**
 * settings_read() - read the file
 * @settings: where to; wiped by the caller, whatever comes of it
 * @path: of the file
 * @roles: what of it this process sees to; all else is read, and left out
 * @faults: gets all that is wrong with it
 *
 * Return: true if nothing is wrong.
 */
bool settings_read(struct settings *settings, const char *path, enum presence_role roles,
		   struct faults *faults)
{
	size_t before = faults->count, i;
	struct file_text file;

	settings_init(settings);
	settings->roles = roles;
	if (file_text_read(&file, path, FILE_SIZE_MAX, faults)) {
		settings_read_text(settings, path, file.text, file.length, faults);
		check_status(settings, &file, path, faults);
	}
	file_text_wipe(&file);
	settings_settle(settings);
	settle_agent(settings, path, faults);
	for (i = 0; i < settings->doors; i++)
		if (settings->door[i].name[0])
			check_door(settings, &settings->door[i], path, faults);
	if (faults->count != before || faults->lost)
		return false;
	settings_leave(settings);
	return true;
}
