// SPDX-License-Identifier: GPL-2.0
/* Of what happens too often to be logged each time, how often it did. */
#include "complain.h"
#include "tally.h"

/**
 * tally_passes() - whether an event is to be logged for itself
 * @tally: where it is counted if not
 * @event: what happened
 *
 * Whoever sends one packet to a port that a rule bans for has an address banned, and each
 * may be from another.
 */
bool tally_passes(struct tally *tally, const struct event *event)
{
	if (event->kind != KNOCK_EVENT_KIND_BANNED ||
	    (event->cause != KNOCK_CAUSE_RULE && tally->bans++ < TALLY_BANS_EACH))
		return true;
	tally->count[TALLY_BANS]++;
	return false;
}

/**
 * tally_say() - say what was counted since the last time
 * @tally: the counts
 */
void tally_say(struct tally *tally)
{
	static const char *const sentences[] = {
		[TALLY_BANS] = "addresses were banned, most likely by a rule; knockctl blacklist has them",
		[TALLY_LOST] = "events were lost, for which the module had no room; grants are listed instead",
		[TALLY_OVERFLOWS] = "times events came faster than they were read; grants are listed instead",
		[TALLY_REFUSED] = "grants or commands had no room; let queue be more in the file, or the commands shorter",
		[TALLY_SENT_AWAY] = "clients of the hand-over got nothing: they had not knocked, or not the key, or took too long, or were too many",
	};
	int kind;

	for (kind = 0; kind < TALLY_KINDS; kind++) {
		if (tally->count[kind] != tally->said[kind])
			complain("%llu %s",
				 (unsigned long long)(tally->count[kind] - tally->said[kind]),
				 sentences[kind]);
		tally->said[kind] = tally->count[kind];
	}
	tally->bans = 0;
}
