// SPDX-License-Identifier: GPL-2.0
/*
 * The sealed datagram, made and opened. The cryptography itself is the caller's:
 * kernel and programs have their own.
 */
#include <knock/sealed.h>

#define SALT_AT		KNOCK_SEALED_HINT_SIZE
#define BOX_AT		(SALT_AT + KNOCK_SEALED_SALT_SIZE)

#define VERSION		1
/* Of the text. */
#define ACTION_AT	1
#define OPEN_FOR_AT	4
#define TAI64N_AT	8
#define ADDRESS_AT	24
#define DOOR_AT		40

/* What second 0 of 1970 is called. */
#define TAI64_EPOCH	(((u64)1 << 62) + 10)
/* Beyond this, TAI64 has no seconds. */
#define TAI64_END	((u64)1 << 63)
#define NSEC_END	1000000000u
#define SECONDS_PER_MINUTE 60u

#define LABEL_LEN	4

static const u8 label_hint[LABEL_LEN] = { 'h', 'i', 'n', 't' };
static const u8 label_salt[LABEL_LEN] = { 's', 'a', 'l', 't' };
static const u8 label_seal[LABEL_LEN] = { 's', 'e', 'a', 'l' };

static void put_be(u8 *at, u64 number, size_t size)
{
	while (size--) {
		at[size] = (u8)number;
		number >>= 8;
	}
}

static u64 get_be(const u8 *at, size_t size)
{
	u64 number = 0;

	while (size--)
		number = number << 8 | *at++;
	return number;
}

static bool is_zero(const u8 *at, size_t size)
{
	u8 any = 0;

	while (size--)
		any |= *at++;
	return !any;
}

/**
 * knock_tai64n_set() - write a moment as TAI64N
 * @tai64n: receives it
 * @sec: unix seconds, less than 2^62 - 10
 * @nsec: nanoseconds, less than 10^9
 *
 * Context: Any.
 */
void knock_tai64n_set(u8 tai64n[KNOCK_TAI64N_SIZE], u64 sec, u32 nsec)
{
	put_be(tai64n, TAI64_EPOCH + sec, 8);
	put_be(tai64n + 8, nsec, 4);
}

/**
 * knock_tai64n_get() - read a moment
 * @tai64n: from anybody
 * @sec: receives unix seconds
 * @nsec: receives nanoseconds
 *
 * Context: Any.
 * Return: false if it is none, or before 1970
 */
bool knock_tai64n_get(const u8 tai64n[KNOCK_TAI64N_SIZE], u64 *sec, u32 *nsec)
{
	u64 label = get_be(tai64n, 8);

	if (label < TAI64_EPOCH || label >= TAI64_END)
		return false;
	*sec = label - TAI64_EPOCH;
	*nsec = (u32)get_be(tai64n + 8, 4);
	return *nsec < NSEC_END;
}

/**
 * knock_sealed_hint() - what a key's knocks of a minute begin with
 * @crypto: the caller's cryptography
 * @key: the key
 * @minute: minutes since the epoch
 * @hint: receives it
 *
 * Context: Any.
 * Return: false if the cryptography failed
 */
bool knock_sealed_hint(const struct knock_sealed_crypto *crypto,
		       const u8 key[KNOCK_SEALED_KEY_SIZE], u64 minute,
		       u8 hint[KNOCK_SEALED_HINT_SIZE])
{
	u8 message[LABEL_LEN + sizeof(minute)];
	u8 mac[KNOCK_SEALED_MAC_SIZE];

	memcpy(message, label_hint, LABEL_LEN);
	put_be(message + LABEL_LEN, minute, sizeof(minute));
	if (!crypto->hmac(mac, key, message, sizeof(message)))
		return false;
	memcpy(hint, mac, KNOCK_SEALED_HINT_SIZE);
	return true;
}

/* The key of one datagram: of its hint and salt, which are at its beginning. */
static bool derive(const struct knock_sealed_crypto *crypto, const u8 key[KNOCK_SEALED_KEY_SIZE],
		   const u8 datagram[KNOCK_SEALED_LEN], u8 derived[KNOCK_SEALED_MAC_SIZE])
{
	u8 message[LABEL_LEN + BOX_AT];

	memcpy(message, label_seal, LABEL_LEN);
	memcpy(message + LABEL_LEN, datagram, BOX_AT);
	return crypto->hmac(derived, key, message, sizeof(message));
}

static bool is_sayable(const struct knock_sealed_plain *plain)
{
	u64 sec;
	u32 nsec;

	if (!knock_tai64n_get(plain->tai64n, &sec, &nsec))
		return false;
	if (plain->action == KNOCK_SEALED_CLOSE)
		return !plain->open_for;
	return plain->action == KNOCK_SEALED_OPEN;
}

/**
 * knock_sealed_encode() - write what a knock says
 * @text: receives it
 * @plain: what it says
 *
 * Context: Any.
 * Return: false if no knock may say that
 */
bool knock_sealed_encode(u8 text[KNOCK_SEALED_PLAIN_SIZE], const struct knock_sealed_plain *plain)
{
	if (!is_sayable(plain))
		return false;
	memset(text, 0, KNOCK_SEALED_PLAIN_SIZE);
	text[0] = VERSION;
	text[ACTION_AT] = plain->action;
	put_be(text + OPEN_FOR_AT, plain->open_for, 4);
	memcpy(text + TAI64N_AT, plain->tai64n, KNOCK_TAI64N_SIZE);
	memcpy(text + ADDRESS_AT, plain->address.bytes, sizeof(plain->address.bytes));
	memcpy(text + DOOR_AT, plain->door_hash, KNOCK_SEALED_DOOR_SIZE);
	return true;
}

