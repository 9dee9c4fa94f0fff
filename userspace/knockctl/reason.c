// SPDX-License-Identifier: GPL-2.0
/* What became of a packet: the word for programs, and for people the mend. */
#include "reason.h"

/**
 * struct meaning - of a reason
 * @word: as in JSON, so with _ where the specification has -
 * @sentence: what it is and what to do; of refused knocks only
 */
struct meaning {
	const char *word;
	const char *sentence;
};

static const struct meaning meanings[KNOCK_REASON_MAX + 1] = {
	[KNOCK_REASON_OPENED] = { "opened" },
	[KNOCK_REASON_EXTENDED] = { "extended" },
	[KNOCK_REASON_CLOSED] = { "closed" },
	[KNOCK_REASON_NOTHING_OPEN] = { "nothing_open" },
	[KNOCK_REASON_HEADER] = {
		"header",
		"One of its headers was cut short, or their lengths disagree: look for what damages packets on the way.",
	},
	[KNOCK_REASON_EXTENSION] = {
		"extension",
		"It had more IPv6 extension headers than the module walks: knock without them.",
	},
	[KNOCK_REASON_FRAGMENT] = {
		"fragment",
		"It was a fragment, or put together from fragments: a knock is small, so look for what fragments it.",
	},
	[KNOCK_REASON_SUPER_PACKET] = {
		"super_packet",
		"Several datagrams came as one packet: leave time between them, or switch off the network card's joining of UDP (GRO) with ethtool.",
	},
	[KNOCK_REASON_DESTINATION] = {
		"destination",
		"It was sent to a broadcast or multicast address: knock on an address of one host.",
	},
	[KNOCK_REASON_SOURCE] = {
		"source",
		"Its source is no address of one host, or in ::ffff:0:0/96: knock from an ordinary address.",
	},
	[KNOCK_REASON_CHECKSUM] = {
		"checksum",
		"Its UDP checksum is wrong, or missing where IPv6 demands one: look for what damages packets on the way.",
	},
	[KNOCK_REASON_SIZE] = {
		"size",
		"No knock has the length of its payload: a TUMBLER1 datagram has 74 bytes, a sealed one 88.",
	},
	[KNOCK_REASON_FORM] = {
		"form",
		"It has the length of a TUMBLER1 datagram, but is not spelled like one: that is TUMBLER1:, one space, 64 hex digits, and no more than a line end.",
	},
	[KNOCK_REASON_UNKNOWN_HINT] = {
		"unknown_hint",
		"It has the length of a sealed knock, but no key that is loaded was to send it at that time: check the client's key and clock.",
	},
	[KNOCK_REASON_NO_KEY] = {
		"no_key",
		"No tumbler key listens on that port: compare it with the knock ports that knockctl doors shows, and add the key if it is missing.",
	},
	[KNOCK_REASON_BUDGET] = {
		"budget",
		"It was passed over, since its processor had spent its time for knocks, most likely on a flood of false ones: knock again.",
	},
	[KNOCK_REASON_UNPROVED] = {
		"unproved",
		"No key that listens on that port made it for this address and that minute: the secret is wrong, a clock is off, or the address was translated (NAT).",
	},
	[KNOCK_REASON_GUARD] = {
		"guard",
		"It proved a key, but may be a replay, being older than the loading of the key: knock again in a later minute.",
	},
	[KNOCK_REASON_STALE] = {
		"stale",
		"It proved a key, but was made for an earlier minute than the key still takes, since it was used for a later one: set the client's clock.",
	},
	[KNOCK_REASON_DUPLICATE] = {
		"duplicate",
		"It was a copy of a knock from the same address that was taken within 5 s before: there is nothing to mend.",
	},
	[KNOCK_REASON_REPLAY] = {
		"replay",
		"It had been used before, and is good once: knock again in another minute.",
	},
	[KNOCK_REASON_KEY_DELETED] = {
		"key_deleted",
		"It proved a key that was deleted at that moment: add the key again if that was a mistake.",
	},
	[KNOCK_REASON_DOOR_FULL] = {
		"door_full",
		"It was good, but its door held all the grants it may: give the door more with knockctl set-door --max-grants, or close some.",
	},
	[KNOCK_REASON_KEY_FULL] = {
		"key_full",
		"It was good, but its key held all the grants it may: close some, or add the key again with more --max-grants.",
	},
	[KNOCK_REASON_OLD_FULL] = {
		"old_full",
		"It was good, but there was no room to remember that it was used: knock again in a minute, and give the door more room with knockctl set-door --max-grants.",
	},
	[KNOCK_REASON_BLOCKED] = {
		"blocked",
		"The address is blocked, so nothing it sends is looked at: lift that with knockctl unblock.",
	},
	[KNOCK_REASON_TAG] = {
		"tag",
		"It began like a knock of a sealed key, but was damaged on the way, or made by somebody who saw such a knock and does not have the key.",
	},
	[KNOCK_REASON_CONTENT] = {
		"content",
		"It proved a sealed key, but says what no knock may say: the program that made it is broken, or newer than the module.",
	},
	[KNOCK_REASON_TOO_OLD] = {
		"too_old",
		"It proved a sealed key, but was made longer ago than the key's skew: set the clocks of client and server, or look for what held it back.",
	},
	[KNOCK_REASON_NOT_YET] = {
		"not_yet",
		"It proved a sealed key, but its time is further ahead than the key's skew: set the clocks of client and server.",
	},
	[KNOCK_REASON_BEFORE_CLOSE] = {
		"before_close",
		"It proved a sealed key, but is to open what the same key closed at a later time: knock again when that time is past, and set the clocks of the key's devices if they differ.",
	},
	[KNOCK_REASON_OTHER_DOOR] = {
		"other_door",
		"It proved a sealed key, but was made for another door: check the door in the client's profile.",
	},
	[KNOCK_REASON_OTHER_ADDRESS] = {
		"other_address",
		"It proved a sealed key, but was made for another source address: where the address is translated (NAT), give the client the outer one with --source.",
	},
	[KNOCK_REASON_FROM] = {
		"from",
		"It proved a key that may not be used from this address: add the key again with a --from that has it.",
	},
	[KNOCK_REASON_NOT_AFTER] = {
		"not_after",
		"It proved a key whose time is over: add the key again with a later --not-after.",
	},
	[KNOCK_REASON_STEP] = { "step" },
	[KNOCK_REASON_STEP_AGAIN] = { "step_again" },
	[KNOCK_REASON_NO_STEP] = { "no_step" },
	[KNOCK_REASON_STRAYED] = {
		"strayed",
		"It was no step of the sequence that had been begun, and one too many of these, so the sequence was forgotten: send the steps alone, in their order.",
	},
	[KNOCK_REASON_TOO_SLOW] = {
		"too_slow",
		"It was a step of a sequence, but came longer after the first one than the key allows: knock faster, or add the key again with a longer --within.",
	},
	[KNOCK_REASON_BANNED] = {
		"banned",
		"It completed a static sequence, but the address is banned: knock with a key of another type, which lifts the ban, or lift it with knockctl unblock.",
	},
};

