// SPDX-License-Identifier: GPL-2.0
/* What a sealed key takes in turn, against vectors of an independent implementation. */
#include <stdio.h>
#include <string.h>

#include <knock/history.h>

#include "check.h"
#include "sealed_crypto.h"

#define VECTORS_MIN	60
#define MINUTE		60

/* One knock; ACTION, SECONDS and NANOSECONDS are what the datagram says, too. */
struct vector {
	char history[64];
	char verdict[16];
	unsigned int skew;
	char guard[24];
	unsigned long long now;
	unsigned int action;
	unsigned long long seconds;
	unsigned int nanoseconds;
	u8 datagram[KNOCK_SEALED_LEN];
};

static void from_hex(u8 *bytes, size_t size, const char *hex)
{
	size_t i;

	assert_int_equal(strlen(hex), 2 * size);
	for (i = 0; i < size; i++)
		if (sscanf(hex + 2 * i, "%2hhx", &bytes[i]) != 1)
			fail_msg("no hex: %s", hex);
}

/* That of the first knock of sealed.tsv, in its third column. */
static void read_key(u8 key[KNOCK_SEALED_KEY_SIZE])
{
	FILE *file = fopen(VECTORS "/sealed.tsv", "r");
	char line[2048], hex[2 * KNOCK_SEALED_KEY_SIZE + 1] = "";

	assert_non_null(file);
	while (!*hex && fgets(line, sizeof(line), file))
		if (*line != '#' && sscanf(line, "%*[^\t]\t%*[^\t]\t%64s", hex) != 1)
			fail_msg("no vector: %s", line);
	fclose(file);
	from_hex(key, KNOCK_SEALED_KEY_SIZE, hex);
}

static void read_vector(struct vector *vector, const char *line)
{
	char hex[2 * KNOCK_SEALED_LEN + 1];

	if (sscanf(line, "%63[^\t]\t%15s\t%u\t%23s\t%llu\t%u\t%llu\t%u\t%176s", vector->history,
		   vector->verdict, &vector->skew, vector->guard, &vector->now, &vector->action,
		   &vector->seconds, &vector->nanoseconds, hex) != 9)
		fail_msg("no vector: %s", line);
	from_hex(vector->datagram, sizeof(vector->datagram), hex);
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
	unsigned long long guard;

	if (!is_of_now(vector, key))
		return "unknown-hint";
	assert_int_equal(knock_sealed_open(&sealed_crypto, key, vector->datagram, &plain),
			 KNOCK_SEALED_GOOD);
	assert_int_equal(plain.action, vector->action);
	assert_int_equal(knock_sealed_age(vector->seconds, vector->now, vector->skew),
			 KNOCK_SEALED_IN_TIME);
	if (sscanf(vector->guard, "%llu", &guard) == 1 && vector->seconds < guard)
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

static void test_histories(void **state)
{
	FILE *file = fopen(VECTORS "/sealed-history.tsv", "r");
	struct vector vector = { .history = "" };
	struct knock_history history = { 0 };
	u8 key[KNOCK_SEALED_KEY_SIZE];
	unsigned int count = 0;
	char line[1024], before[64] = "";

	(void)state;
	assert_non_null(file);
	read_key(key);
	while (fgets(line, sizeof(line), file)) {
		if (*line == '#')
			continue;
		read_vector(&vector, line);
		if (strcmp(vector.history, before) != 0)
			memset(&history, 0, sizeof(history));
		strcpy(before, vector.history);
		if (strcmp(judge(&vector, key, &history), vector.verdict) != 0)
			fail_msg("%s is not %s, knock %u: %s", vector.history, vector.verdict,
				 count + 1, line);
		count++;
	}
	fclose(file);
	assert_true(count >= VECTORS_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_histories),
	};

	return cmocka_run_group_tests_name("sealed_history", tests, NULL, NULL);
}
