// SPDX-License-Identifier: GPL-2.0
/*
 * The hand-over over localhost: messages get lost, knocks are not heard, and strangers come.
 */
#include "played.h"

/* Return: whether the number opened. */
static bool play_knock(u64 number)
{
	if (number <= played->used || number > played->armed)
		return false;
	played->used = number;
	/* The agent sees to that, whatever becomes of the hand-over. */
	numbers_advance(&played->numbers, number);
	played->armed = numbers_reach(&played->numbers, number);
	return true;
}

/* As tumbler does who must get in: on to the end, then all. Return: how many knocks. */
static unsigned int get_in(struct book *book)
{
	const struct book_entry *next;
	unsigned int tries;

	for (tries = 1; tries <= 2 * DEPTH; tries++) {
		next = book_next(book);
		if (!next) {
			book->answered = 0;
			next = book_next(book);
		}
		assert_non_null(next);
		book_take(book, next->number);
		if (play_knock(next->number))
			return tries;
	}
	return tries;
}

static void test_given(void **state)
{
	struct book book;
	enum hand_over_go go;
	size_t i;

	(void)state;
	reset();
	first_book(&book);
	assert_int_equal(get_in(&book), 1);
	assert_true(hand_over(&book, NOT_CUT, &go));
	assert_int_equal(go, HAND_OVER_NOTHING);
	assert_int_equal(played->numbers.handed, DEPTH + 1);
	assert_int_equal(played->armed, 1 + SERIES_WINDOW);
	assert_int_equal(book.count, DEPTH);
	for (i = 0; i < book.count; i++)
		assert_int_equal(book.entry[i].number, i + 2);
}

/* Of three hand-overs two are cut somewhere, and some knocks are heard by nobody. */
static void test_losses(void **state)
{
	const char *said = getenv("ROUNDS");
	unsigned int rounds = said ? (unsigned int)atoi(said) : ROUNDS;
	unsigned int seed = 7, round, tries, most = 0, whole = 0;
	enum hand_over_go go;
	struct book book;

	(void)state;
	reset();
	first_book(&book);
	for (round = 0; round < rounds; round++) {
		enum cut cut = round % 3 ? (enum cut)(1 + rand_r(&seed) % 4) : NOT_CUT;

		if (rand_r(&seed) % 4 == 0)
			book_take(&book, book_next(&book)->number);
		tries = get_in(&book);
		most = tries > most ? tries : most;
		assert_true(tries < 2 * DEPTH);
		whole += hand_over(&book, cut, &go);
		assert_true(played->numbers.handed <= played->used + DEPTH);
		assert_true(played->armed <= played->numbers.handed);
	}
	assert_int_equal(whole, (rounds + 2) / 3);
	print_message("# at most %u knocks\n", most);
}

/* Return: whether anything but the end of the connection came. */
static bool gets_anything(const unsigned char key[TLS_KEY_SIZE], const struct book *book)
{
	u8 have[HAND_OVER_HAVE_SIZE], byte;
	int socket = connect_from(1);
	struct tls tls;
	bool got;

	hand_over_put_have(have, book, &(struct hand_over_wish){ 0 });
	assert_true(tls_connect(&tls, socket, key, server_pin));
	tls_write(&tls, have, sizeof(have));
	got = tls_read(&tls, &byte, 1);
	tls_free(&tls);
	close(socket);
	return got;
}

static void test_strangers(void **state)
{
	struct numbers before;
	struct book book;

	(void)state;
	reset();
	first_book(&book);
	before = played->numbers;
	/* A key that nobody has knocked with, and one whose owner has not knocked. */
	assert_false(gets_anything(other_key, &book));
	played->known = false;
	assert_false(gets_anything(client_key, &book));
	assert_memory_equal(&played->numbers, &before, sizeof(before));
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_given),
		cmocka_unit_test(test_losses),
		cmocka_unit_test(test_strangers),
	};

	return is_child(argc, argv) ? serve_child() : cmocka_run_group_tests(tests, begin, end);
}
