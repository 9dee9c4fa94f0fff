// SPDX-License-Identifier: GPL-2.0
/* The words of tumblerd.conf(5), and what each takes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "program.h"
#include "settings.h"

enum { OF_COMMON = 1, OF_DOOR = 2, OF_MADE = 4 };

/* A word's value goes to the door, or to the settings if that is NULL. */
typedef bool take_word(struct settings *settings, struct door_settings *door, const char *text,
		       char why[PARSE_WHY_SIZE]);

static bool take_number(const char *text, u32 max, u32 *number, char why[PARSE_WHY_SIZE])
{
	const char *end = parse_digits(text, max, number);

	if (end && !*end && *number && *number <= max)
		return true;
	snprintf(why, PARSE_WHY_SIZE, "`%.64s' is no number from 1 to %u, give one", text, max);
	return false;
}

static bool take_port(struct settings *settings, struct door_settings *door, const char *text,
		      char why[PARSE_WHY_SIZE])
{
	(void)door;
	return parse_port(text, &settings->port, why);
}

static bool take_log(struct settings *settings, struct door_settings *door, const char *text,
		     char why[PARSE_WHY_SIZE])
{
	(void)door;
	if (*text != '/') {
		snprintf(why, PARSE_WHY_SIZE,
			 "`%.64s' is no whole path, begin it with /", text);
		return false;
	}
	settings->log = strdup(text);
	if (!settings->log)
		snprintf(why, PARSE_WHY_SIZE, "out of memory, free some and try again");
	return settings->log;
}

static bool take_at_once(struct settings *settings, struct door_settings *door, const char *text,
			 char why[PARSE_WHY_SIZE])
{
	(void)door;
	return take_number(text, AT_ONCE_MAX, &settings->at_once, why);
}

static bool take_queue(struct settings *settings, struct door_settings *door, const char *text,
		       char why[PARSE_WHY_SIZE])
{
	(void)door;
	return take_number(text, QUEUE_MAX, &settings->queue, why);
}

static bool take_user(struct settings *settings, struct door_settings *door, const char *text,
		      char why[PARSE_WHY_SIZE])
{
	return user_find(door ? &door->user : &settings->user, text, why);
}

static bool take_time_limit(struct settings *settings, struct door_settings *door,
			    const char *text, char why[PARSE_WHY_SIZE])
{
	return parse_duration(text, door ? &door->time_limit : &settings->time_limit, why);
}

static bool take_secret(struct settings *settings, struct door_settings *door, const char *text,
			char why[PARSE_WHY_SIZE])
{
	size_t length = strlen(text);

	(void)settings;
	if (!length || length > SECRET_SIZE_MAX) {
		snprintf(why, PARSE_WHY_SIZE, "a secret has 1 to %d letters, give another",
			 SECRET_SIZE_MAX);
		return false;
	}
	memcpy(door->secret.bytes, text, length);
	door->secret.length = length;
	return true;
}

static bool take_words(struct words *words, const char *text, char why[PARSE_WHY_SIZE])
{
	char fault[WORDS_WHY_SIZE];

	if (words_split(words, text, fault) && program_find(words, fault))
		return true;
	snprintf(why, PARSE_WHY_SIZE, "this is no command: %s", fault);
	words_free(words);
	return false;
}

static bool take_command(struct settings *settings, struct door_settings *door, const char *text,
			 char why[PARSE_WHY_SIZE])
{
	(void)settings;
	return take_words(&door->command[ON_OPENED], text, why);
}

static bool take_close_command(struct settings *settings, struct door_settings *door,
			       const char *text, char why[PARSE_WHY_SIZE])
{
	(void)settings;
	return take_words(&door->command[ON_ENDED], text, why);
}

static bool take_agent(struct settings *settings, struct door_settings *door, const char *text,
		       char why[PARSE_WHY_SIZE])
{
	(void)door;
	return parse_port(text, &settings->agent, why);
}

