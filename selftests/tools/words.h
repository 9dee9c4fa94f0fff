/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SELFTESTS_WORDS_H
#define _SELFTESTS_WORDS_H

#include <knock/address.h>

/* What a command line is made of; each ends the program if it can't be read. */
__attribute__((noreturn, format(printf, 1, 2))) void die(const char *format, ...);
long word_number(const char *text, long min, long max);
int word_address(const char *text, struct knock_address *address);
void word_mac(const char *text, u8 mac[6]);
size_t word_hex(const char *text, u8 *bytes, size_t size);

#endif /* _SELFTESTS_WORDS_H */
