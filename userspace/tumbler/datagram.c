// SPDX-License-Identifier: GPL-2.0
/* The datagram of a minute, an address and a secret. */
#include <openssl/crypto.h>
#include <openssl/sha.h>

#include "datagram.h"

/**
 * datagram_make() - write a knock
 * @text: receives it, without a NUL
 * @minute: minutes since the epoch
 * @source: the address that the server will see
 * @secret: 1 to 255 bytes
 *
 * Return: true; false if the year has no three digits after 1900
 */
bool datagram_make(char text[KNOCK_TUMBLER_TEXT_LEN], u32 minute,
		   const struct knock_address *source, const struct secret *secret)
{
	unsigned char message[KNOCK_TUMBLER_MESSAGE_MAX];
	u8 digest[KNOCK_TUMBLER_DIGEST_SIZE];
	size_t len;

	len = knock_tumbler_prefix((char *)message, minute, source);
	if (!len)
		return false;
	memcpy(message + len, secret->bytes, secret->length);
	SHA256(message, len + secret->length, digest);
	OPENSSL_cleanse(message, sizeof(message));
	knock_tumbler_format(text, digest);
	return true;
}
