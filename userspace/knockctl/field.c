// SPDX-License-Identifier: GPL-2.0
/* Attributes of replies as fields of records; an absent one is null. */
#include <knock/address.h>

#include "knockctl.h"

static uint64_t number_of(const struct nlattr *attribute)
{
	switch (nla_len(attribute)) {
	case sizeof(uint8_t):
		return nla_get_u8(attribute);
	case sizeof(uint16_t):
		return nla_get_u16(attribute);
	case sizeof(uint32_t):
		return nla_get_u32(attribute);
	default:
		return nla_get_u64((struct nlattr *)attribute);
	}
}

void add_text(struct record *record, const char *name, struct nlattr *attribute)
{
	record_text(record, name, attribute ? nla_get_string(attribute) : NULL);
}

void add_number(struct record *record, const char *name, struct nlattr *attribute)
{
	if (attribute)
		record_number(record, name, number_of(attribute));
	else
		record_absent(record, name);
}

void add_time(struct record *record, const char *name, struct nlattr *attribute)
{
	record_time(record, name, attribute ? nla_get_u64(attribute) : 0);
}

/* There it means something; to programs its absence is null. */
void add_flag(struct record *record, const char *name, const struct nlattr *attribute)
{
	record_text(record, name, attribute ? "yes" : NULL);
}

void add_address(struct record *record, const char *name, struct nlattr *attribute)
{
	char text[KNOCK_ADDRESS_TEXT_SIZE];
	struct knock_address address;

	if (!attribute) {
		record_absent(record, name);
		return;
	}
	memcpy(address.bytes, nla_data(attribute), sizeof(address.bytes));
	knock_address_format(text, &address);
	record_text(record, name, text);
}

void add_word(struct record *record, const char *name, struct nlattr *attribute,
	      const char *const *words, size_t count)
{
	uint8_t number = attribute ? nla_get_u8(attribute) : 0;

	/* A newer module may have words that this program does not know. */
	if (attribute && (number >= count || !words[number]))
		record_text(record, name, "unknown");
	else
		record_text(record, name, attribute ? words[number] : NULL);
}
