// SPDX-License-Identifier: GPL-2.0
/* The text of a door's file. */
#include <string.h>

#include <openssl/crypto.h>

#include "config_text.h"
#include "ini_text.h"

/**
 * struct reading - a text on its way into a door
 * @ini: its lines
 * @door: where to
 * @key: number of the key, if it is the section of one and not the door's
 * @is_key: it is
 */
struct reading {
	struct ini_text ini;
	struct config_door *door;
	size_t key;
	bool is_key;
};

#define fault(reading, line, ...) \
	ini_fault(&(reading)->ini, line, __VA_ARGS__)

static bool take(struct ini_text *ini, char why[PARSE_WHY_SIZE])
{
	struct reading *reading = (struct reading *)ini;
	struct config_door *door = reading->door;

	if (reading->is_key)
		return config_key_word(&door->key[reading->key], ini->word, ini->value, why);
	return config_door_word(door, ini->word, ini->value, why);
}

static void enter_door(struct reading *reading)
{
	struct config_door *door = reading->door;

	if (door->line) {
		fault(reading, reading->ini.header,
		      "[door] began in line %u already, write it once", door->line);
		return;
	}
	door->line = reading->ini.header;
	reading->is_key = false;
	reading->ini.inside = true;
}

static void enter_key(struct reading *reading, const char *name)
{
	struct config_door *door = reading->door;
	struct config_key *key;
	char why[PARSE_WHY_SIZE];

	if (door->keys == CONFIG_KEYS_MAX) {
		fault(reading, reading->ini.header, "a namespace holds %d keys, leave some out",
		      CONFIG_KEYS_MAX);
		return;
	}
	if (!parse_name("key", name, why)) {
		fault(reading, reading->ini.header, "%s", why);
		name = "";
	}
	key = config_key_add(door, name);
	if (!key) {
		reading->ini.faults->lost = true;
		return;
	}
	key->line = reading->ini.header;
	reading->key = door->keys - 1;
	reading->is_key = true;
	reading->ini.inside = true;
}

static void enter(struct ini_text *ini, const char *section)
{
	struct reading *reading = (struct reading *)ini;

	if (!strcmp(section, "door"))
		enter_door(reading);
	else if (!strncmp(section, "key", 3) && strspn(section + 3, " \t"))
		enter_key(reading, section + 3 + strspn(section + 3, " \t"));
	else
		fault(reading, ini->header, "`[%.64s]' is no section, there are [door] and [key NAME]",
		      section);
}

/* Return: whether what follows the = cannot be the padding of base64. */
static bool looks_like_word(const char *text)
{
	const char *equals = strchr(text, '=');

	return equals && equals[strspn(equals, "=")];
}

static void go_on(struct ini_text *ini, const char *value)
{
	if (!looks_like_word(value)) {
		ini_append(ini, value, "shorten it");
		return;
	}
	if (!ini->spoiled)
		ini_fault(ini, ini->line,
			  "an indented line goes on with the value before it, begin WORD = VALUE at the left");
	ini->spoiled = true;
}

/* Return: whether a header is one that libinih takes for it. */
static bool begin_section(struct ini_text *ini, const char *text, size_t length, size_t room)
{
	bool good = memchr(text, ']', length) && length < room;

	ini_begin_section(ini, good);
	if (!good)
		ini_fault(ini, ini->line, "this section has no name in [ and ], close it");
	return good;
}

/* The text of a line for libinih; an empty one where it need not know. */
static size_t look_at(struct ini_text *ini, const char **text, size_t length, size_t room)
{
	size_t indent = 0;

	while (indent < length && strchr(" \t\r\v\f", (*text)[indent]) && (*text)[indent])
		indent++;
	if (indent == length || (*text)[indent] == ';' || (*text)[indent] == '#')
		return 0;
	if ((*text)[indent] == '[') {
		*text += indent;
		return begin_section(ini, *text, length - indent, room) ? length - indent : 0;
	}
	if (memchr(*text, '\0', length)) {
		ini_fault(ini, ini->line, "this line is no text, there is a zero byte in it");
		return 0;
	}
	if (length >= room) {
		ini_fault(ini, ini->line,
			  "this line is too long, go on in an indented line before character %zu",
			  room);
		return 0;
	}
	ini->goes_on = indent && ini->word[0];
	ini->unheard = true;
	return length;
}

static const struct ini_kind door_file = {
	.comment = ';', .first = "door", .look_at = look_at, .enter = enter, .take = take,
	.go_on = go_on,
};

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
		.ini = { .kind = &door_file, .path = path, .faults = faults }, .door = door,
	};

	ini_text_read(&reading.ini, text, length);
	OPENSSL_cleanse(&reading, sizeof(reading));
}
