/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_SEALED_H
#define _TUMBLER_SEALED_H

#include <knock/sealed.h>

#include "secret.h"

/**
 * struct sealed_order - what a sealed knock is to say
 * @action: enum knock_sealed_action
 * @open_for: seconds, 0 for as long as the door says
 * @door: its name
 */
struct sealed_order {
	u8 action;
	u32 open_for;
	const char *door;
};

bool sealed_make(u8 datagram[KNOCK_SEALED_LEN], const struct sealed_order *order,
		 const struct knock_address *source, const struct secret *secret);

#endif /* _TUMBLER_SEALED_H */
