// SPDX-License-Identifier: GPL-2.0
/* Used knocks, which are remembered as long as they could be taken for good ones. */
#include "knockctl.h"

static void describe_old(struct record *record, struct nlattr **attributes)
{
	add_text(record, "door", attributes[KNOCK_A_DOOR_NAME]);
	add_text(record, "key", attributes[KNOCK_A_KEY_NAME]);
	add_key_type(record, "type", attributes[KNOCK_A_KEY_TYPE]);
	add_address(record, "address", attributes[KNOCK_A_ADDRESS]);
	add_number(record, "number", attributes[KNOCK_A_OLD_NUMBER]);
	add_time(record, "used", attributes[KNOCK_A_OLD_USED]);
	add_number(record, "slot", attributes[KNOCK_A_KEY_SLOT]);
}

enum outcome list_old(const struct invocation *invocation)
{
	return list_objects(invocation, KNOCK_CMD_OLD_GET, describe_old);
}
