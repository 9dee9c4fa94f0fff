// SPDX-License-Identifier: GPL-2.0
/* What a sealed key takes in turn, against vectors of an independent implementation. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <knock/history.h>

#include "check.h"

#define VECTORS_MIN 60

/**
 * struct vector - one knock, after those before it
 * @name: of the history
 * @verdict: what an independent server says
 * @skew: the key's, in seconds
 * @guard: first second that it takes, or 0
 * @now: unix seconds
 * @plain: the knock
 * @made: its time in unix seconds
 */
struct vector {
	char name[64];
	char verdict[16];
	u32 skew;
	u64 guard;
	u64 now;
	struct knock_sealed_plain plain;
	u64 made;
};

/* As the module does it; a hint is forgotten with its minute. */
static const char *judge(struct knock_history *history, const struct vector *vector)
{
	struct knock_taken taken = { .used = 1 };

	if (vector->made / 60 < (vector->now - vector->skew) / 60 ||
	    vector->made / 60 > (vector->now + vector->skew) / 60 + 1)
		return "hint";
	if (knock_sealed_age(vector->made, vector->now, vector->skew))
		return "skew";
	if (vector->made < vector->guard)
		return "guard";
	if (knock_history_find(history, vector->plain.tai64n))
		return "used";
	if (knock_history_is_stale(history, vector->plain.tai64n))
		return "old";
	if (knock_history_is_closed(history, &vector->plain))
		return "closed";
	memcpy(taken.tai64n, vector->plain.tai64n, sizeof(taken.tai64n));
	knock_history_add(history, &taken, vector->plain.action);
	return "good";
}

static bool read_vector(struct vector *vector, const char *line)
{
	unsigned long long now, made;
	unsigned int action, nsec;
	char guard[24];

	if (sscanf(line, "%63[^\t]\t%15s\t%u\t%23s\t%llu\t%u\t%llu\t%u", vector->name,
		   vector->verdict, &vector->skew, guard, &now, &action, &made, &nsec) != 8)
		return false;
	vector->guard = *guard == '-' ? 0 : strtoull(guard, NULL, 10);
	vector->now = now;
	vector->made = made;
	vector->plain.action = (u8)action;
	knock_tai64n_set(vector->plain.tai64n, made, nsec);
	return true;
}

static void test_vectors(void **state)
{
	FILE *file = fopen(VECTORS "/sealed-history.tsv", "r");
	struct knock_history history;
	struct vector vector;
	char name[64] = "", line[256];
	unsigned int count = 0;

	(void)state;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (*line == '#')
			continue;
		if (!read_vector(&vector, line))
			fail_msg("no vector: %s", line);
		if (strcmp(vector.name, name))
			memset(&history, 0, sizeof(history));
		strcpy(name, vector.name);
		if (strcmp(judge(&history, &vector), vector.verdict))
			fail_msg("it was to be %s: %s", vector.verdict, line);
		count++;
	}
	fclose(file);
	assert_true(count >= VECTORS_MIN);
}

static struct knock_taken taken_at(u64 sec, u32 nsec)
{
	struct knock_taken taken = { .used = sec };

	knock_tai64n_set(taken.tai64n, sec, nsec);
	return taken;
}

/* Whatever the order, the sixteen highest are remembered, with who used them. */
static void test_sixteen_highest(void **state)
{
	struct knock_history history = { 0 };
	struct knock_taken taken;
	const struct knock_taken *found;
	u64 sec;
	int i;

	(void)state;
	srandom(1);
	for (i = 0; i < 1000; i++) {
		taken = taken_at(1000 + (u64)random() % 100, 0);
		if (knock_history_find(&history, taken.tai64n) ||
		    knock_history_is_stale(&history, taken.tai64n))
			continue;
		knock_history_add(&history, &taken, KNOCK_SEALED_OPEN);
	}
	for (sec = 1000; sec < 1100; sec++) {
		taken = taken_at(sec, 0);
		found = knock_history_find(&history, taken.tai64n);
		assert_int_equal(!found, sec < 1084);
		assert_true(!found || found->used == sec);
		assert_int_equal(knock_history_is_stale(&history, taken.tai64n), sec < 1084);
	}
}

/* One nanosecond tells two knocks apart. */
static void test_nanosecond(void **state)
{
	struct knock_history history = { 0 };
	struct knock_sealed_plain plain = { .action = KNOCK_SEALED_OPEN };
	struct knock_taken taken = taken_at(1000, 5);

	(void)state;
	knock_history_add(&history, &taken, KNOCK_SEALED_CLOSE);
	assert_non_null(knock_history_find(&history, taken.tai64n));
	taken = taken_at(1000, 4);
	assert_null(knock_history_find(&history, taken.tai64n));
	memcpy(plain.tai64n, taken.tai64n, sizeof(plain.tai64n));
	assert_true(knock_history_is_closed(&history, &plain));
	plain.action = KNOCK_SEALED_CLOSE;
	assert_false(knock_history_is_closed(&history, &plain));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_sixteen_highest),
		cmocka_unit_test(test_nanosecond),
	};

	return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
