/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_PLAN_H
#define _KNOCKCTL_PLAN_H

#include <stdint.h>

#include "bans.h"
#include "kept_grants.h"
#include "config.h"
#include "numbers.h"

enum step_kind {
	DEL_KEY,
	DEL_DOOR,
	UNMARK_DOOR,
	SET_DOOR,
	ADD_DOOR,
	ADD_KEY,
	ARM_KEY,
	STEP_KINDS,
};

/**
 * struct step - one request on the way from what is to what shall be
 * @kind: what is done
 * @door: as it is, of what is deleted or unmarked; else as it shall be
 * @before: the door as it is, when it is set
 * @key: of @door, when it is about one
 * @fresh: the key that is added has a secret that nobody can have used
 * @accepted_from: when a key that was added is accepted, 0 for at once
 */
struct step {
	enum step_kind kind;
	struct config_door *door;
	struct config_door *before;
	struct config_key *key;
	bool fresh;
	uint64_t accepted_from;
};

/**
 * struct plan - all steps, in an order in which none is in another's way
 * @count: how many there are
 * @room: how many @step has room for
 * @final: the first that cannot be taken back, since a secret is not known
 * @lost: there was no memory for some
 * @step: the steps
 * @kinds: how many there are of each
 * @replaced: of the keys that are deleted, how many come again
 * @numbers: where those of once keys are kept, open; NULL if the plan is about none
 * @bans: to come back before the first key does, which can lift them
 * @grants: to come back when all doors and keys are there
 * @state: the directory of --state, where these are
 */
struct plan {
	size_t count;
	size_t room;
	size_t final;
	bool lost;
	struct step *step;
	size_t kinds[STEP_KINDS];
	size_t replaced;
	const struct numbers_dir *numbers;
	struct bans bans;
	struct kept_grants grants;
	const char *state;
};

bool plan_make(struct plan *plan, struct config *live, struct config *wanted);
void plan_clear(struct plan *plan);

#endif /* _KNOCKCTL_PLAN_H */
