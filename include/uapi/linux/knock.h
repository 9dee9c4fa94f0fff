/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * Generic netlink family `knock'. Documentation/netlink/specs/knock.yaml says
 * what each command takes and gives; a test holds this header against it.
 */
#ifndef _UAPI_LINUX_KNOCK_H
#define _UAPI_LINUX_KNOCK_H

#include <linux/types.h>

#define KNOCK_GENL_NAME		"knock"
#define KNOCK_GENL_VERSION	1
#define KNOCK_MCGRP_EVENTS	"events"

/* A door's or key's name with its NUL; 1 to 31 of A-Za-z0-9_.- */
#define KNOCK_NAME_SIZE		32

#define KNOCK_SERVICES_MAX	32

/**
 * struct knock_service - one service of a door, in host byte order
 * @protocol: IP protocol number; 0 is every protocol, and then both ports are 0
 * @reserved: must be 0
 * @first: lowest port, 1 to 65535
 * @last: highest port, not below first
 */
struct knock_service {
	__u8 protocol;
	__u8 reserved;
	__u16 first;
	__u16 last;
};

#define KNOCK_FROM_MAX		16

/**
 * struct knock_from - a prefix that a key's knocks may come from
 * @address: any address in it, IPv4 as ::ffff:a.b.c.d
 * @prefix_len: bits of the address that count, 1 to 128, IPv4's behind ::ffff:0:0/96
 */
struct knock_from {
	__u8 address[16];
	__u8 prefix_len;
};

#define KNOCK_PORTS_MAX		32

/**
 * struct knock_port - one step of a static sequence, in host byte order
 * @port: 1 to 65535
 * @protocol: 6 is a lone SYN of TCP, 17 a UDP datagram
 * @reserved: must be 0
 */
struct knock_port {
	__u16 port;
	__u8 protocol;
	__u8 reserved;
};

#define KNOCK_AVOID_MAX		64

/**
 * struct knock_range - ports that are no steps of a once or derived sequence
 * @first: lowest port, above the last of the range before
 * @last: highest port, not below first
 */
struct knock_range {
	__u16 first;
	__u16 last;
};

/* Numbers of a once key that may be armed above the one that was used. */
#define KNOCK_ARMED_MAX		16

enum knock_key_type {
	KNOCK_KEY_TYPE_TUMBLER = 1,
	KNOCK_KEY_TYPE_SEALED,
	KNOCK_KEY_TYPE_SEQUENCE,

	/* private: */
	__KNOCK_KEY_TYPE_MAX,
	KNOCK_KEY_TYPE_MAX = __KNOCK_KEY_TYPE_MAX - 1
};

/**
 * enum knock_key_action - what a key does
 * @KNOCK_KEY_ACTION_OPEN: opens its door
 * @KNOCK_KEY_ACTION_CLOSE: closes it
 * @KNOCK_KEY_ACTION_BOTH: of a sealed key, whose knocks say themselves what they do
 */
enum knock_key_action {
	KNOCK_KEY_ACTION_OPEN = 1,
	KNOCK_KEY_ACTION_CLOSE,
	KNOCK_KEY_ACTION_BOTH,

	/* private: */
	__KNOCK_KEY_ACTION_MAX,
	KNOCK_KEY_ACTION_MAX = __KNOCK_KEY_ACTION_MAX - 1
};

/**
 * enum knock_sequence_kind - where the ports of a sequence key come from
 * @KNOCK_SEQUENCE_KIND_STATIC: from a list, as often as one likes
 * @KNOCK_SEQUENCE_KIND_ONCE: from a secret and a number, each number once
 * @KNOCK_SEQUENCE_KIND_DERIVED: from a secret and the time, each slot and counter once
 */
enum knock_sequence_kind {
	KNOCK_SEQUENCE_KIND_STATIC = 1,
	KNOCK_SEQUENCE_KIND_ONCE,
	KNOCK_SEQUENCE_KIND_DERIVED,

	/* private: */
	__KNOCK_SEQUENCE_KIND_MAX,
	KNOCK_SEQUENCE_KIND_MAX = __KNOCK_SEQUENCE_KIND_MAX - 1
};

enum knock_event_kind {
	KNOCK_EVENT_KIND_OPENED = 1,
	KNOCK_EVENT_KIND_EXTENDED,
	KNOCK_EVENT_KIND_CLOSED,
	KNOCK_EVENT_KIND_EXPIRED,
	KNOCK_EVENT_KIND_REPLAY,
	KNOCK_EVENT_KIND_BANNED,
	KNOCK_EVENT_KIND_PARDONED,
	KNOCK_EVENT_KIND_USED,

	/* private: */
	__KNOCK_EVENT_KIND_MAX,
	KNOCK_EVENT_KIND_MAX = __KNOCK_EVENT_KIND_MAX - 1
};

enum knock_cause {
	KNOCK_CAUSE_KNOCK = 1,
	KNOCK_CAUSE_COMMAND,
	KNOCK_CAUSE_RULE,
	KNOCK_CAUSE_DOOR_DELETED,
	KNOCK_CAUSE_KEY_DELETED,
	KNOCK_CAUSE_TIME,
	KNOCK_CAUSE_AGENT,

	/* private: */
	__KNOCK_CAUSE_MAX,
	KNOCK_CAUSE_MAX = __KNOCK_CAUSE_MAX - 1
};

/**
 * enum knock_reason - why the packet path did what it did
 * @KNOCK_REASON_OPENED: a grant was made
 * @KNOCK_REASON_EXTENDED: a live grant was made to last longer
 * @KNOCK_REASON_CLOSED: a close knock ended grants
 * @KNOCK_REASON_NOTHING_OPEN: a close knock found nothing to end
 * @KNOCK_REASON_HEADER: a header was cut short, or lengths disagree
 * @KNOCK_REASON_EXTENSION: more IPv6 extension headers than are walked
 * @KNOCK_REASON_FRAGMENT: a fragment, or put together from fragments
 * @KNOCK_REASON_SUPER_PACKET: several datagrams in one buffer (GSO, GRO)
 * @KNOCK_REASON_DESTINATION: sent to a broadcast or multicast address
 * @KNOCK_REASON_SOURCE: its source is no unicast address, or in ::ffff:0:0/96
 * @KNOCK_REASON_CHECKSUM: wrong, or missing on IPv6
 * @KNOCK_REASON_SIZE: a payload of a length that no knock has
 * @KNOCK_REASON_FORM: the length of a TUMBLER1 datagram, but not its spelling
 * @KNOCK_REASON_UNKNOWN_HINT: the length of a sealed knock, with no hint that is known
 * @KNOCK_REASON_NO_KEY: no tumbler key listens on this knock port
 * @KNOCK_REASON_BUDGET: passed over, the CPU's bucket of hashes was empty
 * @KNOCK_REASON_UNPROVED: no tumbler key made this digest for this address and minute
 * @KNOCK_REASON_GUARD: proved, but from before the key was loaded; maybe a replay
 * @KNOCK_REASON_STALE: proved, but older than what the key has accepted since
 * @KNOCK_REASON_DUPLICATE: a copy, within 5 s, from the address that used it
 * @KNOCK_REASON_REPLAY: a used knock, later or from elsewhere; of a sequence, its last step
 * @KNOCK_REASON_KEY_DELETED: proved, but the key was deleted at that moment
 * @KNOCK_REASON_DOOR_FULL: proved, but the door holds all the grants it may
 * @KNOCK_REASON_KEY_FULL: proved, but the key holds all the grants it may
 * @KNOCK_REASON_OLD_FULL: proved, but there is no room to remember it was used
 * @KNOCK_REASON_BLOCKED: the administrator blocks its source; not looked at further
 * @KNOCK_REASON_TAG: a known hint, but it was damaged, or made without the key
 * @KNOCK_REASON_CONTENT: proved, but it says what no knock may, or a time that is not its hint's
 * @KNOCK_REASON_TOO_OLD: proved, but made longer ago than the key's skew
 * @KNOCK_REASON_NOT_YET: proved, but made for later than the key's skew allows
 * @KNOCK_REASON_BEFORE_CLOSE: proved, but an open that is older than the key's latest close
 * @KNOCK_REASON_OTHER_DOOR: proved, but made for another door
 * @KNOCK_REASON_OTHER_ADDRESS: proved, but made for another source address
 * @KNOCK_REASON_FROM: proved, but its source is in none of the prefixes of the key
 * @KNOCK_REASON_NOT_AFTER: proved, but the key's time is over
 * @KNOCK_REASON_STEP: a step of a sequence that goes on
 * @KNOCK_REASON_STEP_AGAIN: a step that its source has done already
 * @KNOCK_REASON_NO_STEP: could have been a step, but begins or goes on with nothing
 * @KNOCK_REASON_STRAYED: no step, and one too many: what its source had begun is forgotten
 * @KNOCK_REASON_TOO_SLOW: a step, but longer after the first than any key of the sequence allows
 * @KNOCK_REASON_BANNED: the last step of a static sequence, but its source is banned
 *
 * One counter each, of packets for a knock port and, while there are sequence keys, of
 * those that could be a step. The first four proved a key: a datagram was then dropped.
 * A step, whatever came of it, went on to the rules, as did all else.
 */
enum knock_reason {
	KNOCK_REASON_OPENED = 1,
	KNOCK_REASON_EXTENDED,
	KNOCK_REASON_CLOSED,
	KNOCK_REASON_NOTHING_OPEN,
	KNOCK_REASON_HEADER,
	KNOCK_REASON_EXTENSION,
	KNOCK_REASON_FRAGMENT,
	KNOCK_REASON_SUPER_PACKET,
	KNOCK_REASON_DESTINATION,
	KNOCK_REASON_SOURCE,
	KNOCK_REASON_CHECKSUM,
	KNOCK_REASON_SIZE,
	KNOCK_REASON_FORM,
	KNOCK_REASON_UNKNOWN_HINT,
	KNOCK_REASON_NO_KEY,
	KNOCK_REASON_BUDGET,
	KNOCK_REASON_UNPROVED,
	KNOCK_REASON_GUARD,
	KNOCK_REASON_STALE,
	KNOCK_REASON_DUPLICATE,
	KNOCK_REASON_REPLAY,
	KNOCK_REASON_KEY_DELETED,
	KNOCK_REASON_DOOR_FULL,
	KNOCK_REASON_KEY_FULL,
	KNOCK_REASON_OLD_FULL,
	KNOCK_REASON_BLOCKED,
	KNOCK_REASON_TAG,
	KNOCK_REASON_CONTENT,
	KNOCK_REASON_TOO_OLD,
	KNOCK_REASON_NOT_YET,
	KNOCK_REASON_BEFORE_CLOSE,
	KNOCK_REASON_OTHER_DOOR,
	KNOCK_REASON_OTHER_ADDRESS,
	KNOCK_REASON_FROM,
	KNOCK_REASON_NOT_AFTER,
	KNOCK_REASON_STEP,
	KNOCK_REASON_STEP_AGAIN,
	KNOCK_REASON_NO_STEP,
	KNOCK_REASON_STRAYED,
	KNOCK_REASON_TOO_SLOW,
	KNOCK_REASON_BANNED,

	/* private: */
	__KNOCK_REASON_MAX,
	KNOCK_REASON_MAX = __KNOCK_REASON_MAX - 1
};

/**
 * enum knock_blacklist_kind - how an address came on the blacklist
 * @KNOCK_BLACKLIST_KIND_BAN: automatic, limited in time, lifted by a fresh knock
 * @KNOCK_BLACKLIST_KIND_BLOCK: by the administrator, who alone lifts it
 */
enum knock_blacklist_kind {
	KNOCK_BLACKLIST_KIND_BAN = 1,
	KNOCK_BLACKLIST_KIND_BLOCK,

	/* private: */
	__KNOCK_BLACKLIST_KIND_MAX,
	KNOCK_BLACKLIST_KIND_MAX = __KNOCK_BLACKLIST_KIND_MAX - 1
};

enum knock_attr {
	KNOCK_A_PAD = 1,
	KNOCK_A_DOOR_NAME,
	KNOCK_A_DOOR_SERVICES,
	KNOCK_A_DOOR_OPEN_FOR_SEC,
	KNOCK_A_DOOR_KNOCK_PORT,
	KNOCK_A_DOOR_MAX_GRANTS,
	KNOCK_A_DOOR_GRANTS,
	KNOCK_A_KEY_NAME,
	KNOCK_A_KEY_TYPE,
	KNOCK_A_KEY_ACTION,
	KNOCK_A_KEY_SECRET,
	KNOCK_A_KEY_GENERATED,
	KNOCK_A_KEY_FRESH,
	KNOCK_A_KEY_SKEW_SEC,
	KNOCK_A_KEY_MAX_GRANTS,
	KNOCK_A_KEY_GRANTS,
	KNOCK_A_KEY_FINGERPRINT,
	KNOCK_A_KEY_ACCEPTED_FROM,
	KNOCK_A_KEY_USED,
	KNOCK_A_ADDRESS,
	KNOCK_A_GRANT_ID,
	KNOCK_A_GRANT_FOR_SEC,
	KNOCK_A_GRANT_SINCE,
	KNOCK_A_GRANT_UNTIL,
	KNOCK_A_EVENT_KIND,
	KNOCK_A_EVENT_TIME,
	KNOCK_A_EVENT_CAUSE,
	KNOCK_A_EVENT_LOST,
	KNOCK_A_COUNT,
	KNOCK_A_REASON,
	KNOCK_A_REASON_ID,
	KNOCK_A_REASON_COUNT,
	KNOCK_A_STATE_VERSION,
	KNOCK_A_STATE_HASHES,
	KNOCK_A_STATE_BUDGET,
	KNOCK_A_STATE_EVENTS_LOST,
	KNOCK_A_STATE_DOORS,
	KNOCK_A_STATE_KEYS,
	KNOCK_A_STATE_TUMBLER_KEYS,
	KNOCK_A_STATE_TUMBLER_KEYS_MAX,
	KNOCK_A_STATE_GRANTS,
	KNOCK_A_STATE_GRANTS_MAX,
	KNOCK_A_STATE_OLD,
	KNOCK_A_STATE_OLD_MAX,
	KNOCK_A_DOOR_MARK,
	KNOCK_A_DOOR_MARK_MASK,
	KNOCK_A_PREFIX_LEN,
	KNOCK_A_BLACKLIST_KIND,
	KNOCK_A_BLACKLIST_FOR_SEC,
	KNOCK_A_BLACKLIST_SINCE,
	KNOCK_A_BLACKLIST_UNTIL,
	KNOCK_A_OLD_NUMBER,
	KNOCK_A_OLD_USED,
	KNOCK_A_RECORD_TIME,
	KNOCK_A_RECORD_PORT,
	KNOCK_A_RECORD_DATA,
	KNOCK_A_STATE_BANS,
	KNOCK_A_STATE_BANS_MAX,
	KNOCK_A_STATE_BLOCKS,
	KNOCK_A_STATE_BLOCKS_MAX,
	KNOCK_A_STATE_TRUSTED,
	KNOCK_A_STATE_TRUSTED_MAX,
	KNOCK_A_KEY_FROM,
	KNOCK_A_KEY_NOT_AFTER,
	KNOCK_A_STATE_KEYS_MAX,
	KNOCK_A_STATE_SEALED_KEYS,
	KNOCK_A_STATE_HINTS,
	KNOCK_A_STATE_DERIVATIONS,
	KNOCK_A_RECORD_TYPE,
	KNOCK_A_KEY_CLOSED,
	KNOCK_A_DOOR_BLACKLIST_FOR_SEC,
	KNOCK_A_KEY_SEQUENCE,
	KNOCK_A_KEY_PORTS,
	KNOCK_A_KEY_STEPS,
	KNOCK_A_KEY_WITHIN_SEC,
	KNOCK_A_KEY_AVOID,
	KNOCK_A_KEY_UNBOUND,
	KNOCK_A_KEY_LOCATION,
	KNOCK_A_KEY_SLOT_SEC,
	KNOCK_A_KEY_AHEAD,
	KNOCK_A_KEY_NUMBER,
	KNOCK_A_KEY_SLOT,
	KNOCK_A_KEY_ARMED,
	KNOCK_A_STATE_SEQUENCE_KEYS,
	KNOCK_A_STATE_DERIVED_KEYS,
	KNOCK_A_STATE_DERIVED_KEYS_MAX,
	KNOCK_A_STATE_SEQUENCES,
	KNOCK_A_STATE_SOURCES,
	KNOCK_A_STATE_SOURCES_MAX,
	KNOCK_A_STATE_LOOKUPS,
	KNOCK_A_STATE_TAILS,
	KNOCK_A_DOOR_AGENT_PORT,
	KNOCK_A_KEY_ROAMING,
	KNOCK_A_GRANT_NARROW,
	KNOCK_A_GRANT_RESTORED,

	/* private: */
	__KNOCK_A_MAX,
	KNOCK_A_MAX = __KNOCK_A_MAX - 1
};

enum knock_cmd {
	KNOCK_CMD_DOOR_ADD = 1,
	KNOCK_CMD_DOOR_SET,
	KNOCK_CMD_DOOR_DEL,
	KNOCK_CMD_DOOR_GET,
	KNOCK_CMD_KEY_ADD,
	KNOCK_CMD_KEY_DEL,
	KNOCK_CMD_KEY_GET,
	KNOCK_CMD_GRANT_OPEN,
	KNOCK_CMD_GRANT_CLOSE,
	KNOCK_CMD_GRANT_GET,
	KNOCK_CMD_STATE_GET,
	KNOCK_CMD_EVENT,
	KNOCK_CMD_BLACKLIST_ADD,
	KNOCK_CMD_BLACKLIST_DEL,
	KNOCK_CMD_BLACKLIST_GET,
	KNOCK_CMD_BLACKLIST_FLUSH,
	KNOCK_CMD_TRUST_ADD,
	KNOCK_CMD_TRUST_DEL,
	KNOCK_CMD_TRUST_GET,
	KNOCK_CMD_OLD_GET,
	KNOCK_CMD_RECORD_GET,
	KNOCK_CMD_KEY_ARM,

	/* private: */
	__KNOCK_CMD_MAX,
	KNOCK_CMD_MAX = __KNOCK_CMD_MAX - 1
};

#endif /* _UAPI_LINUX_KNOCK_H */
