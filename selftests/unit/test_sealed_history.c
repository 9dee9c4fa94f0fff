// SPDX-License-Identifier: GPL-2.0
/* What a sealed key takes in turn, against vectors of an independent implementation. */
#include <stdlib.h>

#include <knock/history.h>

#include "rows.h"
#include "sealed_crypto.h"

#define VECTORS_MIN	60
#define MINUTE		60

enum {
	HISTORY, VERDICT, SKEW, GUARD, NOW, ACTION, SECONDS, NANOSECONDS, DATAGRAM, COLUMNS,
	/* Of sealed.tsv. */
	VECTOR_KEY = 2, VECTOR_COLUMNS = 19
};

/* One knock; ACTION and SECONDS are what the datagram says, too. */
struct vector {
	const char *history;
	const char *verdict;
	const char *guard;
	u32 skew;
	u64 now;
	u64 action;
	u64 seconds;
	u8 datagram[KNOCK_SEALED_LEN];
};

/**
 * struct trial - what is known of the key so far
 * @key: what its knocks are made with
 * @name: of the history that the last row was in
 * @history: what the key took in it
 */
struct trial {
	u8 key[KNOCK_SEALED_KEY_SIZE];
	char name[64];
	struct knock_history history;
};

static u64 number(const char *text)
{
	return strtoull(text, NULL, 10);
}

/* That of the first knock of sealed.tsv. */
static bool read_key(char **column, void *data)
{
	struct trial *trial = data;

	if (*trial->name)
		return false;
	strcpy(trial->name, "none");
	return rows_hex(trial->key, sizeof(trial->key), column[VECTOR_KEY]) == sizeof(trial->key);
}

static void read_vector(struct vector *vector, char **column)
{
	*vector = (struct vector){
		.history = column[HISTORY],
		.verdict = column[VERDICT],
		.guard = column[GUARD],
		.skew = (u32)number(column[SKEW]),
		.now = number(column[NOW]),
		.action = number(column[ACTION]),
		.seconds = number(column[SECONDS]),
	};
	assert_int_equal(rows_hex(vector->datagram, sizeof(vector->datagram), column[DATAGRAM]),
			 sizeof(vector->datagram));
}

static bool is_of_now(const struct vector *vector, const u8 key[KNOCK_SEALED_KEY_SIZE])
{
	u64 minute = (vector->now - vector->skew) / MINUTE;
	u8 hint[KNOCK_SEALED_HINT_SIZE];

	for (; minute <= (vector->now + vector->skew) / MINUTE + 1; minute++) {
		assert_true(knock_sealed_hint(&sealed_crypto, key, minute, hint));
		if (!memcmp(hint, vector->datagram, sizeof(hint)))
			return true;
	}
	return false;
}

/* As a server; what is good is remembered. */
static const char *judge(const struct vector *vector, const u8 key[KNOCK_SEALED_KEY_SIZE],
			 struct knock_history *history)
{
	struct knock_taken taken = { .used = vector->now };
	struct knock_sealed_plain plain;

	if (!is_of_now(vector, key))
		return "unknown-hint";
	assert_int_equal(knock_sealed_open(&sealed_crypto, key, vector->datagram, &plain),
			 KNOCK_SEALED_GOOD);
	assert_int_equal(plain.action, vector->action);
	assert_int_equal(knock_sealed_age(vector->seconds, vector->now, vector->skew),
			 KNOCK_SEALED_IN_TIME);
	if (strcmp(vector->guard, "-") != 0 && vector->seconds < number(vector->guard))
		return "guard";
	if (knock_history_find(history, plain.tai64n))
		return "used";
	if (knock_history_is_stale(history, plain.tai64n))
		return "stale";
	if (knock_history_is_closed(history, &plain))
		return "before-close";
	memcpy(taken.tai64n, plain.tai64n, sizeof(taken.tai64n));
	knock_history_add(history, &taken, plain.action);
	return "good";
}

static bool check_row(char **column, void *data)
{
	struct trial *trial = data;
	struct vector vector;

	read_vector(&vector, column);
	if (strcmp(vector.history, trial->name) != 0)
		memset(&trial->history, 0, sizeof(trial->history));
	snprintf(trial->name, sizeof(trial->name), "%s", vector.history);
	if (strcmp(judge(&vector, trial->key, &trial->history), vector.verdict) != 0)
		fail_msg("%s is not %s, at %s", vector.history, vector.verdict, column[DATAGRAM]);
	return true;
}

static void test_histories(void **state)
{
	struct trial trial = { .name = "" };

	(void)state;
	assert_int_equal(rows_for_each(VECTORS "/sealed.tsv", VECTOR_COLUMNS, read_key, &trial), 1);
	assert_true(rows_for_each(VECTORS "/sealed-history.tsv", COLUMNS, check_row, &trial) >=
		    VECTORS_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_histories),
	};

	return cmocka_run_group_tests_name("sealed_history", tests, NULL, NULL);
}
