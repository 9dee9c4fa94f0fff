// SPDX-License-Identifier: GPL-2.0
/* The sealed datagram: made, opened, damaged in every bit, and against the clock. */
#include <string.h>

#include <openssl/hmac.h>

#include <knock/sealed.h>

#include "check.h"
#include "sealed_crypto.h"

#define NOW 1790000000u

static const u8 key[KNOCK_SEALED_KEY_SIZE] = "0123456789abcdef0123456789abcde";
static const u8 noise[KNOCK_SEALED_RANDOM_SIZE] = "these are as good as any others";

static struct knock_sealed_plain plain_at(u64 sec)
{
	struct knock_sealed_plain plain = { .action = KNOCK_SEALED_OPEN, .open_for = 600 };

	knock_tai64n_set(plain.tai64n, sec, 123456789);
	memcpy(plain.address.bytes, "\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\1", 16);
	memcpy(plain.door_hash, "\1\2\3\4\5\6\7\x8", 8);
	return plain;
}

static void make(u8 datagram[KNOCK_SEALED_LEN])
{
	struct knock_sealed_plain plain = plain_at(NOW);

	assert_true(knock_sealed_make(&sealed_crypto, key, &plain, noise, datagram));
}

static void assert_same(const struct knock_sealed_plain *a, const struct knock_sealed_plain *b)
{
	assert_int_equal(a->action, b->action);
	assert_int_equal(a->open_for, b->open_for);
	assert_memory_equal(a->tai64n, b->tai64n, sizeof(a->tai64n));
	assert_true(knock_address_equal(&a->address, &b->address));
	assert_memory_equal(a->door_hash, b->door_hash, sizeof(a->door_hash));
}

static void test_round_trip(void **state)
{
	struct knock_sealed_plain sent = plain_at(NOW), got;
	u8 datagram[KNOCK_SEALED_LEN];

	(void)state;
	make(datagram);
	assert_int_equal(knock_sealed_open(&sealed_crypto, key, datagram, &got), KNOCK_SEALED_GOOD);
	assert_same(&sent, &got);
	sent.action = KNOCK_SEALED_CLOSE;
	sent.open_for = 0;
	assert_true(knock_sealed_make(&sealed_crypto, key, &sent, noise, datagram));
	assert_int_equal(knock_sealed_open(&sealed_crypto, key, datagram, &got), KNOCK_SEALED_GOOD);
	assert_same(&sent, &got);
}

/* Label and big-endian minute, as the protocol says, and no other minute's. */
static void test_hint(void **state)
{
	u8 datagram[KNOCK_SEALED_LEN], hint[KNOCK_SEALED_HINT_SIZE], mac[KNOCK_SEALED_MAC_SIZE];
	u8 message[] = "hint\0\0\0\0\1\xc7\x38\x75";
	u64 minute = 0x01c73875;

	(void)state;
	assert_int_equal(minute, NOW / 60);
	assert_non_null(HMAC(EVP_sha256(), key, sizeof(key), message, 12, mac, NULL));
	assert_true(knock_sealed_hint(&sealed_crypto, key, minute, hint));
	assert_memory_equal(hint, mac, sizeof(hint));
	make(datagram);
	assert_memory_equal(datagram, hint, sizeof(hint));
	assert_true(knock_sealed_hint(&sealed_crypto, key, minute + 1, hint));
	assert_memory_not_equal(datagram, hint, sizeof(hint));
}

static void test_every_bit_flipped(void **state)
{
	struct knock_sealed_plain got;
	u8 datagram[KNOCK_SEALED_LEN];
	int bit;

	(void)state;
	make(datagram);
	for (bit = 0; bit < 8 * KNOCK_SEALED_LEN; bit++) {
		datagram[bit / 8] ^= 1 << bit % 8;
		assert_int_equal(knock_sealed_open(&sealed_crypto, key, datagram, &got),
				 KNOCK_SEALED_BAD_TAG);
		datagram[bit / 8] ^= 1 << bit % 8;
	}
	assert_int_equal(knock_sealed_open(&sealed_crypto, key, datagram, &got), KNOCK_SEALED_GOOD);
}

