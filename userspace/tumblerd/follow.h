/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_FOLLOW_H
#define _TUMBLERD_FOLLOW_H

#include <sys/types.h>
#include <time.h>

#include "event.h"
#include "jobs.h"
#include "owed.h"
#include "tls_key.h"

/* Grants that are followed at once, of doors with commands. */
#define FOLLOWED_MAX 65536

#define FOLLOW_BUCKETS 4096

/**
 * enum followed_how - what became of the command for a grant's opening
 * @FOLLOWED_FOUND: the grant was there before tumblerd, and its command is another's
 * @FOLLOWED_DONE: it was run, or waits
 * @FOLLOWED_REFUSED: there was no room, so it is not undone either
 * @FOLLOWED_NARROW: nothing is done: whoever it is for has only come as far as tumblerd
 */
enum followed_how {
	FOLLOWED_FOUND,
	FOLLOWED_DONE,
	FOLLOWED_REFUSED,
	FOLLOWED_NARROW
};

/**
 * struct stamp - what tells whether a file was written anew; all-zero for none
 * @device: where it is
 * @file: its number there
 * @size: its bytes
 * @written: when
 */
struct stamp {
	dev_t device;
	ino_t file;
	off_t size;
	struct timespec written;
};

/**
 * struct followed_pin - how the client is known that has a grant's key
 * @door: the file that says it
 * @server: and the server's key, which it may be made with
 * @known: @pin is set; else there is none
 * @pin: of its TLS key
 */
struct followed_pin {
	struct stamp door;
	struct stamp server;
	bool known;
	unsigned char pin[TLS_PIN_SIZE];
};

/**
 * struct followed - a live grant of a door that has commands
 * @next: in its bucket
 * @grant: its id
 * @door: whose commands
 * @subject: who it is for
 * @how: what became of its command
 * @round: the last dump that it was in
 * @handed: sequences that its client was given since the last knock
 * @said: why its client was given none, once
 * @pin: as it was found last; hand_key.c's
 */
struct followed {
	struct followed *next;
	uint64_t grant;
	const struct door_settings *door;
	struct subject subject;
	enum followed_how how;
	unsigned int round;
	uint64_t handed;
	bool said;
	struct followed_pin pin;
};

/**
 * struct follow - which grants are live, as far as it is known
 * @settings: what is to be done for doors
 * @jobs: where that goes
 * @owed: where it is kept who has a close-command, NULL if nowhere
 * @count: how many are followed
 * @came: how many came to be, ever
 * @refused: how many times there was no room, for a grant or a command
 * @round: the number of the latest dump
 * @ended: grants that have ended, by the low bits of their ids; the latest of each
 * @bucket: the grants, by the low bits of their ids, which rise
 */
struct follow {
	const struct settings *settings;
	struct jobs *jobs;
	struct owed *owed;
	size_t count;
	uint64_t came;
	uint64_t refused;
	unsigned int round;
	uint64_t ended[FOLLOW_BUCKETS];
	struct followed *bucket[FOLLOW_BUCKETS];
};

void follow_init(struct follow *follow, const struct settings *settings, struct jobs *jobs);
void follow_recall(struct follow *follow, struct owed *owed);
void follow_event(struct follow *follow, const struct event *event);
void follow_dump(struct follow *follow);
void follow_dumped(struct follow *follow, const struct event *event, bool found);
void follow_dump_end(struct follow *follow);
struct followed *follow_find(const struct follow *follow, const char *ip,
			     bool (*fits)(struct followed *followed, void *data),
			     void *data);
void follow_free(struct follow *follow);

#endif /* _TUMBLERD_FOLLOW_H */
