/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLER_DATAGRAM_H
#define _TUMBLER_DATAGRAM_H

#include <knock/tumbler.h>

#include "secret.h"

bool datagram_make(char text[KNOCK_TUMBLER_TEXT_LEN], u32 minute,
		   const struct knock_address *source, const struct secret *secret);

#endif /* _TUMBLER_DATAGRAM_H */
