/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_KNOCKCTL_H
#define _KNOCKCTL_KNOCKCTL_H

#include <stdbool.h>
#include <stddef.h>

#include "netlink.h"
#include "parse.h"
#include "prefix.h"
#include "record.h"

#define OPTIONS_MAX 32
#define OPERANDS_MAX 3

/* What a verb returns, which is the program's exit status. */
enum outcome {
	DONE = 0,
	REFUSED = 1,
	USAGE = 2,
};

/**
 * struct option_word - one long option of a verb
 * @name: without dashes
 * @value: what stands for its value in the help; NULL if it takes none
 * @help: one line
 */
struct option_word {
	const char *name;
	const char *value;
	const char *help;
};

struct invocation;

/**
 * struct verb - one verb, for dispatch and help alike
 * @name: as typed
 * @operands: as in the help
 * @least: how many operands there must be
 * @most: how many there may be
 * @help: one line
 * @options: ended by one without a name; NULL if there are none
 * @run: does it
 */
struct verb {
	const char *name;
	const char *operands;
	int least;
	int most;
	const char *help;
	const struct option_word *options;
	enum outcome (*run)(const struct invocation *invocation);
};

/**
 * struct invocation - a verb as it was typed
 * @verb: which
 * @json: print for programs
 * @config: directory of the configuration
 * @state: directory of what was applied
 * @count: operands given
 * @operand: the operands
 * @value: of each option in the verb's order; NULL if it was not given, ""
 *	if it takes none
 */
struct invocation {
	const struct verb *verb;
	bool json;
	const char *config;
	const char *state;
	int count;
	const char *operand[OPERANDS_MAX];
	const char *value[OPTIONS_MAX];
};

extern const struct option_word add_door_options[], set_door_options[], del_door_options[];
extern const struct option_word add_key_options[], del_key_options[], open_options[];
extern const struct option_word load_options[], enrol_options[], rotate_options[];
extern const struct option_word block_options[], unblock_options[], import_options[];

enum outcome add_door(const struct invocation *invocation);
enum outcome set_door(const struct invocation *invocation);
enum outcome del_door(const struct invocation *invocation);
enum outcome list_doors(const struct invocation *invocation);
enum outcome add_key(const struct invocation *invocation);
enum outcome del_key(const struct invocation *invocation);
enum outcome list_keys(const struct invocation *invocation);
enum outcome enrol(const struct invocation *invocation);
enum outcome rotate_key(const struct invocation *invocation);
enum outcome make_private_key(const struct invocation *invocation);
enum outcome print_public_key(const struct invocation *invocation);
enum outcome rotate_server_key(const struct invocation *invocation);
enum outcome list_grants(const struct invocation *invocation);
enum outcome open_grant(const struct invocation *invocation);
enum outcome close_grant(const struct invocation *invocation);
enum outcome block_address(const struct invocation *invocation);
enum outcome unblock_address(const struct invocation *invocation);
enum outcome list_blacklist(const struct invocation *invocation);
enum outcome trust_prefix(const struct invocation *invocation);
enum outcome untrust_prefix(const struct invocation *invocation);
enum outcome list_trusted(const struct invocation *invocation);
enum outcome list_old(const struct invocation *invocation);
enum outcome why_refused(const struct invocation *invocation);
enum outcome load_files(const struct invocation *invocation);
enum outcome save_all(const struct invocation *invocation);
enum outcome check_files(const struct invocation *invocation);
enum outcome import_doors(const struct invocation *invocation);
enum outcome show_status(const struct invocation *invocation);
enum outcome monitor(const struct invocation *invocation);

enum outcome usage_error(const struct invocation *invocation, const char *why);

/* ask.c: one request, from connecting to what the module answered */
enum outcome ask(struct netlink *netlink, struct nl_msg *message, bool complete,
		 netlink_reply *reply, void *data);
enum outcome list_objects(const struct invocation *invocation, int command,
			  void (*describe)(struct record *record, struct nlattr **attributes));

/* field.c: attributes of replies as fields of records */
void add_text(struct record *record, const char *name, struct nlattr *attribute);
void add_number(struct record *record, const char *name, struct nlattr *attribute);
void add_flag(struct record *record, const char *name, const struct nlattr *attribute);
void add_time(struct record *record, const char *name, struct nlattr *attribute);
void add_address(struct record *record, const char *name, struct nlattr *attribute);
void add_word(struct record *record, const char *name, struct nlattr *attribute,
	      const char *const *words, size_t count);

void add_key_type(struct record *record, const char *name, struct nlattr *attribute);
void add_sequence_kind(struct record *record, const char *name, struct nlattr *attribute);

void describe_key(struct record *record, struct nlattr **attributes);
void describe_grant(struct record *record, struct nlattr **attributes);

#endif /* _KNOCKCTL_KNOCKCTL_H */
