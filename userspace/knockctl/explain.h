/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_EXPLAIN_H
#define _KNOCKCTL_EXPLAIN_H

#include "diagnose.h"
#include "series.h"
#include "unseal.h"

/* Room for all that explain() has to say of one knock. */
#define EXPLANATION_SIZE 1600

/* Room for the words of all faults. */
#define FAULTS_SIZE 40

/**
 * struct refusal - what is known of a refused knock
 * @knock: the knock; its digest is all zero if there was none
 * @reason: of enum knock_reason
 * @searched: secrets were at hand, and @finding is what was found with them
 * @finding: how it was made
 * @is_sequence: a sequence was complete, of @door and @key
 * @door: whose
 * @key: whose
 * @series: what kind of sequences that key has, and within which time they are knocked; of
 *	kind 0 if it is not there any more
 * @number: of a once key, the highest that was used
 * @armed: of a once key, the highest that is good
 * @is_sealed: it had the form of a sealed knock, and @unsealed is what was found
 * @unsealed: how it was made
 * @closed: unix seconds of the latest close that its key took, by the clock of who made it
 * @accepted_from: unix seconds, of the key that made it or else of the latest guarded one; 0: none
 * @now: unix seconds
 */
struct refusal {
	struct refused knock;
	u8 reason;
	bool searched;
	struct finding finding;
	bool is_sequence;
	char door[KNOCK_NAME_SIZE];
	char key[KNOCK_NAME_SIZE];
	struct series series;
	u64 number;
	u64 armed;
	bool is_sealed;
	struct unsealed unsealed;
	u64 closed;
	u64 accepted_from;
	u64 now;
};

bool explain_can_search(u8 reason);
u64 explain_next(const struct refusal *refusal);
void explain_faults(char words[FAULTS_SIZE], const struct refusal *refusal);
u64 explain_wait(const struct refusal *refusal);
void explain_sealed_faults(char words[FAULTS_SIZE], const struct refusal *refusal);
void explain_sealed(char text[EXPLANATION_SIZE], const struct refusal *refusal);

/* What both files of it say sentences with. */
void say(char text[EXPLANATION_SIZE], const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void say_when(char text[EXPLANATION_SIZE], const struct refusal *refusal, u64 time,
	      const char *what);
void say_zone(char text[EXPLANATION_SIZE], long long least, long long most);

void explain(char text[EXPLANATION_SIZE], const struct refusal *refusal);

#endif /* _KNOCKCTL_EXPLAIN_H */
