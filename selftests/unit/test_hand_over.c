// SPDX-License-Identifier: GPL-2.0
/* Messages of a hand-over: taken as they are put, and in no other shape. */
#include "check.h"

#include "hand_over.h"
#include "numbers.h"

static void fill_book(struct book *book, size_t count)
{
	memset(book, 0, sizeof(*book));
	for (book->count = 0; book->count < count; book->count++) {
		book->entry[book->count].number = 3 * book->count + 7;
		memset(book->entry[book->count].secret, (int)book->count + 1,
		       KNOCK_DERIVE_SECRET_SIZE);
	}
}

static void test_have(void **data)
{
	static const struct hand_over_wish wishes[] = {
		{ true, 0x01020304 }, { false, 0xfefdfcfb }
	};
	static const size_t counts[] = { 0, 1, 16, BOOK_MAX };
	u8 bytes[HAND_OVER_HAVE_SIZE];
	struct hand_over_have have;
	struct book book;
	size_t i, k;

	(void)data;
	for (i = 0; i < COUNT(counts); i++) {
		fill_book(&book, counts[i]);
		hand_over_put_have(bytes, &book, &wishes[i % COUNT(wishes)]);
		assert_true(hand_over_take_have(&have, bytes));
		assert_int_equal(have.wish.door_only, wishes[i % COUNT(wishes)].door_only);
		assert_int_equal(have.wish.open_for, wishes[i % COUNT(wishes)].open_for);
		assert_int_equal(have.count, counts[i]);
		for (k = 0; k < have.count; k++) {
			assert_int_equal(have.number[k], book.entry[k].number);
			assert_true(hand_over_has(&have, book.entry[k].number));
			assert_false(hand_over_has(&have, book.entry[k].number + 1));
		}
	}
}

static void test_have_refused(void **data)
{
	static const struct hand_over_wish wish;
	u8 good[HAND_OVER_HAVE_SIZE], bytes[HAND_OVER_HAVE_SIZE];
	struct hand_over_have have;
	struct book book;
	size_t i;

	(void)data;
	fill_book(&book, 2);
	hand_over_put_have(good, &book, &wish);
	/* Type, version, count, what is wanted, what follows the numbers; but for times. */
	for (i = 0; i < sizeof(bytes); i++) {
		if (i >= 4 && i < 24)
			continue;
		memcpy(bytes, good, sizeof(bytes));
		bytes[i] ^= 0x80;
		assert_false(hand_over_take_have(&have, bytes));
	}
	memcpy(bytes, good, sizeof(bytes));
	bytes[2] = BOOK_MAX + 1;
	assert_false(hand_over_take_have(&have, bytes));
	/* Twice the same, and none at all. */
	memcpy(bytes, good, sizeof(bytes));
	memcpy(bytes + 16, bytes + 8, 8);
	assert_false(hand_over_take_have(&have, bytes));
	memcpy(bytes, good, sizeof(bytes));
	memset(bytes + 8, 0, 8);
	assert_false(hand_over_take_have(&have, bytes));
}

static void test_next(void **data)
{
	static struct hand_over_next next, again;
	u8 bytes[HAND_OVER_NEXT_SIZE];
	struct book book;
	size_t i;

	(void)data;
	fill_book(&book, BOOK_MAX);
	next.used = 6;
	next.count = BOOK_MAX;
	memcpy(next.entry, book.entry, sizeof(next.entry));
	hand_over_put_next(bytes, &next);
	assert_true(hand_over_take_next(&again, bytes));
	assert_int_equal(again.used, 6);
	assert_int_equal(again.count, BOOK_MAX);
	for (i = 0; i < BOOK_MAX; i++) {
		assert_int_equal(again.entry[i].number, next.entry[i].number);
		assert_memory_equal(again.entry[i].secret, next.entry[i].secret,
				    KNOCK_DERIVE_SECRET_SIZE);
	}
	assert_int_equal(hand_over_highest(&again), next.entry[BOOK_MAX - 1].number);
	/* A number that is used, or was there before. */
	bytes[15] = 7;
	assert_false(hand_over_take_next(&again, bytes));
	bytes[15] = 6;
	memcpy(bytes + 56, bytes + 16, 8);
	assert_false(hand_over_take_next(&again, bytes));
	next.count = 0;
	hand_over_put_next(bytes, &next);
	assert_true(hand_over_take_next(&again, bytes));
	assert_int_equal(hand_over_highest(&again), 0);
	bytes[HAND_OVER_NEXT_SIZE - 1] = 1;
	assert_false(hand_over_take_next(&again, bytes));
}

static void test_got_and_go(void **data)
{
	u8 got[HAND_OVER_GOT_SIZE], go[HAND_OVER_GO_SIZE];
	enum hand_over_go what;
	u64 number;
	size_t i;

	(void)data;
	hand_over_put_got(got, 0x0102030405060708);
	assert_int_equal(got[8], 1);
	assert_true(hand_over_take_got(&number, got));
	assert_int_equal(number, 0x0102030405060708);
	for (i = 0; i < 8; i++) {
		got[i] ^= 1;
		assert_false(hand_over_take_got(&number, got));
		got[i] ^= 1;
	}
	hand_over_put_go(go, HAND_OVER_SILENCE);
	assert_true(hand_over_take_go(&what, go));
	assert_int_equal(what, HAND_OVER_SILENCE);
	go[2] = HAND_OVER_GOES;
	assert_false(hand_over_take_go(&what, go));
}

/* Never beyond depth, never more than may be new, never down. */
static void test_numbers(void **data)
{
	struct numbers numbers = numbers_of_new(16);

	(void)data;
	assert_int_equal(numbers_hand_over(&numbers, 0, 16, 16), 0);
	assert_int_equal(numbers_hand_over(&numbers, 5, 16, 16), 5);
	assert_int_equal(numbers.handed, 21);
	assert_int_equal(numbers_hand_over(&numbers, 5, 16, 16), 0);
	assert_int_equal(numbers_hand_over(&numbers, 15, 16, 4), 4);
	assert_int_equal(numbers.handed, 25);
	assert_int_equal(numbers_hand_over(&numbers, 15, 16, 0), 0);
	assert_int_equal(numbers_hand_over(&numbers, 100, 16, 16), 16);
	assert_int_equal(numbers.handed, 116);
	assert_int_equal(numbers_hand_over(&numbers, 100, 8, 16), 0);
	assert_int_equal(numbers.handed, 116);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_have),
		cmocka_unit_test(test_have_refused),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_got_and_go),
		cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
