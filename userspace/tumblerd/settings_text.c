// SPDX-License-Identifier: GPL-2.0
/*
 * The text of tumblerd.conf(5). libinih takes its lines apart; what it would read
 * otherwise than it is written is seen where it asks for the next line.
 */
#include <string.h>

#include <openssl/crypto.h>

#include "ini_text.h"
#include "settings.h"

#define BLANKS " \t\r\v\f"

#define COMMENT_INSIDE \
	"what follows a blank and a ; would be a comment; give that a line of its own, and put a ; that is none into quotes"

/**
 * struct reading - a text on its way into settings
 * @ini: its lines
 * @settings: where to
 * @is_door: words of the section are of the door that was added last
 */
struct reading {
	struct ini_text ini;
	struct settings *settings;
	bool is_door;
};

#define fault(reading, line, ...) \
	ini_fault(&(reading)->ini, line, __VA_ARGS__)

static bool take(struct ini_text *ini, char why[PARSE_WHY_SIZE])
{
	struct reading *reading = (struct reading *)ini;
	struct settings *settings = reading->settings;

	if (reading->is_door)
		return settings_door_word(&settings->door[settings->doors - 1], ini->word,
					  ini->value, why);
	return settings_common_word(settings, ini->word, ini->value, why);
}

static void enter_common(struct reading *reading)
{
	if (reading->settings->line) {
		fault(reading, reading->ini.header, "[common] began in line %u already, write it once",
		      reading->settings->line);
		return;
	}
	reading->settings->line = reading->ini.header;
	reading->is_door = false;
	reading->ini.inside = true;
}

/* @made: it is the article's [door-NAME], for a door with its own secret. */
static void enter_door(struct reading *reading, const char *name, bool made)
{
	const struct door_settings *other = settings_find(reading->settings, name);
	struct door_settings *door;
	char why[PARSE_WHY_SIZE];

	if (reading->settings->doors == SETTINGS_DOORS_MAX) {
		fault(reading, reading->ini.header, "a namespace holds %d doors, leave some out",
		      SETTINGS_DOORS_MAX);
		return;
	}
	if (!parse_name("door", name, why)) {
		fault(reading, reading->ini.header, "%s", why);
		name = "";
	} else if (other) {
		fault(reading, reading->ini.header, "door %s is in line %u already, write it once",
		      name, other->line);
	}
	door = settings_add(reading->settings, name);
	if (!door) {
		reading->ini.faults->lost = true;
		return;
	}
	door->line = reading->ini.header;
	door->made = made;
	reading->is_door = true;
	reading->ini.inside = true;
}

static void enter(struct ini_text *ini, const char *section)
{
	struct reading *reading = (struct reading *)ini;

	if (!strcmp(section, "common"))
		enter_common(reading);
	else if (!strncmp(section, "door-", 5))
		enter_door(reading, section + 5, true);
	else if (!strncmp(section, "door", 4) && strspn(section + 4, BLANKS))
		enter_door(reading, section + 4 + strspn(section + 4, BLANKS), false);
	else
		fault(reading, ini->header,
		      "`[%.64s]' is no section, there are [common], [door NAME] and [door-NAME]",
		      section);
}

/* A command goes on as it would in one line: behind a blank. */
static void go_on(struct ini_text *ini, const char *value)
{
	ini_append(ini, " ", "put it into a script");
	ini_append(ini, value, "put it into a script");
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
static const char *examine(const char *text, size_t length, size_t room)
{
	if (memchr(text, '\0', length))
		return "this line is no text, there is a zero byte in it";
	if (length >= room)
		return "this line is too long, go on in an indented line";
	if (*text != '[' && has_comment_inside(text, length))
		return COMMENT_INSIDE;
	if (*text == '[' && !memchr(text, ']', length))
		return "this section has no name in [ and ], close it";
	return NULL;
}

/* The text of a line for libinih; an empty one where it need not know. */
static size_t look_at(struct ini_text *ini, const char **text, size_t length, size_t room)
{
	const char *wrong;
	size_t indent = 0;

	while (indent < length && memchr(BLANKS, (*text)[indent], strlen(BLANKS)))
		indent++;
	if (indent == length || (*text)[indent] == ';' || (*text)[indent] == '#')
		return 0;
	wrong = examine(*text + indent, length - indent, room);
	if (wrong)
		ini_fault(ini, ini->line, "%s", wrong);
	if ((*text)[indent] == '[')
		ini_begin_section(ini, !wrong);
	else
		ini->spoiled |= !!wrong;
	if (wrong)
		return 0;
	ini->unheard = (*text)[indent] != '[';
	ini->goes_on = ini->unheard && indent && ini->word[0] &&
		       !settings_is_word(*text + indent, length - indent);
	/* What is indented goes on with a value for libinih, too, and nothing else does. */
	if (ini->goes_on)
		return length;
	*text += indent;
	return length - indent;
}

static const struct ini_kind settings_file = {
	.comment = '#', .first = "common", .look_at = look_at, .enter = enter, .take = take,
	.go_on = go_on,
};

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
		.ini = { .kind = &settings_file, .path = path, .faults = faults },
		.settings = settings,
	};

	ini_text_read(&reading.ini, text, length);
	OPENSSL_cleanse(&reading, sizeof(reading));
}
