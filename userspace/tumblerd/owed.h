/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_OWED_H
#define _TUMBLERD_OWED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "words.h"

/*
 * Grants whose close-command has yet to be run, kept so that it is run though tumblerd or
 * the machine stopped meanwhile: what a command let in would stay in for ever.
 */

/* Those that are followed, and as many whose command waits. */
#define OWED_MAX 131072

#define OWED_BUCKETS 4096

/* Lines beyond those that are needed, before the file is written anew. */
#define OWED_SPARE 1024

/**
 * struct owed_grant - one of them
 * @next: in its bucket
 * @grant: its id
 * @subject: who it is for
 */
struct owed_grant {
	struct owed_grant *next;
	uint64_t grant;
	struct subject subject;
};

/**
 * struct owed - all of them, in memory and in a file
 * @directory: of the file; NULL if nothing is kept
 * @descriptor: of the file, to add to it; -1 if there is none
 * @whole: it is to be written anew
 * @told: that it cannot be written was said
 * @tried: when it was to be written last, in seconds that no clock step changes
 * @count: how many there are
 * @lines: how many lines the file has
 * @pending: what is to be added to it
 * @length: bytes of @pending
 * @room: how many it has room for
 * @bucket: the grants, by the low bits of their ids
 */
struct owed {
	const char *directory;
	int descriptor;
	bool whole;
	bool told;
	time_t tried;
	size_t count;
	size_t lines;
	char *pending;
	size_t length;
	size_t room;
	struct owed_grant *bucket[OWED_BUCKETS];
};

/* owed.c: in memory, and as a text */
void owed_begin(struct owed *owed, uint64_t grant, const struct subject *subject);
void owed_end(struct owed *owed, uint64_t grant);
void owed_walk(struct owed *owed, void (*take)(const struct owed_grant *grant, void *data),
	       void *data);
void owed_parse(struct owed *owed, const char *text, size_t length);
char *owed_format(const struct owed *owed);
void owed_free(struct owed *owed);

/* owed_file.c: in a file */
void owed_open(struct owed *owed, const char *directory);
void owed_flush(struct owed *owed);
void owed_close(struct owed *owed);

#endif /* _TUMBLERD_OWED_H */
