// SPDX-License-Identifier: GPL-2.0
/* Once and derived sequences, against the vectors of an independent implementation. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "port_crypto.h"

#include "rows.h"

#define COLUMNS		13
#define RANGES_MAX	8

enum column {
	NAME, TYPE, SECRET, NUMBER, TIME, SLOT_LENGTH, SLOT, MOON, LOCATION, AVOID, ADDRESS,
	STEPS, PORTS
};

static int calls;
static int calls_until_broken;

static bool hmac(u8 mac[KNOCK_DERIVE_MAC_SIZE], const u8 key[KNOCK_DERIVE_SECRET_SIZE],
		 const u8 *data, size_t len)
{
	if (++calls == calls_until_broken)
		return false;
	return port_crypto.hmac(mac, key, data, len);
}

static const struct knock_derive_crypto crypto = { .hmac = hmac };

static size_t from_hex(u8 *bytes, size_t room, const char *hex)
{
	return strcmp(hex, "-") ? rows_hex(bytes, room, hex) : 0;
}

static size_t ranges_of(struct knock_port_range *ranges, const char *text)
{
	size_t count = 0;
	int used;

	while (sscanf(text, "%hu-%hu%n", &ranges[count].first, &ranges[count].last, &used) == 2) {
		text += used;
		assert_true(++count < RANGES_MAX);
		if (*text++ != ',')
			break;
	}
	return count;
}

static void assert_ports(const char *name, const u16 *ports, unsigned int steps,
			 const char *want)
{
	char text[KNOCK_DERIVE_STEPS_MAX * 6 + 1] = "";
	unsigned int i;

	for (i = 0; i < steps; i++)
		sprintf(text + strlen(text), "%s%u", i ? "," : "", ports[i]);
	if (strcmp(text, want))
		fail_msg("%s: %s instead of %s", name, text, want);
}

static void check_derivation(const struct knock_derivation *derivation, char *column[COLUMNS])
{
	unsigned int steps = (unsigned int)atoi(column[STEPS]);
	bool is_bound = strcmp(column[ADDRESS], "-");
	u16 *ports = calloc(steps, sizeof(*ports));
	struct knock_address address = { { 0 } };
	enum knock_derive_result result;

	if (is_bound)
		address = rows_address(column[ADDRESS]);
	result = knock_derive_head(derivation, ports);
	if (result == KNOCK_DERIVE_GOOD)
		result = knock_derive_tail(derivation, is_bound ? &address : NULL, ports, steps);
	if (!strcmp(column[PORTS], "too-few")) {
		assert_int_equal(result, KNOCK_DERIVE_TOO_FEW);
	} else {
		assert_int_equal(result, KNOCK_DERIVE_GOOD);
		assert_ports(column[NAME], ports, steps, column[PORTS]);
		assert_true(knock_avoid_is_valid(&derivation->avoid));
	}
	free(ports);
}

static bool check_row(char **column, void *data)
{
	u8 secret[KNOCK_DERIVE_SECRET_SIZE], key[KNOCK_DERIVE_SECRET_SIZE];
	u8 location[KNOCK_DERIVE_LOCATION_MAX];
	struct knock_port_range ranges[RANGES_MAX];
	u64 number = strtoull(column[NUMBER], NULL, 10);
	struct knock_derivation derivation = {
		.crypto = &crypto, .secret = secret,
		.avoid = { ranges, ranges_of(ranges, column[AVOID]) },
	};
	struct knock_fields fields;

	(void)data;
	assert_int_equal(from_hex(key, sizeof(key), column[SECRET]), sizeof(key));
	if (strcmp(column[TYPE], "derived")) {
		assert_true(knock_derive_once(&crypto, key, number, secret));
		check_derivation(&derivation, column);
		return true;
	}
	u32 slot_sec = (u32)strtoul(column[SLOT_LENGTH], NULL, 10);
	struct knock_slots slots =
		knock_derive_slots(strtoull(column[TIME], NULL, 10), 0, slot_sec);

	assert_int_equal(slots.first, slots.last);
	fields = knock_derive_fields(number, slots.first, slot_sec);
	assert_int_equal(fields.slot, strtoull(column[SLOT], NULL, 10));
	assert_int_equal(fields.moon, atoi(column[MOON]));
	fields.location = location;
	fields.location_len = (u8)from_hex(location, sizeof(location), column[LOCATION]);
	memcpy(secret, key, sizeof(secret));
	derivation.fields = &fields;
	check_derivation(&derivation, column);
	return true;
}

static void vectors(void **state)
{
	(void)state;
	calls_until_broken = 0;
	assert_true(rows_for_each(VECTORS "/sequence.tsv", COLUMNS, check_row, NULL) >= 60);
}

/* However many ports are skipped, work ends, and ends when it is done. */
static void bounded(void **state)
{
	static const u8 secret[KNOCK_DERIVE_SECRET_SIZE];
	struct knock_port_range all = { 1024, 65535 };
	struct knock_derivation derivation = { .crypto = &crypto, .secret = secret };
	u16 ports[KNOCK_DERIVE_STEPS_MAX];

	(void)state;
	calls = 0;
	calls_until_broken = 0;
	assert_int_equal(knock_derive_head(&derivation, ports), KNOCK_DERIVE_GOOD);
	assert_int_equal(calls, 1);
	derivation.avoid = (struct knock_avoid){ &all, 1 };
	calls = 0;
	assert_int_equal(knock_derive_head(&derivation, ports), KNOCK_DERIVE_TOO_FEW);
	assert_int_equal(calls, 16);
	assert_int_equal(knock_derive_tail(&derivation, NULL, ports, 8), KNOCK_DERIVE_TOO_FEW);
	assert_int_equal(calls, 32);
}

