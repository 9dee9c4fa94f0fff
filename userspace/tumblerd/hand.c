// SPDX-License-Identifier: GPL-2.0
/*
 * Who is given which sequences: who has knocked with a key, comes from there, and proves
 * to have that very key. What he is given is on the disk before he gets it.
 */
#include <errno.h>
#include <string.h>

#include <openssl/crypto.h>

#include "arm.h"
#include "complain.h"
#include "hand.h"
#include "journal.h"
#include "port_crypto.h"
#include "request_series.h"

/**
 * struct wanted - the grant that is looked for
 * @hand: that decides
 * @pin: of the key it is made by
 * @narrow: it lets him no further than to here
 */
struct wanted {
	struct hand *hand;
	const unsigned char *pin;
	bool narrow;
};

static bool fits(struct followed *followed, void *data)
{
	const struct wanted *wanted = data;
	bool narrow = followed->how == FOLLOWED_NARROW;
	const unsigned char *pin;

	if (!followed->door->forwards || !followed->subject.key[0] || narrow != wanted->narrow)
		return false;
	pin = hand_pin(wanted->hand, followed);
	return pin && !CRYPTO_memcmp(pin, wanted->pin, TLS_PIN_SIZE);
}

/**
 * struct handing - sequences on their way to a client
 * @hand: that decides
 * @followed: the grant
 * @key: the key it is made by, with its secret
 * @have: what the client has
 * @next: what it gets
 */
struct handing {
	struct hand *hand;
	struct followed *followed;
	const struct config_key *key;
	const struct hand_over_have *have;
	struct hand_over_next *next;
};

/* All above the used one that the client has not. */
static bool fill(const struct handing *handing, u64 handed)
{
	const struct config_key *key = handing->key;
	struct hand_over_next *next = handing->next;
	u64 last = next->used + key->series.depth, number;
	struct book_entry *entry;

	for (number = next->used + 1; number <= last && number <= handed; number++) {
		if (hand_over_has(handing->have, number) || next->count == BOOK_MAX)
			continue;
		entry = &next->entry[next->count++];
		entry->number = number;
		if (!knock_derive_once(&port_crypto, key->secret.bytes, number, entry->secret))
			return false;
	}
	return true;
}

/* What the module has of the key, which may be another of its name. */
static bool find_live(const struct handing *handing, struct config_key *live,
		      const struct numbers_entry *entry, char why[ARM_WHY_SIZE])
{
	config_key_init(live, handing->key->name);
	if (request_key(handing->hand->netlink, handing->followed->subject.name, live, why))
		return false;
	if (config_key_is_once(live) &&
	    !memcmp(live->fingerprint, entry->fingerprint, FINGERPRINT_SIZE))
		return true;
	strcpy(why, "the module has another key of that name; knockctl load first");
	return false;
}

/* No more than the depth from one knock to the next. */
static u64 most_new(const struct handing *handing)
{
	u64 depth = handing->key->series.depth, handed = handing->followed->handed;

	return handed < depth ? depth - handed : 0;
}

/* Under the lock of the numbers: first the disk. Return: false with a sentence. */
static bool hand_out(const struct handing *handing, const struct numbers_dir *directory,
		     char why[ARM_WHY_SIZE])
{
	struct numbers_entry entry;
	struct config_key live;
	u64 more;

	if (!arm_entry(&entry, handing->key) ||
	    numbers_read(directory, &entry) != NUMBERS_GOOD) {
		strcpy(why, "its numbers are lost or damaged; knockctl load tells more");
		return false;
	}
	if (!find_live(handing, &live, &entry, why))
		return false;
	handing->next->used = live.number;
	more = numbers_hand_over(&entry.numbers, live.number, handing->key->series.depth,
				 most_new(handing));
	if (more && !numbers_write(directory, &entry, 1, why))
		return false;
	handing->followed->handed += more;
	live.handed = entry.numbers.handed;
	if (!fill(handing, live.handed)) {
		strcpy(why, "libcrypto offers no HMAC-SHA256; install one that does");
		return false;
	}
	return live.armed >= numbers_reach(&entry.numbers, live.number) ||
	       arm_further(handing->hand->netlink, directory, handing->followed->subject.name,
			   &live, why);
}

