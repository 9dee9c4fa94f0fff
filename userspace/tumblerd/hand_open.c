// SPDX-License-Identifier: GPL-2.0
/*
 * The door, for who has knocked from an unknown address and has shown his key since. It
 * is opened for the address that he has shown it from, which is that of the knock.
 */
#include "complain.h"
#include "hand.h"
#include "parse.h"

static bool put(struct nl_msg *message, const struct subject *subject,
		const struct serve_asked *asked)
{
	u32 seconds = asked->have.wish.open_for;

	/* More than the door allows to a knock the module does not give. */
	if (seconds > DURATION_MAX_SEC)
		seconds = DURATION_MAX_SEC;
	return !nla_put_string(message, KNOCK_A_DOOR_NAME, subject->name) &&
	       !nla_put_string(message, KNOCK_A_KEY_NAME, subject->key) &&
	       !nla_put(message, KNOCK_A_ADDRESS, sizeof(asked->address.bytes),
			asked->address.bytes) &&
	       (!seconds || !nla_put_u32(message, KNOCK_A_GRANT_FOR_SEC, seconds));
}

/**
 * hand_open() - open the door to a client of a roaming key
 * @hand: that decides
 * @subject: its narrow grant
 * @asked: what it asks, and from where; it has proved the grant's key
 *
 * Return: false with the sentence printed.
 */
bool hand_open(struct hand *hand, const struct subject *subject, const struct serve_asked *asked)
{
	struct nl_msg *message = netlink_message(hand->netlink, KNOCK_CMD_GRANT_OPEN, 0);
	char why[NETLINK_WHY_SIZE];

	if (message && !put(message, subject, asked)) {
		netlink_discard(message);
		message = NULL;
	}
	if (!netlink_try(hand->netlink, message, NULL, NULL, why))
		return true;
	complain("door %s is not opened for key %s from %s: %s", subject->name, subject->key,
		 subject->ip, why);
	return false;
}
