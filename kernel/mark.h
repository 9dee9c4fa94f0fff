/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which bits of a packet's mark belong to doors.
 */
#ifndef _KNOCK_MARK_H
#define _KNOCK_MARK_H

#include <linux/compiler.h>
#include <linux/types.h>

#define KNOCK_MARK_BITS	32

/**
 * struct knock_marks - the masks of a namespace's doors
 * @bits: of all masks; read by packets
 * @masks: for each bit, the mask that it belongs to
 * @doors: for each bit, how many doors have that mask
 *
 * Written under the namespace's mutex.
 */
struct knock_marks {
	u32 bits;
	u32 masks[KNOCK_MARK_BITS];
	u16 doors[KNOCK_MARK_BITS];
};

bool knock_marks_fit(const struct knock_marks *marks, u32 mask, u32 before);
void knock_marks_add(struct knock_marks *marks, u32 mask);
void knock_marks_del(struct knock_marks *marks, u32 mask);

/**
 * knock_marks_bits - bits that only an admitted packet may bring to the rules
 * @marks: the namespace's
 *
 * Context: any.
 */
static inline u32 knock_marks_bits(const struct knock_marks *marks)
{
	return READ_ONCE(marks->bits);
}

#endif /* _KNOCK_MARK_H */
