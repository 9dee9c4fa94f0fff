// SPDX-License-Identifier: GPL-2.0
/* Sealed knocks against vectors of an independent implementation: made, and judged. */
#include <stdlib.h>

#include <openssl/sha.h>

#include <knock/sealed.h>

#include "rows.h"
#include "sealed_crypto.h"

#define VECTORS_MIN	40
#define MINUTE		60

enum column {
	NAME, VERDICT, KEY, DOOR, SKEW, GUARD, ROAMING, NOW, SOURCE, ACTION, OPEN_FOR, SECONDS,
	NANOSECONDS, ADDRESS, RANDOM, HINT, PLAINTEXT, SEAL_KEY, DATAGRAM, COLUMNS
};

struct vector {
	char **column;
	u8 key[KNOCK_SEALED_KEY_SIZE];
	u8 door_hash[KNOCK_SEALED_DOOR_SIZE];
	u8 datagram[2 * KNOCK_SEALED_LEN];
	size_t len;
};

static bool is_given(const struct vector *vector, enum column column)
{
	return strcmp(vector->column[column], "-") != 0;
}

static u64 number(const struct vector *vector, enum column column)
{
	return strtoull(vector->column[column], NULL, 10);
}

static void hash_door(u8 hash[KNOCK_SEALED_DOOR_SIZE], const char *door)
{
	u8 digest[SHA256_DIGEST_LENGTH];

	SHA256((const u8 *)door, strlen(door), digest);
	memcpy(hash, digest, KNOCK_SEALED_DOOR_SIZE);
}

/* As a client; false where no client makes this. */
static bool make(const struct vector *vector)
{
	u8 random[KNOCK_SEALED_RANDOM_SIZE], datagram[KNOCK_SEALED_LEN];
	u8 text[KNOCK_SEALED_PLAIN_SIZE], want[KNOCK_SEALED_PLAIN_SIZE];
	struct knock_sealed_plain plain = { 0 };

	if (!is_given(vector, RANDOM))
		return false;
	assert_int_equal(rows_hex(random, sizeof(random), vector->column[RANDOM]), sizeof(random));
	assert_int_equal(rows_hex(want, sizeof(want), vector->column[PLAINTEXT]), sizeof(want));
	plain.action = (u8)number(vector, ACTION);
	plain.open_for = (u32)number(vector, OPEN_FOR);
	knock_tai64n_set(plain.tai64n, number(vector, SECONDS), (u32)number(vector, NANOSECONDS));
	plain.address = rows_address(vector->column[ADDRESS]);
	memcpy(plain.door_hash, vector->door_hash, sizeof(plain.door_hash));

	assert_true(knock_sealed_encode(text, &plain));
	assert_memory_equal(text, want, sizeof(text));
	assert_true(knock_sealed_make(&sealed_crypto, vector->key, &plain, random, datagram));
	assert_int_equal(vector->len, sizeof(datagram));
	assert_memory_equal(datagram, vector->datagram, sizeof(datagram));
	return true;
}

/* Looks among the minutes that a server knows at NOW. */
static bool find_minute(const struct vector *vector, u64 *minute)
{
	u64 now = number(vector, NOW), skew = number(vector, SKEW);
	u8 hint[KNOCK_SEALED_HINT_SIZE];

	for (*minute = now < skew ? 0 : (now - skew) / MINUTE;
	     *minute <= (now + skew) / MINUTE + 1; ++*minute) {
		assert_true(knock_sealed_hint(&sealed_crypto, vector->key, *minute, hint));
		if (!memcmp(hint, vector->datagram, sizeof(hint)))
			return true;
	}
	return false;
}

static const char *judge_where(const struct vector *vector, const struct knock_sealed_plain *plain)
{
	struct knock_address source = rows_address(vector->column[SOURCE]);
	static const struct knock_address unbound;

	if (!knock_address_equal(&plain->address, &source) &&
	    !(is_given(vector, ROAMING) && knock_address_equal(&plain->address, &unbound)))
		return "other-address";
	if (memcmp(plain->door_hash, vector->door_hash, sizeof(plain->door_hash)) != 0)
		return "other-door";
	return "good";
}

/* As a server that remembers nothing: the reason of each rule that is broken. */
static const char *judge(const struct vector *vector, struct knock_sealed_plain *plain)
{
	u64 minute, sec;
	u32 nsec;

	if (vector->len != KNOCK_SEALED_LEN)
		return "size";
	if (!find_minute(vector, &minute))
		return "unknown-hint";
	switch (knock_sealed_open(&sealed_crypto, vector->key, vector->datagram, plain)) {
	case KNOCK_SEALED_GOOD:
		break;
	case KNOCK_SEALED_BAD_TAG:
		return "tag";
	case KNOCK_SEALED_BAD_TEXT:
		return "content";
	}
	assert_true(knock_tai64n_get(plain->tai64n, &sec, &nsec));
	if (sec / MINUTE != minute)
		return "content";
	switch (knock_sealed_age(sec, number(vector, NOW), (u32)number(vector, SKEW))) {
	case KNOCK_SEALED_IN_TIME:
		break;
	case KNOCK_SEALED_TOO_OLD:
		return "too-old";
	case KNOCK_SEALED_NOT_YET:
		return "not-yet";
	}
	if (is_given(vector, GUARD) && sec < number(vector, GUARD))
		return "guard";
	return judge_where(vector, plain);
}

static bool prove(const struct vector *vector)
{
	struct knock_sealed_plain plain;
	const char *verdict = judge(vector, &plain);

	if (strcmp(verdict, vector->column[VERDICT]) != 0)
		fail_msg("%s: %s, not %s", vector->column[NAME], verdict, vector->column[VERDICT]);
	if (!strcmp(verdict, "good")) {
		assert_int_equal(plain.action, number(vector, ACTION));
		assert_int_equal(plain.open_for, number(vector, OPEN_FOR));
	}
	return true;
}

/* A row, for the function at DATA. */
static bool check_row(char **column, void *data)
{
	bool (**check)(const struct vector *vector) = data;
	struct vector vector = { .column = column };

	assert_int_equal(rows_hex(vector.key, sizeof(vector.key), column[KEY]),
			 sizeof(vector.key));
	hash_door(vector.door_hash, column[DOOR]);
	vector.len = rows_hex(vector.datagram, sizeof(vector.datagram), column[DATAGRAM]);
	return (*check)(&vector);
}

static unsigned int for_each(bool (*check)(const struct vector *vector))
{
	return rows_for_each(VECTORS "/sealed.tsv", COLUMNS, check_row, &check);
}

static void test_make(void **state)
{
	(void)state;
	assert_true(for_each(make) >= VECTORS_MIN);
}

static void test_prove(void **state)
{
	(void)state;
	assert_true(for_each(prove) >= VECTORS_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_make),
		cmocka_unit_test(test_prove),
	};

	return cmocka_run_group_tests_name("sealed_vectors", tests, NULL, NULL);
}
