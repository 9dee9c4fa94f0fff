// SPDX-License-Identifier: GPL-2.0
/* Reading tumblerd.conf(5), and what has to hold for all of it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

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
static void check_status(const struct settings *settings, const struct stat *status,
			 const char *path, struct faults *faults)
{
	if (status->st_uid && status->st_uid != geteuid())
		faults_add(faults, path, 0,
			   "this file belongs to user %u, who may change it; chown it to root",
			   status->st_uid);
	if (status->st_mode & 0022)
		faults_add(faults, path, 0,
			   "others than the owner may change what is run, its mode is %04o; chmod 600 it",
			   status->st_mode & 07777);
	else if (status->st_mode & 0077 && has_secrets(settings))
		faults_add(faults, path, 0,
			   "others than the owner may have read the secrets, its mode is %04o; chmod 600 it if they have not",
			   status->st_mode & 07777);
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
	if (!door->command[ON_OPENED].count && !door->command[ON_ENDED].count)
		faults_add(faults, path, door->line,
			   "nothing is to be done for door %s, write command = and what to run",
			   door->name);
	check_commands(door, path, faults);
}

static ssize_t read_all(int descriptor, char *text, size_t size)
{
	size_t length = 0;
	ssize_t got;

	while (length < size) {
		got = read(descriptor, text + length, size - length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -1 : (ssize_t)length;
		length += (size_t)got;
	}
	return (ssize_t)length;
}

static void read_open_file(int descriptor, struct settings *settings, const char *path,
			   struct faults *faults)
{
	struct stat status;
	ssize_t length;
	char *text;

	if (fstat(descriptor, &status)) {
		faults_add(faults, path, 0, "this file cannot be examined: %m");
		return;
	}
	if (!S_ISREG(status.st_mode) || status.st_size > FILE_SIZE_MAX) {
		faults_add(faults, path, 0, "this is no regular file of at most %d MB, put one there",
			   FILE_SIZE_MAX >> 20);
		return;
	}
	text = OPENSSL_malloc((size_t)status.st_size + 1);
	if (!text) {
		faults->lost = true;
		return;
	}
	length = read_all(descriptor, text, (size_t)status.st_size);
	if (length < 0)
		faults_add(faults, path, 0, "this file cannot be read: %m");
	else
		settings_read_text(settings, path, text, (size_t)length, faults);
	OPENSSL_clear_free(text, (size_t)status.st_size + 1);
	check_status(settings, &status, path, faults);
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
	int descriptor;

	settings_init(settings);
	/* O_NONBLOCK: a named pipe is refused rather than waited for. */
	descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (descriptor < 0) {
		faults_add(faults, path, 0, "this file cannot be opened: %m; write one, see tumblerd.conf(5)");
		return false;
	}
	read_open_file(descriptor, settings, path, faults);
	close(descriptor);
	settings_settle(settings);
	for (i = 0; i < settings->doors; i++)
		if (settings->door[i].name[0])
			check_door(&settings->door[i], path, faults);
	return faults->count == before && !faults->lost;
}
