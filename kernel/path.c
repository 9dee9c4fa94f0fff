// SPDX-License-Identifier: GPL-2.0
/*
 * Static sequences share their beginnings, so that a chain has one node for each,
 * however many keys begin alike. Heads have their own: they come and go on the packet
 * path, and ports that are random are rarely the same.
 */
#include <linux/slab.h>

#include "path.h"

static struct lock_class_key knock_paths_class;

/**
 * knock_paths_init - make a namespace's table of beginnings
 * @paths: the table
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int knock_paths_init(struct knock_paths *paths)
{
	return knock_table_init(&paths->table, &knock_paths_class);
}

/**
 * knock_paths_reserve - have enough chains for more beginnings
 * @paths: the table
 * @count: how many more
 *
 * Context: process, may sleep; the namespace's mutex is held.
 * Return: 0, or -ENOMEM and nothing has changed.
 */
int knock_paths_reserve(struct knock_paths *paths, u32 count)
{
	u64 want = (u64)atomic_read(&paths->table.used) + count;

	if (want <= paths->table.capacity)
		return 0;
	return knock_table_grow(&paths->table, want - paths->table.capacity);
}

/**
 * knock_path_next - the id of a beginning that is one step longer
 * @paths: the table
 * @id: of the beginning without that step; 0 if it is the first
 * @step: the step
 */
u64 knock_path_next(struct knock_paths *paths, u64 id, const struct knock_step *step)
{
	return siphash_2u64(id, (u64)step->protocol << 16 | step->port, &paths->table.secret);
}

static void knock_found_stop(struct knock_found *found, struct knock_path *path)
{
	struct knock_stop *stop = container_of(path, struct knock_stop, path);

	if (stop->key)
		found->whole = stop->key;
	else
		found->kinds |= KNOCK_PATH_STATIC;
}

static void knock_found_head(struct knock_found *found, struct knock_path *path)
{
	struct knock_head *head;

	if (path->node.steps < KNOCK_DERIVE_HEAD) {
		found->kinds |= KNOCK_PATH_HEAD;
		return;
	}
	head = container_of(path, struct knock_head, paths[KNOCK_DERIVE_HEAD - 1]);
	if (found->n_heads < KNOCK_ARRIVALS)
		found->heads[found->n_heads++] = head;
}

/**
 * knock_path_find_rcu - look an id up
 * @paths: the table
 * @id: the id
 * @found: filled in
 *
 * Context: RCU reader.
 * Return: false if no sequence begins so.
 */
bool knock_path_find_rcu(struct knock_paths *paths, u64 id, struct knock_found *found)
{
	struct knock_buckets *buckets = knock_table_buckets_rcu(&paths->table);
	struct knock_path *path;

	memset(found, 0, sizeof(*found));
	knock_chain_for_each_rcu(path, buckets, id) {
		if (path->node.hash != id)
			continue;
		if (path->node.kind == KNOCK_PATH_STATIC)
			knock_found_stop(found, path);
		else if (path->node.kind == KNOCK_PATH_HEAD)
			knock_found_head(found, path);
	}
	return found->kinds || found->whole || found->n_heads;
}

static void knock_path_add(struct knock_paths *paths, struct knock_path *path)
{
	u64 id = path->node.hash;

	knock_table_lock(&paths->table, id);
	knock_table_add_locked(&paths->table, &path->node);
	knock_table_unlock(&paths->table, id);
}

static void knock_path_del(struct knock_paths *paths, struct knock_path *path)
{
	u64 id = path->node.hash;

	knock_table_lock(&paths->table, id);
	knock_table_del_locked(&paths->table, &path->node);
	knock_table_unlock(&paths->table, id);
}

/* The static beginning with an id; the namespace's mutex keeps it. */
static struct knock_stop *knock_stop_find(struct knock_paths *paths, u64 id)
{
	struct knock_stop *found = NULL;
	struct knock_buckets *buckets;
	struct knock_path *path;

	rcu_read_lock();
	buckets = knock_table_buckets_rcu(&paths->table);
	knock_chain_for_each_rcu(path, buckets, id) {
		if (path->node.hash == id && path->node.kind == KNOCK_PATH_STATIC)
			found = container_of(path, struct knock_stop, path);
	}
	rcu_read_unlock();
	return found;
}

static struct knock_stop *knock_stop_create(u64 id, u8 steps)
{
	struct knock_stop *stop = kzalloc(sizeof(*stop), KNOCK_GFP);

	if (!stop)
		return NULL;
	stop->path.node.hash = id;
	stop->path.node.kind = KNOCK_PATH_STATIC;
	stop->path.node.steps = steps;
	return stop;
}

/* Those that are new are not in the table yet, which @uses of 0 says. */
static int knock_stops_gather(struct knock_paths *paths, const struct knock_sequence *sequence,
			      struct knock_stop **stops)
{
	u64 id = 0;
	u32 i;

	for (i = 0; i < sequence->count; i++) {
		id = knock_path_next(paths, id, &sequence->steps[i]);
		stops[i] = knock_stop_find(paths, id) ?: knock_stop_create(id, i + 1);
		if (!stops[i])
			return -ENOMEM;
		/* The whole of one is a beginning of the other. */
		if (stops[i]->key || (stops[i]->uses && i + 1 == sequence->count))
			return -EEXIST;
	}
	return knock_paths_reserve(paths, sequence->count);
}

