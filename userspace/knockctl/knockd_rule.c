// SPDX-License-Identifier: GPL-2.0
/*
 * Commands of iptables(8) that let a knocker in, or no more: what a door does by itself.
 * Whatever else such a command says makes it one that is run as it is, so that nothing
 * is opened that was not.
 */
#include <stdio.h>
#include <string.h>

#include "knockd.h"

/* The words of the longest command that is worth looking at. */
#define WORDS_MAX 40
#define TEXT_SIZE 512

/* What no shell does anything with. */
#define PLAIN "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:,%=@+- \t"

/**
 * struct command - a command on its way into a rule
 * @next: the word that is looked at next; NULL is behind the last
 * @protocol: tcp or udp, NULL for any
 * @ports: as written, with commas between; NULL for all
 * @needs: the protocol without which iptables takes none of it; NULL for none
 * @needs_any: it takes none of it without some protocol
 * @knocker: it is for the knocker's address alone
 * @accepts: it lets packets in
 */
struct command {
	char **next;
	const char *protocol;
	const char *ports;
	const char *needs;
	bool needs_any;
	bool knocker;
	bool accepts;
};

static bool is_one_of(const char *word, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(word, *list))
			return true;
	return false;
}

static bool is_iptables(const char *word)
{
	static const char *const names[] = {
		"iptables", "ip6tables", "iptables-legacy", "ip6tables-legacy", "iptables-nft",
		"ip6tables-nft", NULL
	};
	const char *name = strrchr(word, '/');

	return is_one_of(name ? name + 1 : word, names);
}

/* The word behind an option; "" if there is none. */
static const char *take_value(struct command *command)
{
	return *command->next ? *command->next++ : "";
}

static bool take_chain(struct knockd_rule *rule, struct command *command, const char *word)
{
	static const char *const adds[] = { "-A", "--append", NULL };
	static const char *const inserts[] = { "-I", "--insert", NULL };
	static const char *const deletes[] = { "-D", "--delete", NULL };
	const char *chain;

	if (!is_one_of(word, adds) && !is_one_of(word, inserts) && !is_one_of(word, deletes))
		return false;
	chain = take_value(command);
	if (*rule->chain || !*chain || *chain == '-' || strlen(chain) >= sizeof(rule->chain))
		return false;
	strcpy(rule->chain, chain);
	rule->deletes = is_one_of(word, deletes);
	rule->inserts = is_one_of(word, inserts);
	/* The place of the rule. */
	if (rule->inserts && *command->next && strspn(*command->next, "0123456789"))
		command->next++;
	return true;
}

/* Without its protocol such a command did nothing, and the door is to open no more. */
static bool take_need(struct command *command, const char *protocol)
{
	if (command->needs && strcmp(command->needs, protocol))
		return false;
	command->needs = protocol;
	return true;
}

/* A match that says nothing but what a new connection is anyway. */
static bool take_match(struct command *command)
{
	static const char *const plain[] = { "tcp", "udp", NULL };
	static const char *const states[] = { "state", "conntrack", NULL };
	const char *name = take_value(command), *option;

	if (is_one_of(name, plain))
		return take_need(command, name);
	if (!strcmp(name, "multiport")) {
		command->needs_any = true;
		return true;
	}
	if (!strcmp(name, "comment"))
		return !strcmp(take_value(command), "--comment") && *take_value(command);
	if (!is_one_of(name, states))
		return false;
	option = take_value(command);
	return !strcmp(option, *name == 's' ? "--state" : "--ctstate") &&
	       strstr(take_value(command), "NEW");
}

static bool take_text(const char **to, const char *text)
{
	if (*to || !*text)
		return false;
	*to = text;
	return true;
}

