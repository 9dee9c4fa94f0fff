// SPDX-License-Identifier: GPL-2.0
/*
 * What may stand where the cursor is: words of the one table of verbs, and names
 * of doors and keys, as far as they may be known. For the shell's completion.
 */
#include <limits.h>
#include <stdio.h>

#include "complete.h"
#include "config.h"

/* Options before the verb; the first two have a directory behind them. */
static const char *const globals[] = { "--config", "--state", "--json", "--help", "--version" };

/* What an option's value may be, by the word that stands for it in the help. */
static const struct {
	const char *value;
	const char *words[4];
} values[] = {
	{ "TYPE", { "tumbler", "sealed", "sequence" } },
	{ "ACTION", { "open", "close" } },
	{ "SERVICES", { "any", "none" } },
};

/**
 * struct completion - the word at the cursor
 * @begun: what there is of it
 * @config: directory of the configuration
 * @verb: the verb before it, NULL if there is none
 * @operands: how many operands of the verb stand before it
 * @door: the first of them, or NULL
 * @value: stands for the value that the option before it wants; NULL if there is none
 */
struct completion {
	const char *begun;
	const char *config;
	const struct verb *verb;
	int operands;
	const char *door;
	const char *value;
};

static void offer(const struct completion *completion, const char *word)
{
	if (!strncmp(word, completion->begun, strlen(completion->begun)))
		puts(word);
}

static void offer_option(const struct completion *completion, const char *name)
{
	char text[40];

	snprintf(text, sizeof(text), "--%s", name);
	offer(completion, text);
}

static void offer_options(const struct completion *completion)
{
	const struct option_word *option;

	for (option = completion->verb->options; option && option->name; option++)
		offer_option(completion, option->name);
	offer_option(completion, "json");
	offer_option(completion, "help");
}

static void offer_values(const struct completion *completion)
{
	size_t i, k;

	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		for (k = 0; !strcmp(values[i].value, completion->value) && values[i].words[k]; k++)
			offer(completion, values[i].words[k]);
}

static void offer_door_of_module(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	(void)header;
	if (attributes[KNOCK_A_DOOR_NAME])
		offer(data, nla_get_string(attributes[KNOCK_A_DOOR_NAME]));
}

static void offer_key_of_module(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	const struct completion *completion = data;

	(void)header;
	if (attributes[KNOCK_A_DOOR_NAME] && attributes[KNOCK_A_KEY_NAME] &&
	    !strcmp(nla_get_string(attributes[KNOCK_A_DOOR_NAME]), completion->door))
		offer(completion, nla_get_string(attributes[KNOCK_A_KEY_NAME]));
}

static void ask_module(struct completion *completion, int command, netlink_reply *reply)
{
	struct netlink netlink;

	if (netlink_open(&netlink))
		ask(&netlink, netlink_message(&netlink, command, NLM_F_DUMP), true, reply,
		    completion);
}

/* Doors, or where @keys is set those of the door, that the configuration has. */
static void offer_configured(const struct completion *completion, bool keys)
{
	struct faults faults = { .count = 0 };
	const struct config_door *door;
	char path[PATH_MAX];
	struct config config;
	size_t i, k;

	snprintf(path, sizeof(path), "%s/" CONFIG_DOORS, completion->config);
	config_read_all(&config, path, &faults);
	for (i = 0; i < config.doors; i++) {
		door = &config.door[i];
		if (!keys)
			offer(completion, door->name);
		else if (!strcmp(door->name, completion->door))
			for (k = 0; k < door->keys; k++)
				offer(completion, door->key[k].name);
	}
	config_wipe(&config);
	faults_clear(&faults);
}

/* The operand that stands at the cursor, as the help spells it, begins here. */
static const char *operand_name(const struct completion *completion)
{
	const char *name = completion->verb->operands;
	int i;

	for (i = 0; i < completion->operands; i++) {
		name = strchr(name, ' ');
		if (!name)
			return "";
		name++;
	}
	return name + (*name == '[');
}

static void offer_operands(struct completion *completion)
{
	const char *name = operand_name(completion);
	/* Whoever adds a door wants a new name for it. */
	bool new_door = !strcmp(completion->verb->name, "add-door");

	if (!strncmp(name, "DOOR", 4) || (!strncmp(name, "NAME", 4) && !new_door)) {
		offer_configured(completion, false);
		ask_module(completion, KNOCK_CMD_DOOR_GET, offer_door_of_module);
	} else if (!strncmp(name, "KEY", 3) && completion->door) {
		offer_configured(completion, true);
		ask_module(completion, KNOCK_CMD_KEY_GET, offer_key_of_module);
	} else if (!strncmp(name, "knockd", 6)) {
		offer(completion, "knockd");
	}
}

static const char *value_of(const struct verb *verb, const char *word)
{
	const struct option_word *option;

	for (option = verb->options; option && option->name; option++)
		if (!strncmp(word, "--", 2) && !strcmp(word + 2, option->name))
			return option->value;
	return NULL;
}

static const struct verb *verb_of(const struct verb_table *table, const char *word)
{
	size_t i;

	for (i = 0; i < table->count; i++)
		if (!strcmp(table->verb[i].name, word))
			return &table->verb[i];
	return NULL;
}

/* Return: whether the words before the cursor make sense as far as they go. */
static bool read_words(struct completion *completion, const struct verb_table *table,
		       char **word, int count)
{
	int i;

	for (i = 0; i < count; i++) {
		if (completion->value) {
			completion->value = NULL;
		} else if (*word[i] == '-' && completion->verb) {
			completion->value = value_of(completion->verb, word[i]);
		} else if (!strcmp(word[i], globals[0]) || !strcmp(word[i], globals[1])) {
			completion->value = "DIR";
			if (!strcmp(word[i], globals[0]) && i + 1 < count)
				completion->config = word[i + 1];
		} else if (*word[i] != '-' && completion->verb) {
			if (!completion->operands++)
				completion->door = word[i];
		} else if (*word[i] != '-') {
			completion->verb = verb_of(table, word[i]);
			if (!completion->verb)
				return false;
		}
	}
	return true;
}

/**
 * complete() - print what may stand where the cursor is, a word a line
 * @table: of the verbs
 * @word: what is typed behind knockctl, up to the cursor; its last word, which may
 *	be empty, is the one that is looked for
 * @count: how many words
 *
 * Nothing is printed where a file may stand: those the shell knows.
 */
void complete(const struct verb_table *table, char **word, int count)
{
	struct completion completion = {
		.begun = count ? word[count - 1] : "",
		.config = CONFIG_DEFAULT,
	};
	size_t i;

	if (!read_words(&completion, table, word, count - 1))
		return;
	if (completion.value) {
		offer_values(&completion);
	} else if (!completion.verb) {
		for (i = 0; i < table->count && *completion.begun != '-'; i++)
			offer(&completion, table->verb[i].name);
		for (i = 0; i < sizeof(globals) / sizeof(globals[0]); i++)
			if (*completion.begun == '-')
				offer(&completion, globals[i]);
	} else if (*completion.begun == '-') {
		offer_options(&completion);
	} else {
		offer_operands(&completion);
	}
}
