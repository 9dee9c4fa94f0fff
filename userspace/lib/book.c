// SPDX-License-Identifier: GPL-2.0
/*
 * The book of a once key: its sequences are tried by rising numbers, beginning behind the
 * last that was tried, and behind the last of all again. That the service answers does not
 * tell which of them was heard, so none is dropped for that; only the order is guided by
 * it. One is dropped when it is so far below the highest that it must be used, since none
 * is handed out further ahead of the used one. selftests/model has the reasons.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "base64.h"
#include "book.h"
#include "word_lines.h"

/* So many digits are no more than 64 bits hold. */
#define DIGITS_MAX 19

void book_wipe(struct book *book)
{
	OPENSSL_cleanse(book, sizeof(*book));
}

/**
 * book_add() - add a sequence that was handed over
 * @book: to add it to
 * @entry: the sequence; one that is there already changes nothing
 *
 * Return: NULL; else what is wrong, and @book is as it was.
 */
const char *book_add(struct book *book, const struct book_entry *entry)
{
	size_t at = 0;

	while (at < book->count && book->entry[at].number < entry->number)
		at++;
	if (at < book->count && book->entry[at].number == entry->number) {
		if (!memcmp(book->entry[at].secret, entry->secret, sizeof(entry->secret)))
			return NULL;
		return "this number is there with another secret, so one of them is another key's";
	}
	if (book->count == BOOK_MAX)
		return "there are more than 64 sequences, leave the last ones for later";
	memmove(&book->entry[at + 1], &book->entry[at],
		(book->count - at) * sizeof(book->entry[0]));
	book->entry[at] = *entry;
	book->count++;
	return NULL;
}

static void drop_used(struct book *book, u8 depth)
{
	u64 highest = book->count ? book->entry[book->count - 1].number : 0;
	size_t over = 0;

	while (over < book->count && highest - book->entry[over].number >= depth)
		over++;
	book->count -= over;
	memmove(book->entry, &book->entry[over], book->count * sizeof(book->entry[0]));
	OPENSSL_cleanse(&book->entry[book->count], over * sizeof(book->entry[0]));
}

/**
 * book_merge() - add all sequences of another book, and drop what must be used by now
 * @book: to add them to
 * @more: has them
 * @depth: how far above the used one a number is handed out at most
 *
 * Return: NULL; else what is wrong, and @book is of no use.
 */
const char *book_merge(struct book *book, const struct book *more, u8 depth)
{
	const char *fault = NULL;
	size_t i = more->count;

	/* The highest first, so that there is room for it. */
	while (i-- && !fault) {
		fault = book_add(book, &more->entry[i]);
		drop_used(book, depth);
	}
	return fault;
}

/* Return: what follows the number; NULL if there is none. */
static const char *take_number(const char *text, u64 *number)
{
	size_t digits = strspn(text, "0123456789");

	if (!digits || digits > DIGITS_MAX)
		return NULL;
	*number = strtoull(text, NULL, 10);
	return text + digits;
}

/**
 * book_take_sequence() - add a sequence that is written down
 * @book: to add it to
 * @value: NUMBER BASE64
 *
 * Return: NULL; else what is wrong, without quoting it.
 */
const char *book_take_sequence(struct book *book, const char *value)
{
	struct book_entry entry;
	const char *secret, *fault;
	size_t length = 0;

	secret = take_number(value, &entry.number);
	if (!secret || *secret != ' ' || !entry.number)
		return "a sequence is its number, from 1 on, a space and its secret";
	secret += strspn(secret, " ");
	if (base64_decode(secret, entry.secret, sizeof(entry.secret), &length) &&
	    length == sizeof(entry.secret))
		fault = book_add(book, &entry);
	else
		fault = "the sequence's secret is not base64 of 32 bytes, copy it whole";
	OPENSSL_cleanse(&entry, sizeof(entry));
	return fault;
}

