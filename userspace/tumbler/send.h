/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_SEND_H
#define _TUMBLER_SEND_H

#include "datagram.h"
#include "target.h"

/**
 * struct knock - a datagram and where it goes
 * @target: where to, and from where
 * @sent: a copy has left this host
 * @text: the datagram
 */
struct knock {
	const struct target *target;
	bool sent;
	char text[KNOCK_TUMBLER_TEXT_LEN];
};

bool send_copies(struct knock *knocks, size_t count);

#endif /* _TUMBLER_SEND_H */
