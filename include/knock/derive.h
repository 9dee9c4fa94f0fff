/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sequences that both sides compute: once and derived ones. See
 * Documentation/protocol.rst.
 */
#ifndef _KNOCK_DERIVE_H
#define _KNOCK_DERIVE_H

#include <knock/address.h>
#include <knock/platform.h>

#define KNOCK_DERIVE_SECRET_SIZE	32
#define KNOCK_DERIVE_MAC_SIZE		32
/* The steps that are the same from every address. */
#define KNOCK_DERIVE_HEAD		3
#define KNOCK_DERIVE_STEPS_MIN		7
#define KNOCK_DERIVE_STEPS_MAX		16
#define KNOCK_DERIVE_STEPS		8
#define KNOCK_DERIVE_LOCATION_MAX	255
/* Ports that may be steps. */
#define KNOCK_DERIVE_PORT_FIRST		1024
#define KNOCK_DERIVE_PORT_LAST		65535
/* As many of them have to be left by what is avoided. */
#define KNOCK_AVOID_LEFT_MIN		16384
/* Seconds. */
#define KNOCK_SLOT_SEC			60
#define KNOCK_SLOT_SEC_MIN		30
#define KNOCK_SLOT_SEC_MAX		3600

/**
 * struct knock_port_range - ports that are no steps
 * @first: the first of them
 * @last: the last, included
 */
struct knock_port_range {
	u16 first;
	u16 last;
};

/**
 * struct knock_avoid - all ports that are no steps of a key
 * @ranges: sorted and disjoint
 * @count: how many there are
 */
struct knock_avoid {
	const struct knock_port_range *ranges;
	size_t count;
};

/**
 * struct knock_fields - what the ports of a derived sequence are of
 * @counter: how many the client has used up in the slot
 * @slot: the slot of time
 * @moon: its phase at the slot's first second
 * @location_len: bytes of @location
 * @location: what the owner says where he is
 */
struct knock_fields {
	u64 counter;
	u64 slot;
	u8 moon;
	u8 location_len;
	const u8 *location;
};

/**
 * struct knock_derive_crypto - the caller's cryptography
 * @hmac: HMAC-SHA256; false if it could not be computed
 */
struct knock_derive_crypto {
	bool (*hmac)(u8 mac[KNOCK_DERIVE_MAC_SIZE], const u8 key[KNOCK_DERIVE_SECRET_SIZE],
		     const u8 *data, size_t len);
};

/**
 * struct knock_derivation - all that a sequence is derived from but the address
 * @crypto: the caller's cryptography
 * @secret: KNOCK_DERIVE_SECRET_SIZE bytes: the derived key's, or of one once sequence
 * @fields: of a derived sequence; NULL for a once sequence
 * @avoid: the key's
 */
struct knock_derivation {
	const struct knock_derive_crypto *crypto;
	const u8 *secret;
	const struct knock_fields *fields;
	struct knock_avoid avoid;
};

/**
 * struct knock_slots - slots that are good at a moment
 * @first: the first of them
 * @last: the last, included
 */
struct knock_slots {
	u64 first;
	u64 last;
};

/**
 * enum knock_derive_result - what came of deriving ports
 * @KNOCK_DERIVE_GOOD: the ports
 * @KNOCK_DERIVE_TOO_FEW: too few ports in all blocks; there is no such sequence
 * @KNOCK_DERIVE_BROKEN: the cryptography failed
 */
enum knock_derive_result {
	KNOCK_DERIVE_GOOD,
	KNOCK_DERIVE_TOO_FEW,
	KNOCK_DERIVE_BROKEN,
};

bool knock_avoid_is_valid(const struct knock_avoid *avoid);
bool knock_avoid_has(const struct knock_avoid *avoid, u16 port);

struct knock_slots knock_derive_slots(u64 now_sec, u32 skew_sec, u32 slot_sec);
struct knock_fields knock_derive_fields(u64 counter, u64 slot, u32 slot_sec);
bool knock_derive_is_later(u64 slot, u64 counter, u64 than_slot, u64 than_counter);

bool knock_derive_once(const struct knock_derive_crypto *crypto,
		       const u8 key[KNOCK_DERIVE_SECRET_SIZE], u64 number,
		       u8 secret[KNOCK_DERIVE_SECRET_SIZE]);
enum knock_derive_result knock_derive_head(const struct knock_derivation *derivation,
					   u16 ports[KNOCK_DERIVE_HEAD]);
enum knock_derive_result knock_derive_tail(const struct knock_derivation *derivation,
					   const struct knock_address *address,
					   u16 *ports, unsigned int steps);

#endif /* _KNOCK_DERIVE_H */
