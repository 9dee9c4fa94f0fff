// SPDX-License-Identifier: GPL-2.0
/* Why the last knock of an address was refused, as the module recorded it. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "complain.h"
#include "explain.h"
#include "knockctl.h"
#include "reason.h"
#include "request_series.h"
#include "suspects.h"

/* Of so many clients it is tried whether the knock was made for them. */
#define ADDRESSES_MAX 4096

/**
 * struct account - what is gathered about a refused knock
 * @invocation: as typed
 * @refusal: the knock, and what was found
 * @has_digest: it had the form of a tumbler knock
 * @letter: the knock, if it had the form of a sealed one
 * @addresses: those that hold grants
 * @address_count: how many
 * @suspects: whose knock it may be
 * @no_suspects: why there are none; empty if there are, or none are needed
 * @open: doors that are open for the address, with commas
 */
struct account {
	const struct invocation *invocation;
	struct refusal refusal;
	bool has_digest;
	struct letter letter;
	struct knock_address addresses[ADDRESSES_MAX];
	size_t address_count;
	struct suspects suspects;
	char no_suspects[SUSPECTS_WHY_SIZE];
	char open[256];
};

/* Whose knock it is, as far as that was found. */
static const struct suspect *maker(const struct refusal *refusal)
{
	return refusal->is_sealed ? refusal->unsealed.suspect : refusal->finding.suspect;
}

static struct knock_address address_of(struct nlattr *attribute)
{
	struct knock_address address;

	memcpy(address.bytes, nla_data(attribute), sizeof(address.bytes));
	return address;
}

/* What is remembered of the knock itself. */
static void take_data(struct account *account, const struct nlattr *data, u8 type)
{
	struct refused *knock = &account->refusal.knock;
	struct letter *letter = &account->letter;
	size_t length = (size_t)nla_len(data);

	account->refusal.is_sequence = type == KNOCK_KEY_TYPE_SEQUENCE &&
				       length >= 2 * KNOCK_NAME_SIZE;
	if (account->refusal.is_sequence) {
		memcpy(account->refusal.door, nla_data(data), KNOCK_NAME_SIZE - 1);
		memcpy(account->refusal.key, (const char *)nla_data(data) + KNOCK_NAME_SIZE,
		       KNOCK_NAME_SIZE - 1);
	}
	account->has_digest = type == KNOCK_KEY_TYPE_TUMBLER && length >= sizeof(knock->digest);
	if (account->has_digest)
		memcpy(knock->digest, nla_data(data), sizeof(knock->digest));
	account->refusal.is_sealed = type == KNOCK_KEY_TYPE_SEALED &&
				     length >= KNOCK_SEALED_HINT_SIZE;
	if (!account->refusal.is_sealed)
		return;
	letter->length = length < sizeof(letter->bytes) ? length : sizeof(letter->bytes);
	memcpy(letter->bytes, nla_data(data), letter->length);
	letter->time = knock->time;
}

static void take_record(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct account *account = data;
	struct refused *knock = &account->refusal.knock;

	(void)header;
	if (attributes[KNOCK_A_REASON_ID])
		account->refusal.reason = nla_get_u8(attributes[KNOCK_A_REASON_ID]);
	if (attributes[KNOCK_A_RECORD_TIME])
		knock->time = nla_get_u64(attributes[KNOCK_A_RECORD_TIME]);
	if (attributes[KNOCK_A_RECORD_PORT])
		knock->port = nla_get_u16(attributes[KNOCK_A_RECORD_PORT]);
	if (attributes[KNOCK_A_RECORD_DATA] && attributes[KNOCK_A_RECORD_TYPE])
		take_data(account, attributes[KNOCK_A_RECORD_DATA],
			  nla_get_u8(attributes[KNOCK_A_RECORD_TYPE]));
}

static enum outcome ask_record(struct account *account)
{
	const struct knock_address *source = &account->refusal.knock.source;
	struct netlink netlink;
	struct nl_msg *message;
	bool complete;

	if (!netlink_open(&netlink))
		return REFUSED;
	message = netlink_message(&netlink, KNOCK_CMD_RECORD_GET, 0);
	complete = message && !nla_put(message, KNOCK_A_ADDRESS, sizeof(source->bytes),
				       source->bytes);
	return ask(&netlink, message, complete, take_record, account);
}

static void add_open_door(struct account *account, const char *door)
{
	size_t used = strlen(account->open);

	if (used + strlen(door) + 2 < sizeof(account->open))
		snprintf(account->open + used, sizeof(account->open) - used, "%s%s",
			 used ? "," : "", door);
}

