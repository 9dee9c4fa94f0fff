// SPDX-License-Identifier: GPL-2.0
/* The life of once keys: handed >= mark >= armed >= used, and all of them only rise. */
#include "numbers.h"
#include "series.h"

static u64 least(u64 a, u64 b)
{
	return a < b ? a : b;
}

static u64 most(u64 a, u64 b)
{
	return a > b ? a : b;
}

/**
 * numbers_of_new() - a key of which nothing was used yet
 * @depth: how many its client is given
 */
struct numbers numbers_of_new(u64 depth)
{
	return (struct numbers){ .handed = depth, .clean = true };
}

/**
 * numbers_reach() - how far may be armed
 * @numbers: of a key
 * @used: the highest that was used
 *
 * Return: a number; @used if nothing is left to arm.
 */
u64 numbers_reach(const struct numbers *numbers, u64 used)
{
	return most(used, least(numbers->handed, used + SERIES_WINDOW));
}

/**
 * numbers_begin() - a key that the module does not have is to be armed
 * @numbers: of the key; to be written before it is armed up to numbers_reach()
 *
 * Return: what has to be taken as used.
 */
u64 numbers_begin(struct numbers *numbers)
{
	u64 used = numbers->clean ? numbers->used : numbers->mark;

	numbers_advance(numbers, used);
	return used;
}

/**
 * numbers_advance() - a key is to be armed further
 * @numbers: of the key; to be written before it is armed up to numbers_reach()
 * @used: the highest that was used, as the module says
 */
void numbers_advance(struct numbers *numbers, u64 used)
{
	numbers->handed = most(numbers->handed, used);
	numbers->mark = most(numbers->mark, numbers_reach(numbers, used));
	numbers->clean = false;
	numbers->used = 0;
}

/**
 * numbers_end() - nothing of a key is armed any more
 * @numbers: of the key; may be written then
 * @used: the highest that was used, as the module said when it disarmed the key
 */
void numbers_end(struct numbers *numbers, u64 used)
{
	numbers->handed = most(numbers->handed, used);
	numbers->mark = most(numbers->mark, used);
	numbers->clean = true;
	numbers->used = used;
}

/**
 * numbers_hand_out() - one more for the client, if there is room
 * @numbers: of the key; to be written before the client gets it
 * @used: the highest that was used, as the module says
 * @depth: how far above that numbers are handed out
 */
void numbers_hand_out(struct numbers *numbers, u64 used, u64 depth)
{
	numbers->handed = most(numbers->handed, used);
	numbers->handed = most(numbers->handed, least(numbers->handed + 1, used + depth));
}

/**
 * numbers_hand_over() - all the client may have, if it is not given too many at a time
 * @numbers: of the key; to be written before the client gets them
 * @used: the highest that was used, as the module says
 * @depth: how far above that numbers are handed out
 * @most_new: how many of them may be new
 *
 * Return: how many are new.
 */
u64 numbers_hand_over(struct numbers *numbers, u64 used, u64 depth, u64 most_new)
{
	u64 before;

	numbers->handed = most(numbers->handed, used);
	before = numbers->handed;
	numbers->handed = most(before, least(used + depth, before + most_new));
	return numbers->handed - before;
}

/**
 * numbers_used_at_least() - what was used for certain, without asking the module
 * @numbers: of a key
 */
u64 numbers_used_at_least(const struct numbers *numbers)
{
	if (numbers->clean)
		return numbers->used;
	return numbers->mark > SERIES_WINDOW ? numbers->mark - SERIES_WINDOW : 0;
}
