// SPDX-License-Identifier: GPL-2.0
/* The sealed datagram of this moment. */
#include <time.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "sealed.h"
#include "sealed_crypto.h"

/* A key takes each time once, so two families get two, however coarse the clock. */
static void next_moment(u8 tai64n[KNOCK_TAI64N_SIZE])
{
	static struct timespec last;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	if (now.tv_sec == last.tv_sec && now.tv_nsec <= last.tv_nsec)
		now.tv_nsec = last.tv_nsec + 1;
	if (now.tv_nsec >= 1000000000) {
		now.tv_nsec = 0;
		now.tv_sec++;
	}
	last = now;
	knock_tai64n_set(tai64n, (u64)now.tv_sec, (u32)now.tv_nsec);
}

/**
 * sealed_make() - make a knock for this moment
 * @datagram: receives it
 * @order: what it is to say
 * @source: the address that the server will see
 * @secret: 32 bytes
 *
 * Return: true; false if randomness or libcrypto's ciphers cannot be had
 */
bool sealed_make(u8 datagram[KNOCK_SEALED_LEN], const struct sealed_order *order,
		 const struct knock_address *source, const struct secret *secret)
{
	struct knock_sealed_plain plain = { .action = order->action,
					    .open_for = order->open_for, .address = *source };
	u8 random[KNOCK_SEALED_RANDOM_SIZE];
	bool good;

	next_moment(plain.tai64n);
	good = sealed_door_hash(plain.door_hash, order->door) &&
	       RAND_priv_bytes(random, sizeof(random)) == 1 &&
	       knock_sealed_make(&sealed_crypto, secret->bytes, &plain, random, datagram);
	OPENSSL_cleanse(random, sizeof(random));
	return good;
}
