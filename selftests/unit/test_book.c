// SPDX-License-Identifier: GPL-2.0
/* The book of a once key: which number is next, what is struck out, what is added. */
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
	book->tried = next->number;
	return next->number;
}

/* Rising, and after the last the first again; what answered is never tried again. */
static void test_rounds(void **state)
{
	struct book book = { 0 };
	u64 i;

	(void)state;
	assert_int_equal(try_next(&book), 0);
	fill(&book, 1, 4);
	for (i = 1; i <= 4; i++)
		assert_int_equal(try_next(&book), i);
	assert_int_equal(try_next(&book), 1);
	assert_int_equal(try_next(&book), 2);
	book_strike(&book, 2);
	assert_int_equal(book.count, 2);
	assert_int_equal(try_next(&book), 3);
	assert_int_equal(try_next(&book), 4);
	assert_int_equal(try_next(&book), 3);
	fill(&book, 5, 6);
	assert_int_equal(try_next(&book), 4);
	assert_int_equal(try_next(&book), 5);
	book_strike(&book, 5);
	assert_int_equal(try_next(&book), 6);
	book_strike(&book, 6);
	assert_int_equal(try_next(&book), 0);
	assert_int_equal(book.count, 0);
}

/* Those before it are over, those behind it are not; twice is once. */
static void test_strike(void **state)
{
	struct book book = { 0 }, was;

	(void)state;
	fill(&book, 10, 20);
	book_strike(&book, 9);
	assert_int_equal(book.count, 11);
	book_strike(&book, 14);
	assert_int_equal(book.count, 6);
	assert_int_equal(book.entry[0].number, 15);
	was = book;
	book_strike(&book, 14);
	book_strike(&book, 3);
	assert_memory_equal(&book, &was, sizeof(book));
	/* Secrets that are over are nowhere in it. */
	book_strike(&book, 20);
	assert_int_equal(book.entry[0].secret[0], 0);
	assert_int_equal(book.entry[5].secret[31], 0);
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
	book_strike(&book, 7);
	assert_null(book_add(&book, &entry));
	assert_int_equal(book.count, 3);
	fill(&more, 6, 12);
	assert_null(book_merge(&book, &more));
	assert_int_equal(book.count, 5);
	assert_int_equal(book.entry[4].number, 12);
	fill(&book, 1, 71);
	assert_int_equal(book.count, BOOK_MAX);
	entry.number = 72;
	assert_non_null(strstr(book_add(&book, &entry), "more than 64"));
}

static void test_written(void **state)
{
	static const char over[] =
		"sequence = 3 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nstruck = 3\n";
	char text[BOOK_TEXT_SIZE], why[BOOK_WHY_SIZE];
	struct book book = { 0 }, again;

	(void)state;
	fill(&book, 9223372036854775740ULL, 9223372036854775803ULL);
	book.tried = 9223372036854775803ULL;
	book.struck = 9223372036854775739ULL;
	assert_in_range(book_format(text, &book), 4900, BOOK_TEXT_SIZE - 1);
	if (!book_parse(&again, text, strlen(text), why))
		fail_msg("%s", why);
	assert_memory_equal(&book, &again, sizeof(book));
	/* What is over is not in it, even if the file says so. */
	assert_true(book_parse(&again, over, strlen(over), why));
	assert_int_equal(again.count, 0);
}

static const struct {
	const char *text;
	const char *said;
} bad[] = {
	{ "hunter2\n", "line 1 of the book: this is not WORD = VALUE" },
	{ "tried =\n", "no number" },
	{ "\ntried = 1x\n", "line 2 of the book: there is no number" },
	{ "struck = -1\n", "no number" },
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
		cmocka_unit_test(test_strike),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_written),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests_name("book", tests, NULL, NULL);
}
