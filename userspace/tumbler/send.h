/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_SEND_H
#define _TUMBLER_SEND_H

#include "datagram.h"
#include "sealed.h"
#include "target.h"

/**
 * struct knock - a datagram and where it goes
 * @target: where to, and from where
 * @sent: a copy has left this host
 * @length: bytes of the datagram
 * @bytes: the datagram
 */
struct knock {
	const struct target *target;
	bool sent;
	size_t length;
	u8 bytes[KNOCK_SEALED_LEN];
};

void send_complain(int error);
bool send_copies(struct knock *knocks, size_t count);

#endif /* _TUMBLER_SEND_H */