/* Return: the first sequence above a number, NULL if there is none. */
const struct book_entry *book_behind(const struct book *book, u64 number)
{
	size_t i;

	for (i = 0; i < book->count; i++)
		if (book->entry[i].number > number)
			return &book->entry[i];
	return NULL;
}

/**
 * book_next() - the sequence to try next
 * @book: any
 *
 * Return: the first behind the one that was tried last, after the last of all the first
 * that was not used, as far as can be told; NULL if there is none.
 */
const struct book_entry *book_next(const struct book *book)
{
	const struct book_entry *next = book_behind(book, book->tried);

	return next ? next : book_behind(book, book->answered);
}

/**
 * book_take() - note that a sequence is tried
 * @book: to change
 * @number: of the sequence
 *
 * Who begins a second time without an answer may be wrong about what was used.
 *
 * Return: true if it is not behind the one that was tried before.
 */
bool book_take(struct book *book, u64 number)
{
	bool again = number <= book->tried;

	if (again && book->rounds++)
		book->answered = 0;
	book->tried = number;
	return again;
}

/* Note that the service answered after a sequence. */
void book_answered(struct book *book, u64 number)
{
	if (number > book->answered)
		book->answered = number;
	book->rounds = 0;
}

/* Return: how many were not used, as far as can be told. */
size_t book_left(const struct book *book)
{
	size_t i, left = 0;

	for (i = 0; i < book->count; i++)
		left += book->entry[i].number > book->answered;
	return left;
}

/**
 * book_format_sequence() - write a sequence down
 * @line: receives it, with a line end and a NUL; to be wiped
 * @entry: the sequence
 *
 * Return: its bytes, without the NUL.
 */
size_t book_format_sequence(char line[BOOK_LINE_SIZE], const struct book_entry *entry)
{
	char base64[BASE64_SIZE(KNOCK_DERIVE_SECRET_SIZE)];
	int length;

	base64_encode(base64, entry->secret, sizeof(entry->secret));
	length = snprintf(line, BOOK_LINE_SIZE, "sequence = %llu %s\n",
			  (unsigned long long)entry->number, base64);
	OPENSSL_cleanse(base64, sizeof(base64));
	return (size_t)length;
}

/**
 * book_format() - write a book down as book_parse() reads it
 * @text: receives it with a NUL; to be wiped
 * @book: what to write
 *
 * Return: its bytes, without the NUL.
 */
size_t book_format(char text[BOOK_TEXT_SIZE], const struct book *book)
{
	size_t i, used;

	used = (size_t)snprintf(text, BOOK_TEXT_SIZE,
				"tried = %llu\nanswered = %llu\nrounds = %llu\n",
				(unsigned long long)book->tried,
				(unsigned long long)book->answered,
				(unsigned long long)book->rounds);
	for (i = 0; i < book->count; i++)
		used += book_format_sequence(text + used, &book->entry[i]);
	return used;
}

static const char *take_word(void *context, const char *word, const char *value)
{
	static const char no_number[] = "there is no number behind the word";
	struct book *book = context;
	const char *end;

	if (!strcmp(word, "sequence"))
		return book_take_sequence(book, value);
	if (!strcmp(word, "tried"))
		end = take_number(value, &book->tried);
	else if (!strcmp(word, "answered"))
		end = take_number(value, &book->answered);
	else if (!strcmp(word, "rounds"))
		end = take_number(value, &book->rounds);
	else
		return "this is no word of a book";
	return end && !*end ? NULL : no_number;
}

/**
 * book_parse() - read a book
 * @book: receives it; wiped on failure
 * @text: as book_format() wrote it
 * @length: its bytes
 * @why: a sentence, on failure; it does not quote the text
 *
 * Return: true if nothing is wrong with it.
 */
bool book_parse(struct book *book, const char *text, size_t length, char why[BOOK_WHY_SIZE])
{
	const struct word_reader reader = { "the book", take_word, book };

	memset(book, 0, sizeof(*book));
	if (word_lines_read(&reader, text, length, why))
		return true;
	book_wipe(book);
	return false;
}
