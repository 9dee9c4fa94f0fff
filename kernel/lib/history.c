// SPDX-License-Identifier: GPL-2.0
/*
 * What makes a sealed knock good once, whatever any clock says: of all that a key
 * took, each time is either remembered, or below all that are.
 */
#include <knock/history.h>

static int compare(const u8 *a, const u8 *b)
{
	return memcmp(a, b, KNOCK_TAI64N_SIZE);
}

/* The place of the lowest time; there is one. */
static u32 lowest(const struct knock_history *history)
{
	u32 i, low = 0;

	for (i = 1; i < history->count; i++) {
		if (compare(history->taken[i].tai64n, history->taken[low].tai64n) < 0)
			low = i;
	}
	return low;
}

/**
 * knock_history_find() - whether a knock of this time was taken
 * @history: of the key
 * @tai64n: the time
 *
 * Context: Any; nobody adds meanwhile.
 * Return: that knock, or NULL if it is not among those remembered
 */
const struct knock_taken *knock_history_find(const struct knock_history *history,
					     const u8 tai64n[KNOCK_TAI64N_SIZE])
{
	u32 i;

	for (i = 0; i < history->count; i++) {
		if (!compare(history->taken[i].tai64n, tai64n))
			return &history->taken[i];
	}
	return NULL;
}

/**
 * knock_history_is_stale() - whether a time is below all that are remembered
 * @history: of the key
 * @tai64n: the time
 *
 * A knock of such a time may have been taken and forgotten.
 *
 * Context: Any; nobody adds meanwhile.
 * Return: true if so; never while there is room to remember more
 */
bool knock_history_is_stale(const struct knock_history *history,
			    const u8 tai64n[KNOCK_TAI64N_SIZE])
{
	return history->count == KNOCK_HISTORY_MAX &&
	       compare(tai64n, history->taken[lowest(history)].tai64n) < 0;
}

/**
 * knock_history_is_closed() - whether an open is older than a close that was taken
 * @history: of the key
 * @plain: what the knock says
 *
 * Context: Any; nobody adds meanwhile.
 * Return: true if so; never of a close
 */
bool knock_history_is_closed(const struct knock_history *history,
			     const struct knock_sealed_plain *plain)
{
	return plain->action == KNOCK_SEALED_OPEN && compare(plain->tai64n, history->closed) < 0;
}

/**
 * knock_history_add() - remember a knock that was taken
 * @history: of the key
 * @taken: the knock, neither found nor stale
 * @action: enum knock_sealed_action
 *
 * Context: Any; the caller keeps others out.
 */
void knock_history_add(struct knock_history *history, const struct knock_taken *taken,
		       u8 action)
{
	if (history->count < KNOCK_HISTORY_MAX)
		history->taken[history->count++] = *taken;
	else
		history->taken[lowest(history)] = *taken;
	if (action == KNOCK_SEALED_CLOSE && compare(taken->tai64n, history->closed) > 0)
		memcpy(history->closed, taken->tai64n, KNOCK_TAI64N_SIZE);
}
