// SPDX-License-Identifier: GPL-2.0
/*
 * Secrets that two programs make of one small number, so that the one which looks for
 * them need not be told them.
 */
#include "seeded.h"

/* splitmix64 */
static uint64_t mix(uint64_t state)
{
	state = (state ^ (state >> 30)) * 0xbf58476d1ce4e5b9;
	state = (state ^ (state >> 27)) * 0x94d049bb133111eb;
	return state ^ (state >> 31);
}

/**
 * seeded_secret() - make a secret
 * @seed: of all
 * @number: which of them
 * @secret: receives it
 */
void seeded_secret(uint64_t seed, uint32_t number, unsigned char secret[SEEDED_SIZE])
{
	uint64_t begin = seed * 0x2545f4914f6cdd1d + (uint64_t)number * SEEDED_SIZE;
	uint32_t i;

	for (i = 0; i < SEEDED_SIZE; i++)
		secret[i] = (unsigned char)(mix((begin + i + 1) * 0x9e3779b97f4a7c15) >> 56);
}

/**
 * seeded_hex() - the same as hex digits, without an end
 * @secret: of seeded_secret()
 * @text: receives them
 */
void seeded_hex(const unsigned char secret[SEEDED_SIZE],
		unsigned char text[SEEDED_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	int i;

	for (i = 0; i < SEEDED_SIZE; i++) {
		text[2 * i] = (unsigned char)digits[secret[i] >> 4];
		text[2 * i + 1] = (unsigned char)digits[secret[i] & 15];
	}
}