static void take_grant(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct account *account = data;
	const struct refused *knock = &account->refusal.knock;
	struct knock_address address;

	(void)header;
	if (!attributes[KNOCK_A_ADDRESS])
		return;
	address = address_of(attributes[KNOCK_A_ADDRESS]);
	if (!knock_address_equal(&address, &knock->source)) {
		if (account->address_count < ADDRESSES_MAX)
			account->addresses[account->address_count++] = address;
	} else if (attributes[KNOCK_A_DOOR_NAME]) {
		add_open_door(account, nla_get_string(attributes[KNOCK_A_DOOR_NAME]));
	}
}

/* Whether a listed key made the knock; if that is not known, each may have. */
static bool is_maker(const struct refusal *refusal, struct nlattr **attributes)
{
	const char *door = nla_get_string(attributes[KNOCK_A_DOOR_NAME]);
	const char *key = nla_get_string(attributes[KNOCK_A_KEY_NAME]);
	const struct suspect *suspect = maker(refusal);

	if (refusal->is_sequence)
		return !strcmp(refusal->door, door) && !strcmp(refusal->key, key);
	return !suspect || (!strcmp(suspect->door, door) && !strcmp(suspect->key, key));
}

static void take_series(struct refusal *refusal, struct nlattr **attributes)
{
	struct config_key key;

	config_key_init(&key, refusal->key);
	request_take_series(&key, attributes);
	refusal->series = key.series;
	refusal->number = key.number;
	refusal->armed = key.armed;
}

/* Of the key that made the knock, or if that is not known, of the latest. */
static void take_key(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct nlattr *from = attributes[KNOCK_A_KEY_ACCEPTED_FROM];
	struct nlattr *closed = attributes[KNOCK_A_KEY_CLOSED];
	struct account *account = data;
	struct refusal *refusal = &account->refusal;

	(void)header;
	if (!attributes[KNOCK_A_DOOR_NAME] || !attributes[KNOCK_A_KEY_NAME] ||
	    !is_maker(refusal, attributes))
		return;
	if (refusal->is_sequence)
		take_series(refusal, attributes);
	if (from && nla_get_u64(from) > refusal->accepted_from)
		refusal->accepted_from = nla_get_u64(from);
	if (closed && maker(refusal))
		refusal->closed = nla_get_u64(closed);
}

static enum outcome ask_list(struct account *account, int command, netlink_reply *reply)
{
	struct netlink netlink;

	if (!netlink_open(&netlink))
		return REFUSED;
	return ask(&netlink, netlink_message(&netlink, command, NLM_F_DUMP), true, reply,
		   account);
}

/* Of a sealed knock that could be read, or of a tumbler knock whose key was found. */
static void describe_making(struct record *record, const struct refusal *refusal)
{
	const struct unsealed *unsealed = &refusal->unsealed;
	const struct finding *finding = &refusal->finding;
	bool known = refusal->is_sealed ? unsealed->opened : !!finding->suspect;
	char address[KNOCK_ADDRESS_TEXT_SIZE];

	knock_address_format(address, refusal->is_sealed ? &unsealed->plain.address :
							   &finding->address);
	record_text(record, "made_for", known ? address : NULL);
	if (refusal->is_sealed)
		record_time(record, "made_at", known ? unsealed->made : 0);
	else
		record_time(record, "made_at", known ? finding->minute * 60ull : 0);
}

static void describe(struct record *record, const struct account *account, const char *text)
{
	const struct refusal *refusal = &account->refusal;
	const struct suspect *suspect = maker(refusal);
	char address[KNOCK_ADDRESS_TEXT_SIZE];
	char faults[FAULTS_SIZE];
	u8 reason = refusal->reason;

	knock_address_format(address, &refusal->knock.source);
	record_text(record, "address", address);
	record_time(record, "time", refusal->knock.time);
	record_number(record, "port", refusal->knock.port);
	record_text(record, "reason", reason_word(reason));
	if (refusal->is_sequence) {
		record_text(record, "door", refusal->door);
		record_text(record, "key", refusal->key);
	} else {
		record_text(record, "door", suspect ? suspect->door : NULL);
		record_text(record, "key", suspect ? suspect->key : NULL);
	}
	describe_making(record, refusal);
	if (refusal->is_sealed)
		explain_sealed_faults(faults, refusal);
	else
		explain_faults(faults, refusal);
	record_list(record, "faults", faults);
	record_time(record, "accepted_from", reason == KNOCK_REASON_GUARD ?
					     refusal->accepted_from : 0);
	record_time(record, "next", refusal->is_sealed ? explain_wait(refusal) :
							 explain_next(refusal));
	record_list(record, "open", account->open);
	record_text(record, "why", text);
}