/* What is to be said otherwise of a sequence that was complete. */
static const char *const of_sequences[KNOCK_REASON_MAX + 1] = {
	[KNOCK_REASON_GUARD] =
		"It completed a derived sequence, but of a slot that began before the key was loaded, so it may be a replay: knock again in a later slot.",
	[KNOCK_REASON_STALE] =
		"It completed a sequence that is over, since it or a later one was used: knock with a later one.",
	[KNOCK_REASON_DUPLICATE] =
		"It completed a copy of a sequence that was taken from the same address within 5 s before: there is nothing to mend.",
	[KNOCK_REASON_REPLAY] =
		"It completed a sequence that had been used before, and each is good once: so the address was banned, unless it is trusted; a fresh sequence lifts that, or knockctl unblock.",
	[KNOCK_REASON_TOO_OLD] =
		"It completed a derived sequence of a slot that is past: set the clocks of client and server.",
	[KNOCK_REASON_NOT_YET] =
		"It completed a derived sequence of a slot to come: set the clocks of client and server.",
};

static const char unknown[] =
	"This program does not know that reason: install the version that belongs to the module.";

const char *reason_word(u8 reason)
{
	/* A newer module may have reasons that this program does not know. */
	if (reason > KNOCK_REASON_MAX || !meanings[reason].word)
		return "unknown";
	return meanings[reason].word;
}

const char *reason_sentence(u8 reason)
{
	if (reason > KNOCK_REASON_MAX || !meanings[reason].sentence)
		return unknown;
	return meanings[reason].sentence;
}

/* The same, or what is to be said otherwise of a sequence that was complete. */
const char *reason_sequence_sentence(u8 reason)
{
	if (reason <= KNOCK_REASON_MAX && of_sequences[reason])
		return of_sequences[reason];
	return reason_sentence(reason);
}