static void test_every_bit_of_the_key_flipped(void **state)
{
	struct knock_sealed_plain got;
	u8 datagram[KNOCK_SEALED_LEN], other[sizeof(key)];
	int bit;

	(void)state;
	make(datagram);
	memcpy(other, key, sizeof(key));
	for (bit = 0; bit < 8 * KNOCK_SEALED_KEY_SIZE; bit++) {
		other[bit / 8] ^= 1 << bit % 8;
		assert_int_equal(knock_sealed_open(&sealed_crypto, other, datagram, &got),
				 KNOCK_SEALED_BAD_TAG);
		other[bit / 8] ^= 1 << bit % 8;
	}
}

/* What is sealed with the right key, but says what no knock may. */
static enum knock_sealed_result open_text(const u8 text[KNOCK_SEALED_PLAIN_SIZE])
{
	u8 message[4 + 24] = "seal", derived[KNOCK_SEALED_MAC_SIZE];
	u8 datagram[KNOCK_SEALED_LEN] = "any hint, and any salt..";
	struct knock_sealed_plain got;

	memcpy(message + 4, datagram, 24);
	assert_non_null(HMAC(EVP_sha256(), key, sizeof(key), message, sizeof(message), derived,
			     NULL));
	assert_true(sealed_crypto.seal(datagram + 24, derived, text));
	return knock_sealed_open(&sealed_crypto, key, datagram, &got);
}

/* Every bit that must not be set, set. */
static void test_zeros_are_zero(void **state)
{
	static const u8 zeros[] = { 2, 3, 20, 21, 22, 23 };
	struct knock_sealed_plain plain = plain_at(NOW);
	u8 text[KNOCK_SEALED_PLAIN_SIZE];
	size_t i;
	int bit;

	(void)state;
	assert_true(knock_sealed_encode(text, &plain));
	assert_int_equal(open_text(text), KNOCK_SEALED_GOOD);
	for (i = 0; i < COUNT(zeros); i++) {
		for (bit = 0; bit < 8; bit++) {
			text[zeros[i]] = (u8)(1 << bit);
			assert_int_equal(open_text(text), KNOCK_SEALED_BAD_TEXT);
		}
		text[zeros[i]] = 0;
	}
	assert_int_equal(open_text(text), KNOCK_SEALED_GOOD);
}

static void test_every_version_and_action(void **state)
{
	struct knock_sealed_plain plain = plain_at(NOW);
	u8 text[KNOCK_SEALED_PLAIN_SIZE];
	int value;

	(void)state;
	plain.open_for = 0;
	assert_true(knock_sealed_encode(text, &plain));
	for (value = 0; value < 256; value++) {
		text[0] = (u8)value;
		assert_int_equal(open_text(text),
				 value == 1 ? KNOCK_SEALED_GOOD : KNOCK_SEALED_BAD_TEXT);
	}
	text[0] = 1;
	for (value = 0; value < 256; value++) {
		text[1] = (u8)value;
		assert_int_equal(open_text(text), value == 1 || value == 2 ?
				 KNOCK_SEALED_GOOD : KNOCK_SEALED_BAD_TEXT);
	}
	/* A close is for no time. */
	text[1] = KNOCK_SEALED_CLOSE;
	text[7] = 1;
	assert_int_equal(open_text(text), KNOCK_SEALED_BAD_TEXT);
}

static void test_unsayable(void **state)
{
	struct knock_sealed_plain plain = plain_at(NOW);
	u8 datagram[KNOCK_SEALED_LEN];

	(void)state;
	plain.action = 3;
	assert_false(knock_sealed_make(&sealed_crypto, key, &plain, noise, datagram));
	plain.action = KNOCK_SEALED_CLOSE;
	assert_false(knock_sealed_make(&sealed_crypto, key, &plain, noise, datagram));
	plain = plain_at(NOW);
	memset(plain.tai64n + 8, 0xff, 4);
	assert_false(knock_sealed_make(&sealed_crypto, key, &plain, noise, datagram));
}

