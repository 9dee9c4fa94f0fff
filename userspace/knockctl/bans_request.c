// SPDX-License-Identifier: GPL-2.0
/* Bans out of the module, and back. */
#include <string.h>
#include <time.h>

#include "bans.h"

static void take_listed(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct nlattr *address = attributes[KNOCK_A_ADDRESS];
	struct nlattr *kind = attributes[KNOCK_A_BLACKLIST_KIND];
	struct nlattr *until = attributes[KNOCK_A_BLACKLIST_UNTIL];
	u64 now = (u64)time(NULL), left;
	struct ban ban;

	(void)header;
	if (!address || !kind || nla_get_u8(kind) != KNOCK_BLACKLIST_KIND_BAN || !until)
		return;
	ban.until = nla_get_u64(until);
	left = ban.until > now ? ban.until - now : 0;
	if (!left)
		return;
	ban.left = left < BANS_SECONDS_MAX ? (u32)left : BANS_SECONDS_MAX;
	memcpy(ban.address.bytes, nla_data(address), sizeof(ban.address.bytes));
	/* One that is not kept is one that ends earlier. */
	bans_add(data, &ban);
}

/* All bans of the module. Return: 0, or the number of an error, with the sentence. */
int bans_ask(struct bans *bans, struct netlink *netlink, char why[NETLINK_WHY_SIZE])
{
	return netlink_try(netlink, netlink_message(netlink, KNOCK_CMD_BLACKLIST_GET, NLM_F_DUMP),
			   take_listed, bans, why);
}

static bool restore(struct netlink *netlink, const struct ban *ban, u32 seconds)
{
	struct nl_msg *message = netlink_message(netlink, KNOCK_CMD_BLACKLIST_ADD, 0);
	char why[NETLINK_WHY_SIZE];

	if (message &&
	    (nla_put(message, KNOCK_A_ADDRESS, sizeof(ban->address.bytes), ban->address.bytes) ||
	     nla_put_u8(message, KNOCK_A_BLACKLIST_KIND, KNOCK_BLACKLIST_KIND_BAN) ||
	     nla_put_u32(message, KNOCK_A_BLACKLIST_FOR_SEC, seconds))) {
		netlink_discard(message);
		message = NULL;
	}
	return !netlink_try(netlink, message, NULL, NULL, why);
}

/**
 * bans_restore() - give the module those that are not over
 * @bans: the bans; their number is counted
 * @netlink: the connection; there is a door
 *
 * Who is trusted now is refused, and stays unbanned.
 */
void bans_restore(struct bans *bans, struct netlink *netlink)
{
	u64 now = (u64)time(NULL);
	size_t i;

	for (i = 0; i < bans->count; i++) {
		u32 seconds = bans_seconds(&bans->ban[i], now);

		bans->restored += seconds && restore(netlink, &bans->ban[i], seconds);
	}
}
