// SPDX-License-Identifier: GPL-2.0
/* Prefixes of addresses: as they are typed, and as they are printed. */
#include <stdio.h>

#include "prefix.h"

/* The bits of ::ffff:0:0/96, which every IPv4 address has before its own. */
#define IPV4_BITS_BEFORE 96

static void clear_behind(struct knock_address *address, u8 length)
{
	size_t byte = length / 8;

	if (length % 8) {
		address->bytes[byte] &= (u8)(0xff << (8 - length % 8));
		byte++;
	}
	for (; byte < sizeof(address->bytes); byte++)
		address->bytes[byte] = 0;
}

/* Decimal digits and nothing else; @most + 1 if it is not that, or more. */
static unsigned int read_length(const char *text, unsigned int most)
{
	unsigned int sum = 0;

	if (!*text || strlen(text) > 3)
		return most + 1;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return most + 1;
		sum = sum * 10 + (unsigned int)(*text - '0');
	}
	return sum > most ? most + 1 : sum;
}

static bool has_no_host_bits(const char *text, const struct prefix *prefix,
			     char why[PARSE_WHY_SIZE])
{
	struct prefix right = *prefix;
	char right_text[PREFIX_TEXT_SIZE];

	clear_behind(&right.address, prefix->length);
	if (knock_address_equal(&right.address, &prefix->address))
		return true;
	format_prefix(right_text, &right);
	snprintf(why, PARSE_WHY_SIZE,
		 "`%.64s' has bits set behind its length, write %s for the whole network, or the address alone",
		 text, right_text);
	return false;
}

/**
 * parse_prefix() - read ADDRESS or ADDRESS/LENGTH
 * @text: as typed; the length of IPv4 in dotted decimal is 0 to 32, of all else 1 to 128
 * @prefix: receives it, IPv4 behind ::ffff:0:0/96
 * @why: a sentence, on failure
 *
 * Return: true; false if it is none, or has bits set behind its length.
 */
bool parse_prefix(const char *text, struct prefix *prefix, char why[PARSE_WHY_SIZE])
{
	char address[KNOCK_ADDRESS_TEXT_SIZE];
	const char *slash = strchr(text, '/');
	size_t written = slash ? (size_t)(slash - text) : strlen(text);
	unsigned int before, length, most;

	if (written >= sizeof(address)) {
		snprintf(why, PARSE_WHY_SIZE,
			 "`%.64s' is no prefix, write ADDRESS or ADDRESS/LENGTH", text);
		return false;
	}
	memcpy(address, text, written);
	address[written] = '\0';
	if (!parse_address(address, &prefix->address, why))
		return false;
	prefix->length = PREFIX_LENGTH_MAX;
	if (!slash)
		return true;

	before = strchr(address, ':') ? 0 : IPV4_BITS_BEFORE;
	most = PREFIX_LENGTH_MAX - before;
	length = read_length(slash + 1, most);
	if (length > most || before + length < 1) {
		snprintf(why, PARSE_WHY_SIZE,
			 "`%.64s' has no good length behind the /, it is %u to %u there", text,
			 before ? 0u : 1u, most);
		return false;
	}
	prefix->length = (u8)(before + length);
	return has_no_host_bits(text, prefix, why);
}

/**
 * parse_prefixes() - read prefixes with commas between them
 * @text: 1 to 16 of them, as parse_prefix() reads them
 * @list: receives them
 * @why: a sentence, on failure
 *
 * Return: true; false if one is none, or there are more.
 */
bool parse_prefixes(const char *text, struct prefix_list *list, char why[PARSE_WHY_SIZE])
{
	char one[PREFIX_TEXT_SIZE + 1];
	size_t length;

	memset(list, 0, sizeof(*list));
	for (;;) {
		length = strcspn(text, ",");
		if (list->count == PREFIXES_MAX) {
			snprintf(why, PARSE_WHY_SIZE,
				 "there are more than %d prefixes, join neighbouring ones to shorter ones",
				 PREFIXES_MAX);
			return false;
		}
		/* What is cut off is too long to be one. */
		snprintf(one, sizeof(one), "%.*s", (int)(length < PREFIX_TEXT_SIZE ? length :
							 PREFIX_TEXT_SIZE), text);
		if (!parse_prefix(one, &list->prefix[list->count], why))
			return false;
		list->count++;
		if (!text[length])
			return true;
		text += length + 1;
	}
}

/**
 * format_prefix() - a prefix as parse_prefix() reads it
 * @text: where to write it
 * @prefix: the prefix; a single address is written without a length
 */
void format_prefix(char text[PREFIX_TEXT_SIZE], const struct prefix *prefix)
{
	bool ipv4 = prefix->length >= IPV4_BITS_BEFORE && knock_address_is_ipv4(&prefix->address);
	size_t at = knock_address_format(text, &prefix->address);

	if (prefix->length < PREFIX_LENGTH_MAX)
		snprintf(text + at, PREFIX_TEXT_SIZE - at, "/%d",
			 prefix->length - (ipv4 ? IPV4_BITS_BEFORE : 0));
}
