// SPDX-License-Identifier: GPL-2.0
/* What client and agent say to each other when sequences are handed over, by the byte. */
#include <string.h>

#include <knock/platform.h>

#include "hand_over.h"

enum { HAVE = 1, NEXT, GOT, GO };

static void put_number(u8 *bytes, u64 number)
{
	int i;

	for (i = 0; i < 8; i++)
		bytes[i] = (u8)(number >> (56 - 8 * i));
}

static u64 take_number(const u8 *bytes)
{
	u64 number = 0;
	int i;

	for (i = 0; i < 8; i++)
		number = number << 8 | bytes[i];
	return number;
}

/* The first 8 bytes of each; @what is of three of them. */
static void put_head(u8 *bytes, size_t size, u8 type, u8 what)
{
	memset(bytes, 0, size);
	bytes[0] = type;
	bytes[1] = HAND_OVER_VERSION;
	bytes[2] = what;
}

static bool is_zero(const u8 *bytes, size_t size)
{
	size_t i;

	for (i = 0; i < size && !bytes[i]; i++)
		;
	return i == size;
}

static bool take_start(const u8 *bytes, u8 type, size_t most, size_t *what)
{
	*what = bytes[2];
	return bytes[0] == type && bytes[1] == HAND_OVER_VERSION && *what <= most;
}

static bool take_head(const u8 *bytes, u8 type, size_t most, size_t *what)
{
	return take_start(bytes, type, most, what) && is_zero(bytes + 3, 5);
}

/**
 * hand_over_put_have() - say what the client has, and wants
 * @bytes: receives it
 * @book: of a client; of a key without numbers, one with none
 * @wish: what it wants
 */
void hand_over_put_have(u8 bytes[HAND_OVER_HAVE_SIZE], const struct book *book,
			const struct hand_over_wish *wish)
{
	size_t i;

	put_head(bytes, HAND_OVER_HAVE_SIZE, HAVE, (u8)book->count);
	bytes[3] = wish->door_only;
	for (i = 0; i < 4; i++)
		bytes[4 + i] = (u8)(wish->open_for >> (24 - 8 * i));
	for (i = 0; i < book->count; i++)
		put_number(bytes + 8 + 8 * i, book->entry[i].number);
}

bool hand_over_take_have(struct hand_over_have *have, const u8 bytes[HAND_OVER_HAVE_SIZE])
{
	u64 before = 0;
	size_t i;

	if (!take_start(bytes, HAVE, BOOK_MAX, &have->count) || bytes[3] > 1)
		return false;
	have->wish.door_only = bytes[3];
	have->wish.open_for = (u32)bytes[4] << 24 | (u32)bytes[5] << 16 | (u32)bytes[6] << 8 |
			      bytes[7];
	for (i = 0; i < have->count; i++) {
		have->number[i] = take_number(bytes + 8 + 8 * i);
		if (have->number[i] <= before)
			return false;
		before = have->number[i];
	}
	return is_zero(bytes + 8 + 8 * i, HAND_OVER_HAVE_SIZE - 8 - 8 * i);
}

#define ENTRY_SIZE (8 + KNOCK_DERIVE_SECRET_SIZE)

/**
 * hand_over_put_next() - say what the client gets
 * @bytes: receives it; to be wiped
 * @next: what it is
 */
void hand_over_put_next(u8 bytes[HAND_OVER_NEXT_SIZE], const struct hand_over_next *next)
{
	u8 *at = bytes + 16;
	size_t i;

	put_head(bytes, HAND_OVER_NEXT_SIZE, NEXT, (u8)next->count);
	put_number(bytes + 8, next->used);
	for (i = 0; i < next->count; i++, at += ENTRY_SIZE) {
		put_number(at, next->entry[i].number);
		memcpy(at + 8, next->entry[i].secret, KNOCK_DERIVE_SECRET_SIZE);
	}
}

bool hand_over_take_next(struct hand_over_next *next, const u8 bytes[HAND_OVER_NEXT_SIZE])
{
	const u8 *at = bytes + 16;
	u64 before;
	size_t i;

	if (!take_head(bytes, NEXT, BOOK_MAX, &next->count))
		return false;
	next->used = take_number(bytes + 8);
	before = next->used;
	for (i = 0; i < next->count; i++, at += ENTRY_SIZE) {
		next->entry[i].number = take_number(at);
		memcpy(next->entry[i].secret, at + 8, KNOCK_DERIVE_SECRET_SIZE);
		if (next->entry[i].number <= before)
			return false;
		before = next->entry[i].number;
	}
	return is_zero(at, (BOOK_MAX - i) * ENTRY_SIZE);
}

/**
 * hand_over_put_got() - say what the client has on its disk now
 * @bytes: receives it
 * @number: the highest of what came, 0 if nothing did
 */
void hand_over_put_got(u8 bytes[HAND_OVER_GOT_SIZE], u64 number)
{
	put_head(bytes, HAND_OVER_GOT_SIZE, GOT, 0);
	put_number(bytes + 8, number);
}

bool hand_over_take_got(u64 *number, const u8 bytes[HAND_OVER_GOT_SIZE])
{
	size_t nothing;

	*number = take_number(bytes + 8);
	return take_head(bytes, GOT, 0, &nothing);
}

/**
 * hand_over_put_go() - say what follows
 * @bytes: receives it
 * @go: what that is
 */
void hand_over_put_go(u8 bytes[HAND_OVER_GO_SIZE], enum hand_over_go go)
{
	put_head(bytes, HAND_OVER_GO_SIZE, GO, (u8)go);
}

bool hand_over_take_go(enum hand_over_go *go, const u8 bytes[HAND_OVER_GO_SIZE])
{
	size_t what;
	bool good = take_head(bytes, GO, HAND_OVER_GOES - 1, &what);

	*go = (enum hand_over_go)what;
	return good;
}

/* Whether the client has a number. */
bool hand_over_has(const struct hand_over_have *have, u64 number)
{
	size_t i;

	for (i = 0; i < have->count; i++)
		if (have->number[i] == number)
			return true;
	return false;
}

/* Return: the highest number that comes, 0 if none does. */
u64 hand_over_highest(const struct hand_over_next *next)
{
	return next->count ? next->entry[next->count - 1].number : 0;
}
