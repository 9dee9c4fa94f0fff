// SPDX-License-Identifier: GPL-2.0
/* Keys of doors, of the sequences of knockd.conf. */
#include <stdio.h>
#include <string.h>

#include "knockd.h"

#define note(door, at, ...) \
	faults_add(&(door)->notes, path, at, __VA_ARGS__)

static bool has_repeated_step(const struct knock_sequence *ports)
{
	int i, k;

	for (i = 0; i < ports->count; i++)
		for (k = 0; k < i; k++)
			if (ports->steps[i].port == ports->steps[k].port &&
			    ports->steps[i].protocol == ports->steps[k].protocol)
				return true;
	return false;
}

static bool has_datagram_to(const struct knock_sequence *ports, u16 port)
{
	int i;

	for (i = 0; i < ports->count; i++)
		if (ports->steps[i].port == port && ports->steps[i].protocol == KNOCK_STEP_UDP)
			return true;
	return false;
}

/* The key that has a sequence which begins with this one, or is its beginning. */
static const struct config_key *find_other(const struct knockd_doors *doors,
					   const struct knock_sequence *ports,
					   const struct config_door **of)
{
	const struct config_key *key;
	size_t i, k;

	for (i = 0; i < doors->count; i++)
		for (k = 0; k < doors->door[i].door.keys; k++) {
			key = &doors->door[i].door.key[k];
			*of = &doors->door[i].door;
			if (knock_sequence_begins(ports, &key->series.ports) ||
			    knock_sequence_begins(&key->series.ports, ports))
				return key;
		}
	return NULL;
}

/* Notes why a sequence can be no key's. Return: whether it can. */
static bool can_be_key(const struct knockd_doors *doors, struct knockd_door *door,
		       const struct knockd_section *section, const char *path)
{
	const struct knockd_value *once = &section->value[KNOCKD_ONE_TIME_SEQUENCES];
	unsigned int line = section->value[KNOCKD_SEQUENCE].line;
	const struct config_key *other;
	const struct config_door *of;

	if (once->text) {
		note(door, once->line,
		     "the sequences of %s are left out, since here nobody chooses sequences that are good once; knockctl add-key %s KEY --once makes them, and the client's book",
		     once->text, door->door.name);
		return false;
	}
	if (has_repeated_step(&section->ports)) {
		note(door, line,
		     "this sequence is left out, since a port is twice in it; take another, and knockctl add-key %s KEY --static PORTS",
		     door->door.name);
		return false;
	}
	if (has_datagram_to(&section->ports, door->door.knock_port)) {
		note(door, line,
		     "this sequence is left out, since a datagram to port %u is a knock of another kind; take another port, or give all doors another knock-port",
		     door->door.knock_port);
		return false;
	}
	other = find_other(doors, &section->ports, &of);
	if (!other)
		return true;
	note(door, line,
	     "this sequence is left out, since it is that of key %s of door %s, or one begins with the other: knockd did both; take another, or one door for both",
	     other->name, of->name);
	return false;
}

static void settle_within(struct knockd_door *door, struct config_key *key,
			  const struct knockd_section *section, const char *path)
{
	key->series.within = section->seq_timeout;
	if (!section->seq_timeout)
		key->series.within = 1;
	if (section->seq_timeout > SERIES_WITHIN_MAX)
		key->series.within = SERIES_WITHIN_MAX;
	if (key->series.within != section->seq_timeout)
		note(door, section->value[KNOCKD_SEQ_TIMEOUT].line,
		     "seq_timeout = %u became %us, since a sequence takes 1s to %ds",
		     section->seq_timeout, key->series.within, SERIES_WITHIN_MAX);
}

static void note_differences(struct knockd_door *door, const struct config_key *key,
			     const struct knockd_section *section, const char *path)
{
	const char *weakness = series_weakness(&key->series);

	if (weakness)
		note(door, section->value[KNOCKD_SEQUENCE].line,
		     "this sequence %s; other ports, or a key of another type, are better",
		     weakness);
	if (!section->takes_syn)
		note(door, section->value[KNOCKD_TCPFLAGS].line,
		     "tcpflags = %s is left out, since only attempts to connect (SYN) are steps; clients have to send these, as knock(1) and telnet(1) do",
		     section->value[KNOCKD_TCPFLAGS].text);
	if (section->value[KNOCKD_TARGET].text)
		note(door, section->value[KNOCKD_TARGET].line,
		     "target = %s is left out, since steps count whatever address they are sent to",
		     section->value[KNOCKD_TARGET].text);
}

/* Return: NULL if there is no memory. */
static struct config_key *add_key(struct knockd_door *door,
				  const struct knockd_section *section)
{
	char name[KNOCK_NAME_SIZE];
	unsigned int number = 0;

	do {
		knockd_name(name, section->name, ++number);
	} while (config_key_find(&door->door, name));
	return config_key_add(&door->door, name);
}

/**
 * knockd_key_add() - give a door the key that a section's sequence is
 * @doors: all of them so far
 * @door: one of them
 * @section: with the sequence
 * @action: of the key
 * @path: of the file, for notes
 *
 * What cannot be a key is noted at the door, and counted.
 *
 * Return: true; false if there was no memory.
 */
bool knockd_key_add(struct knockd_doors *doors, struct knockd_door *door,
		    const struct knockd_section *section, u8 action, const char *path)
{
	char why[PARSE_WHY_SIZE];
	struct config_key *key;

	if (!can_be_key(doors, door, section, path)) {
		doors->left_out++;
		return true;
	}
	key = add_key(door, section);
	if (!key)
		return false;
	key->type = KNOCK_KEY_TYPE_SEQUENCE;
	key->action = action;
	/* knockd let in any number of addresses by one sequence. */
	key->max_grants = door->door.max_grants;
	key->series.kind = KNOCK_SEQUENCE_KIND_STATIC;
	key->series.ports = section->ports;
	settle_within(door, key, section, path);
	note_differences(door, key, section, path);
	/* Nothing is to be done for IPv6, says a command that is empty. */
	return !section->value[KNOCKD_START_COMMAND_6].text ||
	       *section->value[KNOCKD_START_COMMAND_6].text ||
	       parse_prefixes("0.0.0.0/0", &key->from, why);
}
