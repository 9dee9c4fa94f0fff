// SPDX-License-Identifier: GPL-2.0
/*
 * Two doors have the same mask or no bit in common. Else a packet that both admit
 * could get a mark that is neither's, and is a third door's.
 */
#include <linux/bitops.h>

#include "mark.h"

/**
 * knock_marks_fit - whether a door may have a mask
 * @marks: the namespace's, its mutex held
 * @mask: the mask; 0 is none
 * @before: the mask that the door has until then; 0 is none
 */
bool knock_marks_fit(const struct knock_marks *marks, u32 mask, u32 before)
{
	unsigned long bits = mask;
	unsigned int bit;
	u16 others;

	for_each_set_bit(bit, &bits, KNOCK_MARK_BITS) {
		others = marks->doors[bit] - !!(before & BIT(bit));
		if (others && marks->masks[bit] != mask)
			return false;
	}
	return true;
}

/**
 * knock_marks_add - from now on the bits of a mask belong to a door
 * @marks: the namespace's, its mutex held
 * @mask: the mask, which fits; 0 is none
 */
void knock_marks_add(struct knock_marks *marks, u32 mask)
{
	unsigned long bits = mask;
	unsigned int bit;

	for_each_set_bit(bit, &bits, KNOCK_MARK_BITS) {
		marks->masks[bit] = mask;
		marks->doors[bit]++;
	}
	WRITE_ONCE(marks->bits, marks->bits | mask);
}

/**
 * knock_marks_del - a door has a mask no more
 * @marks: the namespace's, its mutex held
 * @mask: the mask; 0 is none
 */
void knock_marks_del(struct knock_marks *marks, u32 mask)
{
	unsigned long bits = mask;
	unsigned int bit;
	u32 gone = 0;

	for_each_set_bit(bit, &bits, KNOCK_MARK_BITS) {
		if (!--marks->doors[bit])
			gone |= BIT(bit);
	}
	WRITE_ONCE(marks->bits, marks->bits & ~gone);
}
