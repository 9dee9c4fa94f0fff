// SPDX-License-Identifier: GPL-2.0
/*
 * Which sequences of a derived key were knocked in which slot. A server takes each once,
 * and whoever knocks it again for a thief: so a counter is written down before it is
 * knocked, and slots are kept for a day, since a clock that is set back and forth comes
 * to them again.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "counter.h"
#include "fingerprint.h"
#include "kept_file.h"

#define LINES_MAX 256
#define LINE_SIZE 80
#define TEXT_SIZE (LINES_MAX * LINE_SIZE)
#define KEPT_SEC (24 * 3600)

/**
 * struct line - what was knocked with one key in one slot
 * @key: fingerprint of the key, which tells nothing of it
 * @slot_sec: length of a slot
 * @slot: the slot
 * @next: the first counter that was not knocked
 */
struct line {
	char key[FINGERPRINT_TEXT_SIZE];
	u32 slot_sec;
	u64 slot;
	u64 next;
};

/**
 * struct counters - the file in memory
 * @count: of lines
 * @line: the oldest first
 */
struct counters {
	size_t count;
	struct line line[LINES_MAX];
};

static bool is_over(const struct line *line, u64 now_sec)
{
	return (line->slot + 1) * line->slot_sec + KEPT_SEC < now_sec;
}

/* What is no line is left out, and so is what is over. */
static void parse(struct counters *counters, char *text, u64 now_sec)
{
	uint64_t slot, next;
	struct line line;
	char *at, *more;

	counters->count = 0;
	for (at = strtok_r(text, "\n", &more); at && counters->count < LINES_MAX;
	     at = strtok_r(NULL, "\n", &more)) {
		if (sscanf(at, "%16[0-9a-f] %" SCNu32 " %" SCNu64 " %" SCNu64, line.key,
			   &line.slot_sec, &slot, &next) != 4)
			continue;
		line.slot = slot;
		line.next = next;
		if (!is_over(&line, now_sec))
			counters->line[counters->count++] = line;
	}
}

static bool read_counters(struct counters *counters, int descriptor, u64 now_sec)
{
	char text[TEXT_SIZE + 1];
	ssize_t length = kept_file_read(descriptor, text, TEXT_SIZE);

	if (length < 0)
		return false;
	text[length] = '\0';
	parse(counters, text, now_sec);
	return true;
}

static bool write_counters(const struct counters *counters, const struct kept_file *file)
{
	char text[TEXT_SIZE];
	size_t i, used = 0;

	for (i = 0; i < counters->count; i++) {
		const struct line *line = &counters->line[i];

		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 "%s %" PRIu32 " %" PRIu64 " %" PRIu64 "\n", line->key,
					 line->slot_sec, (uint64_t)line->slot,
					 (uint64_t)line->next);
	}
	return kept_file_replace(file, text, used);
}

/* The line of a key and slot: one at the end, in the place of the oldest, if there is none. */
static struct line *find(struct counters *counters, const struct line *wanted)
{
	size_t i;

	for (i = 0; i < counters->count; i++) {
		struct line *line = &counters->line[i];

		if (line->slot == wanted->slot && line->slot_sec == wanted->slot_sec &&
		    !strcmp(line->key, wanted->key))
			return line;
	}
	if (counters->count == LINES_MAX)
		memmove(counters->line, counters->line + 1,
			--counters->count * sizeof(counters->line[0]));
	counters->line[counters->count] = *wanted;
	return &counters->line[counters->count++];
}

static bool line_of(struct line *line, const struct profile *profile, u64 now_sec)
{
	unsigned char fingerprint[FINGERPRINT_SIZE];

	if (!fingerprint_make(&profile->secret, fingerprint)) {
		errno = ENOSYS;
		return false;
	}
	fingerprint_format(line->key, fingerprint);
	line->slot_sec = profile->slot_sec;
	line->slot = now_sec / profile->slot_sec;
	line->next = 0;
	return true;
}

/* Return: the line of this slot in the file's lines; NULL if something is wrong. */
static struct line *find_now(struct counters *counters, const struct kept_file *file,
			     const struct profile *profile, u64 now_sec)
{
	struct line wanted;

	if (!line_of(&wanted, profile, now_sec) ||
	    !read_counters(counters, file->descriptor, now_sec))
		return NULL;
	return find(counters, &wanted);
}

static bool fail(const struct kept_file *file, char why[COUNTER_WHY_SIZE])
{
	snprintf(why, COUNTER_WHY_SIZE,
		 "%s, which keeps what was knocked already, cannot be used: %s; set XDG_STATE_HOME to a directory that can be written",
		 file->path, strerror(errno));
	return false;
}

/**
 * counter_next() - the slot of a moment, and what has not been knocked in it
 * @profile: of a derived key
 * @now_sec: the moment
 * @fields: receives them
 * @why: a sentence, on failure
 *
 * Return: true; false if what was knocked cannot be told.
 */
bool counter_next(const struct profile *profile, u64 now_sec, struct knock_fields *fields,
		  char why[COUNTER_WHY_SIZE])
{
	struct counters counters = { .count = 0 };
	struct kept_file file = { .descriptor = -1 };
	const struct line *line = NULL;
	u64 counter = 0;

	if (!home_find(file.path, &home_state, "tumbler/counters")) {
		errno = ENAMETOOLONG;
		return fail(&file, why);
	}
	if (kept_file_open(&file, false)) {
		line = find_now(&counters, &file, profile, now_sec);
		kept_file_close(&file);
	}
	if (!line && errno != ENOENT)
		return fail(&file, why);
	if (line)
		counter = line->next;
	*fields = knock_derive_fields(counter, now_sec / profile->slot_sec, profile->slot_sec);
	return true;
}

/**
 * counter_claim() - take the next counter of a slot, so that it is nobody else's
 * @profile: of a derived key
 * @now_sec: a moment of the slot
 * @fields: receives counter and slot
 * @why: a sentence, on failure
 *
 * Return: true, and it is on the disk that it was taken; false if that cannot be.
 */
bool counter_claim(const struct profile *profile, u64 now_sec, struct knock_fields *fields,
		   char why[COUNTER_WHY_SIZE])
{
	struct counters counters = { .count = 0 };
	struct kept_file file;
	struct line *line;
	bool good = false;

	if (!home_find(file.path, &home_state, "tumbler/counters")) {
		errno = ENAMETOOLONG;
		return fail(&file, why);
	}
	if (!kept_file_open(&file, true))
		return fail(&file, why);
	line = find_now(&counters, &file, profile, now_sec);
	if (line) {
		*fields = knock_derive_fields(line->next++, line->slot, line->slot_sec);
		good = write_counters(&counters, &file);
	}
	if (!good)
		fail(&file, why);
	kept_file_close(&file);
	return good;
}
