/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LIB_HAND_OVER_H
#define _LIB_HAND_OVER_H

#include "book.h"

/*
 * What client and agent say to each other before the service is there, as protocol.rst
 * has it: HAVE, NEXT, GOT and GO, each once, in this order, and each of one length, so
 * that lengths tell nothing.
 */
#define HAND_OVER_VERSION 1

/* What is said in TLS of what is spoken inside. */
#define HAND_OVER_ALPN "tumbler/1"

#define HAND_OVER_PORT 8676

#define HAND_OVER_HAVE_SIZE (8 + BOOK_MAX * 8)
#define HAND_OVER_NEXT_SIZE (16 + BOOK_MAX * (8 + KNOCK_DERIVE_SECRET_SIZE))
#define HAND_OVER_GOT_SIZE 16
#define HAND_OVER_GO_SIZE 8

/**
 * struct hand_over_wish - what the client wants beside numbers
 * @door_only: that the door is open, and nothing of what is behind it
 * @open_for: of a roaming key: seconds, as a knock would say them; else 0
 */
struct hand_over_wish {
	bool door_only;
	u32 open_for;
};

/**
 * struct hand_over_have - what the client wants, and which numbers it has
 * @wish: what it wants
 * @count: how many
 * @number: by rising numbers
 */
struct hand_over_have {
	struct hand_over_wish wish;
	size_t count;
	u64 number[BOOK_MAX];
};

/**
 * struct hand_over_next - what the client gets
 * @used: this number and those before it open nothing any more
 * @count: how many come
 * @entry: by rising numbers; to be wiped
 */
struct hand_over_next {
	u64 used;
	size_t count;
	struct book_entry entry[BOOK_MAX];
};

/**
 * enum hand_over_go - what follows the hand-over
 * @HAND_OVER_NOTHING: the end, since no service is behind this door
 * @HAND_OVER_SERVICE: what the service says, and what it is told
 * @HAND_OVER_SILENCE: the end, since the service does not answer
 * @HAND_OVER_GOES: how many there are
 */
enum hand_over_go {
	HAND_OVER_NOTHING,
	HAND_OVER_SERVICE,
	HAND_OVER_SILENCE,
	HAND_OVER_GOES
};

/* Those that read return whether it is what it should be. */
void hand_over_put_have(u8 bytes[HAND_OVER_HAVE_SIZE], const struct book *book,
			const struct hand_over_wish *wish);
bool hand_over_take_have(struct hand_over_have *have, const u8 bytes[HAND_OVER_HAVE_SIZE]);
void hand_over_put_next(u8 bytes[HAND_OVER_NEXT_SIZE], const struct hand_over_next *next);
bool hand_over_take_next(struct hand_over_next *next, const u8 bytes[HAND_OVER_NEXT_SIZE]);
void hand_over_put_got(u8 bytes[HAND_OVER_GOT_SIZE], u64 number);
bool hand_over_take_got(u64 *number, const u8 bytes[HAND_OVER_GOT_SIZE]);
void hand_over_put_go(u8 bytes[HAND_OVER_GO_SIZE], enum hand_over_go go);
bool hand_over_take_go(enum hand_over_go *go, const u8 bytes[HAND_OVER_GO_SIZE]);

bool hand_over_has(const struct hand_over_have *have, u64 number);
u64 hand_over_highest(const struct hand_over_next *next);

#endif /* _LIB_HAND_OVER_H */
