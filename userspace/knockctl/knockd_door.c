// SPDX-License-Identifier: GPL-2.0
/*
 * Doors, of the sections of knockd.conf. One whose commands add a rule for the knocker,
 * and maybe delete it again, becomes a door that opens the same; one whose command
 * deletes such a rule becomes a key that closes it. Any other becomes a door that opens
 * nothing, and whose commands tumblerd runs.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "knockd.h"

#define note(door, at, ...) \
	faults_add(&(door)->notes, making->path, at, __VA_ARGS__)

/**
 * struct making - doors on their way
 * @doors: where to
 * @path: of the file, for notes
 */
struct making {
	struct knockd_doors *doors;
	const char *path;
};

static const char *text_of(const struct knockd_section *section, enum knockd_word word)
{
	return section->value[word].text ? section->value[word].text : "";
}

/* Whether a command of the section is not there, or a rule like @rule. */
static bool is_rule(const struct knockd_section *section, enum knockd_word word,
		    const struct knockd_rule *rule, bool deletes)
{
	struct knockd_rule other;

	if (!*text_of(section, word))
		return true;
	return knockd_rule_read(&other, text_of(section, word)) &&
	       knockd_rule_equal(&other, rule) && other.deletes == deletes;
}

/* Whether all that a section's commands do is to let the knocker in, or no more. */
static bool is_all_rules(const struct knockd_section *section, struct knockd_rule *rule)
{
	if (!knockd_rule_read(rule, text_of(section, KNOCKD_START_COMMAND)) ||
	    !is_rule(section, KNOCKD_START_COMMAND_6, rule, rule->deletes))
		return false;
	if (rule->deletes)
		return !*text_of(section, KNOCKD_STOP_COMMAND) &&
		       !*text_of(section, KNOCKD_STOP_COMMAND_6);
	return is_rule(section, KNOCKD_STOP_COMMAND, rule, true) &&
	       is_rule(section, KNOCKD_STOP_COMMAND_6, rule, true);
}

static bool has_stop(const struct knockd_section *section)
{
	return *text_of(section, KNOCKD_STOP_COMMAND) ||
	       *text_of(section, KNOCKD_STOP_COMMAND_6);
}

static bool is_taken(const struct knockd_doors *doors, const char *name)
{
	size_t i;

	for (i = 0; i < doors->count; i++)
		if (!strcmp(doors->door[i].door.name, name))
			return true;
	return false;
}

/* Return: a door called like the section; NULL if there is no memory. */
static struct knockd_door *add_door(struct making *making, const struct knockd_section *section)
{
	struct knockd_doors *doors = making->doors;
	size_t room = doors->room ? 2 * doors->room : 8;
	char name[KNOCK_NAME_SIZE];
	struct knockd_door *door;
	unsigned int number = 0;
	bool same;

	if (doors->count == doors->room) {
		door = reallocarray(doors->door, room, sizeof(*door));
		if (!door)
			return NULL;
		doors->door = door;
		doors->room = room;
	}
	do {
		same = knockd_name(name, section->name, ++number);
	} while (is_taken(doors, name));
	door = &doors->door[doors->count++];
	memset(door, 0, sizeof(*door));
	config_door_init(&door->door, name);
	if (!same)
		note(door, section->line, "section [%.64s] is called %s here", section->name, name);
	return door;
}

/* How long a section's door is open: until stop_command, else @otherwise. */
static u32 open_for(const struct knockd_section *section, u32 otherwise)
{
	if (!has_stop(section))
		return otherwise;
	if (!section->cmd_timeout)
		return 1;
	return section->cmd_timeout < DURATION_MAX_SEC ? section->cmd_timeout : DURATION_MAX_SEC;
}

static void note_open_for(struct making *making, struct knockd_door *door,
			  const struct knockd_section *section)
{
	char text[DURATION_TEXT_SIZE];

	format_duration(text, door->door.open_for);
	if (has_stop(section) && door->door.open_for != section->cmd_timeout)
		note(door, section->value[KNOCKD_CMD_TIMEOUT].line,
		     "cmd_timeout = %u became %s, since a grant lasts 1s to 7d",
		     section->cmd_timeout, text);
}

/* The door that an earlier section made for the same rule, and for as long. */
static struct knockd_door *find_door(struct knockd_doors *doors, const struct knockd_rule *rule,
				     u32 seconds)
{
	size_t i;

	for (i = 0; i < doors->count; i++)
		if (doors->door[i].by_rule && knockd_rule_equal(&doors->door[i].rule, rule) &&
		    (!seconds || doors->door[i].door.open_for == seconds))
			return &doors->door[i];
	return NULL;
}

static void note_rule(struct making *making, struct knockd_door *door,
		      const struct knockd_section *section)
{
	const struct knockd_value *start = &section->value[KNOCKD_START_COMMAND];
	const char *six = "";

	if (*text_of(section, KNOCKD_START_COMMAND_6))
		six = ", and the same of ip6tables";
	note(door, start->line,
	     "the module does what this command did, if there is a rule: %s %s %s -m knock --door %s -j ACCEPT%s",
	     strstr(start->text, "ip6tables") ? "ip6tables" : "iptables",
	     door->rule.inserts ? "-I" : "-A", door->rule.chain, door->door.name, six);
	if (!has_stop(section))
		note(door, start->line,
		     "with knockd it stayed open until it was closed; here it closes by itself after 7d, the longest there is, and 30s are enough where a rule lets in what is ESTABLISHED");
}

