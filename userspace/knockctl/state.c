// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <netlink/genl/genl.h>

#include "knockctl.h"
#include "presence.h"
#include "reason.h"
#include "series.h"

static const struct {
	const char *name;
	int attribute;
} numbers[] = {
	{ "hashes", KNOCK_A_STATE_HASHES },
	{ "derivations", KNOCK_A_STATE_DERIVATIONS },
	{ "budget", KNOCK_A_STATE_BUDGET },
	{ "events_lost", KNOCK_A_STATE_EVENTS_LOST },
	{ "doors", KNOCK_A_STATE_DOORS },
	{ "keys", KNOCK_A_STATE_KEYS },
	{ "keys_max", KNOCK_A_STATE_KEYS_MAX },
	{ "tumbler_keys", KNOCK_A_STATE_TUMBLER_KEYS },
	{ "tumbler_keys_max", KNOCK_A_STATE_TUMBLER_KEYS_MAX },
	{ "sealed_keys", KNOCK_A_STATE_SEALED_KEYS },
	{ "hints", KNOCK_A_STATE_HINTS },
	{ "sequence_keys", KNOCK_A_STATE_SEQUENCE_KEYS },
	{ "derived_keys", KNOCK_A_STATE_DERIVED_KEYS },
	{ "derived_keys_max", KNOCK_A_STATE_DERIVED_KEYS_MAX },
	{ "sequences", KNOCK_A_STATE_SEQUENCES },
	{ "sources", KNOCK_A_STATE_SOURCES },
	{ "sources_max", KNOCK_A_STATE_SOURCES_MAX },
	{ "lookups", KNOCK_A_STATE_LOOKUPS },
	{ "tails", KNOCK_A_STATE_TAILS },
	{ "grants", KNOCK_A_STATE_GRANTS },
	{ "grants_max", KNOCK_A_STATE_GRANTS_MAX },
	{ "old", KNOCK_A_STATE_OLD },
	{ "old_max", KNOCK_A_STATE_OLD_MAX },
	{ "bans", KNOCK_A_STATE_BANS },
	{ "bans_max", KNOCK_A_STATE_BANS_MAX },
	{ "blocks", KNOCK_A_STATE_BLOCKS },
	{ "blocks_max", KNOCK_A_STATE_BLOCKS_MAX },
	{ "trusted", KNOCK_A_STATE_TRUSTED },
	{ "trusted_max", KNOCK_A_STATE_TRUSTED_MAX },
};

/**
 * struct status - what the module answered
 * @count: of each reason
 * @reasons: the same, with their names
 * @all: the whole, which refers to @reasons
 */
struct status {
	uint64_t count[KNOCK_REASON_MAX + 1];
	struct record reasons;
	struct record all;
};

static void take_reason(struct status *status, struct nlattr *nest)
{
	struct nlattr *id = nla_find(nla_data(nest), nla_len(nest), KNOCK_A_REASON_ID);
	struct nlattr *count = nla_find(nla_data(nest), nla_len(nest), KNOCK_A_REASON_COUNT);

	if (!id || !count || nla_len(id) != sizeof(uint8_t) || nla_len(count) != sizeof(uint64_t))
		return;
	/* A newer module may count reasons that this program does not know. */
	if (nla_get_u8(id) >= 1 && nla_get_u8(id) <= KNOCK_REASON_MAX)
		status->count[nla_get_u8(id)] = nla_get_u64(count);
}

