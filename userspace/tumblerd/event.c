// SPDX-License-Identifier: GPL-2.0
/* Events and grants of the module, from netlink attributes whose lengths are checked. */
#include <string.h>

#include <netlink/attr.h>

#include "event.h"
#include "event_names.h"

/*
 * A name goes into arguments and the environment of commands. The module has no other
 * names than good ones; whatever it says, nothing else gets there.
 */
static void take_name(char name[NAME_SIZE], struct nlattr *attribute)
{
	name[0] = '\0';
	if (attribute && name_is_good(nla_get_string(attribute)))
		strcpy(name, nla_get_string(attribute));
}

static void take_subject(struct subject *subject, struct nlattr **attributes)
{
	struct knock_address address;

	take_name(subject->name, attributes[KNOCK_A_DOOR_NAME]);
	take_name(subject->key, attributes[KNOCK_A_KEY_NAME]);
	subject->ip[0] = '\0';
	if (!attributes[KNOCK_A_ADDRESS])
		return;
	memcpy(address.bytes, nla_data(attributes[KNOCK_A_ADDRESS]), sizeof(address.bytes));
	knock_address_format(subject->ip, &address);
}

static uint64_t number(struct nlattr *attribute)
{
	return attribute ? nla_get_u64(attribute) : 0;
}

/**
 * event_take() - take an event apart
 * @event: to fill
 * @attributes: by number, see netlink_reply
 *
 * Return: true; false if it is one of a newer module, that says nothing this can tell.
 */
bool event_take(struct event *event, struct nlattr **attributes)
{
	struct nlattr *count = attributes[KNOCK_A_COUNT], *lost = attributes[KNOCK_A_EVENT_LOST];
	struct nlattr *cause = attributes[KNOCK_A_EVENT_CAUSE];

	memset(event, 0, sizeof(*event));
	event->lost = lost ? nla_get_u32(lost) : 0;
	if (!attributes[KNOCK_A_EVENT_KIND])
		return false;
	event->kind = nla_get_u8(attributes[KNOCK_A_EVENT_KIND]);
	event->cause = cause ? nla_get_u8(cause) : 0;
	event->grant = number(attributes[KNOCK_A_GRANT_ID]);
	event->until = number(attributes[KNOCK_A_GRANT_UNTIL]);
	if (!event->until)
		event->until = number(attributes[KNOCK_A_BLACKLIST_UNTIL]);
	event->count = count ? nla_get_u32(count) : 0;
	event->numbered = attributes[KNOCK_A_KEY_NUMBER];
	event->number = number(attributes[KNOCK_A_KEY_NUMBER]);
	event->narrow = attributes[KNOCK_A_GRANT_NARROW];
	take_subject(&event->subject, attributes);
	return event_kind(event);
}

/**
 * event_take_grant() - what would have been told when a grant was made
 * @event: to fill
 * @attributes: of a grant in a dump
 */
void event_take_grant(struct event *event, struct nlattr **attributes)
{
	memset(event, 0, sizeof(*event));
	event->kind = KNOCK_EVENT_KIND_OPENED;
	event->grant = number(attributes[KNOCK_A_GRANT_ID]);
	event->until = number(attributes[KNOCK_A_GRANT_UNTIL]);
	event->narrow = attributes[KNOCK_A_GRANT_NARROW];
	take_subject(&event->subject, attributes);
}

/**
 * event_kind() - a word for what happened
 * @event: the event
 *
 * Return: the word, or NULL if there is none.
 */
const char *event_kind(const struct event *event)
{
	return event->kind < EVENT_KINDS ? event_kinds[event->kind] : NULL;
}

/**
 * event_cause() - a word for why it happened
 * @event: the event
 *
 * Return: the word, or NULL if there is none.
 */
const char *event_cause(const struct event *event)
{
	return event->cause < EVENT_CAUSES ? event_causes[event->cause] : NULL;
}
