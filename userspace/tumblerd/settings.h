/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _TUMBLERD_SETTINGS_H
#define _TUMBLERD_SETTINGS_H

#include "fault.h"
#include "parse.h"
#include "presence.h"
#include "secret.h"
#include "serve.h"
#include "user.h"
#include "words.h"

/* What tumblerd.conf(5) describes, in memory. */

#define SETTINGS_DEFAULT "/etc/tumblerd.conf"

/* As many as a namespace holds. */
#define SETTINGS_DOORS_MAX 4096

/* Commands that may run, and wait, at once. */
#define AT_ONCE_MAX 64
#define QUEUE_MAX 65536

/* When a door's command is run. */
enum moment_kind {
	ON_OPENED,
	ON_ENDED,
	MOMENTS
};

/**
 * struct door_settings - what is to be done for a door
 * @name: the door's; empty if its section's name is none
 * @line: where its section begins
 * @given: bit N is set if word N was said, see settings_word.c
 * @made: tumblerd itself makes the door, with @secret: its section is [door-NAME]
 * @secret: of its key
 * @command: for each moment; without words if there is none
 * @user: who runs them; none if that is to be [common]'s
 * @time_limit: seconds; 0 if it is to be [common]'s
 * @forwards: clients of the hand-over are served
 * @forward: where their streams go
 */
struct door_settings {
	char name[NAME_SIZE];
	unsigned int line;
	unsigned int given;
	bool made;
	struct secret secret;
	struct words command[MOMENTS];
	struct user user;
	u32 time_limit;
	bool forwards;
	struct serve_service forward;
};

/**
 * struct settings - the file
 * @roles: what of it this process sees to
 * @others_commands: it has commands, which another process runs
 * @line: where [common] begins, 0 if it does not
 * @given: bit N is set if word N of [common] was said
 * @port: UDP port of knocks at doors that tumblerd makes
 * @log: a file for what is logged, NULL for none; owned
 * @user: who runs commands; none for whoever runs tumblerd
 * @time_limit: seconds a command may run
 * @at_once: how many may run
 * @queue: how many may wait
 * @agent: TCP port of the hand-over
 * @agent_user: who the processes are that speak with its clients; none if there are none
 * @doors: how many there are
 * @room: how many @door has room for
 * @door: the doors, in the order of the file
 */
struct settings {
	enum presence_role roles;
	bool others_commands;
	unsigned int line;
	unsigned int given;
	u16 port;
	char *log;
	struct user user;
	u32 time_limit;
	u32 at_once;
	u32 queue;
	u16 agent;
	struct user agent_user;
	size_t doors;
	size_t room;
	struct door_settings *door;
};

/* settings.c: in memory */
void settings_init(struct settings *settings);
struct door_settings *settings_add(struct settings *settings, const char *name);
const struct door_settings *settings_find(const struct settings *settings, const char *name);
bool settings_forward(const struct settings *settings);
void settings_settle(struct settings *settings);
void settings_wipe(struct settings *settings);

/* settings_role.c */
void settings_leave(struct settings *settings);

/* settings_word.c: what each word takes; both return false with a sentence in @why */
bool settings_is_word(const char *line, size_t length);
bool settings_common_word(struct settings *settings, const char *word, const char *text,
			  char why[PARSE_WHY_SIZE]);
bool settings_door_word(struct door_settings *door, const char *word, const char *text,
			char why[PARSE_WHY_SIZE]);

/* settings_service.c */
bool settings_parse_service(struct serve_service *service, const char *text,
			    char why[PARSE_WHY_SIZE]);

/* settings_text.c, settings_read.c: the text, and the file with all that must hold */
void settings_read_text(struct settings *settings, const char *path, const char *text,
			size_t length, struct faults *faults);
bool settings_read(struct settings *settings, const char *path, enum presence_role roles,
		   struct faults *faults);

#endif /* _TUMBLERD_SETTINGS_H */
