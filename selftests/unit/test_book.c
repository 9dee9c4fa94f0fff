// SPDX-License-Identifier: GPL-2.0
/* The book of a once key: which number is next, what is added, what is dropped. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "book.h"
#include "check.h"

/* Numbers @first to @last, each with a secret of its own. */
static void fill(struct book *book, u64 first, u64 last)
{
	struct book_entry entry;

	for (entry.number = first; entry.number <= last; entry.number++) {
		memset(entry.secret, (int)entry.number, sizeof(entry.secret));
		assert_null(book_add(book, &entry));
	}
}

/* Tries the next one. Return: its number; 0 if there is none. */
static u64 try_next(struct book *book)
{
	const struct book_entry *next = book_next(book);

	if (!next)
		return 0;
	assert_int_equal(next->secret[0], (u8)next->number);
	book_take(book, next->number);
	return next->number;
}

/* Rising, and behind the last again from the first that may be good. */
static void test_rounds(void **state)
{
	struct book book = { 0 };
	u64 i;

	(void)state;
	assert_int_equal(try_next(&book), 0);
	fill(&book, 1, 4);
	for (i = 0; i < 12; i++)
		assert_int_equal(try_next(&book), 1 + i % 4);
	book_answered(&book, 1);
	assert_int_equal(book_left(&book), 3);
	assert_int_equal(try_next(&book), 2);
	book_answered(&book, 2);
	assert_int_equal(try_next(&book), 3);
	assert_int_equal(try_next(&book), 4);
	/* 1 and 2 were used. If in a whole round nobody answers, perhaps they were not. */
	assert_int_equal(try_next(&book), 3);
	assert_int_equal(book_left(&book), 2);
	assert_int_equal(try_next(&book), 4);
	assert_int_equal(try_next(&book), 3);
	assert_int_equal(book_left(&book), 4);
	assert_int_equal(try_next(&book), 4);
	assert_int_equal(try_next(&book), 1);
	/* All were used: there is none to be tried. */
	book_answered(&book, 4);
	assert_int_equal(try_next(&book), 2);
	book.tried = 4;
	assert_int_equal(try_next(&book), 0);
	assert_int_equal(book_left(&book), 0);
	assert_int_equal(book.count, 4);
	assert_int_equal(book_behind(&book, 2)->number, 3);
	assert_null(book_behind(&book, 4));
}

static void test_add(void **state)
{
	struct book book = { 0 }, more = { 0 };
	struct book_entry entry = { .number = 7 };

	(void)state;
	fill(&book, 5, 10);
	/* Another secret under the same number is another key's. */
	assert_non_null(strstr(book_add(&book, &entry), "another secret"));
	assert_int_equal(book.count, 6);
	fill(&book, 5, 10);
	assert_int_equal(book.count, 6);
	fill(&book, 1, 64);
	assert_int_equal(book.count, BOOK_MAX);
	more.count = 1;
	more.entry[0] = entry;
	assert_non_null(book_merge(&book, &more, 60));
}

/* What is the depth or more below the highest goes, and is nowhere any more. */
static void test_depth(void **state)
{
	struct book book = { 0 }, more = { 0 };
	size_t i;

	(void)state;
	fill(&book, 1, 16);
	fill(&more, 9, 20);
	assert_null(book_merge(&book, &more, 16));
	assert_int_equal(book.count, 16);
	assert_int_equal(book.entry[0].number, 5);
	assert_int_equal(book.entry[15].number, 20);
	/* Older ones do not come back. */
	memset(&more, 0, sizeof(more));
	fill(&more, 1, 4);
	assert_null(book_merge(&book, &more, 16));
	assert_int_equal(book.count, 16);
	memset(&more, 0, sizeof(more));
	fill(&more, 90, 149);
	assert_null(book_merge(&book, &more, 60));
	assert_int_equal(book.count, 60);
	assert_int_equal(book.entry[0].number, 90);
	for (i = 60 * sizeof(book.entry[0]); i < sizeof(book.entry); i++)
		assert_int_equal(((u8 *)book.entry)[i], 0);
}

static void test_written(void **state)
{
	char text[BOOK_TEXT_SIZE], why[BOOK_WHY_SIZE];
	struct book book = { 0 }, again;

	(void)state;
	fill(&book, 9223372036854775740ULL, 9223372036854775803ULL);
	book.tried = 9223372036854775803ULL;
	book.answered = 9223372036854775739ULL;
	book.rounds = 7;
	assert_in_range(book_format(text, &book), 4900, BOOK_TEXT_SIZE - 1);
	if (!book_parse(&again, text, strlen(text), why))
		fail_msg("%s", why);
	assert_memory_equal(&book, &again, sizeof(book));
}

static const struct {
	const char *text;
	const char *said;
} bad[] = {
	{ "hunter2\n", "line 1 of the book: this is not WORD = VALUE" },
	{ "tried =\n", "no number" },
	{ "\ntried = 1x\n", "line 2 of the book: there is no number" },
	{ "answered = -1\n", "no number" },
	{ "tried = 99999999999999999999\n", "no number" },
	{ "secret = hunter2\n", "no word of a book" },
	{ "sequence = hunter2\n", "its number" },
	{ "sequence = 1 hunter2\n", "not base64" },
};

static void test_bad(void **state)
{
	char why[BOOK_WHY_SIZE];
	struct book book;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(bad); i++) {
		if (book_parse(&book, bad[i].text, strlen(bad[i].text), why) ||
		    !strstr(why, bad[i].said))
			fail_msg("%s: %s", bad[i].text, why);
		assert_null(strstr(why, "hunter2"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rounds),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests_name("book", tests, NULL, NULL);
}
