// SPDX-License-Identifier: GPL-2.0
/*
 * The text of tumblerd.conf(5). libinih takes its lines apart; what it would read
 * otherwise than it is written is seen where it asks for the next line.
 */
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#include "ini_text.h"
#include "settings.h"

/* The longest value is a command; and the longest word, one of its name. */
#define VALUE_SIZE 8192
#define WORD_SIZE 64

#define BLANKS " \t\r\v\f"

#define COMMENT_INSIDE \
	"what follows a blank and a ; would be a comment; give that a line of its own, and put a ; that is none into quotes"

/**
 * struct reading - a text on its way into settings
 * @ini: its lines
 * @goes_on: the line that libinih has goes on with the value before it
 * @header: the line of the section's header, 0 before the first
 * @entered: the header of what @section belongs to
 * @settings: where to
 * @section: where words of the section go
 * @word: the word whose value may go on in the next line; empty if there is none
 * @value: its value so far
 * @at: its line
 * @spoiled: its value is wrong already
 */
struct reading {
	struct ini_text ini;
	bool goes_on;
	unsigned int header;
	unsigned int entered;
	struct settings *settings;
	enum { NOWHERE, COMMON, DOOR } section;
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
	struct settings *settings = reading->settings;
	char why[PARSE_WHY_SIZE];
	bool good = true;

	if (reading->word[0] && reading->section == COMMON)
		good = settings_common_word(settings, reading->word, reading->value, why);
	else if (reading->word[0] && reading->section == DOOR)
		good = settings_door_word(&settings->door[settings->doors - 1], reading->word,
					  reading->value, why);
	if (!good && !reading->spoiled)
		fault(reading, reading->at, "%s", why);
	reading->word[0] = '\0';
	reading->spoiled = false;
	OPENSSL_cleanse(reading->value, sizeof(reading->value));
}

static void finish_section(struct reading *reading)
{
	finish_word(reading);
	if (reading->header && reading->entered != reading->header)
		fault(reading, reading->header,
		      "this section is empty, write what it is to say or leave it out");
}

static void enter_common(struct reading *reading)
{
	if (reading->settings->line) {
		fault(reading, reading->header, "[common] began in line %u already, write it once",
		      reading->settings->line);
		return;
	}
	reading->settings->line = reading->header;
	reading->section = COMMON;
}

/* @made: it is the article's [door-NAME], for a door with its own secret. */
static void enter_door(struct reading *reading, const char *name, bool made)
{
	const struct door_settings *other = settings_find(reading->settings, name);
	struct door_settings *door;
	char why[PARSE_WHY_SIZE];

	if (reading->settings->doors == SETTINGS_DOORS_MAX) {
		fault(reading, reading->header, "a namespace holds %d doors, leave some out",
		      SETTINGS_DOORS_MAX);
		return;
	}
	if (!parse_name("door", name, why)) {
		fault(reading, reading->header, "%s", why);
		name = "";
	} else if (other) {
		fault(reading, reading->header, "door %s is in line %u already, write it once",
		      name, other->line);
	}
	door = settings_add(reading->settings, name);
	if (!door) {
		reading->ini.faults->lost = true;
		return;
	}
	door->line = reading->header;
	door->made = made;
	reading->section = DOOR;
}

static void enter_section(struct reading *reading, const char *section)
{
	reading->entered = reading->header;
	reading->section = NOWHERE;
	if (!reading->header)
		fault(reading, reading->ini.line,
		      "this stands before any section, begin the file with [common]");
	else if (!strcmp(section, "common"))
		enter_common(reading);
	else if (!strncmp(section, "door-", 5))
		enter_door(reading, section + 5, true);
	else if (!strncmp(section, "door", 4) && strspn(section + 4, BLANKS))
		enter_door(reading, section + 4 + strspn(section + 4, BLANKS), false);
	else
		fault(reading, reading->header,
		      "`[%.64s]' is no section, there are [common], [door NAME] and [door-NAME]",
		      section);
}

