// SPDX-License-Identifier: GPL-2.0
/*
 * Writing files of doors: whole, into a hidden file of the same directory, which
 * then takes the place of the old one. Who is cut short at any point leaves the
 * old file or the new one, and a hidden file that the next writer removes. All of
 * it under the directory's lock.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "base64.h"
#include "config.h"
#include "new_file.h"

/*
 * A key has up to 2800 bytes of text, 880 of them prefixes, and as many ports; a door
 * some more.
 */
#define KEY_TEXT 3072
#define DOOR_TEXT 1536

/* Characters of base64 in a line. */
#define LINE_WIDTH 76

#define SECRET_TEXT BASE64_SIZE(SECRET_SIZE_MAX)

#define FILE_NAME_SIZE (KNOCK_NAME_SIZE + sizeof("..conf.new"))

/**
 * struct text - a file's text while it is made
 * @start: with room for @size bytes; there is enough of it
 * @size: bytes
 * @used: of them
 */
struct text {
	char *start;
	size_t size;
	size_t used;
};

static void __attribute__((format(printf, 2, 3))) append(struct text *text, const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text->start + text->used, text->size - text->used, format, arguments);
	va_end(arguments);
	text->used += (size_t)length;
}

static void append_door(struct text *text, const struct config_door *door)
{
	char service[SERVICE_TEXT_SIZE], duration[DURATION_TEXT_SIZE], mark[MARK_TEXT_SIZE];
	size_t i;

	append(text, "; Written by knockctl, which keeps no comments when it changes this file.\n");
	append(text, "[door]\nopens = %s", door->opens.count ? "" : "none");
	for (i = 0; i < door->opens.count; i++) {
		format_service(service, &door->opens.service[i]);
		append(text, "%s%s", i % 8 ? "," : i ? ",\n  " : "", service);
	}
	format_duration(duration, door->open_for);
	append(text, "\nopen-for = %s\nknock-port = %u\n", duration, door->knock_port);
	if (door->agent)
		append(text, "agent = %u\n", door->agent);
	if (door->mark.mask) {
		format_mark(mark, &door->mark);
		append(text, "mark = %s\n", mark);
	}
	format_duration(duration, door->blacklist_for);
	append(text, "max-grants = %u\nblacklist-for = %s\n", door->max_grants, duration);
}

static void append_secret(struct text *text, const struct secret *secret)
{
	char base64[SECRET_TEXT];
	size_t at;

	base64_encode(base64, secret->bytes, secret->length);
	append(text, "secret = ");
	for (at = 0; base64[at]; at += strnlen(base64 + at, LINE_WIDTH))
		append(text, "%s%.*s\n", at ? "  " : "", LINE_WIDTH, base64 + at);
	OPENSSL_cleanse(base64, sizeof(base64));
}

static void append_limits(struct text *text, const struct config_key *key)
{
	char prefix[PREFIX_TEXT_SIZE], moment[TIME_TEXT_SIZE];
	size_t i;

	for (i = 0; i < key->from.count; i++) {
		format_prefix(prefix, &key->from.prefix[i]);
		append(text, "%s%s", i % 3 ? "," : i ? ",\n  " : "from = ", prefix);
	}
	if (i)
		append(text, "\n");
	if (key->not_after) {
		format_time(moment, key->not_after);
		append(text, "not-after = %s\n", moment);
	}
}

/* Numbers and ranges with commas between, in lines of some length. */
static void append_list(struct text *text, const char *word, const char *list)
{
	size_t length;

	append(text, "%s = ", word);
	for (; strlen(list) > LINE_WIDTH; list += length) {
		for (length = LINE_WIDTH; list[length - 1] != ','; length--)
			;
		append(text, "%.*s\n  ", (int)length, list);
	}
	append(text, "%s\n", list);
}

static void append_duration(struct text *text, const char *word, u32 seconds)
{
	char duration[DURATION_TEXT_SIZE];

	format_duration(duration, seconds);
	append(text, "%s = %s\n", word, duration);
}

static void append_static(struct text *text, const struct series *series)
{
	char ports[KNOCK_SEQUENCE_TEXT_SIZE];

	knock_sequence_format(ports, &series->ports);
	append_list(text, "static", ports);
	OPENSSL_cleanse(ports, sizeof(ports));
}

static void append_series(struct text *text, const struct series *series)
{
	bool once = series->kind == KNOCK_SEQUENCE_KIND_ONCE;
	char avoid[PORT_RANGES_TEXT_SIZE] = "none";

	if (series->kind == KNOCK_SEQUENCE_KIND_STATIC) {
		append_static(text, series);
	} else {
		append(text, "%s = yes\nsteps = %u\n", once ? "once" : "derived", series->steps);
		if (series->avoid.count)
			port_ranges_format(avoid, &series->avoid);
		append_list(text, "avoid", avoid);
	}
	append_duration(text, "within", series->within);
	if (once) {
		append(text, "depth = %u\n%s", series->depth,
		       series->unbound ? "unbound = yes\n" : "");
	} else if (series->kind == KNOCK_SEQUENCE_KIND_DERIVED) {
		if (*series->location)
			append(text, "location = %s\n", series->location);
		append_duration(text, "slot", series->slot);
		append(text, "ahead = %u\n", series->ahead);
	}
}

