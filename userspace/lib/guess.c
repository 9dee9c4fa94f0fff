// SPDX-License-Identifier: GPL-2.0
/*
 * How guessable a secret is.
 *
 * Whoever sees one knock can try secrets against it at leisure, so a secret
 * must not be in any list of likely ones. secret_bits() says how long such a
 * list would have to be, as its binary logarithm: a rule of thumb, which errs
 * on the side of refusing.
 *
 *   3 to 8 letters in a row      one word of a dictionary        13 bits
 *     of more than 8             another word for each 8 begun   13 bits
 *     one or two letters                                          4 bits each
 *     with upper case in it                                       1 bit more
 *   a digit                                                       3 bits
 *   any other character of ASCII                                  4 bits
 *   a byte above ASCII           a letter, if the whole is UTF-8,
 *                                else a random byte               6 bits
 *   a character like the one before, or one up or down from it    1 bit
 *   a text over and over         what it has once, and            2 bits
 */
#include <stdio.h>
#include <string.h>

#include "secret.h"
#include "stretch.h"

#define WORD_LETTERS 8
#define WORD_BITS 13

/* Return: bytes of the UTF-8 character that begins here, 0 if none does. */
static size_t utf8_length(const unsigned char *bytes, size_t left)
{
	size_t length, i;

	if (bytes[0] < 0x80)
		length = 1;
	else if (bytes[0] >= 0xc2 && bytes[0] < 0xe0)
		length = 2;
	else if (bytes[0] >= 0xe0 && bytes[0] < 0xf0)
		length = 3;
	else if (bytes[0] >= 0xf0 && bytes[0] < 0xf5)
		length = 4;
	else
		return 0;
	if (length > left)
		return 0;
	for (i = 1; i < length; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

static bool is_utf8(const unsigned char *bytes, size_t length)
{
	size_t at, step;

	for (at = 0; at < length; at += step) {
		step = utf8_length(bytes + at, length - at);
		if (!step)
			return false;
	}
	return true;
}

static bool is_upper(unsigned char byte)
{
	return byte >= 'A' && byte <= 'Z';
}

static bool is_letter(unsigned char byte, bool utf8)
{
	return (byte >= 'a' && byte <= 'z') || is_upper(byte) || (utf8 && byte >= 0x80);
}

/* The run of letters that begins here: its bytes, and what they count. */
static size_t word_bits(const unsigned char *bytes, size_t left, bool utf8, unsigned int *bits)
{
	size_t end, letters = 0;
	bool upper = false;

	for (end = 0; end < left && is_letter(bytes[end], utf8); end++) {
		/* Bytes that continue a character of UTF-8 are no letters more. */
		if ((bytes[end] & 0xc0) != 0x80)
			letters++;
		upper |= is_upper(bytes[end]);
	}
	if (letters < 3)
		*bits += 4 * (unsigned int)letters;
	else
		*bits += WORD_BITS * (unsigned int)((letters + WORD_LETTERS - 1) / WORD_LETTERS);
	*bits += upper;
	return end;
}

static unsigned int character_bits(const unsigned char *bytes, size_t at)
{
	unsigned char byte = bytes[at];

	if (at && byte < 0x80) {
		int step = byte - bytes[at - 1];

		if (step >= -1 && step <= 1)
			return 1;
	}
	if (byte >= '0' && byte <= '9')
		return 3;
	return byte < 0x80 ? 4 : 6;
}

/* Return: how many bytes stand there before they only repeat. */
static size_t period(const unsigned char *bytes, size_t length)
{
	size_t size;

	for (size = 1; size < length; size++)
		if (!memcmp(bytes, bytes + size, length - size))
			break;
	return size;
}

/**
 * secret_bits() - estimate how many guesses a secret withstands
 * @bytes: the secret
 * @length: its bytes
 *
 * Return: the binary logarithm of that number, by the rule above.
 */
unsigned int secret_bits(const unsigned char *bytes, size_t length)
{
	size_t at, once = length ? period(bytes, length) : 0;
	/* Less than half of it repeated is no repetition, but a likeness. */
	size_t end = once * 2 <= length ? once : length;
	unsigned int bits = end < length ? 2 : 0;
	bool utf8 = is_utf8(bytes, length);

	for (at = 0; at < end;) {
		if (is_letter(bytes[at], utf8)) {
			at += word_bits(bytes + at, end - at, utf8, &bits);
		} else {
			bits += character_bits(bytes, at);
			at++;
		}
	}
	return bits;
}

/**
 * secret_is_guessable() - whether a secret may be in a list of likely ones
 * @secret: the secret
 * @why: a sentence, if so
 *
 * Return: true below SECRET_BITS_MIN bits.
 */
bool secret_is_guessable(const struct secret *secret, char why[SECRET_WHY_SIZE])
{
	unsigned int bits = secret_bits(secret->bytes, secret->length);

	if (bits >= SECRET_BITS_MIN)
		return false;
	snprintf(why, SECRET_WHY_SIZE,
		 "the secret looks guessable, about %u bits where %d are needed, since one watched knock lets anyone try guesses; use --generate, or --weak to take it all the same",
		 bits, SECRET_BITS_MIN);
	return true;
}

/**
 * secret_is_guessable_stretched() - the same of a passphrase that will be stretched
 * @secret: the passphrase
 * @why: a sentence, if so
 *
 * Return: true below SECRET_BITS_MIN bits, with those that stretching adds.
 */
bool secret_is_guessable_stretched(const struct secret *secret, char why[SECRET_WHY_SIZE])
{
	unsigned int bits = secret_bits(secret->bytes, secret->length) + STRETCH_BITS;

	if (bits >= SECRET_BITS_MIN)
		return false;
	snprintf(why, SECRET_WHY_SIZE,
		 "the passphrase looks guessable, about %u bits, %d of them by stretching, where %d are needed; take more words, or --weak to take it all the same",
		 bits, STRETCH_BITS, SECRET_BITS_MIN);
	return true;
}

/**
 * secret_is_ambiguous() - whether a secret begins like the end of an address
 * @secret: the secret
 * @why: a sentence, if so
 *
 * Address and secret are hashed without anything between them: a knock from
 * 192.0.2.1 under a secret 1x is one from 192.0.2.11 under the secret x.
 *
 * Return: true if its first byte may stand in the text of an address.
 */
bool secret_is_ambiguous(const struct secret *secret, char why[SECRET_WHY_SIZE])
{
	if (!secret->length || !secret->bytes[0] ||
	    !strchr("0123456789.:abcdefABCDEF", secret->bytes[0]))
		return false;
	snprintf(why, SECRET_WHY_SIZE,
		 "the secret begins with a character that may also end an address (a digit, a to f, . or :), so its knocks could be taken for other addresses'; use --generate, or --weak to take it all the same");
	return true;
}