static bool take_agent_user(struct settings *settings, struct door_settings *door,
			    const char *text, char why[PARSE_WHY_SIZE])
{
	(void)door;
	if (!user_find(&settings->agent_user, text, why))
		return false;
	if (settings->agent_user.uid)
		return true;
	snprintf(why, PARSE_WHY_SIZE, "who speaks with strangers is not to be root, name another");
	return false;
}

static bool take_forward(struct settings *settings, struct door_settings *door, const char *text,
			 char why[PARSE_WHY_SIZE])
{
	(void)settings;
	door->forwards = true;
	return !strcmp(text, "none") || settings_parse_service(&door->forward, text, why);
}

static const struct word {
	const char *name;
	take_word *take;
	int of;
} words[] = {
	{ "port", take_port, OF_COMMON },
	{ "log", take_log, OF_COMMON },
	{ "at-once", take_at_once, OF_COMMON },
	{ "queue", take_queue, OF_COMMON },
	{ "agent", take_agent, OF_COMMON },
	{ "agent-user", take_agent_user, OF_COMMON },
	{ "user", take_user, OF_COMMON | OF_DOOR | OF_MADE },
	{ "time-limit", take_time_limit, OF_COMMON | OF_DOOR | OF_MADE },
	{ "secret", take_secret, OF_MADE },
	{ "command", take_command, OF_DOOR | OF_MADE },
	{ "close-command", take_close_command, OF_DOOR },
	{ "forward", take_forward, OF_DOOR },
};

#define WORDS (sizeof(words) / sizeof(words[0]))

static const struct word *find_word(const char *name, size_t length)
{
	size_t i;

	for (i = 0; i < WORDS; i++)
		if (strlen(words[i].name) == length && !memcmp(words[i].name, name, length))
			return &words[i];
	return NULL;
}

/**
 * settings_is_word() - whether a line says a word, rather than going on with a value
 * @line: without the blanks it begins with
 * @length: its bytes
 *
 * Return: true if it begins with a word that there is, and then has a =.
 */
bool settings_is_word(const char *line, size_t length)
{
	const char *equals = memchr(line, '=', length);
	size_t name = equals ? (size_t)(equals - line) : 0;

	while (name && (line[name - 1] == ' ' || line[name - 1] == '\t'))
		name--;
	return name && find_word(line, name);
}

static bool take(struct settings *settings, struct door_settings *door, const char *name,
		 const char *text, char why[PARSE_WHY_SIZE])
{
	int of = !door ? OF_COMMON : door->made ? OF_MADE : OF_DOOR;
	const struct word *word = find_word(name, strlen(name));
	unsigned int *given = door ? &door->given : &settings->given;

	if (!word) {
		snprintf(why, PARSE_WHY_SIZE,
			 "`%.64s' is no word, see tumblerd.conf(5) for those there are", name);
		return false;
	}
	if (!(word->of & of)) {
		snprintf(why, PARSE_WHY_SIZE, "%s is no word of this section, %s", name,
			 of == OF_COMMON ? "it belongs into a door's" :
			 word->of & OF_COMMON ? "it belongs into [common]" :
			 of == OF_MADE ?
			 "make the door with knockctl, and write [door NAME] for its commands" :
			 "its keys are knockctl's, see knockctl(8)");
		return false;
	}
	if (*given & 1U << (word - words)) {
		snprintf(why, PARSE_WHY_SIZE, "%s is said twice, leave one out", name);
		return false;
	}
	*given |= 1U << (word - words);
	return word->take(settings, door, text, why);
}

bool settings_common_word(struct settings *settings, const char *word, const char *text,
			  char why[PARSE_WHY_SIZE])
{
	return take(settings, NULL, word, text, why);
}

bool settings_door_word(struct door_settings *door, const char *word, const char *text,
			char why[PARSE_WHY_SIZE])
{
	return take(NULL, door, word, text, why);
}