/**
 * knock_sealed_decode() - read what a knock says
 * @plain: receives it; its content is undefined if the text says nothing
 * @text: the text
 *
 * Context: Any.
 * Return: true if it is of version 1, its zeros are zero, and all else is in range
 */
bool knock_sealed_decode(struct knock_sealed_plain *plain, const u8 text[KNOCK_SEALED_PLAIN_SIZE])
{
	const u8 *tai64n_end = text + TAI64N_AT + KNOCK_TAI64N_SIZE;

	if (text[0] != VERSION || !is_zero(text + ACTION_AT + 1, 2) || !is_zero(tai64n_end, 4))
		return false;
	plain->action = text[ACTION_AT];
	plain->open_for = (u32)get_be(text + OPEN_FOR_AT, 4);
	memcpy(plain->tai64n, text + TAI64N_AT, KNOCK_TAI64N_SIZE);
	memcpy(plain->address.bytes, text + ADDRESS_AT, sizeof(plain->address.bytes));
	memcpy(plain->door_hash, text + DOOR_AT, KNOCK_SEALED_DOOR_SIZE);
	return is_sayable(plain);
}

/* The salt is of the text too, so a random generator that repeats itself does not
 * seal two texts under one key.
 */
static bool make_salt(const struct knock_sealed_crypto *crypto,
		      const u8 key[KNOCK_SEALED_KEY_SIZE],
		      const u8 random[KNOCK_SEALED_RANDOM_SIZE],
		      const u8 text[KNOCK_SEALED_PLAIN_SIZE], u8 salt[KNOCK_SEALED_SALT_SIZE])
{
	u8 message[LABEL_LEN + KNOCK_SEALED_RANDOM_SIZE + KNOCK_SEALED_PLAIN_SIZE];
	u8 mac[KNOCK_SEALED_MAC_SIZE];
	bool made;

	memcpy(message, label_salt, LABEL_LEN);
	memcpy(message + LABEL_LEN, random, KNOCK_SEALED_RANDOM_SIZE);
	memcpy(message + LABEL_LEN + KNOCK_SEALED_RANDOM_SIZE, text, KNOCK_SEALED_PLAIN_SIZE);
	made = crypto->hmac(mac, key, message, sizeof(message));
	if (made)
		memcpy(salt, mac, KNOCK_SEALED_SALT_SIZE);
	return made;
}

/**
 * knock_sealed_make() - make a datagram
 * @crypto: the caller's cryptography
 * @key: the key
 * @plain: what it is to say
 * @random: fresh random bytes
 * @datagram: receives it; its content is undefined on failure
 *
 * Context: Any.
 * Return: false if no knock may say that, or the cryptography failed
 */
bool knock_sealed_make(const struct knock_sealed_crypto *crypto,
		       const u8 key[KNOCK_SEALED_KEY_SIZE], const struct knock_sealed_plain *plain,
		       const u8 random[KNOCK_SEALED_RANDOM_SIZE], u8 datagram[KNOCK_SEALED_LEN])
{
	u8 text[KNOCK_SEALED_PLAIN_SIZE], derived[KNOCK_SEALED_MAC_SIZE];
	u64 sec = 0;
	u32 nsec;
	bool made;

	if (!knock_sealed_encode(text, plain) || !knock_tai64n_get(plain->tai64n, &sec, &nsec))
		return false;
	made = knock_sealed_hint(crypto, key, knock_div_u64_u32(sec, SECONDS_PER_MINUTE),
				 datagram) &&
	       make_salt(crypto, key, random, text, datagram + SALT_AT) &&
	       derive(crypto, key, datagram, derived) &&
	       crypto->seal(datagram + BOX_AT, derived, text);
	knock_wipe(derived, sizeof(derived));
	return made;
}

/**
 * knock_sealed_open() - open a datagram
 * @crypto: the caller's cryptography
 * @key: the key that its hint belongs to
 * @datagram: from anybody
 * @plain: receives what it says; undefined unless it is good
 *
 * One derivation and one opening at most. That the time is in the minute of the
 * hint is for the caller to see, who knows which minute he found.
 *
 * Context: Any.
 * Return: what was found
 */
enum knock_sealed_result knock_sealed_open(const struct knock_sealed_crypto *crypto,
					   const u8 key[KNOCK_SEALED_KEY_SIZE],
					   const u8 datagram[KNOCK_SEALED_LEN],
					   struct knock_sealed_plain *plain)
{
	u8 text[KNOCK_SEALED_PLAIN_SIZE], derived[KNOCK_SEALED_MAC_SIZE];
	bool opened;

	opened = derive(crypto, key, datagram, derived) &&
		 crypto->open(text, derived, datagram + BOX_AT);
	knock_wipe(derived, sizeof(derived));
	if (!opened)
		return KNOCK_SEALED_BAD_TAG;
	return knock_sealed_decode(plain, text) ? KNOCK_SEALED_GOOD : KNOCK_SEALED_BAD_TEXT;
}

/**
 * knock_sealed_age() - hold a knock's time against the clock
 * @made_sec: its time in whole unix seconds
 * @now_sec: wall clock, unix seconds
 * @skew_sec: by how much the two may differ, in seconds
 *
 * Context: Any.
 * Return: whether it is in time
 */
enum knock_sealed_age knock_sealed_age(u64 made_sec, u64 now_sec, u32 skew_sec)
{
	if (made_sec < now_sec)
		return now_sec - made_sec > skew_sec ? KNOCK_SEALED_TOO_OLD : KNOCK_SEALED_IN_TIME;
	return made_sec - now_sec > skew_sec ? KNOCK_SEALED_NOT_YET : KNOCK_SEALED_IN_TIME;
}
