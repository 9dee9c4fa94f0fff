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

#include "fingerprint.h"
#include "home.h"
#include "keypair.h"
#include "new_file.h"
#include "profiles.h"

/* A text of more is no profile. */
#define FILE_MAX 16384

#define SUFFIX ".conf"

static const struct home home = { "XDG_CONFIG_HOME", ".config" };

/**
 * struct place - where profiles are
 * @directory: with a slash at its end
 * @path: of one
 */
struct place {
	char directory[HOME_PATH_SIZE];
	char path[HOME_PATH_SIZE];
};

/* Of the profile @name. Return: false if its path is too long. */
static bool place_find(struct place *place, const char *name)
{
	int length;

	if (!home_find(place->directory, &home, "tumbler/"))
		return false;
	length = snprintf(place->path, HOME_PATH_SIZE, "%s%s" SUFFIX, place->directory, name);
	return length > 0 && length < HOME_PATH_SIZE;
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
	struct place place;
	int i, count = -1;

	if (place_find(&place, ""))
		count = scandir(place.directory, &entries, NULL, alphasort);
	for (i = 0; i < count; i++) {
		if (read_name(name, entries[i]->d_name) && !strncmp(name, begun, strlen(begun)))
			puts(name);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

/* Reads to the end. Return: bytes; -1 with errno, EFBIG if there are more than @size. */
static ssize_t read_all(int descriptor, char *text, size_t size)
{
	size_t length = 0;
	ssize_t got;

	for (;;) {
		got = read(descriptor, text + length, size - length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		length += (size_t)got;
		if (length == size) {
			errno = EFBIG;
			return -1;
		}
	}
	return got < 0 ? -1 : (ssize_t)length;
}

/* @what names it in the sentence. */
static bool read_profile(struct profile *profile, int descriptor, const char *what,
			 char why[PROFILES_WHY_SIZE])
{
	char text[FILE_MAX], reason[PROFILE_WHY_SIZE];
	ssize_t length = read_all(descriptor, text, sizeof(text));
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

static bool is_private(int descriptor, const struct place *place, char why[PROFILES_WHY_SIZE])
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
	struct place place;
	bool good = false;
	int descriptor;

	if (!place_find(&place, name)) {
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
	    read_profile(profile, descriptor, "the profile", why)) {
		good = profile_agree(profile, why);
		if (!good)
			profile_wipe(profile);
	}
	close(descriptor);
	return good;
}

/* What is imported lacks the private key, which never left the client. */
static bool add_private_key(struct profile *profile, const char *file,
			    char why[PROFILES_WHY_SIZE])
{
	struct x25519_pair pair;
	bool good = false;

	if (!keypair_read(&pair, file, why))
		return false;
	if (!profile_says(profile, "server-public-key")) {
		snprintf(why, PROFILES_WHY_SIZE,
			 "this profile has its secret, and takes no private key; leave --private-key out");
	} else if (profile_says(profile, "public-key") &&
		   memcmp(pair.public_key, profile->client.public_key, X25519_SIZE)) {
		snprintf(why, PROFILES_WHY_SIZE,
			 "this private key is not the one whose public key the server has; compare what tumbler pubkey prints with public-key in the profile");
	} else {
		profile->client = pair;
		profile_say(profile, "public-key");
		profile_say(profile, "private-key");
		good = true;
	}
	x25519_wipe(&pair);
	return good;
}

/* One that is replaced, since the server's key was, keeps the client's. */
static void keep_private_key(struct profile *profile, const char *name)
{
	char why[PROFILES_WHY_SIZE];
	struct profile old;

	if (!profiles_read(&old, name, why))
		return;
	if (profile_says(&old, "private-key") && profile_says(profile, "public-key") &&
	    !memcmp(old.client.public_key, profile->client.public_key, X25519_SIZE)) {
		profile->client = old.client;
		profile_say(profile, "private-key");
	}
	profile_wipe(&old);
}

/*
 * Whole or not at all: beside the old one, and then in its place; link() is for where
 * there must be none. Return: false with errno.
 */
static bool put_file(struct place *place, const char *text, size_t length, bool force)
{
	char beside[HOME_PATH_SIZE + 8];
	bool good;
	int error;

	home_make_directories(place->directory);
	snprintf(beside, sizeof(beside), "%s.new", place->path);
	if (!new_file_write(AT_FDCWD, beside, text, length))
		return false;
	good = force ? !rename(beside, place->path) : !link(beside, place->path);
	error = errno;
	unlink(beside);
	errno = error;
	return good;
}

static bool store(const struct profile *profile, struct place *place, bool force,
		  char why[PROFILES_WHY_SIZE])
{
	char text[PROFILE_TEXT_SIZE];
	size_t length = profile_format(text, profile);
	bool good = put_file(place, text, length, force);

	OPENSSL_cleanse(text, sizeof(text));
	if (!good && errno == EEXIST)
		snprintf(why, PROFILES_WHY_SIZE,
			 "%s is there already; import it under another --name, or with --force in its place",
			 place->path);
	else if (!good)
		snprintf(why, PROFILES_WHY_SIZE, "%s cannot be written: %s", place->path,
			 strerror(errno));
	return good;
}

static bool read_import(struct profile *profile, const char *file, char why[PROFILES_WHY_SIZE])
{
	int descriptor = STDIN_FILENO;
	bool good;

	if (!strcmp(file, "-"))
		return read_profile(profile, descriptor, "what was read", why);
	descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (descriptor < 0) {
		snprintf(why, PROFILES_WHY_SIZE, "the file to import cannot be opened: %s",
			 strerror(errno));
		return false;
	}
	good = read_profile(profile, descriptor, "that file", why);
	close(descriptor);
	return good;
}

static bool import(struct profile *profile, const struct options *options,
		   char why[PROFILES_WHY_SIZE])
{
	const char *name = options->name ? options->name : profile->name;
	struct place place;

	if (!*name) {
		snprintf(why, PROFILES_WHY_SIZE, "the profile says no name, give one with --name");
		return false;
	}
	if (!place_find(&place, name)) {
		snprintf(why, PROFILES_WHY_SIZE, "the path of the profiles is too long");
		return false;
	}
	if (options->private_key && !add_private_key(profile, options->private_key, why))
		return false;
	if (options->force && !options->private_key)
		keep_private_key(profile, name);
	if (!profile_agree(profile, why) || !store(profile, &place, options->force, why))
		return false;
	printf("imported, use it with: tumbler --%s %s\n", profile->closes ? "close" : "open",
	       name);
	return true;
}

/**
 * profiles_import() - keep a profile that somebody gave us
 * @options: with the file, and how
 * @why: a sentence, on failure
 *
 * Return: true if it is kept; false if it is of no use, or one of that name is there.
 */
bool profiles_import(const struct options *options, char why[PROFILES_WHY_SIZE])
{
	struct profile profile;
	bool good;

	if (!read_import(&profile, options->file, why))
		return false;
	good = import(&profile, options, why);
	profile_wipe(&profile);
	return good;
}

/**
 * profiles_check() - show what a profile says, but for its secrets
 * @name: its name, one that is good
 * @why: a sentence, on failure
 *
 * Return: true if it is of use.
 */
bool profiles_check(const char *name, char why[PROFILES_WHY_SIZE])
{
	unsigned char fingerprint[FINGERPRINT_SIZE];
	char address[KNOCK_ADDRESS_TEXT_SIZE], digits[FINGERPRINT_TEXT_SIZE];
	struct profile profile;
	bool good;

	if (!profiles_read(&profile, name, why))
		return false;
	printf("type         %s\n", profile_type_name(profile.type));
	if (profile.type != PROFILE_SEALED)
		printf("action       %s\n", profile.closes ? "close" : "open");
	printf("host         %s\n", profile.host);
	if (profile.type == PROFILE_TUMBLER || profile.type == PROFILE_SEALED)
		printf("port         %u\n", profile.port);
	if (profile.service)
		printf("service      %u\n", profile.service);
	if (*profile.door)
		printf("door         %s\n", profile.door);
	if (profile_says(&profile, "source")) {
		knock_address_format(address, &profile.source);
		printf("source       %s\n", address);
	}
	good = !profile.secret.length || fingerprint_make(&profile.secret, fingerprint);
	if (good && profile.secret.length) {
		fingerprint_format(digits, fingerprint);
		printf("fingerprint  %s\n", digits);
	} else if (!good) {
		snprintf(why, PROFILES_WHY_SIZE, "its fingerprint cannot be made by libcrypto");
	}
	profile_wipe(&profile);
	return good;
}
