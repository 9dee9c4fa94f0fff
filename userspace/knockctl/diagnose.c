// SPDX-License-Identifier: GPL-2.0
/*
 * How a knock that proved nothing was made: with which key, for which minute and
 * for which address. The module never tries more than the minutes it accepts, for
 * the address that the packet has; here there is time to try what clients get
 * wrong. Pure: no clock, no module, no file.
 */
#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "diagnose.h"

/* Where the month stands in `YYYMMDDHHmm'. */
#define MONTH_AT 3

/**
 * struct search - an inquiry under way
 * @inquiry: what is looked through
 * @finding: what is tried, and in the end what was found
 * @hashes_left: how many it may still compute
 * @context: for SHA-256; made once, which saves three quarters of the time
 * @message: what is hashed
 */
struct search {
	const struct inquiry *inquiry;
	struct finding *finding;
	u32 hashes_left;
	EVP_MD_CTX *context;
	u8 message[KNOCK_TUMBLER_MESSAGE_MAX];
};

static bool is_digest_of(struct search *search, size_t len)
{
	u8 digest[KNOCK_TUMBLER_DIGEST_SIZE];

	return EVP_DigestInit_ex(search->context, NULL, NULL) &&
	       EVP_DigestUpdate(search->context, search->message, len) &&
	       EVP_DigestFinal_ex(search->context, digest, NULL) &&
	       !memcmp(digest, search->inquiry->knock->digest, sizeof(digest));
}

static void count_month_from_one(u8 *prefix)
{
	u8 *month = prefix + MONTH_AT;
	int number = (month[0] - '0') * 10 + month[1] - '0' + 1;

	month[0] = (u8)('0' + number / 10);
	month[1] = (u8)('0' + number % 10);
}

/*
 * Tries every key, or those alone that listen where the knock came to, on what
 * @finding says otherwise. Return: whether the search is over.
 */
static bool try_keys(struct search *search, bool listening)
{
	const struct inquiry *inquiry = search->inquiry;
	struct finding *finding = search->finding;
	size_t i, len;

	len = knock_tumbler_prefix((char *)search->message, finding->minute, &finding->address);
	if (finding->month_from_one)
		count_month_from_one(search->message);
	for (i = 0; len && i < inquiry->count; i++) {
		const struct suspect *suspect = &inquiry->suspects[i];

		if (listening && suspect->knock_port != inquiry->knock->port)
			continue;
		finding->exhausted = !search->hashes_left;
		if (finding->exhausted)
			return true;
		search->hashes_left--;
		memcpy(search->message + len, suspect->secret.bytes, suspect->secret.length);
		if (is_digest_of(search, len + suspect->secret.length)) {
			finding->suspect = suspect;
			return true;
		}
	}
	return false;
}

static bool try_months(struct search *search)
{
	search->finding->month_from_one = false;
	if (try_keys(search, false))
		return true;
	search->finding->month_from_one = true;
	return try_keys(search, false);
}

/* For the address it came from, in minutes ever further from when it came. */
static bool try_clocks(struct search *search)
{
	const struct refused *knock = search->inquiry->knock;
	u32 now = (u32)(knock->time / 60);
	u32 off;

	search->finding->address = knock->source;
	for (off = 0; off <= DIAGNOSE_MINUTES; off++) {
		search->finding->minute = now - off;
		if (off <= now && try_months(search))
			return true;
		search->finding->minute = now + off;
		if (off && try_months(search))
			return true;
	}
	return false;
}

/*
 * The @number-th address to be tried: those that are known, then what most
 * translated networks use. Return: false behind the last.
 */
static bool address_to_try(const struct inquiry *inquiry, u32 number,
			   struct knock_address *address)
{
	u8 ipv4[4];

	if (number < inquiry->address_count) {
		*address = inquiry->addresses[number];
		return true;
	}
	number -= (u32)inquiry->address_count;
	if (!knock_address_is_ipv4(&inquiry->knock->source))
		return false;
	/* 192.168.0.0/16 and 10.0.0.0/16; of 172.16.0.0/12 each first 256. */
	if (number < 1u << 17) {
		ipv4[0] = number >> 16 ? 10 : 192;
		ipv4[1] = number >> 16 ? 0 : 168;
		ipv4[2] = (u8)(number >> 8);
	} else {
		number -= 1u << 17;
		if (number >= 16 * 256)
			return false;
		ipv4[0] = 172;
		ipv4[1] = (u8)(16 + (number >> 8));
		ipv4[2] = 0;
	}
	ipv4[3] = (u8)number;
	*address = knock_address_from_ipv4(ipv4);
	return true;
}

/* For every other address, in the minute it came and the two beside it. */
static bool try_addresses(struct search *search)
{
	const struct refused *knock = search->inquiry->knock;
	static const int minutes[] = { 0, -1, 1 };
	struct finding *finding = search->finding;
	u32 round, number;

	for (round = 0; round < 6; round++) {
		finding->month_from_one = round >= 3;
		finding->minute = (u32)((long long)(knock->time / 60) + minutes[round % 3]);
		for (number = 0; address_to_try(search->inquiry, number, &finding->address);
		     number++)
			if (try_keys(search, true))
				return true;
	}
	return false;
}

/**
 * diagnose() - find how a knock was made
 * @inquiry: the knock, and the keys and addresses to try
 * @hashes_max: how many hashes it may cost
 * @finding: receives what was found
 *
 * One thing may be wrong with it, or also its month: a clock up to 26 hours off,
 * another door's port, or, if a key that listens on the port made it, another
 * address. A knock for which nothing was wrong is found as well.
 *
 * Return: whether a key was found that made it.
 */
bool diagnose(const struct inquiry *inquiry, u32 hashes_max, struct finding *finding)
{
	struct search search = { .inquiry = inquiry, .finding = finding,
				 .hashes_left = hashes_max };

	memset(finding, 0, sizeof(*finding));
	search.context = EVP_MD_CTX_new();
	finding->exhausted = !search.context ||
			     !EVP_DigestInit_ex(search.context, EVP_sha256(), NULL);
	if (!finding->exhausted && inquiry->count && !try_clocks(&search) && !finding->exhausted)
		try_addresses(&search);
	EVP_MD_CTX_free(search.context);
	OPENSSL_cleanse(&search, sizeof(search));
	return finding->suspect;
}

/**
 * diagnose_clock() - how far a clock was off that took it to be another minute
 * @time: in truth, in unix seconds
 * @minute: what it said, since the epoch
 *
 * Return: from the least to the most it may have been off; 0 and 0 within the minute
 */
struct clock_off diagnose_clock(u64 time, u32 minute)
{
	long long first = (long long)minute * 60 - (long long)time;
	long long last = first + 59;

	if (first > 0)
		return (struct clock_off){ first, last };
	if (last < 0)
		return (struct clock_off){ last, first };
	return (struct clock_off){ 0, 0 };
}
