// SPDX-License-Identifier: GPL-2.0
/* The ports of a once or derived sequence. */
#include <openssl/crypto.h>

#include "complain.h"
#include "port_crypto.h"
#include "ports.h"

static bool derive(struct knock_sequence *sequence, const struct profile *profile,
		   const struct knock_derivation *derivation, const struct knock_address *source)
{
	u16 ports[KNOCK_DERIVE_STEPS_MAX];
	u8 i;

	if (knock_derive_head(derivation, ports) != KNOCK_DERIVE_GOOD ||
	    knock_derive_tail(derivation, profile->unbound ? NULL : source, ports,
			      profile->steps) != KNOCK_DERIVE_GOOD) {
		complain("the ports cannot be made: libcrypto has no HMAC-SHA256, or too many are to be avoided");
		return false;
	}
	sequence->count = profile->steps;
	for (i = 0; i < sequence->count; i++)
		sequence->steps[i] = (struct knock_step){ ports[i], KNOCK_STEP_TCP };
	OPENSSL_cleanse(ports, sizeof(ports));
	return true;
}

/**
 * ports_of_once() - make the ports of a once sequence
 * @sequence: receives them
 * @profile: of the key
 * @entry: the sequence
 * @source: the address that the server will see
 *
 * Return: true; if not it is said why.
 */
bool ports_of_once(struct knock_sequence *sequence, const struct profile *profile,
		   const struct book_entry *entry, const struct knock_address *source)
{
	const struct knock_derivation derivation = {
		.crypto = &port_crypto,
		.secret = entry->secret,
		.avoid = port_ranges_avoid(&profile->avoid),
	};

	return derive(sequence, profile, &derivation, source);
}

/**
 * ports_of_derived() - make the ports of a derived sequence
 * @sequence: receives them
 * @profile: of the key
 * @fields: counter and slot
 * @source: the address that the server will see
 *
 * Return: true; if not it is said why.
 */
bool ports_of_derived(struct knock_sequence *sequence, const struct profile *profile,
		      const struct knock_fields *fields, const struct knock_address *source)
{
	struct knock_fields whole = *fields;
	const struct knock_derivation derivation = {
		.crypto = &port_crypto,
		.secret = profile->secret.bytes,
		.fields = &whole,
		.avoid = port_ranges_avoid(&profile->avoid),
	};

	whole.location = (const u8 *)profile->location;
	whole.location_len = (u8)strlen(profile->location);
	return derive(sequence, profile, &derivation, source);
}
