/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_STEPS_H
#define _TUMBLER_STEPS_H

#include <knock/sequence.h>

#include "target.h"

bool steps_send(const struct target *target, const struct knock_sequence *sequence,
		u32 delay_ms);

#endif /* _TUMBLER_STEPS_H */
