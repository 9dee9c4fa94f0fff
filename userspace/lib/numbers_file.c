// SPDX-License-Identifier: GPL-2.0
/*
 * Files of numbers: a line each, put into place whole and synced before anything is done
 * that relies on it. One that was torn or changed shows by its checksum.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "numbers.h"

#define DIRECTORY "once"
#define LABEL "xt_knock numbers "

/* Four words, three numbers and two checksums. */
#define LINE_SIZE 160

#define NAME_SIZE (FINGERPRINT_TEXT_SIZE + 8)

/* Numbers beyond are none that anybody counted to. */
#define NUMBER_MAX (1ull << 53)

static bool checksum(char text[FINGERPRINT_TEXT_SIZE], const char *of)
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	if (EVP_Digest(of, strlen(of), digest, NULL, EVP_sha256(), NULL) != 1)
		return false;
	fingerprint_format(text, digest);
	return true;
}

/* The line of a key, whose name it has in its checksum. */
static bool format_line(char line[LINE_SIZE], const struct numbers_entry *entry)
{
	const struct numbers *numbers = &entry->numbers;
	char text[LINE_SIZE], name[FINGERPRINT_TEXT_SIZE], sum[FINGERPRINT_TEXT_SIZE];
	char used[24] = "-";

	if (numbers->clean)
		snprintf(used, sizeof(used), "%" PRIu64, (uint64_t)numbers->used);
	fingerprint_format(name, entry->fingerprint);
	snprintf(text, sizeof(text), LABEL "%s handed %" PRIu64 " mark %" PRIu64 " used %s", name,
		 (uint64_t)numbers->handed, (uint64_t)numbers->mark, used);
	if (!checksum(sum, text))
		return false;
	snprintf(line, LINE_SIZE, "%s check %s\n", text + strlen(LABEL) + strlen(name) + 1, sum);
	return true;
}

/* What is read is good if it is what would be written. */
static bool parse_line(struct numbers_entry *entry, const char *line)
{
	struct numbers *numbers = &entry->numbers;
	uint64_t handed, mark, used = 0;
	char again[LINE_SIZE];
	int count;

	count = sscanf(line, "handed %" SCNu64 " mark %" SCNu64 " used %" SCNu64, &handed, &mark,
		       &used);
	if (count < 2)
		return false;
	*numbers = (struct numbers){ handed, mark, count == 3, used };
	return handed <= NUMBER_MAX && mark <= handed && used <= mark &&
	       format_line(again, entry) && !strcmp(line, again);
}

static void file_name(char name[NAME_SIZE], const struct numbers_entry *entry, bool is_new)
{
	char text[FINGERPRINT_TEXT_SIZE];

	fingerprint_format(text, entry->fingerprint);
	snprintf(name, NAME_SIZE, "%s%s%s", is_new ? "." : "", text, is_new ? ".new" : "");
}