static void append_proof(struct text *text, const struct config_key *key)
{
	char base64[SECRET_BINARY_TEXT_SIZE];

	if (key->paired) {
		base64_encode(base64, key->public_key, X25519_SIZE);
		append(text, "public-key = %s\n", base64);
	} else if (key->secret.length) {
		if (key->generated)
			append(text, "generated = yes\n");
		append_secret(text, &key->secret);
	}
}

/* Of sequences only derived ones have to do with clocks. */
static bool has_skew(const struct config_key *key)
{
	return !key->series.kind || key->series.kind == KNOCK_SEQUENCE_KIND_DERIVED;
}

static void append_key(struct text *text, const struct config_key *key)
{
	static const char *const types[] = {
		[KNOCK_KEY_TYPE_TUMBLER] = "tumbler",
		[KNOCK_KEY_TYPE_SEALED] = "sealed",
		[KNOCK_KEY_TYPE_SEQUENCE] = "sequence",
	};
	char base64[BASE64_SIZE(FINGERPRINT_SIZE)];

	append(text, "\n[key %s]\ntype = %s\n", key->name, types[key->type]);
	if (key->type != KNOCK_KEY_TYPE_SEALED)
		append(text, "action = %s\n",
		       key->action == KNOCK_KEY_ACTION_CLOSE ? "close" : "open");
	if (key->series.kind)
		append_series(text, &key->series);
	if (has_skew(key))
		append_duration(text, "skew", key->skew);
	append(text, "max-grants = %u\n", key->max_grants);
	append_limits(text, key);
	if (key->roaming)
		append(text, "roaming = yes\n");
	append_proof(text, key);
	if (key->known) {
		base64_encode(base64, key->fingerprint, FINGERPRINT_SIZE);
		append(text, "fingerprint = %s\n", base64);
	}
}

/* The file's name behind a dot and before a suffix, or as it is. */
static void file_name(char text[FILE_NAME_SIZE], const char *name, const char *suffix)
{
	snprintf(text, FILE_NAME_SIZE, "%s%s" CONFIG_SUFFIX "%s", *suffix ? "." : "", name, suffix);
}

/**
 * config_format() - what a door's file says
 * @door: the door, with all secrets; fingerprints are written where known
 *
 * Return: the text, to be freed with OPENSSL_clear_free(); NULL if there was no memory.
 */
char *config_format(const struct config_door *door)
{
	struct text text = { .size = DOOR_TEXT + door->keys * KEY_TEXT };
	size_t i;

	text.start = OPENSSL_malloc(text.size);
	if (!text.start)
		return NULL;
	append_door(&text, door);
	for (i = 0; i < door->keys; i++)
		append_key(&text, &door->key[i]);
	return text.start;
}

/**
 * config_write_text() - write a door's file, but do not put it into place yet
 * @directory: a descriptor of it, locked
 * @name: the door's
 * @text: what the file is to say
 *
 * Return: true; false with errno, and nothing left behind.
 */
bool config_write_text(int directory, const char *name, const char *text)
{
	char path[FILE_NAME_SIZE];

	file_name(path, name, ".new");
	return new_file_write(directory, path, text, strlen(text));
}

/**
 * config_write_new() - the same, of a door
 * @directory: a descriptor of it, locked
 * @door: the door, with all secrets; fingerprints are written where known
 *
 * Return: true; false with errno, and nothing left behind.
 */
bool config_write_new(int directory, const struct config_door *door)
{
	char *text = config_format(door);
	bool good;

	if (!text) {
		errno = ENOMEM;
		return false;
	}
	good = config_write_text(directory, door->name, text);
	OPENSSL_clear_free(text, strlen(text) + 1);
	return good;
}

/* Makes the last rename or removal outlast a power failure, where that can be done. */
static void sync_directory(int directory)
{
	int error = errno;

	fsync(directory);
	errno = error;
}

static bool rename_in(int directory, const char *name, const char *from, const char *to)
{
	char old[FILE_NAME_SIZE], new[FILE_NAME_SIZE];
	bool good;

	file_name(old, name, from);
	file_name(new, name, to);
	good = !renameat(directory, old, directory, new);
	sync_directory(directory);
	return good;
}

static void remove_in(int directory, const char *name, const char *suffix)
{
	char path[FILE_NAME_SIZE];

	file_name(path, name, suffix);
	if (!unlinkat(directory, path, 0))
		sync_directory(directory);
}

/**
 * config_write_commit() - put what config_write_new() wrote into place
 * @directory: the same
 * @name: the door's
 *
 * Return: true; false with errno, and the old file in place.
 */
bool config_write_commit(int directory, const char *name)
{
	return rename_in(directory, name, ".new", "");
}

/**
 * config_write_abort() - remove what config_write_new() wrote
 * @directory: the same
 * @name: the door's
 */
void config_write_abort(int directory, const char *name)
{
	remove_in(directory, name, ".new");
}

/**
 * config_hide() - take a door's file out of the configuration
 * @directory: a descriptor of it, locked
 * @name: the door's
 *
 * Return: true; false with errno, ENOENT if there is none.
 */
bool config_hide(int directory, const char *name)
{
	return rename_in(directory, name, "", ".old");
}

/**
 * config_unhide() - take config_hide() back
 * @directory: the same
 * @name: the door's
 *
 * Return: true; false with errno.
 */
bool config_unhide(int directory, const char *name)
{
	return rename_in(directory, name, ".old", "");
}

/**
 * config_forget() - remove a door's hidden file
 * @directory: the same
 * @name: the door's
 */
void config_forget(int directory, const char *name)
{
	remove_in(directory, name, ".old");
}
