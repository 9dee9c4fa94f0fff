/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SELFTESTS_KNOCK_H
#define _SELFTESTS_KNOCK_H

#include <knock/address.h>

#define KNOCK_PAYLOAD_SIZE 1100

/**
 * struct knock_line - a payload that was read
 * @bytes: it
 * @len: its length
 */
struct knock_line {
	u8 *bytes;
	size_t len;
};

struct knock_address knock_address_add(const struct knock_address *first, u32 n);
size_t knock_payload(u8 payload[KNOCK_PAYLOAD_SIZE], const char *template, const u8 digest[32]);
void knock_digest(u8 digest[32], u32 minute, const struct knock_address *source,
		  const char *secret);
size_t knock_lines(struct knock_line **lines);
u32 knock_minute_now(void);

#endif /* _SELFTESTS_KNOCK_H */
