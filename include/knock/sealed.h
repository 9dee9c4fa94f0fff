/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The sealed datagram: hint, salt, and what is sealed under a key of its own.
 * See Documentation/protocol.rst.
 */
#ifndef _KNOCK_SEALED_H
#define _KNOCK_SEALED_H

#include <knock/address.h>
#include <knock/platform.h>

#define KNOCK_SEALED_LEN		88
#define KNOCK_SEALED_KEY_SIZE		32
#define KNOCK_SEALED_MAC_SIZE		32
#define KNOCK_SEALED_HINT_SIZE		8
#define KNOCK_SEALED_SALT_SIZE		16
#define KNOCK_SEALED_RANDOM_SIZE	32
#define KNOCK_SEALED_PLAIN_SIZE		48
/* The sealed text with its tag. */
#define KNOCK_SEALED_BOX_SIZE		64
#define KNOCK_SEALED_DOOR_SIZE		8
#define KNOCK_TAI64N_SIZE		12

enum knock_sealed_action {
	KNOCK_SEALED_OPEN = 1,
	KNOCK_SEALED_CLOSE,
};

/**
 * struct knock_sealed_plain - what a sealed knock says
 * @action: enum knock_sealed_action
 * @open_for: seconds; 0 is the door's, and always in a close
 * @tai64n: when it was made, rising bytewise
 * @address: the client's; all zero if it is not bound
 * @door_hash: the first bytes of SHA-256(door name)
 */
struct knock_sealed_plain {
	u8 action;
	u32 open_for;
	u8 tai64n[KNOCK_TAI64N_SIZE];
	struct knock_address address;
	u8 door_hash[KNOCK_SEALED_DOOR_SIZE];
};

/**
 * struct knock_sealed_crypto - the caller's cryptography
 * @hmac: HMAC-SHA256; false if it could not be computed
 * @seal: ChaCha20-Poly1305 with nonce 0 and no further data, the tag behind the
 *	text; false if it could not be computed
 * @open: the reverse; false if the tag is wrong, and @plain is then undefined
 */
struct knock_sealed_crypto {
	bool (*hmac)(u8 mac[KNOCK_SEALED_MAC_SIZE], const u8 key[KNOCK_SEALED_KEY_SIZE],
		     const u8 *data, size_t len);
	bool (*seal)(u8 box[KNOCK_SEALED_BOX_SIZE], const u8 key[KNOCK_SEALED_KEY_SIZE],
		     const u8 plain[KNOCK_SEALED_PLAIN_SIZE]);
	bool (*open)(u8 plain[KNOCK_SEALED_PLAIN_SIZE], const u8 key[KNOCK_SEALED_KEY_SIZE],
		     const u8 box[KNOCK_SEALED_BOX_SIZE]);
};

/**
 * enum knock_sealed_result - what opening a datagram showed
 * @KNOCK_SEALED_GOOD: it says what was made with the key
 * @KNOCK_SEALED_BAD_TAG: it was not made with the key, or was damaged
 * @KNOCK_SEALED_BAD_TEXT: made with the key, but nothing that a knock may say
 */
enum knock_sealed_result {
	KNOCK_SEALED_GOOD,
	KNOCK_SEALED_BAD_TAG,
	KNOCK_SEALED_BAD_TEXT,
};

/**
 * enum knock_sealed_age - a knock's time against the clock
 * @KNOCK_SEALED_IN_TIME: within the skew, both ends included
 * @KNOCK_SEALED_TOO_OLD: made before
 * @KNOCK_SEALED_NOT_YET: made later
 */
enum knock_sealed_age {
	KNOCK_SEALED_IN_TIME,
	KNOCK_SEALED_TOO_OLD,
	KNOCK_SEALED_NOT_YET,
};

void knock_tai64n_set(u8 tai64n[KNOCK_TAI64N_SIZE], u64 sec, u32 nsec);
bool knock_tai64n_get(const u8 tai64n[KNOCK_TAI64N_SIZE], u64 *sec, u32 *nsec);

bool knock_sealed_hint(const struct knock_sealed_crypto *crypto,
		       const u8 key[KNOCK_SEALED_KEY_SIZE], u64 minute,
		       u8 hint[KNOCK_SEALED_HINT_SIZE]);
bool knock_sealed_encode(u8 text[KNOCK_SEALED_PLAIN_SIZE], const struct knock_sealed_plain *plain);
bool knock_sealed_decode(struct knock_sealed_plain *plain, const u8 text[KNOCK_SEALED_PLAIN_SIZE]);
bool knock_sealed_make(const struct knock_sealed_crypto *crypto,
		       const u8 key[KNOCK_SEALED_KEY_SIZE], const struct knock_sealed_plain *plain,
		       const u8 random[KNOCK_SEALED_RANDOM_SIZE], u8 datagram[KNOCK_SEALED_LEN]);
enum knock_sealed_result knock_sealed_open(const struct knock_sealed_crypto *crypto,
					   const u8 key[KNOCK_SEALED_KEY_SIZE],
					   const u8 datagram[KNOCK_SEALED_LEN],
					   struct knock_sealed_plain *plain);
enum knock_sealed_age knock_sealed_age(u64 made_sec, u64 now_sec, u32 skew_sec);

#endif /* _KNOCK_SEALED_H */
