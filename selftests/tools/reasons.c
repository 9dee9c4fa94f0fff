// SPDX-License-Identifier: GPL-2.0
/*
 * reasons: how often the packet path had each reason, all that are not 0, as "name=count"
 * in the order of their names. Asked after nearly every packet, so it is one program that
 * starts fast; knockctl says the same in JSON.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <netlink/genl/genl.h>

#include "reason.h"
#include "refusal.h"

static const char usage[] =
"usage: reasons NAME           how often that one\n"
"       reasons [OPTION]...\n"
"  --hashes        those, too, as if they were a reason\n"
"  --since TEXT    by how much they rose since reasons printed that\n"
"  --want TEXT     wait until it would print that, 5 s at most, with status 1 if not\n";

#define TEXT_SIZE 4096
#define WAIT_MS 5000
#define STEP_MS 20
#define HASHES 0

/**
 * struct count - of one reason
 * @name: its word
 * @number: how often
 */
struct count {
	const char *name;
	uint64_t number;
};

static struct count counts[KNOCK_REASON_MAX + 1];

static void take_nest(struct nlattr *nest)
{
	struct nlattr *id = nla_find(nla_data(nest), nla_len(nest), KNOCK_A_REASON_ID);
	struct nlattr *count = nla_find(nla_data(nest), nla_len(nest), KNOCK_A_REASON_COUNT);

	if (id && count && nla_get_u8(id) && nla_get_u8(id) <= KNOCK_REASON_MAX)
		counts[nla_get_u8(id)].number = nla_get_u64(count);
}

static bool take(bool hashes)
{
	static const struct request request = { .command = KNOCK_CMD_STATE_GET };
	static struct snapshot state;
	struct nlattr *attribute;
	int left, head = GENL_HDRLEN;
	size_t i;

	state.length = 0;
	if (refusal_send(&request, &state).error)
		return false;
	counts[HASHES] = (struct count){ "hashes", 0 };
	for (i = 1; i <= KNOCK_REASON_MAX; i++)
		counts[i] = (struct count){ reason_word((uint8_t)i), 0 };
	nla_for_each_attr(attribute, (struct nlattr *)(state.bytes + head),
			  (int)state.length - head, left) {
		if (nla_type(attribute) == KNOCK_A_REASON)
			take_nest(attribute);
		else if (hashes && nla_type(attribute) == KNOCK_A_STATE_HASHES)
			counts[HASHES].number = nla_get_u64(attribute);
	}
	return true;
}

/* Of the "name=count" words in TEXT; a reason that was 0 is not among them. */
static uint64_t number_in(const char *text, const char *name)
{
	size_t length = strlen(name);

	for (; text && *text; text = strchr(text, ' ')) {
		text += strspn(text, " ");
		if (!strncmp(text, name, length) && text[length] == '=')
			return strtoull(text + length + 1, NULL, 10);
	}
	return 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct count *)a)->name, ((const struct count *)b)->name);
}

static void format(char text[TEXT_SIZE], const char *since)
{
	size_t i, length = 0;

	qsort(counts, KNOCK_REASON_MAX + 1, sizeof(counts[0]), compare);
	*text = '\0';
	for (i = 0; i <= KNOCK_REASON_MAX; i++) {
		uint64_t risen = counts[i].number - number_in(since, counts[i].name);

		if (risen)
			length += (size_t)snprintf(text + length, TEXT_SIZE - length, "%s%s=%llu",
						   length ? " " : "", counts[i].name,
						   (unsigned long long)risen);
	}
}

static int print_one(const char *name)
{
	size_t i;

	for (i = 1; i <= KNOCK_REASON_MAX; i++) {
		if (!strcmp(counts[i].name, name)) {
			printf("%llu\n", (unsigned long long)counts[i].number);
			return 0;
		}
	}
	fprintf(stderr, "reasons: no reason is called `%s'\n", name);
	return 2;
}

static int print_all(bool hashes, const char *since, const char *want)
{
	char text[TEXT_SIZE];
	int waited = 0;
	bool good;

	for (;;) {
		format(text, since);
		good = !want || !strcmp(text, want);
		if (good || waited >= WAIT_MS)
			break;
		usleep(1000 * STEP_MS);
		waited += STEP_MS;
		if (!take(hashes))
			break;
	}
	puts(text);
	return !good;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "hashes", 0, NULL, 'h' }, { "since", 1, NULL, 's' }, { "want", 1, NULL, 'w' },
		{ NULL, 0, NULL, 0 },
	};
	const char *since = "", *want = NULL;
	bool hashes = false;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		hashes |= option == 'h';
		since = option == 's' ? optarg : since;
		want = option == 'w' ? optarg : want;
		optind = option == '?' ? argc + 1 : optind;
	}
	if (optind < argc - 1 || optind > argc || (optind < argc && argc > 2)) {
		fputs(usage, stderr);
		return 2;
	}
	if (!refusal_connect() || !take(hashes)) {
		fputs("reasons: no family `knock' here: is the module loaded?\n", stderr);
		return 1;
	}
	return optind < argc ? print_one(argv[optind]) : print_all(hashes, since, want);
}
