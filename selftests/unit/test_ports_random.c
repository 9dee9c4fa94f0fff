// SPDX-License-Identifier: GPL-2.0
/*
 * Ports of once sequences, a million of them and more: as if thrown, none outside 1024 to
 * 65535, none that is to be avoided, and each other one there is.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/rand.h>

#include "check.h"
#include "port_crypto.h"
#include "port_ranges.h"

#define STEPS KNOCK_DERIVE_STEPS_MAX
/* Of which chi-square is. */
#define JUDGED 1000000
/* That one is missing in so many has a chance of one in four million. */
#define THROWN 1700000

static unsigned int *thrown(const struct port_ranges *ranges, unsigned int count,
			    unsigned int *hits)
{
	u8 key[KNOCK_DERIVE_SECRET_SIZE], secret[KNOCK_DERIVE_SECRET_SIZE];
	const struct knock_derivation derivation = {
		.crypto = &port_crypto, .secret = secret, .avoid = port_ranges_avoid(ranges),
	};
	u16 ports[STEPS];
	unsigned int i, number;

	assert_int_equal(RAND_bytes(key, sizeof(key)), 1);
	for (number = 1; count; number++) {
		assert_true(knock_derive_once(&port_crypto, key, number, secret));
		assert_int_equal(knock_derive_head(&derivation, ports), KNOCK_DERIVE_GOOD);
		assert_int_equal(knock_derive_tail(&derivation, NULL, ports, STEPS),
				 KNOCK_DERIVE_GOOD);
		for (i = 0; i < STEPS && count; i++, count--)
			hits[ports[i]]++;
	}
	return hits;
}

/* How far off the mean, in standard deviations of chi-square, which is nearly normal. */
static double chi_square(const unsigned int *hits, const struct knock_avoid *avoid,
			 unsigned int count)
{
	unsigned int port, ports = 0;
	double sum = 0, mean;

	for (port = KNOCK_DERIVE_PORT_FIRST; port <= KNOCK_DERIVE_PORT_LAST; port++)
		ports += !knock_avoid_has(avoid, (u16)port);
	mean = (double)count / ports;
	for (port = KNOCK_DERIVE_PORT_FIRST; port <= KNOCK_DERIVE_PORT_LAST; port++)
		if (!knock_avoid_has(avoid, (u16)port))
			sum += (hits[port] - mean) * (hits[port] - mean) / mean;
	return (sum - (ports - 1)) / sqrt(2.0 * (ports - 1));
}

static void judge(const char *avoided)
{
	unsigned int *hits = calloc(65536, sizeof(*hits)), port;
	struct knock_avoid avoid;
	struct port_ranges ranges;
	double off;

	assert_non_null(hits);
	assert_null(port_ranges_parse(&ranges, avoided));
	avoid = port_ranges_avoid(&ranges);
	off = chi_square(thrown(&ranges, JUDGED, hits), &avoid, JUDGED);
	print_message("avoiding %s: chi-square is %.2f deviations off\n", avoided, off);
	/* One in ten million is further off to one side. */
	assert_true(fabs(off) < 5.2);
	thrown(&ranges, THROWN - JUDGED, hits);
	for (port = 0; port < 65536; port++) {
		bool good = port >= KNOCK_DERIVE_PORT_FIRST && !knock_avoid_has(&avoid, (u16)port);

		if (good != !!hits[port])
			fail_msg("port %u came %u times", port, hits[port]);
	}
	free(hits);
}

static void test_few_avoided(void **state)
{
	(void)state;
	judge("22,8675");
}

/* Nearly as many as may be; then most numbers that are thrown are none. */
static void test_most_avoided(void **state)
{
	(void)state;
	judge("1-1500,8675,20000-65000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_few_avoided),
		cmocka_unit_test(test_most_avoided),
	};

	return cmocka_run_group_tests_name("ports_random", tests, NULL, NULL);
}
