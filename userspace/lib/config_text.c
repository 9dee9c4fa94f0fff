// SPDX-License-Identifier: GPL-2.0
/* The text of a door's file. */
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#include "config_text.h"
#include "ini_text.h"

/* The longest value is a list of 32 services; a secret has 340 characters. */
#define VALUE_SIZE 1024
#define WORD_SIZE 64

/**
 * struct reading - a text on its way into a door
 * @ini: its lines
 * @indented: the line that libinih has begins with white space
 * @header: the line of the section's header, 0 before the first
 * @broken: that header is no header, so what stands below it is skipped
 * @entered: the header of what @section and @key belong to
 * @said: the section has a word
 * @door: where to
 * @section: where words of the section go
 * @key: number of the key, if it is one's section
 * @word: the word whose value may go on in the next line; empty if there is none
 * @value: its value so far
 * @at: its line
 * @spoiled: its value is wrong already
 */
struct reading {
	struct ini_text ini;
	bool indented;
	unsigned int header;
	bool broken;
	unsigned int entered;
	bool said;
	struct config_door *door;
	enum { NOWHERE, DOOR, KEY } section;
	size_t key;
	char word[WORD_SIZE];
	char value[VALUE_SIZE];
	unsigned int at;
	bool spoiled;
};

#define fault(reading, line, ...) \
	ini_fault(&(reading)->ini, line, __VA_ARGS__)

/* The word is whole: take what it says. */
static void finish_word(struct reading *reading)
{
	struct config_door *door = reading->door;
	char why[PARSE_WHY_SIZE];
	bool good = true;

	if (reading->word[0] && reading->section == KEY)
		good = config_key_word(&door->key[reading->key], reading->word, reading->value,
				       why);
	else if (reading->word[0] && reading->section == DOOR)
		good = config_door_word(door, reading->word, reading->value, why);
	if (!good && !reading->spoiled)
		fault(reading, reading->at, "%s", why);
	reading->word[0] = '\0';
	reading->spoiled = false;
	OPENSSL_cleanse(reading->value, sizeof(reading->value));
}

static void finish_section(struct reading *reading)
{
	finish_word(reading);
	if (reading->header && !reading->said && !reading->broken)
		fault(reading, reading->header,
		      "this section is empty, write what it is to say or leave it out");
	reading->said = false;
}

static void enter_door(struct reading *reading)
{
	struct config_door *door = reading->door;

	if (door->line) {
		fault(reading, reading->header,
		      "[door] began in line %u already, write it once", door->line);
		return;
	}
	door->line = reading->header;
	reading->section = DOOR;
}

static void enter_key(struct reading *reading, const char *name)
{
	struct config_door *door = reading->door;
	struct config_key *key;
	char why[PARSE_WHY_SIZE];

	if (door->keys == CONFIG_KEYS_MAX) {
		fault(reading, reading->header, "a namespace holds %d keys, leave some out",
		      CONFIG_KEYS_MAX);
		return;
	}
	if (!parse_name("key", name, why)) {
		fault(reading, reading->header, "%s", why);
		name = "";
	}
	key = config_key_add(door, name);
	if (!key) {
		reading->ini.faults->lost = true;
		return;
	}
	key->line = reading->header;
	reading->key = door->keys - 1;
	reading->section = KEY;
}

static void enter_section(struct reading *reading, const char *section)
{
	reading->entered = reading->header;
	reading->section = NOWHERE;
	if (!reading->header)
		fault(reading, reading->ini.line,
		      "this stands before any section, begin the file with [door]");
	else if (!strcmp(section, "door"))
		enter_door(reading);
	else if (!strncmp(section, "key", 3) && strspn(section + 3, " \t"))
		enter_key(reading, section + 3 + strspn(section + 3, " \t"));
	else
		fault(reading, reading->header,
		      "`[%.64s]' is no section, there are [door] and [key NAME]", section);
}

/* Return: whether what follows the = cannot be the padding of base64. */
static bool looks_like_word(const char *text)
{
	const char *equals = strchr(text, '=');

	return equals && equals[strspn(equals, "=")];
}

static void continue_word(struct reading *reading, const char *value)
{
	size_t length = strlen(reading->value);

	if (reading->spoiled)
		return;
	if (looks_like_word(value)) {
		fault(reading, reading->ini.line,
		      "an indented line goes on with the value before it, begin WORD = VALUE at the left");
		reading->spoiled = true;
	} else if (length + strlen(value) >= sizeof(reading->value)) {
		fault(reading, reading->at, "no value is so long, shorten it");
		reading->spoiled = true;
	} else {
		strcpy(reading->value + length, value);
	}
}

/* libinih: WORD = VALUE, or more of a value. */
static int take_word(void *user, const char *section, const char *name, const char *value)
{
	struct reading *reading = user;

	reading->ini.unheard = false;
	if (reading->indented && reading->word[0]) {
		continue_word(reading, value);
		return 1;
	}
	finish_word(reading);
	reading->said = true;
	if (reading->entered != reading->header)
		enter_section(reading, section);
	if (!*name)
		fault(reading, reading->ini.line, "the word before the = is missing, write one");
	snprintf(reading->word, sizeof(reading->word), "%s", name);
	snprintf(reading->value, sizeof(reading->value), "%s", value);
	reading->at = reading->ini.line;
	return 1;
}

/* The text of a line for libinih; an empty one where it need not know. */
static size_t look_at(struct ini_text *ini, const char **text, size_t length, size_t room)
{
	struct reading *reading = (struct reading *)ini;
	size_t indent = 0;

	while (indent < length && strchr(" \t\r\v\f", (*text)[indent]) && (*text)[indent])
		indent++;
	reading->indented = indent > 0;
	if (indent == length || (*text)[indent] == ';' || (*text)[indent] == '#')
		return 0;
	if ((*text)[indent] == '[') {
		finish_section(reading);
		reading->header = reading->ini.line;
		reading->broken = !memchr(*text, ']', length);
		*text += indent;
		if (!reading->broken && length - indent < room)
			return length - indent;
		reading->broken = true;
		fault(reading, reading->ini.line, "this section has no name in [ and ], close it");
		return 0;
	}
	if (memchr(*text, '\0', length)) {
		fault(reading, reading->ini.line, "this line is no text, there is a zero byte in it");
		return 0;
	}
	if (length >= room) {
		fault(reading, reading->ini.line,
		      "this line is too long, go on in an indented line before character %zu",
		      room);
		return 0;
	}
	reading->ini.unheard = !reading->broken;
	return reading->broken ? 0 : length;
}

/**
 * config_read_text() - take a file's text apart
 * @door: where to; with its name, and nothing else yet
 * @path: of the file, for faults
 * @text: what is in it
 * @length: its bytes
 * @faults: gets what is wrong with single lines and words
 */
void config_read_text(struct config_door *door, const char *path, const char *text,
		      size_t length, struct faults *faults)
{
	struct reading reading = {
		.ini = { .path = path, .faults = faults, .comment = ';', .look_at = look_at },
		.door = door, .entered = (unsigned int)-1,
	};

	ini_text_read(&reading.ini, take_word, text, length);
	finish_section(&reading);
	OPENSSL_cleanse(&reading, sizeof(reading));
}
