// SPDX-License-Identifier: GPL-2.0
/*
 * sealedknock: make sealed knocks, right and wrong ones, a line of hex each for
 * `rawknock --lines'. Made ahead, since in an emulated machine cryptography is slow.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <knock/sealed.h>

#include "knock.h"
#include "sealed_crypto.h"
#include "words.h"

static const char usage[] =
"usage: sealedknock --key HEX [--door NAME] [--address ADDR] [OPTION]...\n"
"  --at SECONDS (now)       of its time; or OFFSET from now with a sign, as +3, -90\n"
"  --nanoseconds N          (those of now; 0 with --at)\n"
"  --close                  and not open\n"
"  --open-for SECONDS       (0: the door's)\n"
"  --hint OFFSET            of so many minutes later\n"
"  --byte PLACE:VALUE       of what is sealed, over and over\n"
"one knock, or\n"
"  --count N                each a nanosecond later\n"
"  --sweep FIRST:LAST       one for each second, from so many after --at\n"
"  --addresses N            with --count: take that many addresses in turn\n"
"  --flip                   once for each bit, with that bit wrong\n"
"  --keys N                 of N keys, whose first bytes count up\n";

#define BYTES_MAX 16

/**
 * struct order - what the command line asks for
 * @key: what to make knocks with
 * @plain: what they say, but for its time
 * @sec: unix seconds
 * @nsec: nanoseconds
 * @hint: minutes that the hint is off
 * @place: bytes of the text to be changed
 * @value: to what
 * @bytes: how many
 * @count: knocks, a nanosecond apart
 * @addresses: taken in turn
 * @first: second of the first knock of a sweep
 * @last: second of its last
 * @keys: how many
 * @flip: every bit
 */
struct order {
	u8 key[KNOCK_SEALED_KEY_SIZE];
	struct knock_sealed_plain plain;
	u64 sec;
	u32 nsec;
	long hint;
	size_t place[BYTES_MAX];
	u8 value[BYTES_MAX];
	size_t bytes;
	u32 count;
	u32 addresses;
	long first;
	long last;
	u32 keys;
	bool flip;
};

static void print(const u8 datagram[KNOCK_SEALED_LEN])
{
	int i;

	for (i = 0; i < KNOCK_SEALED_LEN; i++)
		printf("%02x", datagram[i]);
	putchar('\n');
}

static void print_flipped(u8 datagram[KNOCK_SEALED_LEN])
{
	int bit;

	for (bit = 0; bit < 8 * KNOCK_SEALED_LEN; bit++) {
		datagram[bit / 8] ^= (u8)(1 << bit % 8);
		print(datagram);
		datagram[bit / 8] ^= (u8)(1 << bit % 8);
	}
}

/* Anything may be sealed, whether or not a knock may say it. */
static void seal(const struct order *order, const u8 text[KNOCK_SEALED_PLAIN_SIZE], u64 minute,
		 u8 datagram[KNOCK_SEALED_LEN])
{
	const size_t begin = KNOCK_SEALED_HINT_SIZE + KNOCK_SEALED_SALT_SIZE;
	u8 message[4 + KNOCK_SEALED_HINT_SIZE + KNOCK_SEALED_SALT_SIZE] = "seal";
	u8 derived[KNOCK_SEALED_MAC_SIZE];

	if (!knock_sealed_hint(&sealed_crypto, order->key, minute, datagram) ||
	    RAND_bytes(datagram + KNOCK_SEALED_HINT_SIZE, KNOCK_SEALED_SALT_SIZE) != 1)
		die("no cryptography here");
	memcpy(message + 4, datagram, begin);
	if (!sealed_crypto.hmac(derived, order->key, message, sizeof(message)) ||
	    !sealed_crypto.seal(datagram + begin, derived, text))
		die("no cryptography here");
}

static void make(const struct order *order, const struct knock_sealed_plain *plain, u64 sec)
{
	u8 text[KNOCK_SEALED_PLAIN_SIZE], random[KNOCK_SEALED_RANDOM_SIZE];
	u8 datagram[KNOCK_SEALED_LEN];
	size_t i;

	if (order->bytes || order->hint) {
		if (!knock_sealed_encode(text, plain))
			die("no knock may say that");
		for (i = 0; i < order->bytes; i++)
			text[order->place[i]] = order->value[i];
		seal(order, text, sec / 60 + (u64)order->hint, datagram);
	} else if (RAND_bytes(random, sizeof(random)) != 1 ||
		   !knock_sealed_make(&sealed_crypto, order->key, plain, random, datagram)) {
		die("no knock may say that");
	}
	if (order->flip)
		print_flipped(datagram);
	else
		print(datagram);
}

static void make_all(struct order *order)
{
	struct knock_sealed_plain plain = order->plain;
	u32 i, k;
	long s;

	for (k = 0; k < order->keys; k++) {
		for (s = order->first; s <= order->last; s++) {
			for (i = 0; i < order->count; i++) {
				u64 sec = order->sec + (u64)s;

				knock_tai64n_set(plain.tai64n, sec, order->nsec + i);
				plain.address = knock_address_add(&order->plain.address,
								  i % order->addresses);
				make(order, &plain, sec);
			}
		}
		for (i = 0; i < 4 && !++order->key[i]; i++)
			;
	}
}

