// SPDX-License-Identifier: GPL-2.0
/*
 * The TUMBLER1 datagram as text, and the public part of what its digest is
 * made of. The hashing itself is the caller's: kernel and programs have their
 * own SHA-256.
 */
#include <knock/calendar.h>
#include <knock/tumbler.h>

#define TAG_LEN		9
#define TIME_LEN	11
#define DIGITS		(2 * KNOCK_TUMBLER_DIGEST_SIZE)

static const char tag[TAG_LEN + 1] = "TUMBLER1:";

/* The value of a hex digit of either case, or -1. */
static int nibble(u8 digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

/* Nothing, "\n" or "\r\n". */
static bool is_line_end(const u8 *text, size_t len)
{
	if (len == 2)
		return text[0] == '\r' && text[1] == '\n';
	if (len == 1)
		return text[0] == '\n';
	return !len;
}

/**
 * knock_tumbler_parse() - read a datagram
 * @text: the payload, from anybody
 * @len: its length in bytes, any
 * @digest: receives the digest; its content is undefined if the text is no knock
 *
 * Context: Any.
 * Return: true if the text is the tag, at most one space, 64 hex digits of
 *	   either case and at most one line end, and nothing else
 */
bool knock_tumbler_parse(const u8 *text, size_t len, u8 digest[KNOCK_TUMBLER_DIGEST_SIZE])
{
	int i;

	if (len < KNOCK_TUMBLER_TEXT_MIN || len > KNOCK_TUMBLER_TEXT_MAX)
		return false;
	if (memcmp(text, tag, TAG_LEN))
		return false;
	text += TAG_LEN;
	len -= TAG_LEN;

	if (*text == ' ') {
		text++;
		len--;
	}
	if (len < DIGITS)
		return false;

	for (i = 0; i < KNOCK_TUMBLER_DIGEST_SIZE; i++) {
		int high = nibble(text[2 * i]);
		int low = nibble(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		digest[i] = (u8)(high << 4 | low);
	}
	return is_line_end(text + DIGITS, len - DIGITS);
}

/**
 * knock_tumbler_format() - write a datagram
 * @text: receives tag, one space and lower case digits; no line end, no NUL
 * @digest: what they say
 *
 * Context: Any.
 */
void knock_tumbler_format(char text[KNOCK_TUMBLER_TEXT_LEN],
			  const u8 digest[KNOCK_TUMBLER_DIGEST_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	int i;

	memcpy(text, tag, TAG_LEN);
	text += TAG_LEN;
	*text++ = ' ';
	for (i = 0; i < KNOCK_TUMBLER_DIGEST_SIZE; i++) {
		*text++ = digits[digest[i] >> 4];
		*text++ = digits[digest[i] & 0xf];
	}
}

static char *put_two_digits(char *at, u32 number)
{
	*at++ = (char)('0' + number / 10);
	*at++ = (char)('0' + number % 10);
	return at;
}

/**
 * knock_tumbler_prefix() - what is hashed before the secret
 * @prefix: receives the time as `YYYMMDDHHmm' (YYY years since 1900, MM from 00
 *	    for January), then the address as text; no NUL
 * @minute: minutes since the epoch
 * @address: the knock's source as the server sees it
 *
 * Context: Any.
 * Return: length in bytes; 0 if the year, later than 2899, has no three digits
 */
size_t knock_tumbler_prefix(char prefix[KNOCK_TUMBLER_PREFIX_MAX], u32 minute,
			    const struct knock_address *address)
{
	struct knock_utc utc = knock_calendar_minute(minute);
	char text[KNOCK_ADDRESS_TEXT_SIZE];
	u32 year = utc.year - 1900;
	char *at = prefix;
	size_t len;

	if (year > 999)
		return 0;
	*at++ = (char)('0' + year / 100);
	at = put_two_digits(at, year % 100);
	at = put_two_digits(at, utc.month - 1u);
	at = put_two_digits(at, utc.day);
	at = put_two_digits(at, utc.hour);
	at = put_two_digits(at, utc.minute);

	len = knock_address_format(text, address);
	memcpy(at, text, len);
	return TIME_LEN + len;
}
