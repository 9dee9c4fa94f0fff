// SPDX-License-Identifier: GPL-2.0
/* What is wrong in the files of doors; no kernel is asked. */
#include <limits.h>
#include <stdio.h>

#include "check.h"
#include "complain.h"
#include "config.h"
#include "listing.h"
#include "server_key.h"

static void list_faults(const struct faults *faults)
{
	struct listing listing;
	struct record record;
	size_t i;

	listing_begin(&listing, true);
	for (i = 0; i < faults->count; i++) {
		record = (struct record){ .count = 0 };
		record_text(&record, "file", faults->fault[i].file);
		if (faults->fault[i].line)
			record_number(&record, "line", faults->fault[i].line);
		else
			record_absent(&record, "line");
		record_text(&record, "why", faults->fault[i].why);
		listing_add(&listing, &record);
		record_clear(&record);
	}
	listing_end(&listing);
}

/**
 * print_faults() - FILE:LINE: what, why, and the mend; a line each
 * @stream: where to
 * @faults: sorted here
 */
void print_faults(FILE *stream, struct faults *faults)
{
	const struct fault *fault;
	size_t i;

	faults_sort(faults);
	for (i = 0; i < faults->count; i++) {
		fault = &faults->fault[i];
		if (fault->line)
			fprintf(stream, "%s:%u: %s\n", fault->file, fault->line, fault->why);
		else
			fprintf(stream, "%s: %s\n", fault->file, fault->why);
	}
}

/* Which secrets the public keys of clients lead to. */
static bool agree(struct config *config, const struct invocation *invocation,
		  struct faults *faults)
{
	server_key_agree_all(config, invocation->config, faults);
	return !faults->count && !faults->lost;
}

/**
 * read_files() - read what a verb was told to
 * @config: where to; wiped by the caller, whatever comes of it
 * @invocation: with a file as its first operand, or none for all
 * @faults: gets all that is wrong
 *
 * Return: true if nothing is wrong.
 */
bool read_files(struct config *config, const struct invocation *invocation,
		struct faults *faults)
{
	char directory[PATH_MAX];
	struct config_door *door;

	memset(config, 0, sizeof(*config));
	if (!invocation->count) {
		if (snprintf(directory, sizeof(directory), "%s/" CONFIG_DOORS,
			     invocation->config) < (int)sizeof(directory)) {
			config_read_all(config, directory, faults);
			return agree(config, invocation, faults);
		}
		faults_add(faults, invocation->config, 0, "the path of this directory is too long");
		return false;
	}
	door = config_door_add(config, "");
	if (!door) {
		faults->lost = true;
		return false;
	}
	config_read_door(door, invocation->operand[0], faults);
	config_check_secrets(config, faults);
	return agree(config, invocation, faults);
}

static size_t count_keys(const struct config *config)
{
	size_t i, count = 0;

	for (i = 0; i < config->doors; i++)
		count += config->door[i].keys;
	return count;
}

enum outcome check_files(const struct invocation *invocation)
{
	struct faults faults = { .count = 0 };
	struct config config;
	bool good = read_files(&config, invocation, &faults);

	if (invocation->json) {
		faults_sort(&faults);
		list_faults(&faults);
	} else {
		print_faults(stdout, &faults);
	}
	if (faults.lost)
		complain("out of memory, not all could be checked; free some and try again");
	else if (good && !invocation->json)
		printf("nothing is wrong: doors %zu, keys %zu\n", config.doors,
		       count_keys(&config));
	config_wipe(&config);
	faults_clear(&faults);
	return good ? DONE : REFUSED;
}