static void broken(void **state)
{
	static const u8 secret[KNOCK_DERIVE_SECRET_SIZE];
	struct knock_derivation derivation = { .crypto = &crypto, .secret = secret };
	u16 ports[KNOCK_DERIVE_STEPS_MAX];
	u8 once[KNOCK_DERIVE_SECRET_SIZE];

	(void)state;
	calls = 0;
	calls_until_broken = 1;
	assert_int_equal(knock_derive_head(&derivation, ports), KNOCK_DERIVE_BROKEN);
	calls = 0;
	assert_int_equal(knock_derive_tail(&derivation, NULL, ports, 8), KNOCK_DERIVE_BROKEN);
	calls = 0;
	assert_false(knock_derive_once(&crypto, secret, 1, once));
}

static bool is_valid(const char *text)
{
	struct knock_port_range ranges[RANGES_MAX];
	struct knock_avoid avoid = { ranges, ranges_of(ranges, text) };

	return knock_avoid_is_valid(&avoid);
}

static void avoid(void **state)
{
	struct knock_port_range ranges[] = { { 22, 22 }, { 8000, 8010 }, { 65535, 65535 } };
	struct knock_avoid some = { ranges, 3 };

	(void)state;
	assert_true(is_valid(""));
	assert_true(is_valid("0-1023"));
	assert_true(is_valid("1-1,2-2,65535-65535"));
	assert_true(is_valid("1024-49151"));
	assert_true(is_valid("0-49151"));
	assert_true(is_valid("1000-20000,20001-49151"));
	assert_false(is_valid("1024-49152"));
	assert_false(is_valid("1000-20000,20001-49152"));
	assert_false(is_valid("0-65535"));
	assert_false(is_valid("23-22"));
	assert_false(is_valid("22-22,22-22"));
	assert_false(is_valid("22-30,30-40"));
	assert_false(is_valid("80-80,22-22"));
	assert_true(knock_avoid_has(&some, 22));
	assert_true(knock_avoid_has(&some, 8000));
	assert_true(knock_avoid_has(&some, 8010));
	assert_true(knock_avoid_has(&some, 65535));
	assert_false(knock_avoid_has(&some, 8011));
	assert_false(knock_avoid_has(&some, 7999));
	assert_false(knock_avoid_has(&some, 0));
}

static void slots(void **state)
{
	struct knock_slots slots = knock_derive_slots(600, 5, 60);

	(void)state;
	assert_int_equal(slots.first, 9);
	assert_int_equal(slots.last, 10);
	slots = knock_derive_slots(654, 5, 60);
	assert_int_equal(slots.first, 10);
	assert_int_equal(slots.last, 10);
	slots = knock_derive_slots(655, 5, 60);
	assert_int_equal(slots.last, 11);
	slots = knock_derive_slots(605, 5, 60);
	assert_int_equal(slots.first, 10);
	slots = knock_derive_slots(1000, 300, 30);
	assert_int_equal(slots.first, 23);
	assert_int_equal(slots.last, 43);
	slots = knock_derive_slots(3, 5, 60);
	assert_int_equal(slots.first, 0);
	slots = knock_derive_slots(UINT64_MAX - 1, 5, 60);
	assert_int_equal(slots.last, UINT64_MAX / 60);
}

static void later(void **state)
{
	(void)state;
	assert_true(knock_derive_is_later(5, 1, 5, 0));
	assert_true(knock_derive_is_later(6, 0, 5, 9));
	assert_false(knock_derive_is_later(5, 1, 5, 1));
	assert_false(knock_derive_is_later(5, 0, 5, 1));
	assert_false(knock_derive_is_later(4, 9, 5, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(vectors),
		cmocka_unit_test(bounded),
		cmocka_unit_test(broken),
		cmocka_unit_test(avoid),
		cmocka_unit_test(slots),
		cmocka_unit_test(later),
	};

	return cmocka_run_group_tests_name("derive", tests, NULL, NULL);
}