/**
 * knock_stops_add - have packets find a static sequence
 * @paths: the table
 * @sequence: its steps
 * @key: whose; lives until a grace period after knock_stops_del()
 * @stops: room for as many as it has steps; filled in
 *
 * Context: process, may sleep; the namespace's mutex is held.
 * Return: 0; -EEXIST if it equals another one, or one begins with the other; -ENOMEM.
 */
int knock_stops_add(struct knock_paths *paths, const struct knock_sequence *sequence,
		    struct knock_key *key, struct knock_stop **stops)
{
	u32 i;
	int err;

	memset(stops, 0, sequence->count * sizeof(*stops));
	err = knock_stops_gather(paths, sequence, stops);
	if (err) {
		for (i = 0; i < sequence->count; i++) {
			if (stops[i] && !stops[i]->uses)
				kfree(stops[i]);
		}
		return err;
	}
	atomic_inc(&paths->sequences);
	/* From its end, so that nobody goes where it does not go on. */
	stops[sequence->count - 1]->key = key;
	for (i = sequence->count; i--;) {
		if (!stops[i]->uses++)
			knock_path_add(paths, &stops[i]->path);
	}
	return 0;
}

/**
 * knock_stops_del - have packets find a static sequence no more
 * @paths: the table
 * @stops: of knock_stops_add()
 * @count: how many steps it has
 *
 * Context: process; the namespace's mutex is held.
 */
void knock_stops_del(struct knock_paths *paths, struct knock_stop **stops, u32 count)
{
	u32 i;

	atomic_dec(&paths->sequences);
	for (i = 0; i < count; i++) {
		if (--stops[i]->uses)
			continue;
		knock_path_del(paths, &stops[i]->path);
		kfree_rcu(stops[i], rcu);
	}
}

/**
 * knock_head_fill - make a head's beginnings of its ports
 * @paths: the table it will be in
 * @head: spare, with its ports
 *
 * Context: any.
 */
void knock_head_fill(struct knock_paths *paths, struct knock_head *head)
{
	struct knock_step step = { .protocol = KNOCK_STEP_TCP };
	u64 id = 0;
	u32 i;

	for (i = 0; i < KNOCK_DERIVE_HEAD; i++) {
		step.port = head->ports[i];
		id = knock_path_next(paths, id, &step);
		head->paths[i].node.hash = id;
		head->paths[i].node.kind = KNOCK_PATH_HEAD;
		head->paths[i].node.steps = i + 1;
	}
}

/**
 * knock_head_show - have packets find a head
 * @paths: the table
 * @head: filled in
 *
 * Context: any, softirq included; inside the lock of its key.
 */
void knock_head_show(struct knock_paths *paths, struct knock_head *head)
{
	u32 i;

	atomic_inc(&paths->sequences);
	for (i = KNOCK_DERIVE_HEAD; i--;)
		knock_path_add(paths, &head->paths[i]);
}

/**
 * knock_head_hide - have packets find a head no more
 * @paths: the table
 * @head: in it; readers may be there until a grace period has passed
 *
 * Context: any, softirq included; inside the lock of its key.
 */
void knock_head_hide(struct knock_paths *paths, struct knock_head *head)
{
	u32 i;

	atomic_dec(&paths->sequences);
	for (i = 0; i < KNOCK_DERIVE_HEAD; i++)
		knock_path_del(paths, &head->paths[i]);
}

static u64 knock_twin_id(const struct knock_paths *paths, const u8 *secret)
{
	return siphash(secret, KNOCK_DERIVE_SECRET_SIZE, &paths->table.secret);
}

/**
 * knock_twin_find - whether a key has a secret
 * @paths: the table
 * @secret: KNOCK_DERIVE_SECRET_SIZE bytes
 *
 * Context: process; the namespace's mutex is held.
 */
bool knock_twin_find(struct knock_paths *paths, const u8 *secret)
{
	u64 id = knock_twin_id(paths, secret);
	struct knock_buckets *buckets;
	struct knock_path *path;
	bool found = false;

	rcu_read_lock();
	buckets = knock_table_buckets_rcu(&paths->table);
	knock_chain_for_each_rcu(path, buckets, id) {
		if (path->node.hash == id && path->node.kind == KNOCK_PATH_TWIN)
			found = true;
	}
	rcu_read_unlock();
	return found;
}

/**
 * knock_twin_add - have a secret found by who adds another key of it
 * @paths: the table, with room for one more
 * @twin: stands for it; a packet may come by until a grace period after
 *	knock_twin_del()
 * @secret: KNOCK_DERIVE_SECRET_SIZE bytes, that no other twin stands for
 *
 * Context: process; the namespace's mutex is held.
 */
void knock_twin_add(struct knock_paths *paths, struct knock_path *twin, const u8 *secret)
{
	twin->node.hash = knock_twin_id(paths, secret);
	twin->node.kind = KNOCK_PATH_TWIN;
	knock_path_add(paths, twin);
}

/**
 * knock_twin_del - have a secret forgotten
 * @paths: the table
 * @twin: of knock_twin_add()
 *
 * Context: process; the namespace's mutex is held.
 */
void knock_twin_del(struct knock_paths *paths, struct knock_path *twin)
{
	knock_path_del(paths, twin);
}
