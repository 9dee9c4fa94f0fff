/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_EXPLAIN_H
#define _KNOCKCTL_EXPLAIN_H

#include "diagnose.h"

/* Room for all that explain() has to say of one knock. */
#define EXPLANATION_SIZE 1200

/* Room for the words of all faults. */
#define FAULTS_SIZE 40

/**
 * struct refusal - what is known of a refused knock
 * @knock: the knock; its digest is all zero if there was none
 * @reason: of enum knock_reason
 * @searched: secrets were at hand, and @finding is what was found with them
 * @finding: how it was made
 * @accepted_from: unix seconds, of the key that made it or else of the latest guarded one; 0: none
 * @now: unix seconds
 */
struct refusal {
	struct refused knock;
	u8 reason;
	bool searched;
	struct finding finding;
	u64 accepted_from;
	u64 now;
};

bool explain_can_search(u8 reason);
u64 explain_next(const struct refusal *refusal);
void explain_faults(char words[FAULTS_SIZE], const struct refusal *refusal);
void explain(char text[EXPLANATION_SIZE], const struct refusal *refusal);

#endif /* _KNOCKCTL_EXPLAIN_H */
