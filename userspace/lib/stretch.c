// SPDX-License-Identifier: GPL-2.0
/*
 * Passphrases that people can remember, as secrets: scrypt makes each guess cost
 * 128 MiB and a good part of a second. On the wire it is plain TUMBLER1.
 */
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "stretch.h"

#define SCRYPT_N (1ul << 17)
#define SCRYPT_R 8
#define SCRYPT_P 1
/* What it takes is 128 MiB and a little more. */
#define MEMORY_MAX (160ul << 20)

#define OUTPUT_SIZE 32
/* A letter that no address ends in, so that the secret is not ambiguous. */
#define FIRST_LETTER 's'

static const char base64url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * salt_generate() - make a salt
 * @salt: where to put it
 *
 * Return: true; false if there was no randomness to be had.
 */
bool salt_generate(struct salt *salt)
{
	return RAND_bytes(salt->bytes, STRETCH_SALT_SIZE) == 1;
}

/* Six bits of a salt, of which it has 22 times that many and none behind its last. */
static unsigned int sextet(const struct salt *salt, size_t number)
{
	size_t bit = 6 * number;
	unsigned int two = (unsigned int)salt->bytes[bit / 8] << 8;

	if (bit / 8 + 1 < STRETCH_SALT_SIZE)
		two |= salt->bytes[bit / 8 + 1];
	return two >> (10 - bit % 8) & 0x3f;
}

/**
 * salt_format() - a salt as URLs have it
 * @text: receives 22 letters of base64url and a NUL
 * @salt: the salt
 */
void salt_format(char text[SALT_TEXT_SIZE], const struct salt *salt)
{
	size_t i;

	for (i = 0; i < SALT_TEXT_SIZE - 1; i++)
		text[i] = base64url[sextet(salt, i)];
	text[i] = '\0';
}

/**
 * salt_parse() - read a salt
 * @text: as salt_format() writes it; with other bits in the last letter it is none
 * @salt: where to put it
 *
 * Return: whether it is one.
 */
bool salt_parse(const char *text, struct salt *salt)
{
	char again[SALT_TEXT_SIZE];
	size_t i;

	memset(salt, 0, sizeof(*salt));
	if (strlen(text) != SALT_TEXT_SIZE - 1)
		return false;
	for (i = 0; i < SALT_TEXT_SIZE - 1; i++) {
		const char *found = strchr(base64url, text[i]);
		unsigned int six = found ? (unsigned int)(found - base64url) : 0;
		size_t bit = 6 * i;

		if (!found)
			return false;
		salt->bytes[bit / 8] |= (unsigned char)(six << 2 >> bit % 8);
		if (bit / 8 + 1 < STRETCH_SALT_SIZE)
			salt->bytes[bit / 8 + 1] |= (unsigned char)(six << (10 - bit % 8));
	}
	salt_format(again, salt);
	return !strcmp(again, text);
}

static void write_hex(struct secret *secret, const unsigned char output[OUTPUT_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	secret_wipe(secret);
	secret->bytes[secret->length++] = FIRST_LETTER;
	for (i = 0; i < OUTPUT_SIZE; i++) {
		secret->bytes[secret->length++] = (unsigned char)digits[output[i] >> 4];
		secret->bytes[secret->length++] = (unsigned char)digits[output[i] & 0xf];
	}
}

/**
 * stretch() - make the secret of a passphrase
 * @secret: the passphrase; becomes `s' and 64 hex digits, is wiped on failure
 * @salt: of the key
 * @why: a sentence, on failure
 *
 * Return: true; false if there was not enough memory.
 */
bool stretch(struct secret *secret, const struct salt *salt, char why[SECRET_WHY_SIZE])
{
	unsigned char output[OUTPUT_SIZE];
	bool good;

	good = EVP_PBE_scrypt((const char *)secret->bytes, secret->length, salt->bytes,
			      STRETCH_SALT_SIZE, SCRYPT_N, SCRYPT_R, SCRYPT_P, MEMORY_MAX, output,
			      sizeof(output)) == 1;
	if (good) {
		write_hex(secret, output);
	} else {
		snprintf(why, SECRET_WHY_SIZE,
			 "the passphrase cannot be stretched, which takes 128 MiB of memory; free some, or raise the limit (ulimit -v)");
		secret_wipe(secret);
	}
	OPENSSL_cleanse(output, sizeof(output));
	return good;
}
