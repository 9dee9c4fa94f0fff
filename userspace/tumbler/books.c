// SPDX-License-Identifier: GPL-2.0
/*
 * Books in files of their own beside the profiles. What is tried is on the disk before it
 * is knocked.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/crypto.h>

#include "books.h"
#include "kept_file.h"
#include "profiles.h"

/* Somebody may have written comments into it. */
#define FILE_MAX (2 * BOOK_TEXT_SIZE)

static const char no_book[] =
	"; tumbler import --force the profile that the server's administrator gives out";

static bool fail(const struct kept_file *file, const char *what, const char *mend,
		 char why[BOOKS_WHY_SIZE])
{
	snprintf(why, BOOKS_WHY_SIZE, "%s cannot be %s: %s%s", file->path, what, strerror(errno),
		 mend);
	return false;
}

static bool find_path(struct kept_file *file, const char *name, char why[BOOKS_WHY_SIZE])
{
	struct profile_place place;

	if (profiles_place(&place, name)) {
		strcpy(file->path, place.book);
		return true;
	}
	snprintf(why, BOOKS_WHY_SIZE, "the path of the profiles is too long");
	return false;
}

static bool is_private(const struct kept_file *file, char why[BOOKS_WHY_SIZE])
{
	struct stat status;

	if (fstat(file->descriptor, &status))
		return fail(file, "examined", "", why);
	if (!(status.st_mode & 0077))
		return true;
	snprintf(why, BOOKS_WHY_SIZE,
		 "%s has mode %04o, others than its owner may have read it, chmod 600 it if they have not",
		 file->path, (unsigned int)status.st_mode & 07777);
	return false;
}

static bool read_text(struct book *book, const struct kept_file *file, char why[BOOKS_WHY_SIZE])
{
	char text[FILE_MAX], reason[BOOK_WHY_SIZE];
	ssize_t length = kept_file_read(file->descriptor, text, sizeof(text));
	bool good = false;

	if (length < 0) {
		fail(file, "read", "", why);
	} else {
		good = book_parse(book, text, (size_t)length, reason);
		if (!good)
			snprintf(why, BOOKS_WHY_SIZE, "in %s, %s", file->path, reason);
	}
	OPENSSL_cleanse(text, sizeof(text));
	return good;
}

/* Nobody else has it until it is closed. */
static bool open_book(struct kept_file *file, struct book *book, const char *name,
		      char why[BOOKS_WHY_SIZE])
{
	if (!find_path(file, name, why))
		return false;
	if (!kept_file_open(file, false))
		return fail(file, "opened", errno == ENOENT ? no_book : "", why);
	if (is_private(file, why) && read_text(book, file, why))
		return true;
	kept_file_close(file);
	return false;
}

/* And lets others have it. */
static bool close_book(struct kept_file *file, struct book *book, bool changed,
		       char why[BOOKS_WHY_SIZE])
{
	char text[BOOK_TEXT_SIZE];
	bool good = true;

	if (changed) {
		good = kept_file_replace(file, text, book_format(text, book)) ||
		       fail(file, "written", "; make room, or the directory writable", why);
		OPENSSL_cleanse(text, sizeof(text));
	}
	kept_file_close(file);
	book_wipe(book);
	return good;
}

/**
 * books_read() - read a book
 * @book: receives it; to be wiped
 * @name: of its profile
 * @why: a sentence, on failure
 *
 * Return: true if nothing is wrong with it.
 */
bool books_read(struct book *book, const char *name, char why[BOOKS_WHY_SIZE])
{
	struct kept_file file;

	if (!open_book(&file, book, name, why))
		return false;
	kept_file_close(&file);
	return true;
}

/**
 * books_claim() - take a sequence of a book, which is the last that was tried now
 * @claim: receives it
 * @name: of its profile
 * @chooser: chooses it, while nobody else does
 * @why: a sentence, on failure; empty if @chooser chose none
 *
 * Return: true if it is on the disk that it is tried.
 */
bool books_claim(struct claim *claim, const char *name, const struct chooser *chooser,
		 char why[BOOKS_WHY_SIZE])
{
	const struct book_entry *chosen;
	struct kept_file file;
	struct book book;

	if (!open_book(&file, &book, name, why))
		return false;
	chosen = chooser->choose(&book, chooser->context);
	if (!chosen) {
		*why = '\0';
		return close_book(&file, &book, false, why) && false;
	}
	claim->entry = *chosen;
	claim->again = book_take(&book, chosen->number);
	return close_book(&file, &book, true, why);
}

/**
 * books_answered() - note that the service answered after a sequence
 * @name: of the book's profile
 * @number: of the sequence
 * @left: receives how many were not used, as far as can be told
 * @why: a sentence, on failure
 *
 * Return: true if that is on the disk.
 */
bool books_answered(const char *name, u64 number, size_t *left, char why[BOOKS_WHY_SIZE])
{
	struct kept_file file;
	struct book book;

	if (!open_book(&file, &book, name, why))
		return false;
	book_answered(&book, number);
	*left = book_left(&book);
	return close_book(&file, &book, true, why);
}

/**
 * books_put() - begin a book, in the place of one that is there
 * @name: of its profile
 * @book: what shall be in it
 * @why: a sentence, on failure
 *
 * Return: true if that is on the disk.
 */
bool books_put(const char *name, const struct book *book, char why[BOOKS_WHY_SIZE])
{
	struct book copy = *book;
	struct kept_file file;

	if (!find_path(&file, name, why))
		return false;
	if (!kept_file_open(&file, true))
		return fail(&file, "made", "", why);
	return close_book(&file, &copy, true, why);
}

/**
 * books_add() - add sequences to a book
 * @name: of its profile
 * @more: a profile with more; those that must be used, or are there, change nothing
 * @left: receives how many were not used, as far as can be told
 * @why: a sentence, on failure
 *
 * Return: true if they are on the disk; false if nothing was changed.
 */
bool books_add(const char *name, const struct profile *more, size_t *left,
	       char why[BOOKS_WHY_SIZE])
{
	struct kept_file file;
	const char *fault;
	struct book book;

	if (!open_book(&file, &book, name, why))
		return false;
	fault = book_merge(&book, &more->book, more->depth);
	if (fault) {
		snprintf(why, BOOKS_WHY_SIZE, "%s was left as it is: %s", file.path, fault);
		return close_book(&file, &book, false, why) && false;
	}
	*left = book_left(&book);
	return close_book(&file, &book, true, why);
}

/**
 * books_take_next() - add what the server hands over to a book
 * @name: of its profile
 * @next: what came, and up to which number all were used
 * @depth: how far above that numbers are handed out at most
 * @why: a sentence, on failure
 *
 * Return: true if that is on the disk; false if nothing was changed.
 */
bool books_take_next(const char *name, const struct hand_over_next *next, u8 depth,
		     char why[BOOKS_WHY_SIZE])
{
	struct book book, more = { .count = next->count };
	struct kept_file file;
	const char *fault;

	if (!open_book(&file, &book, name, why))
		return false;
	memcpy(more.entry, next->entry, sizeof(more.entry));
	fault = book_merge(&book, &more, depth);
	book_wipe(&more);
	if (fault) {
		snprintf(why, BOOKS_WHY_SIZE, "%s was left as it is: %s", file.path, fault);
		return close_book(&file, &book, false, why) && false;
	}
	book_answered(&book, next->used);
	return close_book(&file, &book, true, why);
}