/*
 * Return: false if others have the numbers now. What goes wrong is said, once a grant, and
 * nothing given.
 */
static bool try_hand_out(const struct handing *handing)
{
	struct numbers_dir directory;
	char why[ARM_WHY_SIZE];
	bool good;

	good = numbers_try(&directory, handing->hand->state, why);
	if (!good && errno == EWOULDBLOCK)
		return false;
	if (good) {
		good = hand_out(handing, &directory, why);
		numbers_close(&directory);
	}
	if (!good && !handing->followed->said)
		complain("key %s of door %s: no sequences are handed out: %s", handing->key->name,
			 handing->followed->subject.name, why);
	handing->followed->said = !good;
	if (!good)
		handing->next->count = 0;
	return true;
}

/*
 * Narrow ones first: by them the door is to be opened, or to be open for longer. Who was
 * looked for in vain is looked for again when there is a grant that was not there.
 */
static struct followed *find_grant(struct hand *hand, struct serve_asked *asked)
{
	struct wanted wanted = { .hand = hand, .pin = asked->pin, .narrow = true };
	char ip[KNOCK_ADDRESS_TEXT_SIZE];
	struct followed *followed;

	if (asked->seen > hand->follow->came)
		return NULL;
	knock_address_format(ip, &asked->address);
	followed = follow_find(hand->follow, ip, fits, &wanted);
	wanted.narrow = false;
	if (!followed)
		followed = follow_find(hand->follow, ip, fits, &wanted);
	if (!followed)
		asked->seen = hand->follow->came + 1;
	return followed;
}

/* Of several who have, the last one. */
static bool is_newest(struct followed *followed, void *data)
{
	struct followed **newest = data;

	if (followed->door->forwards && followed->subject.key[0] &&
	    (!*newest || followed->grant > (*newest)->grant))
		*newest = followed;
	return false;
}

static void put_party(struct serve_party *party, const struct subject *subject)
{
	strcpy(party->door, subject->name);
	strcpy(party->key, subject->key);
}

/**
 * hand_find_party() - who has knocked for an address
 * @data: struct hand
 * @address: where somebody connects from
 * @party: receives it; all-zero before, and after if nobody has
 */
void hand_find_party(void *data, const struct knock_address *address, struct serve_party *party)
{
	const struct hand *hand = data;
	char ip[KNOCK_ADDRESS_TEXT_SIZE];
	struct followed *newest = NULL;

	knock_address_format(ip, address);
	follow_find(hand->follow, ip, is_newest, &newest);
	if (newest)
		put_party(party, &newest->subject);
}

/**
 * hand_ask() - decide what a client gets
 * @data: struct hand
 * @asked: who asks, from where, and what he has
 * @gift: receives what he gets; all-zero before
 *
 * Others may have the numbers for long, like knockctl load --confirm. He has knocked, so he
 * gets his service all the same, and what he lacks of sequences the next time.
 *
 * Return: SERVE_LATER while no grant of his is known, which may only not have been told
 * yet, or, unless it is the last time, while others have the numbers.
 */
enum serve_answer hand_ask(void *data, struct serve_asked *asked, struct serve_gift *gift)
{
	struct handing handing = { .hand = data, .have = &asked->have, .next = &gift->next };
	const struct subject *subject;

	handing.followed = find_grant(handing.hand, asked);
	if (!handing.followed)
		return SERVE_LATER;
	subject = &handing.followed->subject;
	asked->proved = true;
	put_party(&asked->party, subject);
	handing.key = hand_key(handing.hand, subject->name, subject->key);
	if (!handing.key)
		return SERVE_REFUSED;
	if (config_key_is_once(handing.key) && !try_hand_out(&handing) && !asked->last)
		return SERVE_LATER;
	if (handing.followed->how == FOLLOWED_NARROW && !hand_open(data, subject, asked))
		return SERVE_REFUSED;
	if (!asked->have.wish.door_only)
		gift->service = handing.followed->door->forward;
	journal_served(subject, handing.followed->grant, gift->next.count);
	return SERVE_GIVEN;
}
