// SPDX-License-Identifier: GPL-2.0
/* Requests from connecting to what the module answered. */
#include "complain.h"
#include "knockctl.h"
#include "listing.h"

/**
 * ask() - send a request and take its answers
 * @netlink: opened; closed here
 * @message: the request, wiped and freed here; NULL if there was no memory
 * @complete: false if something did not fit into @message
 * @reply: called for each answer, may be NULL
 * @data: for @reply
 *
 * Return: DONE, or REFUSED with the sentence printed.
 */
enum outcome ask(struct netlink *netlink, struct nl_msg *message, bool complete,
		 netlink_reply *reply, void *data)
{
	enum outcome outcome = REFUSED;

	if (!message || !complete) {
		complain("out of memory, nothing was asked of the module; free some and try again");
		nlmsg_free(message);
	} else if (netlink_ask(netlink, message, reply, data)) {
		outcome = DONE;
	}
	netlink_close(netlink);
	return outcome;
}

/**
 * struct listed - a dump on its way into a listing
 * @listing: where to
 * @describe: makes a record of an object's attributes
 */
struct listed {
	struct listing listing;
	void (*describe)(struct record *record, struct nlattr **attributes);
};

static void list_object(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct record record = { .count = 0 };
	struct listed *listed = data;

	(void)header;
	listed->describe(&record, attributes);
	listing_add(&listed->listing, &record);
	record_clear(&record);
}

/**
 * list_objects() - print all objects of a kind, or those of a door
 * @invocation: with the door's name, if any, as its first operand
 * @command: the dump
 * @describe: makes a record of an object's attributes
 *
 * Return: the verb's outcome.
 */
enum outcome list_objects(const struct invocation *invocation, int command,
			  void (*describe)(struct record *record, struct nlattr **attributes))
{
	struct listed listed = { .describe = describe };
	char why[PARSE_WHY_SIZE];
	struct netlink netlink;
	struct nl_msg *message;
	enum outcome outcome;
	bool complete = true;

	if (invocation->count > 0 && !parse_name("door", invocation->operand[0], why)) {
		complain("%s", why);
		return USAGE;
	}
	if (!netlink_open(&netlink))
		return REFUSED;
	message = netlink_message(&netlink, command, NLM_F_DUMP);
	if (message && invocation->count > 0)
		complete = !nla_put_string(message, KNOCK_A_DOOR_NAME, invocation->operand[0]);
	listing_begin(&listed.listing, invocation->json);
	outcome = ask(&netlink, message, complete, list_object, &listed);
	if (!listing_end(&listed.listing))
		outcome = REFUSED;
	return outcome;
}