/* A command goes on as it would in one line: behind a blank. */
static void continue_word(struct reading *reading, const char *value)
{
	size_t length = strlen(reading->value);

	if (length + 1 + strlen(value) >= sizeof(reading->value)) {
		if (!reading->spoiled)
			fault(reading, reading->at, "no value is so long, put it into a script");
		reading->spoiled = true;
		return;
	}
	reading->value[length] = ' ';
	strcpy(reading->value + length + 1, value);
}

/* libinih: WORD = VALUE, or more of a value. */
static int take_word(void *user, const char *section, const char *name, const char *value)
{
	struct reading *reading = user;

	reading->ini.unheard = false;
	if (reading->goes_on) {
		continue_word(reading, value);
		return 1;
	}
	finish_word(reading);
	if (reading->entered != reading->header)
		enter_section(reading, section);
	if (!*name)
		fault(reading, reading->ini.line, "the word before the = is missing, write one");
	snprintf(reading->word, sizeof(reading->word), "%s", name);
	snprintf(reading->value, sizeof(reading->value), "%s", value);
	reading->at = reading->ini.line;
	return 1;
}

/* libinih would take what follows for a comment, and a command would be cut there. */
static bool has_comment_inside(const char *text, size_t length)
{
	size_t i;

	for (i = 1; i < length; i++)
		if (text[i] == ';' && memchr(BLANKS, text[i - 1], strlen(BLANKS)))
			return true;
	return false;
}

/* Return: NULL if libinih takes the line for what it is, else what is wrong with it. */
static const char *examine(struct reading *reading, const char *text, size_t length, size_t room)
{
	if (memchr(text, '\0', length))
		return "this line is no text, there is a zero byte in it";
	if (length >= room)
		return "this line is too long, go on in an indented line";
	if (*text != '[' && has_comment_inside(text, length))
		return COMMENT_INSIDE;
	if (*text == '[' && !memchr(text, ']', length)) {
		reading->section = NOWHERE;
		return "this section has no name in [ and ], close it";
	}
	return NULL;
}

/* The text of a line for libinih; an empty one where it need not know. */
static size_t look_at(struct ini_text *ini, const char **text, size_t length, size_t room)
{
	struct reading *reading = (struct reading *)ini;
	const char *wrong;
	size_t indent = 0;

	while (indent < length && memchr(BLANKS, (*text)[indent], strlen(BLANKS)))
		indent++;
	reading->goes_on = false;
	if (indent == length || (*text)[indent] == ';' || (*text)[indent] == '#')
		return 0;
	wrong = examine(reading, *text + indent, length - indent, room);
	if (wrong) {
		fault(reading, reading->ini.line, "%s", wrong);
		reading->spoiled = true;
		return 0;
	}
	if ((*text)[indent] == '[') {
		finish_section(reading);
		reading->header = reading->ini.line;
	} else {
		reading->ini.unheard = true;
		reading->goes_on = indent && reading->word[0] &&
				   !settings_is_word(*text + indent, length - indent);
	}
	/* What is indented goes on with a value for libinih, too, and nothing else does. */
	if (reading->goes_on)
		return length;
	*text += indent;
	return length - indent;
}

/**
 * settings_read_text() - take a file's text apart
 * @settings: where to; with the defaults
 * @path: of the file, for faults
 * @text: what is in it
 * @length: its bytes
 * @faults: gets what is wrong with single lines and words
 */
void settings_read_text(struct settings *settings, const char *path, const char *text,
			size_t length, struct faults *faults)
{
	struct reading reading = {
		.ini = { .path = path, .faults = faults, .comment = '#', .look_at = look_at },
		.settings = settings, .entered = (unsigned int)-1,
	};

	ini_text_read(&reading.ini, take_word, text, length);
	finish_section(&reading);
	OPENSSL_cleanse(&reading, sizeof(reading));
}
