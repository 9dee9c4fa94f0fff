// SPDX-License-Identifier: GPL-2.0
/* Profiles that somebody gave us, and sequences for those that are there. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "books.h"
#include "kept_file.h"
#include "keypair.h"
#include "new_file.h"
#include "profiles.h"

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
static bool put_file(struct profile_place *place, const char *text, size_t length, bool force)
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

static bool store(const struct profile *profile, struct profile_place *place, bool force,
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
		return profiles_read_descriptor(profile, descriptor, "what was read", why);
	descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (descriptor < 0) {
		snprintf(why, PROFILES_WHY_SIZE, "the file to import cannot be opened: %s",
			 strerror(errno));
		return false;
	}
	good = profiles_read_descriptor(profile, descriptor, "that file", why);
	close(descriptor);
	return good;
}

/* The sequences of both are made alike, of one server's door; source and service may differ. */
static bool is_same_key(const struct profile *one, const struct profile *two)
{
	char avoid[2][PORT_RANGES_TEXT_SIZE];

	port_ranges_format(avoid[0], &one->avoid);
	port_ranges_format(avoid[1], &two->avoid);
	return one->type == two->type && one->closes == two->closes &&
	       one->steps == two->steps && one->unbound == two->unbound &&
	       one->depth == two->depth &&
	       !strcmp(one->host, two->host) && !strcmp(one->door, two->door) &&
	       !strcmp(avoid[0], avoid[1]);
}

/* Nothing but sequences is taken over, and it would not be noticed before --connect fails. */
static bool is_same_agent(const struct profile *one, const struct profile *two)
{
	return one->agent == two->agent &&
	       !memcmp(one->tls_server, two->tls_server, sizeof(one->tls_server)) &&
	       !CRYPTO_memcmp(one->tls_key, two->tls_key, sizeof(one->tls_key));
}

static bool add_sequences(const struct profile *profile, const char *name,
			  char why[PROFILES_WHY_SIZE])
{
	struct profile old;
	bool same, same_agent;
	size_t left;

	if (!profiles_read(&old, name, why))
		return false;
	same = is_same_key(&old, profile);
	same_agent = is_same_agent(&old, profile);
	profile_wipe(&old);
	if (!same) {
		snprintf(why, PROFILES_WHY_SIZE,
			 "the profile of that name is of another key, its type, host, door, action, steps, depth or ports to avoid differ; import this one under another --name, or with --force in its place");
		return false;
	}
	if (!books_add(name, profile, &left, why))
		return false;
	printf("sequences added, %zu are left in the book\n", left);
	if (!same_agent)
		puts("the profile that is there knows another agent of the server, or none; import this one with --force to change that");
	return true;
}

/* The book first: without its profile nobody looks at it. */
static bool begin_book(struct profile *profile, const char *name, char why[PROFILES_WHY_SIZE])
{
	bool good;

	if (!profile->book.count) {
		snprintf(why, PROFILES_WHY_SIZE,
			 "there are no sequences in the profile; import it as knockctl add-key or rotate printed it");
		return false;
	}
	good = books_put(name, &profile->book, why);
	book_wipe(&profile->book);
	return good;
}

static bool keep(struct profile *profile, const struct options *options,
		 struct profile_place *place, char why[PROFILES_WHY_SIZE])
{
	const char *name = options->name ? options->name : profile->name;
	size_t sequences = profile->book.count;
	bool once = profile->type == PROFILE_ONCE;

	if (once && !options->force && !access(place->path, F_OK))
		return add_sequences(profile, name, why);
	if (!profile_agree(profile, why) || (once && !begin_book(profile, name, why)) ||
	    !store(profile, place, options->force, why))
		return false;
	if (!once)
		unlink(place->book);
	printf("imported, use it with: tumbler --%s %s\n", profile->closes ? "close" : "open",
	       name);
	if (once)
		printf("its book has %zu sequences\n", sequences);
	return true;
}

static bool import_here(struct profile *profile, const struct options *options,
			struct profile_place *place, const char *name,
			char why[PROFILES_WHY_SIZE])
{
	if (options->private_key && !add_private_key(profile, options->private_key, why))
		return false;
	if (options->force && !options->private_key)
		keep_private_key(profile, name);
	return keep(profile, options, place, why);
}

/* Two at once would write the same new file, so one waits for the other. */
static bool import(struct profile *profile, const struct options *options,
		   char why[PROFILES_WHY_SIZE])
{
	const char *name = options->name ? options->name : profile->name;
	struct profile_place place;
	struct kept_file lock;
	bool good;

	if (!*name) {
		snprintf(why, PROFILES_WHY_SIZE, "the profile says no name, give one with --name");
		return false;
	}
	if (!profiles_place(&place, name) ||
	    snprintf(lock.path, sizeof(lock.path), "%s.lock", place.directory) >=
	    (int)sizeof(lock.path)) {
		snprintf(why, PROFILES_WHY_SIZE, "the path of the profiles is too long");
		return false;
	}
	if (!kept_file_open(&lock, true)) {
		snprintf(why, PROFILES_WHY_SIZE, "%s cannot be written: %s", lock.path,
			 strerror(errno));
		return false;
	}
	good = import_here(profile, options, &place, name, why);
	kept_file_close(&lock);
	return good;
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