/* Other random bytes or another text: another salt, so another key and box. */
static void test_salt(void **state)
{
	struct knock_sealed_plain plain = plain_at(NOW);
	u8 first[KNOCK_SEALED_LEN], second[KNOCK_SEALED_LEN], random[sizeof(noise)];
	size_t i;

	(void)state;
	make(first);
	make(second);
	assert_memory_equal(first, second, sizeof(first));
	memcpy(random, noise, sizeof(noise));
	random[31] ^= 1;
	assert_true(knock_sealed_make(&sealed_crypto, key, &plain, random, second));
	assert_memory_equal(first, second, KNOCK_SEALED_HINT_SIZE);
	for (i = KNOCK_SEALED_HINT_SIZE; i < sizeof(first); i += 8)
		assert_memory_not_equal(first + i, second + i, 8);
	plain.open_for++;
	assert_true(knock_sealed_make(&sealed_crypto, key, &plain, noise, second));
	for (i = KNOCK_SEALED_HINT_SIZE; i < sizeof(first); i += 8)
		assert_memory_not_equal(first + i, second + i, 8);
}

static void test_tai64n(void **state)
{
	static const u8 epoch[KNOCK_TAI64N_SIZE] = { 0x40, 0, 0, 0, 0, 0, 0, 10, 0, 0, 0, 7 };
	u8 tai64n[KNOCK_TAI64N_SIZE];
	u64 sec = 1;
	u32 nsec;

	(void)state;
	knock_tai64n_set(tai64n, 0, 7);
	assert_memory_equal(tai64n, epoch, sizeof(epoch));
	assert_true(knock_tai64n_get(tai64n, &sec, &nsec));
	assert_int_equal(sec, 0);
	assert_int_equal(nsec, 7);
	tai64n[7]--;
	assert_false(knock_tai64n_get(tai64n, &sec, &nsec));
	knock_tai64n_set(tai64n, NOW, 999999999);
	assert_true(knock_tai64n_get(tai64n, &sec, &nsec));
	assert_int_equal(sec, NOW);
	assert_int_equal(nsec, 999999999);
	knock_tai64n_set(tai64n, NOW, 1000000000);
	assert_false(knock_tai64n_get(tai64n, &sec, &nsec));
	memset(tai64n, 0xff, 8);
	memset(tai64n + 8, 0, 4);
	assert_false(knock_tai64n_get(tai64n, &sec, &nsec));
	tai64n[0] = 0x7f;
	assert_true(knock_tai64n_get(tai64n, &sec, &nsec));
}

static void test_age(void **state)
{
	static const u32 skews[] = { 0, 1, 5, 90, 300 };
	long off;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(skews); i++) {
		for (off = -400; off <= 400; off++) {
			enum knock_sealed_age expected = KNOCK_SEALED_IN_TIME;

			if (off < -(long)skews[i])
				expected = KNOCK_SEALED_TOO_OLD;
			else if (off > (long)skews[i])
				expected = KNOCK_SEALED_NOT_YET;
			assert_int_equal(knock_sealed_age((u64)(NOW + off), NOW, skews[i]),
					 expected);
		}
	}
	assert_int_equal(knock_sealed_age(0, UINT64_MAX, 300), KNOCK_SEALED_TOO_OLD);
	assert_int_equal(knock_sealed_age(UINT64_MAX, 0, 300), KNOCK_SEALED_NOT_YET);
	assert_int_equal(knock_sealed_age(UINT64_MAX, UINT64_MAX, 0), KNOCK_SEALED_IN_TIME);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_hint),
		cmocka_unit_test(test_every_bit_flipped),
		cmocka_unit_test(test_every_bit_of_the_key_flipped),
		cmocka_unit_test(test_zeros_are_zero),
		cmocka_unit_test(test_every_version_and_action),
		cmocka_unit_test(test_unsayable),
		cmocka_unit_test(test_salt),
		cmocka_unit_test(test_tai64n),
		cmocka_unit_test(test_age),
	};

	return cmocka_run_group_tests_name("sealed", tests, NULL, NULL);
}