static bool open_directory(struct numbers_dir *directory, const char *state, bool make, int lock,
			   char why[NUMBERS_WHY_SIZE])
{
	int error;

	directory->descriptor = -1;
	if (snprintf(directory->path, sizeof(directory->path), "%s/" DIRECTORY, state) >=
	    (int)sizeof(directory->path)) {
		snprintf(why, NUMBERS_WHY_SIZE, "the path of --state is too long, shorten it");
		errno = ENAMETOOLONG;
		return false;
	}
	if (!make || ((!mkdir(state, 0700) || errno == EEXIST) &&
		      (!mkdir(directory->path, 0700) || errno == EEXIST)))
		directory->descriptor = open(directory->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (directory->descriptor >= 0 && !flock(directory->descriptor, lock))
		return true;
	error = errno;
	snprintf(why, NUMBERS_WHY_SIZE,
		 "%.120s, where numbers of once keys are kept, cannot be opened: %m; make it, or give --state a directory of your own",
		 directory->path);
	numbers_close(directory);
	errno = error;
	return false;
}

/**
 * numbers_open() - open the directory for oneself alone
 * @directory: to fill; to be closed if that worked
 * @state: the directory of --state
 * @make: make it if it is not there
 * @why: a sentence, on failure
 *
 * Return: false with errno, which is ENOENT if there is none.
 */
bool numbers_open(struct numbers_dir *directory, const char *state, bool make,
		  char why[NUMBERS_WHY_SIZE])
{
	return open_directory(directory, state, make, LOCK_EX, why);
}

/**
 * numbers_try() - open the directory, if nobody else has it open
 * @directory: to fill; to be closed if that worked
 * @state: the directory of --state
 * @why: a sentence, on failure
 *
 * Return: false with errno, which is ENOENT if there is none, and EWOULDBLOCK if
 * somebody has it, maybe for minutes.
 */
bool numbers_try(struct numbers_dir *directory, const char *state, char why[NUMBERS_WHY_SIZE])
{
	return open_directory(directory, state, false, LOCK_EX | LOCK_NB, why);
}

/**
 * numbers_close() - let others change them
 * @directory: open or not
 */
void numbers_close(struct numbers_dir *directory)
{
	if (directory->descriptor >= 0)
		close(directory->descriptor);
	directory->descriptor = -1;
}

/**
 * numbers_read() - read the numbers of a key
 * @directory: open
 * @entry: with the fingerprint
 *
 * Return: NUMBERS_GOOD; NUMBERS_NONE if there are none; NUMBERS_BROKEN if what is there
 * cannot be relied on, with errno, which is 0 if it was read.
 */
enum numbers_found numbers_read(const struct numbers_dir *directory, struct numbers_entry *entry)
{
	char name[NAME_SIZE], line[LINE_SIZE] = "";
	ssize_t got;
	int file;

	file_name(name, entry, false);
	file = openat(directory->descriptor, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (file < 0)
		return errno == ENOENT ? NUMBERS_NONE : NUMBERS_BROKEN;
	got = read(file, line, sizeof(line) - 1);
	close(file);
	if (got < 0)
		return NUMBERS_BROKEN;
	errno = 0;
	return parse_line(entry, line) ? NUMBERS_GOOD : NUMBERS_BROKEN;
}

/* Under a name that nobody reads. */
static bool put(const struct numbers_dir *directory, const struct numbers_entry *entry, bool sync)
{
	char name[NAME_SIZE], line[LINE_SIZE];
	size_t length;
	bool good;
	int file;

	if (!format_line(line, entry)) {
		errno = EIO;
		return false;
	}
	length = strlen(line);
	file_name(name, entry, true);
	unlinkat(directory->descriptor, name, 0);
	file = openat(directory->descriptor, name,
		      O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (file < 0)
		return false;
	errno = ENOSPC;
	good = write(file, line, length) == (ssize_t)length && (!sync || !fsync(file));
	return !close(file) && good;
}

static bool put_all(const struct numbers_dir *directory, const struct numbers_entry *entries,
		    size_t count)
{
	bool good = true;
	size_t i;

	for (i = 0; i < count && good; i++)
		good = put(directory, &entries[i], count == 1);
	/* Of many, all at once. */
	return good && (count == 1 || !syncfs(directory->descriptor));
}

static bool show_all(const struct numbers_dir *directory, const struct numbers_entry *entries,
		     size_t count)
{
	char old[NAME_SIZE], new[NAME_SIZE];
	bool good = true;
	size_t i;

	for (i = 0; i < count && good; i++) {
		file_name(old, &entries[i], true);
		file_name(new, &entries[i], false);
		good = !renameat(directory->descriptor, old, directory->descriptor, new);
	}
	return good && !fsync(directory->descriptor);
}

static bool has_file(const struct numbers_dir *directory, const struct numbers_entry *entry)
{
	char name[NAME_SIZE];

	file_name(name, entry, false);
	return !faccessat(directory->descriptor, name, F_OK, AT_SYMLINK_NOFOLLOW);
}

/* Whether so many more files can be there. */
static bool has_room(const struct numbers_dir *directory, const struct numbers_entry *entries,
		     size_t count)
{
	size_t more = 0, i;
	struct dirent **files;
	int there;

	for (i = 0; i < count; i++)
		more += !has_file(directory, &entries[i]);
	if (!more)
		return true;
	there = scandirat(directory->descriptor, ".", &files, NULL, NULL);
	if (there < 0)
		return false;
	for (i = 0; i < (size_t)there; i++)
		free(files[i]);
	free(files);
	errno = EDQUOT;
	return more + (size_t)there <= NUMBERS_FILES_MAX;
}

/**
 * numbers_write() - write the numbers of keys, down to the disk
 * @directory: open
 * @entries: the numbers
 * @count: how many
 * @why: a sentence, on failure; then some may be written, and none relied on
 */
bool numbers_write(const struct numbers_dir *directory, const struct numbers_entry *entries,
		   size_t count, char why[NUMBERS_WHY_SIZE])
{
	if (!count)
		return true;
	if (!has_room(directory, entries, count)) {
		snprintf(why, NUMBERS_WHY_SIZE,
			 "%.120s can hold no more once keys, %d at most: %m; remove the files of keys that are no more",
			 directory->path, NUMBERS_FILES_MAX);
		return false;
	}
	if (put_all(directory, entries, count) && show_all(directory, entries, count))
		return true;
	snprintf(why, NUMBERS_WHY_SIZE,
		 "numbers of once keys cannot be written to %.120s: %m; nothing is armed that is not written",
		 directory->path);
	return false;
}

/**
 * numbers_can_write() - whether anything can be written, before anything relies on it
 * @directory: open
 * @why: a sentence, if not
 */
bool numbers_can_write(const struct numbers_dir *directory, char why[NUMBERS_WHY_SIZE])
{
	const struct numbers_entry none = { .numbers.clean = true };
	char name[NAME_SIZE];

	if (!put(directory, &none, true)) {
		snprintf(why, NUMBERS_WHY_SIZE,
			 "numbers of once keys cannot be written to %.120s: %m; make room there",
			 directory->path);
		return false;
	}
	file_name(name, &none, true);
	unlinkat(directory->descriptor, name, 0);
	return true;
}

/**
 * numbers_forget() - forget a key that nobody got
 * @directory: open
 * @entry: with the fingerprint
 */
void numbers_forget(const struct numbers_dir *directory, const struct numbers_entry *entry)
{
	char name[NAME_SIZE];

	file_name(name, entry, false);
	unlinkat(directory->descriptor, name, 0);
}
