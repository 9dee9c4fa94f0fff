// SPDX-License-Identifier: GPL-2.0
/*
 * What happened, to the journal of systemd, in fields whose names stay; as lines to
 * stderr where that is not the journal as well; and to a file if there is one.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <systemd/sd-journal.h>

#include "complain.h"
#include "journal.h"
#include "lines.h"
#include "moment.h"

/* A line of a command, behind which command it is of. */
#define MESSAGE_SIZE (LINE_SIZE + 256)
#define FIELD_SIZE 128
#define FIELDS_MAX 16

static int log_file = -1;

/**
 * struct entry - what is logged at once
 * @count: fields so far
 * @size: of what @text has so far
 * @message: for people, with MESSAGE= before it
 * @text: fields, one behind the other
 * @field: where they are
 */
struct entry {
	int count;
	size_t size;
	char message[MESSAGE_SIZE];
	char text[FIELDS_MAX * FIELD_SIZE];
	struct iovec field[FIELDS_MAX];
};

static void add_field(struct entry *entry, const char *name, const char *format, ...)
{
	char *text = entry->text + entry->size;
	int length = snprintf(text, FIELD_SIZE, "%s=", name);
	va_list arguments;

	va_start(arguments, format);
	length += vsnprintf(text + length, FIELD_SIZE - (size_t)length, format, arguments);
	va_end(arguments);
	if (length >= FIELD_SIZE)
		length = FIELD_SIZE - 1;
	entry->field[entry->count].iov_base = text;
	entry->field[entry->count++].iov_len = (size_t)length;
	entry->size += (size_t)length + 1;
}

static void add_subject(struct entry *entry, const struct subject *subject, uint64_t grant)
{
	if (subject->name[0])
		add_field(entry, "KNOCK_DOOR", "%s", subject->name);
	if (subject->key[0])
		add_field(entry, "KNOCK_KEY", "%s", subject->key);
	if (subject->ip[0])
		add_field(entry, "KNOCK_ADDRESS", "%s", subject->ip);
	if (grant)
		add_field(entry, "KNOCK_GRANT", "%" PRIu64, grant);
}

/* Where stderr is the journal, the same would be there twice. */
static void write_line(const char *line)
{
	char text[TIME_TEXT_SIZE + MESSAGE_SIZE + 2], now[TIME_TEXT_SIZE];
	int length;

	if (!getenv("JOURNAL_STREAM"))
		fprintf(stderr, "tumblerd: %s\n", line);
	if (log_file < 0)
		return;
	format_time(now, (uint64_t)time(NULL));
	length = snprintf(text, sizeof(text), "%s %s\n", now, line);
	if (write(log_file, text, (size_t)length) != length)
		complain("the file that log names cannot be written: %m; make room where it is");
}

static void write_entry(struct entry *entry, int priority)
{
	struct iovec *message;

	add_field(entry, "PRIORITY", "%d", priority);
	add_field(entry, "SYSLOG_IDENTIFIER", "tumblerd");
	message = &entry->field[entry->count++];
	message->iov_base = entry->message;
	message->iov_len = strlen(entry->message);
	/* Without a journal it succeeds, too. */
	sd_journal_sendv(entry->field, entry->count);
	write_line(entry->message + strlen("MESSAGE="));
}

/**
 * journal_open() - begin to log
 * @log: path of a file that gets the lines as well, or NULL
 *
 * Return: true; false if the file cannot be had, with the sentence printed.
 */
bool journal_open(const char *log)
{
	if (!log)
		return true;
	log_file = open(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW,
			0600);
	if (log_file < 0)
		complain("%s cannot be opened to log to: %m; let log name another file", log);
	return log_file >= 0;
}

/* Replays and bans are what somebody might want to know at once. */
static int priority_of(const struct event *event)
{
	return event->kind == KNOCK_EVENT_KIND_REPLAY || event->kind == KNOCK_EVENT_KIND_BANNED ?
	       LOG_WARNING : LOG_INFO;
}

/**
 * journal_event() - log what the module tells
 * @event: what happened
 */
void journal_event(const struct event *event)
{
	struct entry entry = { .count = 0 };
	const char *narrow = event->narrow ? " for the agent alone" : "";
	char until[TIME_TEXT_SIZE] = "";

	add_field(&entry, "KNOCK_EVENT", "%s", event_kind(event));
	add_subject(&entry, &event->subject, event->grant);
	if (event_cause(event))
		add_field(&entry, "KNOCK_CAUSE", "%s", event_cause(event));
	if (event->until) {
		format_time(until, event->until);
		add_field(&entry, "KNOCK_UNTIL", "%s", until);
	}
	if (event->count)
		add_field(&entry, "KNOCK_COUNT", "%u", event->count);
	if (event->numbered)
		add_field(&entry, "KNOCK_NUMBER", "%" PRIu64, event->number);
	if (event->narrow)
		add_field(&entry, "KNOCK_NARROW", "yes");
	snprintf(entry.message, sizeof(entry.message), "MESSAGE=%s%s%s%s%s%s%s%s%s%s",
		 event_kind(event), narrow, event->subject.name[0] ? ": door " : "",
		 event->subject.name,
		 event->subject.key[0] ? ", key " : "", event->subject.key,
		 event->subject.ip[0] ? ", address " : "", event->subject.ip,
		 until[0] ? ", until " : "", until);
	write_entry(&entry, priority_of(event));
}

/**
 * journal_command() - log something about a command
 * @job: the command
 * @priority: of syslog(3)
 * @format: what there is to say, behind which command it is about
 */
void journal_command(const struct job *job, int priority, const char *format, ...)
{
	static const char *const names[] = {
		[ON_OPENED] = "command", [ON_ENDED] = "close-command",
	};
	struct entry entry = { .count = 0 };
	va_list arguments;
	int length;

	add_field(&entry, "KNOCK_COMMAND", "%s", names[job->moment]);
	add_subject(&entry, &job->subject, job->grant);
	length = snprintf(entry.message, sizeof(entry.message), "MESSAGE=%s of door %s for %s: ",
			  names[job->moment], job->subject.name, job->subject.ip);
	va_start(arguments, format);
	vsnprintf(entry.message + length, sizeof(entry.message) - (size_t)length, format,
		  arguments);
	va_end(arguments);
	write_entry(&entry, priority);
}

/**
 * journal_served() - log that a client of the hand-over got something
 * @subject: who
 * @grant: by which grant
 * @sequences: how many it was given
 */
void journal_served(const struct subject *subject, uint64_t grant, size_t sequences)
{
	struct entry entry = { .count = 0 };

	add_field(&entry, "KNOCK_EVENT", "served");
	add_subject(&entry, subject, grant);
	add_field(&entry, "KNOCK_COUNT", "%zu", sequences);
	snprintf(entry.message, sizeof(entry.message),
		 "MESSAGE=served: door %s, key %s, address %s, %zu sequences", subject->name,
		 subject->key, subject->ip, sequences);
	write_entry(&entry, LOG_INFO);
}