static bool take_option(struct knockd_rule *rule, struct command *command)
{
	static const char *const sources[] = { "-s", "--source", "--src", NULL };
	static const char *const protocols[] = { "-p", "--protocol", "--proto", NULL };
	static const char *const ports[] = { "--dport", "--dports", "--destination-port",
					     "--destination-ports", NULL };
	static const char *const waits[] = { "-w", "--wait", NULL };
	static const char *const targets[] = { "-j", "--jump", NULL };
	const char *word = take_value(command);

	if (is_one_of(word, waits)) {
		if (*command->next && strspn(*command->next, "0123456789"))
			command->next++;
		return true;
	}
	if (is_one_of(word, sources)) {
		word = take_value(command);
		command->knocker = !strcmp(word, "%IP%") || !strcmp(word, "%IP%/32");
		return command->knocker;
	}
	if (is_one_of(word, targets)) {
		command->accepts = !strcmp(take_value(command), "ACCEPT");
		return command->accepts;
	}
	if (is_one_of(word, protocols))
		return take_text(&command->protocol, take_value(command));
	if (is_one_of(word, ports))
		return take_text(&command->ports, take_value(command));
	if (!strcmp(word, "-t"))
		return !strcmp(take_value(command), "filter");
	if (!strcmp(word, "-m"))
		return take_match(command);
	if (!strcmp(word, "--syn"))
		return take_need(command, "tcp");
	return take_chain(rule, command, word);
}

/* Its protocol and ports as a door has them: `tcp/22,tcp/8000-8010'. */
static bool read_services(struct service_list *services, const struct command *command)
{
	const char *ports = command->ports ? command->ports : "1:65535";
	char text[KNOCK_SERVICES_MAX * SERVICE_TEXT_SIZE] = "any", why[PARSE_WHY_SIZE];
	size_t used = 0, length;
	char one[SERVICE_TEXT_SIZE], *colon;

	if (command->needs && (!command->protocol || strcmp(command->protocol, command->needs)))
		return false;
	if (!command->protocol)
		return !command->ports && !command->needs_any &&
		       parse_services(text, services, why);
	if (strcmp(command->protocol, "tcp") && strcmp(command->protocol, "udp"))
		return false;
	for (;; ports += length + 1) {
		length = strcspn(ports, ",");
		if (length >= 12 || used + sizeof(one) >= sizeof(text))
			return false;
		snprintf(one, sizeof(one), "%.*s", (int)length, ports);
		colon = strchr(one, ':');
		if (colon)
			*colon = '-';
		used += (size_t)sprintf(text + used, "%s%s/%s", used ? "," : "",
					command->protocol, one);
		if (!ports[length])
			return parse_services(text, services, why);
	}
}

/* Return: how many words, 0 if it is none that is worth looking at. */
static size_t split(char *text, char *word[WORDS_MAX + 1])
{
	char *state, *at;
	size_t count = 0;

	for (at = strtok_r(text, " \t", &state); at; at = strtok_r(NULL, " \t", &state)) {
		if (count == WORDS_MAX)
			return 0;
		word[count++] = at;
	}
	word[count] = NULL;
	return count;
}

/**
 * knockd_rule_read() - see whether a command adds or deletes a rule for the knocker
 * @rule: receives it
 * @command: as knockd has it
 *
 * Return: true; false if it does anything else.
 */
bool knockd_rule_read(struct knockd_rule *rule, const char *command)
{
	char text[TEXT_SIZE], *word[WORDS_MAX + 1];
	struct command read = { .next = word + 1 };

	memset(rule, 0, sizeof(*rule));
	if (strlen(command) >= sizeof(text) || command[strspn(command, PLAIN)])
		return false;
	strcpy(text, command);
	if (!split(text, word) || !is_iptables(word[0]))
		return false;
	while (*read.next)
		if (!take_option(rule, &read))
			return false;
	return *rule->chain && read.knocker && read.accepts && read_services(&rule->opens, &read);
}

/**
 * knockd_rule_equal() - whether two rules let in the same
 * @a: one, which is added or deleted
 * @b: the other
 */
bool knockd_rule_equal(const struct knockd_rule *a, const struct knockd_rule *b)
{
	return !strcmp(a->chain, b->chain) && a->opens.count == b->opens.count &&
	       !memcmp(a->opens.service, b->opens.service,
		       a->opens.count * sizeof(a->opens.service[0]));
}
