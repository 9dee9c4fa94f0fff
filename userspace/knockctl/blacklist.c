// SPDX-License-Identifier: GPL-2.0
/* Addresses that are kept out. Blocks are made here, bans by rules. */
#include <stdio.h>

#include "complain.h"
#include "knockctl.h"

enum { FOR };

const struct option_word block_options[] = {
	[FOR] = { "for", "TIME", "how long, 1s to 7d (until it is lifted)" },
	{ NULL, NULL, NULL }
};

enum { ALL };

const struct option_word unblock_options[] = {
	[ALL] = { "all", NULL, "lift all blocks and bans" },
	{ NULL, NULL, NULL }
};

static const char *const kinds[] = {
	[KNOCK_BLACKLIST_KIND_BAN] = "ban",
	[KNOCK_BLACKLIST_KIND_BLOCK] = "block",
};

static bool put_address(struct nl_msg *message, const struct knock_address *address)
{
	return !nla_put(message, KNOCK_A_ADDRESS, sizeof(address->bytes), address->bytes);
}

enum outcome block_address(const struct invocation *invocation)
{
	const char *duration = invocation->value[FOR];
	struct knock_address address;
	char why[PARSE_WHY_SIZE];
	struct netlink netlink;
	struct nl_msg *message;
	u32 seconds = 0;
	bool complete;

	if (!parse_address(invocation->operand[0], &address, why) ||
	    (duration && !parse_duration(duration, &seconds, why))) {
		complain("%s", why);
		return USAGE;
	}
	if (!netlink_open(&netlink))
		return REFUSED;
	message = netlink_message(&netlink, KNOCK_CMD_BLACKLIST_ADD, 0);
	complete = message && put_address(message, &address) &&
		   !nla_put_u8(message, KNOCK_A_BLACKLIST_KIND, KNOCK_BLACKLIST_KIND_BLOCK) &&
		   (!duration || !nla_put_u32(message, KNOCK_A_BLACKLIST_FOR_SEC, seconds));
	return ask(&netlink, message, complete, NULL, NULL);
}

static enum outcome unblock_one(const struct invocation *invocation)
{
	struct knock_address address;
	char why[PARSE_WHY_SIZE];
	struct netlink netlink;
	struct nl_msg *message;
	bool complete;

	if (!parse_address(invocation->operand[0], &address, why)) {
		complain("%s", why);
		return USAGE;
	}
	if (!netlink_open(&netlink))
		return REFUSED;
	message = netlink_message(&netlink, KNOCK_CMD_BLACKLIST_DEL, 0);
	complete = message && put_address(message, &address);
	return ask(&netlink, message, complete, NULL, NULL);
}

static void print_lifted(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	u32 count = attributes[KNOCK_A_COUNT] ? nla_get_u32(attributes[KNOCK_A_COUNT]) : 0;
	const struct invocation *invocation = data;

	(void)header;
	if (invocation->json)
		printf("{\"count\": %u}\n", count);
	else if (count)
		printf("lifted %u %s\n", count, count == 1 ? "entry" : "entries");
	else
		puts("nobody was on the blacklist");
}

enum outcome unblock_address(const struct invocation *invocation)
{
	bool all = invocation->value[ALL];
	struct netlink netlink;

	if (all && invocation->count)
		return usage_error(invocation, "--all lifts everything, so leave the address out");
	if (!all && !invocation->count)
		return usage_error(invocation,
				   "whom to unblock is not said, give an address or --all");
	if (!all)
		return unblock_one(invocation);
	if (!netlink_open(&netlink))
		return REFUSED;
	return ask(&netlink, netlink_message(&netlink, KNOCK_CMD_BLACKLIST_FLUSH, 0), true,
		   print_lifted, (void *)invocation);
}

static void describe_listed(struct record *record, struct nlattr **attributes)
{
	add_address(record, "address", attributes[KNOCK_A_ADDRESS]);
	add_word(record, "kind", attributes[KNOCK_A_BLACKLIST_KIND], kinds,
		 sizeof(kinds) / sizeof(kinds[0]));
	add_time(record, "until", attributes[KNOCK_A_BLACKLIST_UNTIL]);
}

enum outcome list_blacklist(const struct invocation *invocation)
{
	return list_objects(invocation, KNOCK_CMD_BLACKLIST_GET, describe_listed);
}
