/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_KNOCKD_H
#define _KNOCKCTL_KNOCKD_H

#include "config.h"

/* What knockd.conf says, as knockd(1) has it, and the doors and commands it becomes. */

/* What knockd does where nothing is said, in seconds. */
#define KNOCKD_SEQ_TIMEOUT_SEC 25
#define KNOCKD_CMD_TIMEOUT_SEC 10

/* All directives; those from KNOCKD_USE_SYSLOG on are of [options]. */
enum knockd_word {
	KNOCKD_SEQUENCE,
	KNOCKD_ONE_TIME_SEQUENCES,
	KNOCKD_SEQ_TIMEOUT,
	KNOCKD_TCPFLAGS,
	KNOCKD_TARGET,
	KNOCKD_START_COMMAND,
	KNOCKD_START_COMMAND_6,
	KNOCKD_CMD_TIMEOUT,
	KNOCKD_STOP_COMMAND,
	KNOCKD_STOP_COMMAND_6,
	KNOCKD_USE_SYSLOG,
	KNOCKD_LOG_FILE,
	KNOCKD_PID_FILE,
	KNOCKD_INTERFACE,
	KNOCKD_WORDS
};

/**
 * struct knockd_value - what a directive says
 * @text: without blanks around it; NULL if it is not said; owned
 * @line: where, from 1
 */
struct knockd_value {
	char *text;
	unsigned int line;
};

/**
 * struct knockd_section - a section of knockd.conf
 * @name: as it is written; owned
 * @line: of its header
 * @value: by enum knockd_word
 * @ports: of sequence, also twice the same; none if it is not said
 * @takes_syn: a lone SYN is a step
 * @seq_timeout: seconds
 * @cmd_timeout: seconds
 */
struct knockd_section {
	char *name;
	unsigned int line;
	struct knockd_value value[KNOCKD_WORDS];
	struct knock_sequence ports;
	bool takes_syn;
	u32 seq_timeout;
	u32 cmd_timeout;
};

/**
 * struct knockd - knockd.conf
 * @options: all sections of that name as one
 * @count: how many other sections there are
 * @room: how many @section has room for
 * @section: in the order of the file
 */
struct knockd {
	struct knockd_section options;
	size_t count;
	size_t room;
	struct knockd_section *section;
};

/**
 * struct knockd_rule - a rule of iptables(8) that lets a knocker in
 * @deletes: the command takes it away again
 * @inserts: it adds it at a place, and not at the end
 * @chain: of which
 * @opens: what may be reached by it
 */
struct knockd_rule {
	bool deletes;
	bool inserts;
	char chain[32];
	struct service_list opens;
};

/**
 * struct knockd_door - a door, made of a section
 * @door: with its keys
 * @rule: what it opens
 * @by_rule: the module does what commands did, so there are none
 * @command: of tumblerd.conf, when it is opened; NULL for none; owned
 * @close_command: when that is over
 * @notes: what could not be carried over, or is otherwise than it was
 */
struct knockd_door {
	struct config_door door;
	struct knockd_rule rule;
	bool by_rule;
	char *command;
	char *close_command;
	struct faults notes;
};

/**
 * struct knockd_doors - all that a knockd.conf becomes
 * @count: how many doors
 * @room: how many @door has room for
 * @door: the doors
 * @log: for tumblerd, NULL for none; of the struct knockd
 * @left_out: how many sections have no key
 * @notes: about all doors
 */
struct knockd_doors {
	size_t count;
	size_t room;
	struct knockd_door *door;
	const char *log;
	size_t left_out;
	struct faults notes;
};

/* knockd_text.c, knockd_value.c: the file */
bool knockd_read_text(struct knockd *knockd, const char *path, const char *text, size_t length,
		      struct faults *faults);
void knockd_wipe(struct knockd *knockd);
void knockd_read_values(struct knockd_section *section, const char *path,
			struct faults *faults);

/* knockd_rule.c, knockd_command.c: what its commands mean */
bool knockd_rule_read(struct knockd_rule *rule, const char *command);
bool knockd_rule_equal(const struct knockd_rule *a, const struct knockd_rule *b);
char *knockd_command(const char *command, const char *command_6);
char *knockd_command_lines(const char *word, const char *command);

/* knockd_name.c, knockd_key.c, knockd_door.c, knockd_print.c: what all of it becomes */
bool knockd_name(char name[KNOCK_NAME_SIZE], const char *text, unsigned int number);
bool knockd_key_add(struct knockd_doors *doors, struct knockd_door *door,
		    const struct knockd_section *section, u8 action, const char *path);
bool knockd_doors_make(struct knockd_doors *doors, const struct knockd *knockd,
		       const char *path);
void knockd_doors_wipe(struct knockd_doors *doors);
char *knockd_door_text(const struct knockd_door *door);
char *knockd_commands_text(const struct knockd_doors *doors, const char *path);

#endif /* _KNOCKCTL_KNOCKD_H */