static bool make_by_rule(struct making *making, const struct knockd_section *section,
			 const struct knockd_rule *rule)
{
	u32 seconds = open_for(section, DURATION_MAX_SEC);
	struct knockd_door *door = find_door(making->doors, rule, seconds);

	if (!door) {
		door = add_door(making, section);
		if (!door)
			return false;
		door->by_rule = true;
		door->rule = *rule;
		door->door.opens = rule->opens;
		door->door.open_for = seconds;
		note_open_for(making, door, section);
		note_rule(making, door, section);
	}
	return knockd_key_add(making->doors, door, section, KNOCK_KEY_ACTION_OPEN, making->path);
}

/* Return: what tumblerd.conf says for it; NULL for nothing, and if that cannot be said. */
static char *make_command(struct making *making, struct knockd_door *door,
			  const struct knockd_section *section, enum knockd_word word)
{
	const struct knockd_value *four = &section->value[word], *six = four + 1;
	bool stops = word == KNOCKD_STOP_COMMAND;
	char *command, *lines = NULL;

	if (!four->text && !six->text)
		return NULL;
	command = knockd_command(text_of(section, word), six->text);
	if (command && *command)
		lines = knockd_command_lines(stops ? "close-command" : "command", command);
	if (!command || (*command && !lines))
		note(door, four->text ? four->line : six->line,
		     "this command is left out, since tumblerd.conf cannot have it; put it into a script, and write %s = /PATH/SCRIPT %%IP%%",
		     stops ? "close-command" : "command");
	free(command);
	return lines;
}

static bool make_by_command(struct making *making, const struct knockd_section *section)
{
	struct knockd_door *door = add_door(making, section);

	if (!door)
		return false;
	/* The shortest there is: each knock is a grant of its own, for which it is run. */
	door->door.open_for = open_for(section, 1);
	note_open_for(making, door, section);
	door->command = make_command(making, door, section, KNOCKD_START_COMMAND);
	door->close_command = make_command(making, door, section, KNOCKD_STOP_COMMAND);
	if (door->command || door->close_command)
		note(door, section->line,
		     "this door opens nothing itself: tumblerd(8) runs its commands, as tumblerd.conf has them");
	else
		note(door, section->line, "this door opens nothing, and no command is run for it");
	return knockd_key_add(making->doors, door, section, KNOCK_KEY_ACTION_OPEN, making->path);
}

static bool make_close(struct making *making, const struct knockd_section *section,
		       const struct knockd_rule *rule)
{
	struct knockd_door *door = find_door(making->doors, rule, 0);

	if (!door)
		return make_by_command(making, section);
	return knockd_key_add(making->doors, door, section, KNOCK_KEY_ACTION_CLOSE, making->path);
}

static void note_options(struct making *making, const struct knockd *knockd)
{
	const struct knockd_section *options = &knockd->options;
	const char *log = options->value[KNOCKD_LOG_FILE].text;
	struct knockd_doors *doors = making->doors;

	if (options->value[KNOCKD_INTERFACE].text)
		note(doors, options->value[KNOCKD_INTERFACE].line,
		     "interface = %s is left out, since knocks count on all of them; what they open can be kept to one: -i in the rule",
		     options->value[KNOCKD_INTERFACE].text);
	if (options->value[KNOCKD_PID_FILE].text)
		note(doors, options->value[KNOCKD_PID_FILE].line,
		     "pidfile is left out, since there is no daemon of which doors have need");
	if (options->value[KNOCKD_USE_SYSLOG].text)
		note(doors, options->value[KNOCKD_USE_SYSLOG].line,
		     "tumblerd(8) logs to the journal, and knockctl monitor shows what happens");
	if (log && *log != '/')
		note(doors, options->value[KNOCKD_LOG_FILE].line,
		     "logfile = %s is left out, since it is no whole path", log);
	else
		doors->log = log;
}

/**
 * knockd_doors_make() - make doors of knockd.conf
 * @doors: where to; wiped by the caller, whatever comes of it
 * @knockd: read without faults; must outlast @doors
 * @path: of the file, for notes
 *
 * Return: true; false if there was no memory.
 */
bool knockd_doors_make(struct knockd_doors *doors, const struct knockd *knockd,
		       const char *path)
{
	struct making making = { .doors = doors, .path = path };
	const struct knockd_section *section;
	struct knockd_rule rule;
	bool good = true;
	size_t i;

	memset(doors, 0, sizeof(*doors));
	note_options(&making, knockd);
	for (section = knockd->section; section < knockd->section + knockd->count; section++) {
		if (!is_all_rules(section, &rule))
			good &= make_by_command(&making, section);
		else if (!rule.deletes)
			good &= make_by_rule(&making, section, &rule);
	}
	/* What closes may stand before what opens. */
	for (section = knockd->section; section < knockd->section + knockd->count; section++)
		if (is_all_rules(section, &rule) && rule.deletes)
			good &= make_close(&making, section, &rule);
	for (i = 0; i < doors->count; i++) {
		faults_sort(&doors->door[i].notes);
		good &= !doors->door[i].notes.lost;
	}
	return good && !doors->notes.lost;
}

/**
 * knockd_doors_wipe() - free what was made
 * @doors: all-zero afterwards
 */
void knockd_doors_wipe(struct knockd_doors *doors)
{
	struct knockd_door *door;

	for (door = doors->door; door < doors->door + doors->count; door++) {
		config_door_wipe(&door->door);
		faults_clear(&door->notes);
		free(door->command);
		free(door->close_command);
	}
	faults_clear(&doors->notes);
	free(doors->door);
	memset(doors, 0, sizeof(*doors));
}
