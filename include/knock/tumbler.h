/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The TUMBLER1 datagram: `TUMBLER1: ' and the 64 hex digits of
 * SHA-256(time | address | secret). See Documentation/protocol.rst.
 */
#ifndef _KNOCK_TUMBLER_H
#define _KNOCK_TUMBLER_H

#include <knock/address.h>
#include <knock/platform.h>

#define KNOCK_TUMBLER_PORT		8675
#define KNOCK_TUMBLER_DIGEST_SIZE	32
#define KNOCK_TUMBLER_SECRET_MAX	255
/* What a client writes: tag, one space, the digits; no line end, no NUL. */
#define KNOCK_TUMBLER_TEXT_LEN		74
/* What a server reads: without the space; with the space and CR LF. */
#define KNOCK_TUMBLER_TEXT_MIN		73
#define KNOCK_TUMBLER_TEXT_MAX		76
/* `YYYMMDDHHmm', then the address as text. */
#define KNOCK_TUMBLER_PREFIX_MAX	(11 + KNOCK_ADDRESS_TEXT_SIZE - 1)
/* Everything that is hashed. */
#define KNOCK_TUMBLER_MESSAGE_MAX	(KNOCK_TUMBLER_PREFIX_MAX + KNOCK_TUMBLER_SECRET_MAX)

bool knock_tumbler_parse(const u8 *text, size_t len, u8 digest[KNOCK_TUMBLER_DIGEST_SIZE]);
void knock_tumbler_format(char text[KNOCK_TUMBLER_TEXT_LEN],
			  const u8 digest[KNOCK_TUMBLER_DIGEST_SIZE]);
size_t knock_tumbler_prefix(char prefix[KNOCK_TUMBLER_PREFIX_MAX], u32 minute,
			    const struct knock_address *address);

#endif /* _KNOCK_TUMBLER_H */
