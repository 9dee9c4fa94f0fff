// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>

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
	add_flag(record, "narrow", attributes[KNOCK_A_GRANT_NARROW]);
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

static bool read_duration(const struct invocation *invocation, u32 *seconds)
{
	const char *duration = invocation->value[FOR];
	char why[PARSE_WHY_SIZE];

	*seconds = 0;
	if (!duration || parse_duration(duration, seconds, why))
		return true;
	complain("%s", why);
	return false;
}

static struct nl_msg *open_message(struct netlink *netlink, const struct grant_request *request)
{
	struct nl_msg *message = netlink_message(netlink, KNOCK_CMD_GRANT_OPEN, 0);

	if (message && (!put_operands(message, request) ||
			(request->seconds && nla_put_u32(message, KNOCK_A_GRANT_FOR_SEC,
							 request->seconds)))) {
		nlmsg_free(message);
		message = NULL;
	}
	return message;
}

static enum outcome open_address(const struct invocation *invocation, const char *address)
{
	struct grant_request request;
	struct netlink netlink;

	if (!read_operands(invocation, address, &request) ||
	    !read_duration(invocation, &request.seconds))
		return USAGE;
	if (!netlink_open(&netlink))
		return REFUSED;
	return ask(&netlink, open_message(&netlink, &request), true, print_opened, &request);
}

/* An address, and in which line it stands. */
struct address_line {
	size_t number;
	struct knock_address address;
};

/**
 * struct addresses - a list from standard input
 * @count: how many
 * @room: how many @line has room for
 * @line: the addresses
 */
struct addresses {
	size_t count;
	size_t room;
	struct address_line *line;
};

static bool add_address_line(struct addresses *list, size_t number,
			     const struct knock_address *address)
{
	size_t room = list->room ? 2 * list->room : 64;
	void *line;

	if (list->count == list->room) {
		line = reallocarray(list->line, room, sizeof(*list->line));
		if (!line) {
			complain("out of memory for so many addresses, nothing was opened; give fewer");
			return false;
		}
		list->line = line;
		list->room = room;
	}
	list->line[list->count].number = number;
	list->line[list->count++].address = *address;
	return true;
}

/* Blanks around an address, and empty lines, are nothing. */
static char *trim(char *line)
{
	char *end = line + strlen(line);

	while (end > line && strchr(" \t\r\n", end[-1]))
		*--end = '\0';
	return line + strspn(line, " \t");
}

static bool read_addresses(struct addresses *list)
{
	struct knock_address address;
	char why[PARSE_WHY_SIZE];
	bool good = true;
	char *line = NULL, *text;
	size_t size = 0, number;

	for (number = 1; good && getline(&line, &size, stdin) >= 0; number++) {
		text = trim(line);
		if (!*text)
			continue;
		good = parse_address(text, &address, why);
		if (!good)
			complain("line %zu: %s; nothing was opened", number, why);
		else
			good = add_address_line(list, number, &address);
	}
	if (good && ferror(stdin)) {
		complain("the addresses cannot be read: %m; nothing was opened");
		good = false;
	}
	free(line);
	return good;
}

static enum outcome open_list(const struct invocation *invocation, const struct addresses *list,
			      u32 seconds)
{
	struct grant_request request = { .invocation = invocation, .seconds = seconds };
	char why[NETLINK_WHY_SIZE];
	struct netlink netlink;
	int error = 0;
	size_t i;

	if (!netlink_open(&netlink))
		return REFUSED;
	for (i = 0; i < list->count && !error; i++) {
		request.address = list->line[i].address;
		error = netlink_try(&netlink, open_message(&netlink, &request), print_opened,
				    &request, why);
		if (error)
			complain("line %zu: %s; the lines before it were opened",
				 list->line[i].number, why);
	}
	netlink_close(&netlink);
	return error ? REFUSED : DONE;
}

/* All lines are read before the first is opened. */
static enum outcome open_from_stdin(const struct invocation *invocation)
{
	struct addresses list = { .count = 0 };
	enum outcome outcome = USAGE;
	char why[PARSE_WHY_SIZE];
	u32 seconds;

	if (!parse_name("door", invocation->operand[0], why))
		complain("%s", why);
	else if (read_duration(invocation, &seconds) && read_addresses(&list))
		outcome = open_list(invocation, &list, seconds);
	free(list.line);
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
