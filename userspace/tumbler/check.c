// SPDX-License-Identifier: GPL-2.0
/* What a profile says, shown to people. */
#include <stdio.h>
#include <time.h>

#include "books.h"
#include "counter.h"
#include "fingerprint.h"
#include "profiles.h"

static void print_word(const char *word, const char *value)
{
	if (*value)
		printf("%-12s %s\n", word, value);
}

static void print_number(const char *word, unsigned long number)
{
	printf("%-12s %lu\n", word, number);
}

static void print_common(const struct profile *profile)
{
	char address[KNOCK_ADDRESS_TEXT_SIZE];

	print_word("type", profile_type_name(profile->type));
	if (profile->type != PROFILE_SEALED)
		print_word("action", profile->closes ? "close" : "open");
	print_word("host", profile->host);
	if (profile->type == PROFILE_TUMBLER || profile->type == PROFILE_SEALED)
		print_number("port", profile->port);
	if (profile->service)
		print_number("service", profile->service);
	if (profile->agent)
		print_number("agent", profile->agent);
	if (profile->roaming)
		print_word("roaming", "yes");
	print_word("door", profile->door);
	if (profile_says(profile, "source")) {
		knock_address_format(address, &profile->source);
		print_word("source", address);
	}
}

/* What sequences are made of. */
static void print_made_of(const struct profile *profile)
{
	char avoid[PORT_RANGES_TEXT_SIZE];

	print_number("steps", profile->steps);
	port_ranges_format(avoid, &profile->avoid);
	print_word("avoid", avoid);
	if (profile->unbound)
		print_word("unbound", "yes");
	print_word("location", profile->location);
}

static bool print_once(const char *name, char why[PROFILES_WHY_SIZE])
{
	const struct book_entry *next;
	struct book book;

	if (!books_read(&book, name, why))
		return false;
	print_number("left", book_left(&book));
	next = book_next(&book);
	if (next)
		print_number("next", (unsigned long)next->number);
	book_wipe(&book);
	return true;
}

static bool print_derived(const struct profile *profile, char why[PROFILES_WHY_SIZE])
{
	struct knock_fields next;
	char text[16];
	struct tm utc;
	time_t end;

	print_number("slot", profile->slot_sec);
	if (!counter_next(profile, (u64)time(NULL), &next, why))
		return false;
	end = (time_t)((next.slot + 1) * profile->slot_sec);
	gmtime_r(&end, &utc);
	strftime(text, sizeof(text), "%H:%M:%S", &utc);
	printf("%-12s %lu of slot %lu, which ends at %s UTC\n", "next",
	       (unsigned long)next.counter, (unsigned long)next.slot, text);
	return true;
}

static bool print_secret(const struct profile *profile, char why[PROFILES_WHY_SIZE])
{
	unsigned char fingerprint[FINGERPRINT_SIZE];
	char digits[FINGERPRINT_TEXT_SIZE];

	if (!fingerprint_make(&profile->secret, fingerprint)) {
		snprintf(why, PROFILES_WHY_SIZE, "its fingerprint cannot be made by libcrypto");
		return false;
	}
	fingerprint_format(digits, fingerprint);
	print_word("fingerprint", digits);
	return true;
}

/* What only some types have. */
static bool print_rest(const struct profile *profile, const char *name,
		       char why[PROFILES_WHY_SIZE])
{
	char ports[KNOCK_SEQUENCE_TEXT_SIZE];

	switch (profile->type) {
	case PROFILE_STATIC:
		knock_sequence_format(ports, &profile->ports);
		print_word("ports", ports);
		return true;
	case PROFILE_ONCE:
		print_made_of(profile);
		print_number("depth", profile->depth);
		return print_once(name, why);
	case PROFILE_DERIVED:
		print_made_of(profile);
		return print_derived(profile, why) && print_secret(profile, why);
	default:
		return print_secret(profile, why);
	}
}

/**
 * profiles_check() - show what a profile says, but for its secrets
 * @name: its name, one that is good
 * @why: a sentence, on failure
 *
 * Return: true if it is of use.
 */
bool profiles_check(const char *name, char why[PROFILES_WHY_SIZE])
{
	struct profile profile;
	bool good;

	if (!profiles_read(&profile, name, why))
		return false;
	print_common(&profile);
	good = print_rest(&profile, name, why);
	profile_wipe(&profile);
	return good;
}
