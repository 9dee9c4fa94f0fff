// SPDX-License-Identifier: GPL-2.0
/* The steps of a plan, forward and back. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "apply.h"
#include "complain.h"
#include "once.h"
#include "request.h"

/**
 * struct work - what steps are done with
 * @netlink: to the module
 * @numbers: where those of once keys are kept; NULL if there are none
 */
struct work {
	struct netlink *netlink;
	const struct numbers_dir *numbers;
};

static void take_accepted(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct step *step = data;

	(void)header;
	if (attributes[KNOCK_A_KEY_ACCEPTED_FROM])
		step->accepted_from = nla_get_u64(attributes[KNOCK_A_KEY_ACCEPTED_FROM]);
}

static int unmark(struct netlink *netlink, const struct config_door *door,
		  char why[NETLINK_WHY_SIZE])
{
	struct config_door none = *door;

	config_door_say_all(&none);
	memset(&none.mark, 0, sizeof(none.mark));
	return request_set_door(netlink, &none, why);
}

static int add_key(const struct work *work, struct step *step, const char *door,
		   struct config_key *key, char why[NETLINK_WHY_SIZE])
{
	struct key_request request = { .door = door, .key = key, .reply = take_accepted,
				       .fresh = step->fresh, .data = step };
	int error;

	if (!once_begin(work->numbers, key, why))
		return -1;
	error = request_add_key(work->netlink, &request, why);
	/* If the module could not be asked, it may have the key. */
	if (error && error != EIO)
		once_give_up(work->numbers, key);
	return error;
}

static int del_key(const struct work *work, const struct step *step, char why[NETLINK_WHY_SIZE])
{
	once_end(work->netlink, work->numbers, step->door->name, step->key);
	return request_del_key(work->netlink, step->door->name, step->key->name, why);
}

static int del_door(const struct work *work, const struct step *step, char why[NETLINK_WHY_SIZE])
{
	once_end_door(work->netlink, work->numbers, step->door);
	return request_del_door(work->netlink, step->door->name, why);
}

static int arm_key(const struct work *work, const struct step *step, char why[NETLINK_WHY_SIZE])
{
	return arm_further(work->netlink, work->numbers, step->door->name, step->key, why) ? 0 : -1;
}

static int go_forward(const struct work *work, struct step *step, char why[NETLINK_WHY_SIZE])
{
	switch (step->kind) {
	case DEL_KEY:
		return del_key(work, step, why);
	case DEL_DOOR:
		return del_door(work, step, why);
	case UNMARK_DOOR:
		return unmark(work->netlink, step->door, why);
	case SET_DOOR:
		return request_set_door(work->netlink, step->door, why);
	case ADD_DOOR:
		return request_add_door(work->netlink, step->door, why);
	case ARM_KEY:
		return arm_key(work, step, why);
	default:
		return add_key(work, step, step->door->name, step->key, why);
	}
}

/* A door with all its keys. */
static int bring_back(const struct work *work, struct step *step, char why[NETLINK_WHY_SIZE])
{
	const struct config_door *door = step->door;
	int error = request_add_door(work->netlink, door, why);
	size_t i;

	for (i = 0; i < door->keys && !error; i++) {
		if (config_key_is_known(&door->key[i])) {
			error = add_key(work, step, door->name, &door->key[i], why);
		} else {
			snprintf(why, NETLINK_WHY_SIZE, "its key %s is in no file; add it again",
				 door->key[i].name);
			error = -1;
		}
	}
	return error;
}

/* Its marks come back by themselves, since others may still have them. */
static int set_back(struct netlink *netlink, const struct step *step, char why[NETLINK_WHY_SIZE])
{
	const struct config_door *before = step->before;

	if (before->mark.mask && (before->mark.value != step->door->mark.value ||
				  before->mark.mask != step->door->mark.mask))
		return unmark(netlink, before, why);
	return request_set_door(netlink, before, why);
}

