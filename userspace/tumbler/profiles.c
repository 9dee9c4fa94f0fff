// SPDX-License-Identifier: GPL-2.0
/* Profiles in files of their own, in a directory of the user's. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "kept_file.h"
#include "profiles.h"

/* A text of more is no profile. */
#define FILE_MAX 16384

#define SUFFIX ".conf"

/**
 * profiles_place() - where a profile is kept
 * @place: receives it
 * @name: of the profile, one that is good
 *
 * Return: false if its path is too long.
 */
bool profiles_place(struct profile_place *place, const char *name)
{
	int length, book;

	if (!home_find(place->directory, &home_config, "tumbler/"))
		return false;
	length = snprintf(place->path, HOME_PATH_SIZE, "%s%s" SUFFIX, place->directory, name);
	book = snprintf(place->book, HOME_PATH_SIZE, "%s%s.book", place->directory, name);
	return length > 0 && length < HOME_PATH_SIZE && book < HOME_PATH_SIZE;
}

/* Takes the profile's name from that of its file. Return: false if it is no profile's. */
static bool read_name(char name[NAME_SIZE], const char *file)
{
	size_t length = strlen(file), suffix = strlen(SUFFIX);

	if (length <= suffix || length - suffix >= NAME_SIZE ||
	    strcmp(file + length - suffix, SUFFIX))
		return false;
	memcpy(name, file, length - suffix);
	name[length - suffix] = '\0';
	return name_is_good(name);
}

/**
 * profiles_print_names() - print the names of profiles, a name a line, for completion
 * @begun: how they begin
 */
void profiles_print_names(const char *begun)
{
	struct dirent **entries;
	char name[NAME_SIZE];
	struct profile_place place;
	int i, count = -1;

	if (profiles_place(&place, ""))
		count = scandir(place.directory, &entries, NULL, alphasort);
	for (i = 0; i < count; i++) {
		if (read_name(name, entries[i]->d_name) && !strncmp(name, begun, strlen(begun)))
			puts(name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

/**
 * profiles_read_descriptor() - read a profile to the end of a file or pipe
 * @profile: receives it; wiped on failure
 * @descriptor: open for reading
 * @what: names it in the sentence
 * @why: a sentence, on failure
 *
 * Return: true if nothing is wrong with it.
 */
bool profiles_read_descriptor(struct profile *profile, int descriptor, const char *what,
			      char why[PROFILES_WHY_SIZE])
{
	char text[FILE_MAX], reason[PROFILE_WHY_SIZE];
	ssize_t length = kept_file_read(descriptor, text, sizeof(text));
	bool good = false;

	if (length < 0) {
		snprintf(why, PROFILES_WHY_SIZE, "%s cannot be read: %s", what, strerror(errno));
	} else {
		good = profile_parse(profile, text, (size_t)length, reason);
		if (!good)
			snprintf(why, PROFILES_WHY_SIZE, "in %s, %s", what, reason);
	}
	OPENSSL_cleanse(text, sizeof(text));
	return good;
}

static bool is_private(int descriptor, const struct profile_place *place,
		       char why[PROFILES_WHY_SIZE])
{
	struct stat status;

	if (fstat(descriptor, &status) || !S_ISREG(status.st_mode)) {
		snprintf(why, PROFILES_WHY_SIZE, "the profile in %s is no regular file",
			 place->directory);
		return false;
	}
	if (!(status.st_mode & 0077))
		return true;
	snprintf(why, PROFILES_WHY_SIZE,
		 "the profile in %s has mode %04o, others than its owner may have read it, chmod 600 it if they have not",
		 place->directory, (unsigned int)status.st_mode & 07777);
	return false;
}

/* Which of its sequences were tried is nowhere, so it was put there by hand. */
static bool has_no_book(const struct profile *profile, char why[PROFILES_WHY_SIZE])
{
	if (!profile->book.count)
		return true;
	snprintf(why, PROFILES_WHY_SIZE,
		 "the profile holds sequences, which belong into its book; move it away and tumbler import it");
	return false;
}

/**
 * profiles_read() - read a profile that was imported
 * @profile: receives it, with its secret; wiped on failure
 * @name: its name, one that is good
 * @why: a sentence, on failure; the name, which may be a misplaced secret, is not in it
 *
 * Return: true; false if there is none, or it is of no use.
 */
bool profiles_read(struct profile *profile, const char *name, char why[PROFILES_WHY_SIZE])
{
	struct profile_place place;
	bool good = false;
	int descriptor;

	if (!profiles_place(&place, name)) {
		snprintf(why, PROFILES_WHY_SIZE, "the path of the profiles is too long");
		return false;
	}
	/* O_NONBLOCK: a named pipe is refused rather than waited for. */
	descriptor = open(place.path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (descriptor < 0) {
		if (errno == ENOENT)
			snprintf(why, PROFILES_WHY_SIZE,
				 "there is no profile of that name in %s; tumbler import FILE makes one, and a URL begins with tumbler://",
				 place.directory);
		else
			snprintf(why, PROFILES_WHY_SIZE, "the profile in %s cannot be opened: %s",
				 place.directory, strerror(errno));
		return false;
	}
	if (is_private(descriptor, &place, why) &&
	    profiles_read_descriptor(profile, descriptor, "the profile", why)) {
		good = has_no_book(profile, why) && profile_agree(profile, why);
		if (!good)
			profile_wipe(profile);
	}
	close(descriptor);
	return good;
}

