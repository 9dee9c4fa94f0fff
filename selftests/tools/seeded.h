/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TOOLS_SEEDED_H
#define _TOOLS_SEEDED_H

#include <stdint.h>

#define SEEDED_SIZE 32
#define SEEDED_TEXT (2 * SEEDED_SIZE)

void seeded_secret(uint64_t seed, uint32_t number, unsigned char secret[SEEDED_SIZE]);
void seeded_hex(const unsigned char secret[SEEDED_SIZE],
		unsigned char text[SEEDED_TEXT]);

#endif /* _TOOLS_SEEDED_H */