static void take_state(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct genlmsghdr *generic = nlmsg_data(header);
	struct status *status = data;
	struct nlattr *attribute;
	size_t i;
	int left;

	/* There is one for each reason, where @attributes has but the last. */
	nla_for_each_attr(attribute, genlmsg_attrdata(generic, 0), genlmsg_attrlen(generic, 0),
			  left)
		if (nla_type(attribute) == KNOCK_A_REASON)
			take_reason(status, attribute);
	for (i = 1; i <= KNOCK_REASON_MAX; i++)
		record_number(&status->reasons, reason_word((u8)i), status->count[i]);
	add_text(&status->all, "version", attributes[KNOCK_A_STATE_VERSION]);
	record_record(&status->all, "reasons", &status->reasons);
	for (i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		add_number(&status->all, numbers[i].name, attributes[numbers[i].attribute]);
}

static void print_fields(const struct record *record)
{
	size_t i;

	for (i = 0; i < record->count; i++) {
		const struct field *field = &record->field[i];
		char *cell;

		if (field->kind == FIELD_RECORD)
			continue;
		cell = record_cell(field);
		printf("%-17s %s\n", field->name, cell);
		free(cell);
	}
}

/**
 * struct hints - what of keys puzzles their owners, so it is pointed out
 * @now: unix seconds
 * @once: once keys there are
 */
struct hints {
	uint64_t now;
	uint64_t once;
};

static bool is_once(struct nlattr **attributes)
{
	return attributes[KNOCK_A_KEY_SEQUENCE] &&
	       nla_get_u8(attributes[KNOCK_A_KEY_SEQUENCE]) == KNOCK_SEQUENCE_KIND_ONCE;
}

/* A key may not be accepted yet. */
static void print_guarded(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct nlattr *from = attributes[KNOCK_A_KEY_ACCEPTED_FROM];
	struct hints *hints = data;
	char text[TIME_TEXT_SIZE];

	(void)header;
	hints->once += is_once(attributes);
	if (!from || nla_get_u64(from) <= hints->now || !attributes[KNOCK_A_KEY_NAME] ||
	    !attributes[KNOCK_A_DOOR_NAME])
		return;
	format_time(text, nla_get_u64(from));
	printf("key %s of door %s is accepted from %s\n",
	       nla_get_string(attributes[KNOCK_A_KEY_NAME]),
	       nla_get_string(attributes[KNOCK_A_DOOR_NAME]), text);
}

static enum outcome print_hints(enum presence_found tumblerd)
{
	struct hints hints = { .now = (uint64_t)time(NULL) };
	struct netlink netlink;
	enum outcome outcome;

	if (!netlink_open(&netlink))
		return REFUSED;
	outcome = ask(&netlink, netlink_message(&netlink, KNOCK_CMD_KEY_GET, NLM_F_DUMP), true,
		      print_guarded, &hints);
	if (hints.once && tumblerd == PRESENCE_NONE)
		printf("tumblerd is not running: a once key opens for no more than the %d numbers that are armed; start it, or knockctl load arms more\n",
		       SERIES_WINDOW);
	return outcome;
}

/* Absent if it cannot be told. */
static const char *const presences[] = {
	[PRESENCE_NONE] = "not running",
	[PRESENCE_HERE] = "running",
	[PRESENCE_UNKNOWN] = NULL,
};

/* Commands have a process of their own, or tumblerd's. */
static const char *const commands[] = {
	[PRESENCE_NONE] = "not run",
	[PRESENCE_HERE] = "run",
	[PRESENCE_UNKNOWN] = NULL,
};

enum outcome show_status(const struct invocation *invocation)
{
	enum presence_found tumblerd = presence_find(invocation->state, ROLE_AGENT);
	struct status status = { .count = { 0 } };
	struct netlink netlink;
	enum outcome outcome;

	if (!netlink_open(&netlink))
		return REFUSED;
	outcome = ask(&netlink, netlink_message(&netlink, KNOCK_CMD_STATE_GET, 0), true,
		      take_state, &status);
	record_text(&status.all, "tumblerd", presences[tumblerd]);
	record_text(&status.all, "commands",
		    commands[presence_find(invocation->state, ROLE_COMMANDS)]);
	if (outcome == DONE && invocation->json) {
		record_print_json(stdout, &status.all);
		putchar('\n');
	} else if (outcome == DONE) {
		print_fields(&status.all);
		puts("\npackets by what became of them:");
		print_fields(&status.reasons);
		outcome = print_hints(tumblerd);
	}
	record_clear(&status.all);
	record_clear(&status.reasons);
	return outcome;
}