static void parse_time(struct order *order, const char *text)
{
	long number = word_number(text, -4000000000, 8000000000);

	order->nsec = 0;
	order->sec = (*text == '+' || *text == '-' ? order->sec : 0) + (u64)number;
}

static void parse_sweep(struct order *order, const char *text)
{
	int read = 0;

	if (sscanf(text, "%ld:%ld%n", &order->first, &order->last, &read) != 2 || text[read] ||
	    order->last < order->first)
		die("`%s' is no FIRST:LAST", text);
}

static void parse_byte(struct order *order, const char *text)
{
	unsigned int place, value;

	if (order->bytes == BYTES_MAX || sscanf(text, "%u:%u", &place, &value) != 2 ||
	    place >= KNOCK_SEALED_PLAIN_SIZE || value > 255)
		die("`%s' is no PLACE:VALUE", text);
	order->place[order->bytes] = place;
	order->value[order->bytes++] = (u8)value;
}

static void parse_door(struct order *order, const char *name)
{
	u8 digest[32];

	if (!EVP_Digest(name, strlen(name), digest, NULL, EVP_sha256(), NULL))
		die("no SHA-256 here");
	memcpy(order->plain.door_hash, digest, sizeof(order->plain.door_hash));
}

enum {
	OPT_KEY, OPT_DOOR, OPT_ADDRESS, OPT_AT, OPT_NSEC, OPT_CLOSE, OPT_OPEN_FOR, OPT_HINT,
	OPT_BYTE, OPT_COUNT, OPT_SWEEP, OPT_ADDRESSES, OPT_FLIP, OPT_KEYS
};

static const struct option options[] = {
	{ "key", 1, NULL, OPT_KEY }, { "door", 1, NULL, OPT_DOOR },
	{ "address", 1, NULL, OPT_ADDRESS }, { "at", 1, NULL, OPT_AT },
	{ "nanoseconds", 1, NULL, OPT_NSEC }, { "close", 0, NULL, OPT_CLOSE },
	{ "open-for", 1, NULL, OPT_OPEN_FOR }, { "hint", 1, NULL, OPT_HINT },
	{ "byte", 1, NULL, OPT_BYTE }, { "count", 1, NULL, OPT_COUNT },
	{ "sweep", 1, NULL, OPT_SWEEP }, { "addresses", 1, NULL, OPT_ADDRESSES },
	{ "flip", 0, NULL, OPT_FLIP }, { "keys", 1, NULL, OPT_KEYS }, { NULL, 0, NULL, 0 },
};

static bool parse_plain(struct order *order, int option, const char *arg)
{
	switch (option) {
	case OPT_DOOR:
		parse_door(order, arg);
		return true;
	case OPT_ADDRESS:
		word_address(arg, &order->plain.address);
		return true;
	case OPT_AT:
		parse_time(order, arg);
		return true;
	case OPT_NSEC:
		order->nsec = (u32)word_number(arg, 0, 999999999);
		return true;
	case OPT_CLOSE:
		order->plain.action = KNOCK_SEALED_CLOSE;
		return true;
	case OPT_OPEN_FOR:
		order->plain.open_for = (u32)word_number(arg, 0, 4294967295);
		return true;
	case OPT_HINT:
		order->hint = word_number(arg, -1000000, 1000000);
		return true;
	case OPT_BYTE:
		parse_byte(order, arg);
		return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	static struct order order = { .count = 1, .addresses = 1, .keys = 1 };
	bool has_key = false;
	struct timespec now;
	int option;

	clock_gettime(CLOCK_REALTIME, &now);
	order.sec = (u64)now.tv_sec;
	order.nsec = (u32)now.tv_nsec;
	order.plain.action = KNOCK_SEALED_OPEN;
	parse_door(&order, "ssh");
	word_address("10.0.0.2", &order.plain.address);
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (parse_plain(&order, option, optarg))
			continue;
		if (option == OPT_KEY)
			has_key = word_hex(optarg, order.key, sizeof(order.key)) ==
				  sizeof(order.key);
		else if (option == OPT_COUNT)
			order.count = (u32)word_number(optarg, 1, 1000000);
		else if (option == OPT_SWEEP)
			parse_sweep(&order, optarg);
		else if (option == OPT_ADDRESSES)
			order.addresses = (u32)word_number(optarg, 1, 1000000);
		else if (option == OPT_FLIP)
			order.flip = true;
		else if (option == OPT_KEYS)
			order.keys = (u32)word_number(optarg, 1, 65536);
		else
			optind = argc + 1;
	}
	if (!has_key || optind != argc) {
		fputs(usage, stderr);
		return 2;
	}
	make_all(&order);
	return 0;
}
