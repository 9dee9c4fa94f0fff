// SPDX-License-Identifier: GPL-2.0
/*
 * Values of knockd.conf. Where knockd makes something of a text that is no number, nobody
 * meant that, so it is told rather than done again.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "knockd.h"

/* Longer than any that knockd could wait for. */
#define SECONDS_MAX 1000000000

/**
 * struct part - what stands between two separators
 * @text: where it begins, behind blanks
 * @length: without blanks behind it
 */
struct part {
	const char *text;
	int length;
};

/* The next part of a list, which @list is moved behind; NULL behind the last. */
static struct part next_part(const char **list, char separator)
{
	struct part part = { .text = *list };
	const char *end = strchr(*list, separator);

	*list = end ? end + 1 : NULL;
	if (!end)
		end = part.text + strlen(part.text);
	while (part.text < end && isspace((unsigned char)*part.text))
		part.text++;
	while (end > part.text && isspace((unsigned char)end[-1]))
		end--;
	part.length = (int)(end - part.text);
	return part;
}

static bool part_is(const struct part *part, const char *word)
{
	return (size_t)part->length == strlen(word) &&
	       !strncasecmp(part->text, word, (size_t)part->length);
}

static bool read_number(const struct part *part, u32 least, u32 most, u32 *number)
{
	char digits[16], *end;
	unsigned long value;

	if (part->length < 1 || part->length >= (int)sizeof(digits))
		return false;
	memcpy(digits, part->text, (size_t)part->length);
	digits[part->length] = '\0';
	if (!isdigit((unsigned char)digits[0]))
		return false;
	value = strtoul(digits, &end, 10);
	*number = (u32)value;
	return !*end && value >= least && value <= most;
}

static void read_seconds(const struct knockd_section *section, enum knockd_word word,
			 u32 *seconds, const char *path, struct faults *faults)
{
	const struct knockd_value *value = &section->value[word];
	const char *list = value->text;
	struct part part;

	if (!list)
		return;
	part = next_part(&list, '\0');
	if (!read_number(&part, 0, SECONDS_MAX, seconds))
		faults_add(faults, path, value->line,
			   "`%.64s' is no number of seconds; knockd takes it for %d, write what is meant",
			   value->text, atoi(value->text));
}

/* PORT[:PROTOCOL]. Return: NULL, or what is wrong with it. */
static const char *read_step(struct knock_step *step, struct part part)
{
	const char *colon = memchr(part.text, ':', (size_t)part.length);
	struct part port = part, protocol = { .text = "tcp", .length = 3 };
	const char *list;
	u32 number;

	if (colon) {
		port.length = (int)(colon - part.text);
		while (port.length && isspace((unsigned char)port.text[port.length - 1]))
			port.length--;
		list = colon + 1;
		protocol.text = list + strspn(list, " \t");
		protocol.length = (int)(part.text + part.length - protocol.text);
	}
	if (!read_number(&port, 1, 65535, &number))
		return "has no port from 1 to 65535";
	step->port = (u16)number;
	if (part_is(&protocol, "udp"))
		step->protocol = KNOCK_STEP_UDP;
	else if (part_is(&protocol, "tcp"))
		step->protocol = KNOCK_STEP_TCP;
	else
		return "has a protocol that is neither tcp nor udp";
	return NULL;
}

static void read_sequence(struct knockd_section *section, const char *path,
			  struct faults *faults)
{
	const struct knockd_value *value = &section->value[KNOCKD_SEQUENCE];
	const char *list = value->text, *wrong;
	struct knock_sequence *ports = &section->ports;
	struct part part;

	while (list) {
		part = next_part(&list, ',');
		if (ports->count == KNOCK_STEPS_MAX) {
			faults_add(faults, path, value->line,
				   "this sequence has more than the %d ports that knockd takes, shorten it",
				   KNOCK_STEPS_MAX);
			return;
		}
		wrong = read_step(&ports->steps[ports->count++], part);
		if (wrong)
			faults_add(faults, path, value->line,
				   "step %u of this sequence %s, write it like 7000 or 7000:udp",
				   ports->count, wrong);
	}
}

/* Only whether the SYN of a connection attempt is a step matters. */
static void read_flags(struct knockd_section *section, const char *path, struct faults *faults)
{
	static const char *const names[] = { "syn", "fin", "rst", "psh", "ack", "urg" };
	const struct knockd_value *value = &section->value[KNOCKD_TCPFLAGS];
	const char *list = value->text;
	struct part part;
	bool without;
	size_t i;

	section->takes_syn = true;
	while (list) {
		part = next_part(&list, ',');
		without = part.length && *part.text == '!';
		part.text += without;
		part.length -= without;
		for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (part_is(&part, names[i]))
				break;
		if (i == sizeof(names) / sizeof(names[0]))
			faults_add(faults, path, value->line,
				   "`%.*s' is no flag of TCP, there are fin, syn, rst, psh, ack and urg",
				   part.length < 16 ? part.length : 16, part.text);
		/* Without SYN, or with what a SYN has not. */
		else if (without == !i)
			section->takes_syn = false;
	}
}

/**
 * knockd_read_values() - read what a section says
 * @section: with the texts
 * @path: of the file, for faults
 * @faults: gets what is wrong with them
 */
void knockd_read_values(struct knockd_section *section, const char *path,
			struct faults *faults)
{
	section->seq_timeout = KNOCKD_SEQ_TIMEOUT_SEC;
	section->cmd_timeout = KNOCKD_CMD_TIMEOUT_SEC;
	read_seconds(section, KNOCKD_SEQ_TIMEOUT, &section->seq_timeout, path, faults);
	read_seconds(section, KNOCKD_CMD_TIMEOUT, &section->cmd_timeout, path, faults);
	read_sequence(section, path, faults);
	read_flags(section, path, faults);
}
