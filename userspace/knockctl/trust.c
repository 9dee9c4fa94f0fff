// SPDX-License-Identifier: GPL-2.0
/* Addresses that nothing bans and no rule hits, so that nobody locks himself out. */
#include "complain.h"
#include "knockctl.h"

static enum outcome send_prefix(const struct invocation *invocation, int command)
{
	char why[PARSE_WHY_SIZE];
	struct prefix prefix;
	struct netlink netlink;
	struct nl_msg *message;
	bool complete;

	if (!parse_prefix(invocation->operand[0], &prefix, why)) {
		complain("%s", why);
		return USAGE;
	}
	if (!netlink_open(&netlink))
		return REFUSED;
	message = netlink_message(&netlink, command, 0);
	complete = message &&
		   !nla_put(message, KNOCK_A_ADDRESS, sizeof(prefix.address.bytes),
			    prefix.address.bytes) &&
		   !nla_put_u8(message, KNOCK_A_PREFIX_LEN, prefix.length);
	return ask(&netlink, message, complete, NULL, NULL);
}

enum outcome trust_prefix(const struct invocation *invocation)
{
	return send_prefix(invocation, KNOCK_CMD_TRUST_ADD);
}

enum outcome untrust_prefix(const struct invocation *invocation)
{
	return send_prefix(invocation, KNOCK_CMD_TRUST_DEL);
}

static void describe_trusted(struct record *record, struct nlattr **attributes)
{
	struct nlattr *address = attributes[KNOCK_A_ADDRESS];
	struct nlattr *length = attributes[KNOCK_A_PREFIX_LEN];
	struct prefix prefix = { .length = PREFIX_LENGTH_MAX };
	char text[PREFIX_TEXT_SIZE];

	if (!address) {
		record_absent(record, "address");
		return;
	}
	memcpy(prefix.address.bytes, nla_data(address), sizeof(prefix.address.bytes));
	if (length)
		prefix.length = nla_get_u8(length);
	format_prefix(text, &prefix);
	record_text(record, "address", text);
}

enum outcome list_trusted(const struct invocation *invocation)
{
	return list_objects(invocation, KNOCK_CMD_TRUST_GET, describe_trusted);
}