/* A step may be of either protocol. */
static bool is_step(const struct refusal *refusal)
{
	return refusal->is_sequence || refusal->reason == KNOCK_REASON_STRAYED ||
	       refusal->reason == KNOCK_REASON_TOO_SLOW;
}

static void print_for_people(const struct account *account, const char *text)
{
	const struct refused *knock = &account->refusal.knock;
	char address[KNOCK_ADDRESS_TEXT_SIZE];
	char time[TIME_TEXT_SIZE];

	knock_address_format(address, &knock->source);
	format_time(time, knock->time);
	printf("%s knocked on %sport %u at %s: %s\n%s\n", address,
	       is_step(&account->refusal) ? "" : "UDP ", knock->port, time,
	       reason_word(account->refusal.reason), text);
	if (*account->no_suspects)
		printf("More could be told with the secrets of the configuration, but %s\n",
		       account->no_suspects);
	if (*account->open)
		printf("What is open for this address now: %s\n", account->open);
}

static void print_account(const struct account *account)
{
	struct record record = { .count = 0 };
	char text[EXPLANATION_SIZE];
	char *at;

	explain(text, &account->refusal);
	if (!account->invocation->json) {
		print_for_people(account, text);
		return;
	}
	for (at = strchr(text, '\n'); at; at = strchr(at, '\n'))
		*at = ' ';
	describe(&record, account, text);
	record_print_json(stdout, &record);
	putchar('\n');
	record_clear(&record);
}

static void search_tumbler(struct account *account)
{
	const struct inquiry inquiry = {
		.knock = &account->refusal.knock,
		.suspects = account->suspects.suspect,
		.count = account->suspects.count,
		.addresses = account->addresses,
		.address_count = account->address_count,
	};

	diagnose(&inquiry, DIAGNOSE_HASHES_MAX, &account->refusal.finding);
}

static void search_sealed(struct account *account)
{
	const struct suspect_list list = { account->suspects.suspect, account->suspects.count };

	unseal(&account->letter, &list, UNSEAL_HINTS_MAX, &account->refusal.unsealed);
}

/* With the secrets that the configuration has, if this is a knock that has one. */
static void search(struct account *account)
{
	struct refusal *refusal = &account->refusal;
	u8 type = refusal->is_sealed ? KNOCK_KEY_TYPE_SEALED : KNOCK_KEY_TYPE_TUMBLER;

	if (!refusal->is_sealed && (!account->has_digest || !explain_can_search(refusal->reason)))
		return;
	refusal->searched = suspects_read(&account->suspects, account->invocation->config, type,
					  account->no_suspects);
	if (!refusal->searched)
		return;
	*account->no_suspects = '\0';
	if (refusal->is_sealed)
		search_sealed(account);
	else
		search_tumbler(account);
}

static enum outcome gather(struct account *account)
{
	enum outcome outcome = ask_record(account);

	if (outcome == DONE)
		outcome = ask_list(account, KNOCK_CMD_GRANT_GET, take_grant);
	if (outcome == DONE)
		search(account);
	if (outcome == DONE && (account->refusal.is_sequence ||
				account->refusal.reason == KNOCK_REASON_GUARD ||
				account->refusal.reason == KNOCK_REASON_BEFORE_CLOSE))
		outcome = ask_list(account, KNOCK_CMD_KEY_GET, take_key);
	return outcome;
}

enum outcome why_refused(const struct invocation *invocation)
{
	struct account *account = calloc(1, sizeof(*account));
	char why[PARSE_WHY_SIZE];
	enum outcome outcome;

	if (!account) {
		complain("out of memory, nothing was asked of the module; free some and try again");
		return REFUSED;
	}
	account->invocation = invocation;
	account->refusal.now = (u64)time(NULL);
	if (parse_address(invocation->operand[0], &account->refusal.knock.source, why)) {
		outcome = gather(account);
		if (outcome == DONE)
			print_account(account);
	} else {
		complain("%s", why);
		outcome = USAGE;
	}
	suspects_wipe(&account->suspects);
	free(account);
	return outcome;
}
