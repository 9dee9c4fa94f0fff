// SPDX-License-Identifier: GPL-2.0
/* Keys of a namespace beside each other: what no two of them may have in common. */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"

/* As many as a namespace holds. */
#define DERIVED_MAX 1024

/* A key, and whose it is. */
struct owner {
	const struct config_door *door;
	const struct config_key *key;
};

/* What two keys may not have in common; a public key leads to one secret a door. */
static int compare_secrets(const struct owner *a, const struct owner *b)
{
	const struct secret *x = &a->key->secret, *y = &b->key->secret;
	int order;

	if (a->key->paired != b->key->paired)
		return a->key->paired ? -1 : 1;
	if (a->key->paired) {
		order = memcmp(a->key->public_key, b->key->public_key, X25519_SIZE);
		return order ? order : strcmp(a->door->name, b->door->name);
	}
	if (x->length != y->length)
		return x->length < y->length ? -1 : 1;
	return memcmp(x->bytes, y->bytes, x->length);
}

static int compare_owners(const void *left, const void *right)
{
	const struct owner *a = left, *b = right;
	int order = compare_secrets(a, b);

	if (!order)
		order = strcmp(a->door->name, b->door->name);
	if (!order)
		order = a->key->line < b->key->line ? -1 : a->key->line > b->key->line;
	return order;
}

static size_t list_owners(struct owner *owners, const struct config *config)
{
	size_t count = 0, i, k;

	for (i = 0; i < config->doors; i++)
		for (k = 0; k < config->door[i].keys; k++)
			if (config->door[i].key[k].secret.length || config->door[i].key[k].paired)
				owners[count++] = (struct owner){ &config->door[i],
								  &config->door[i].key[k] };
	return count;
}

/**
 * config_check_secrets() - no two keys of a namespace may have one secret
 * @config: the doors
 * @faults: gets those that do
 */
void config_check_secrets(const struct config *config, struct faults *faults)
{
	struct owner *owners;
	size_t count = 1, i;

	for (i = 0; i < config->doors; i++)
		count += config->door[i].keys;
	owners = calloc(count, sizeof(*owners));
	if (!owners) {
		faults->lost = true;
		return;
	}
	count = list_owners(owners, config);
	qsort(owners, count, sizeof(*owners), compare_owners);
	for (i = 1; i < count; i++) {
		if (compare_secrets(&owners[i], &owners[i - 1]))
			continue;
		faults_add(faults, owners[i].door->path, owners[i].key->line,
			   "key %s has the secret of key %s of door %s, give each its own",
			   owners[i].key->name, owners[i - 1].key->name,
			   owners[i - 1].door->name);
	}
	free(owners);
}

/* What is the beginning of something stands right before it, or before another such. */
static int compare_ports(const struct owner *a, const struct owner *b)
{
	const struct knock_sequence *x = &a->key->series.ports, *y = &b->key->series.ports;
	int i;

	for (i = 0; i < x->count && i < y->count; i++) {
		if (x->steps[i].port != y->steps[i].port)
			return x->steps[i].port < y->steps[i].port ? -1 : 1;
		if (x->steps[i].protocol != y->steps[i].protocol)
			return x->steps[i].protocol < y->steps[i].protocol ? -1 : 1;
	}
	return (x->count > y->count) - (x->count < y->count);
}

static int compare_static(const void *left, const void *right)
{
	const struct owner *a = left, *b = right;
	int order = compare_ports(a, b);

	if (!order)
		order = strcmp(a->door->name, b->door->name);
	if (!order)
		order = a->key->line < b->key->line ? -1 : a->key->line > b->key->line;
	return order;
}

static bool is_knock_port(const struct config *config, u16 port)
{
	size_t i;

	for (i = 0; i < config->doors; i++)
		if (config->door[i].knock_port == port)
			return true;
	return false;
}

/* A datagram to a knock port is a knock of another kind. */
static void check_datagrams(const struct config *config, const struct owner *owner,
			    struct faults *faults)
{
	const struct knock_sequence *ports = &owner->key->series.ports;
	int i;

	for (i = 0; i < ports->count; i++)
		if (ports->steps[i].protocol == IPPROTO_UDP &&
		    is_knock_port(config, ports->steps[i].port))
			faults_add(faults, owner->door->path, owner->key->line,
				   "a step of key %s is a datagram to a knock port, where it is none; take another port",
				   owner->key->name);
}

static void check_static(const struct config *config, struct owner *owners, size_t count,
			 struct faults *faults)
{
	size_t i;

	qsort(owners, count, sizeof(*owners), compare_static);
	for (i = 0; i < count; i++) {
		check_datagrams(config, &owners[i], faults);
		if (i && knock_sequence_begins(&owners[i].key->series.ports,
					       &owners[i - 1].key->series.ports))
			faults_add(faults, owners[i].door->path, owners[i].key->line,
				   "the sequence of key %s begins with that of key %s of door %s, or is the same; give each another",
				   owners[i].key->name, owners[i - 1].key->name,
				   owners[i - 1].door->name);
	}
}

/**
 * config_check_sequences() - no static sequence may begin with another
 * @config: the doors
 * @faults: gets those that do, and what else the module would refuse of sequences
 */
void config_check_sequences(const struct config *config, struct faults *faults)
{
	size_t count = 0, derived = 0, i, k;
	struct owner *owners;

	for (i = 0; i < config->doors; i++)
		count += config->door[i].keys;
	owners = calloc(count + 1, sizeof(*owners));
	if (!owners) {
		faults->lost = true;
		return;
	}
	for (i = 0, count = 0; i < config->doors; i++)
		for (k = 0; k < config->door[i].keys; k++) {
			const struct config_key *key = &config->door[i].key[k];

			if (key->series.kind == KNOCK_SEQUENCE_KIND_STATIC)
				owners[count++] = (struct owner){ &config->door[i], key };
			if (key->series.kind == KNOCK_SEQUENCE_KIND_DERIVED &&
			    ++derived == DERIVED_MAX + 1)
				faults_add(faults, config->door[i].path, key->line,
					   "a namespace holds %d derived keys, leave some out",
					   DERIVED_MAX);
		}
	check_static(config, owners, count, faults);
	free(owners);
}
