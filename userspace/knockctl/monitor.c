// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>

#include "complain.h"
#include "event_names.h"
#include "knockctl.h"

static void describe_event(struct record *record, struct nlattr **attributes)
{
	struct nlattr *until = attributes[KNOCK_A_GRANT_UNTIL];

	if (!until)
		until = attributes[KNOCK_A_BLACKLIST_UNTIL];
	add_word(record, "kind", attributes[KNOCK_A_EVENT_KIND], event_kinds, EVENT_KINDS);
	add_time(record, "time", attributes[KNOCK_A_EVENT_TIME]);
	add_text(record, "door", attributes[KNOCK_A_DOOR_NAME]);
	add_text(record, "key", attributes[KNOCK_A_KEY_NAME]);
	add_address(record, "address", attributes[KNOCK_A_ADDRESS]);
	add_number(record, "id", attributes[KNOCK_A_GRANT_ID]);
	add_word(record, "cause", attributes[KNOCK_A_EVENT_CAUSE], event_causes, EVENT_CAUSES);
	add_time(record, "until", until);
	add_number(record, "count", attributes[KNOCK_A_COUNT]);
	add_number(record, "lost", attributes[KNOCK_A_EVENT_LOST]);
	add_number(record, "number", attributes[KNOCK_A_KEY_NUMBER]);
	add_number(record, "slot", attributes[KNOCK_A_KEY_SLOT]);
	add_flag(record, "narrow", attributes[KNOCK_A_GRANT_NARROW]);
}

/* `kind', then what there is as `name value'. */
static void print_for_people(const struct record *record)
{
	size_t i;

	for (i = 0; i < record->count; i++) {
		const struct field *field = &record->field[i];
		char *cell;

		if (field->kind == FIELD_ABSENT)
			continue;
		cell = record_cell(field);
		if (i == 0)
			printf("%-8s", cell);
		else
			printf(" %s %s", field->name, cell);
		free(cell);
	}
}

static void print_event(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	const struct invocation *invocation = data;
	struct record record = { .count = 0 };

	(void)header;
	/* An event of a newer module, that says nothing this program can tell. */
	if (!attributes[KNOCK_A_EVENT_KIND])
		return;
	describe_event(&record, attributes);
	if (invocation->json)
		record_print_json(stdout, &record);
	else
		print_for_people(&record);
	putchar('\n');
	record_clear(&record);
}

enum outcome monitor(const struct invocation *invocation)
{
	struct netlink netlink;
	int lost;

	if (!netlink_open(&netlink))
		return REFUSED;
	if (!netlink_subscribe(&netlink)) {
		netlink_close(&netlink);
		return REFUSED;
	}
	/* Whoever waits for this line misses no event of what he does next. */
	fputs("listening\n", stderr);
	for (;;) {
		lost = netlink_wait(&netlink, print_event, (void *)invocation);
		if (lost < 0)
			break;
		if (lost)
			complain("events came faster than they were read, some are lost; look at knockctl grants for what is open");
		if (fflush(stdout)) {
			complain("events cannot be written: %m");
			break;
		}
	}
	netlink_close(&netlink);
	return REFUSED;
}