static int go_back(const struct work *work, struct step *step, char why[NETLINK_WHY_SIZE])
{
	switch (step->kind) {
	case DEL_KEY:
		if (!config_key_is_known(step->key)) {
			snprintf(why, NETLINK_WHY_SIZE, "its secret is in no file; add it again");
			return -1;
		}
		return add_key(work, step, step->door->name, step->key, why);
	case DEL_DOOR:
		return bring_back(work, step, why);
	case UNMARK_DOOR:
		return request_set_door(work->netlink, step->door, why);
	case SET_DOOR:
		return set_back(work->netlink, step, why);
	case ADD_DOOR:
		return del_door(work, step, why);
	case ARM_KEY:
		/* Its client has these numbers; that more of them are good harms nobody. */
		return 0;
	default:
		return del_key(work, step, why);
	}
}

/* Which door or key a step is about, before what the module says of it. */
static void explain(char text[APPLY_WHY_SIZE], const struct step *step, const char *why)
{
	if (step->key)
		snprintf(text, APPLY_WHY_SIZE, "key %s of door %s: %s", step->key->name,
			 step->door->name, why);
	else
		snprintf(text, APPLY_WHY_SIZE, "door %s: %s", step->door->name, why);
}

/* Gone from the disk first: who is pardoned from now on is not banned by another load. */
static void restore_bans(struct plan *plan, struct netlink *netlink)
{
	char why[KEEP_WHY_SIZE];

	if (!plan->bans.count)
		return;
	if (bans_forget(plan->state, why)) {
		bans_restore(&plan->bans, netlink);
	} else {
		complain("%s", why);
		bans_free(&plan->bans);
	}
}

/* Of those that came back, who is banned still: when there is no key any more to lift them. */
static void keep_bans(struct plan *plan, struct netlink *netlink)
{
	struct bans bans = { .count = 0 };
	char why[NETLINK_WHY_SIZE];

	if (plan->bans.restored && (bans_ask(&bans, netlink, why) ||
				    !bans_write(&bans, plan->state, why)))
		complain("%s", why);
	plan->bans.restored = 0;
	bans_free(&bans);
}

/* Gone from the disk first: who closes his door from now on has it closed by another load. */
static void restore_grants(struct plan *plan, struct netlink *netlink)
{
	char why[KEEP_WHY_SIZE];

	if (!plan->grants.count || !plan->kinds[ADD_DOOR])
		return;
	if (!kept_grants_forget(plan->state, why) ||
	    kept_grants_restore(&plan->grants, netlink, why))
		complain("%s", why);
}

/**
 * apply_steps() - go through a plan until a step fails
 * @plan: the plan
 * @done: how many were done
 * @netlink: to the module
 * @why: which failed, and why
 *
 * Return: true if all were done.
 */
bool apply_steps(struct plan *plan, size_t *done, struct netlink *netlink,
		 char why[APPLY_WHY_SIZE])
{
	const struct work work = { netlink, plan->numbers };
	char reason[NETLINK_WHY_SIZE];
	bool begun = false;

	for (*done = 0; *done < plan->count; (*done)++) {
		/* Behind all that delete, but for those that end the plan. */
		if (!begun && *done < plan->final && plan->step[*done].kind == ADD_KEY) {
			begun = true;
			if (!once_begin_all(plan, *done, why))
				return false;
			restore_bans(plan, netlink);
		}
		if (!go_forward(&work, &plan->step[*done], reason))
			continue;
		explain(why, &plan->step[*done], reason);
		return false;
	}
	/* Of doors that have no keys yet. */
	if (!begun && plan->kinds[ADD_DOOR])
		restore_bans(plan, netlink);
	restore_grants(plan, netlink);
	return true;
}

/**
 * apply_undo() - take steps back, from the last to the first
 * @plan: the plan
 * @done: how many were done
 * @netlink: to the module
 * @why: the first that could not be taken back, and why
 *
 * One that cannot be taken back keeps no other from it.
 *
 * Return: true if all were taken back. Grants of what was deleted stay ended.
 */
bool apply_undo(struct plan *plan, size_t done, struct netlink *netlink,
		char why[APPLY_WHY_SIZE])
{
	const struct work work = { netlink, plan->numbers };
	char reason[NETLINK_WHY_SIZE];
	bool good = true;

	once_give_up_all(plan, done);
	while (done-- > 0) {
		/* With the last door they go. */
		if (plan->step[done].kind == ADD_DOOR)
			keep_bans(plan, netlink);
		if (!go_back(&work, &plan->step[done], reason))
			continue;
		if (good)
			explain(why, &plan->step[done], reason);
		good = false;
	}
	return good;
}
