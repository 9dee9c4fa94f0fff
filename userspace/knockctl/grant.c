// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>

#include "complain.h"
#include "knockctl.h"

enum { FOR };

const struct option_word open_options[] = {
	[FOR] = { "for", "TIME", "how long, 1s to 7d (as long as a knock would)" },
	{ NULL, NULL, NULL }
};

/* Door and address as they were given, and what came of the request. */
struct grant_request {
	const struct invocation *invocation;
	struct knock_address address;
	u32 seconds;
};

static bool read_operands(const struct invocation *invocation, const char *address,
			  struct grant_request *request)
{
	char why[PARSE_WHY_SIZE];

	*request = (struct grant_request){ .invocation = invocation };
	if (parse_name("door", invocation->operand[0], why) &&
	    parse_address(address, &request->address, why))
		return true;
	complain("%s", why);
	return false;
}

static bool put_operands(struct nl_msg *message, const struct grant_request *request)
{
	return !nla_put_string(message, KNOCK_A_DOOR_NAME, request->invocation->operand[0]) &&
	       !nla_put(message, KNOCK_A_ADDRESS, sizeof(request->address.bytes),
			request->address.bytes);
}

void describe_grant(struct record *record, struct nlattr **attributes)
{
	add_number(record, "id", attributes[KNOCK_A_GRANT_ID]);
	add_text(record, "door", attributes[KNOCK_A_DOOR_NAME]);
	add_text(record, "key", attributes[KNOCK_A_KEY_NAME]);
	add_address(record, "address", attributes[KNOCK_A_ADDRESS]);
	add_time(record, "since", attributes[KNOCK_A_GRANT_SINCE]);
	add_time(record, "until", attributes[KNOCK_A_GRANT_UNTIL]);
}

enum outcome list_grants(const struct invocation *invocation)
{
	return list_objects(invocation, KNOCK_CMD_GRANT_GET, describe_grant);
}

static void print_opened(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	const struct grant_request *request = data;
	char until[TIME_TEXT_SIZE] = "?";
	struct record record = { .count = 0 };

	(void)header;
	describe_grant(&record, attributes);
	if (attributes[KNOCK_A_GRANT_UNTIL])
		format_time(until, nla_get_u64(attributes[KNOCK_A_GRANT_UNTIL]));
	if (request->invocation->json) {
		record_print_json(stdout, &record);
		putchar('\n');
	} else {
		printf("open until %s\n", until);
	}
	record_clear(&record);
}

static enum outcome open_address(const struct invocation *invocation, const char *address)
{
	const char *duration = invocation->value[FOR];
	struct grant_request request;
	char why[PARSE_WHY_SIZE];
	struct netlink netlink;
	struct nl_msg *message;
	bool complete;

	if (!read_operands(invocation, address, &request))
		return USAGE;
	if (duration && !parse_duration(duration, &request.seconds, why)) {
		complain("%s", why);
		return USAGE;
	}
	if (!netlink_open(&netlink))
		return REFUSED;
	message = netlink_message(&netlink, KNOCK_CMD_GRANT_OPEN, 0);
	complete = message && put_operands(message, &request) &&
		   (!duration ||
		    !nla_put_u32(message, KNOCK_A_GRANT_FOR_SEC, request.seconds));
	return ask(&netlink, message, complete, print_opened, &request);
}

/* One address a line, until the first that is refused. */
static enum outcome open_from_stdin(const struct invocation *invocation)
{
	enum outcome outcome = DONE;
	char line[128];

	while (outcome == DONE && fgets(line, sizeof(line), stdin)) {
		line[strcspn(line, "\r\n")] = '\0';
		if (*line)
			outcome = open_address(invocation, line);
	}
	return outcome;
}

enum outcome open_grant(const struct invocation *invocation)
{
	if (!strcmp(invocation->operand[1], "-"))
		return open_from_stdin(invocation);
	return open_address(invocation, invocation->operand[1]);
}

static void print_closed(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	const struct grant_request *request = data;
	u32 count = attributes[KNOCK_A_COUNT] ? nla_get_u32(attributes[KNOCK_A_COUNT]) : 0;

	(void)header;
	if (request->invocation->json)
		printf("{\"count\": %u}\n", count);
	else if (count)
		printf("closed %u %s\n", count, count == 1 ? "grant" : "grants");
	else
		puts("nothing was open");
}

enum outcome close_grant(const struct invocation *invocation)
{
	struct grant_request request;
	struct netlink netlink;
	struct nl_msg *message;
	bool complete;

	if (!read_operands(invocation, invocation->operand[1], &request))
		return USAGE;
	if (!netlink_open(&netlink))
		return REFUSED;
	message = netlink_message(&netlink, KNOCK_CMD_GRANT_CLOSE, 0);
	complete = message && put_operands(message, &request);
	return ask(&netlink, message, complete, print_closed, &request);
}
