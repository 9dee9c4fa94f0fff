// SPDX-License-Identifier: GPL-2.0
/*
 * Whose a sealed knock is that the module refused, and what it says: by the hints of
 * minutes that the module does not keep. Pure: no clock, no module, no file.
 */
#include "sealed_crypto.h"
#include "unseal.h"

/* What the door is called whose hash the knock has. */
static const char *find_door(const struct suspect_list *list, const u8 *door_hash)
{
	u8 hash[KNOCK_SEALED_DOOR_SIZE];
	const char *last = "";
	size_t i;

	for (i = 0; i < list->count; i++) {
		/* Keys of a door stand beside each other. */
		if (!strcmp(last, list->suspects[i].door))
			continue;
		last = list->suspects[i].door;
		if (sealed_door_hash(hash, last) && !memcmp(hash, door_hash, sizeof(hash)))
			return last;
	}
	return NULL;
}

static void read_letter(const struct letter *letter, const struct suspect_list *list,
			struct unsealed *unsealed)
{
	u32 nsec;

	unsealed->opened = letter->length == KNOCK_SEALED_LEN &&
		knock_sealed_open(&sealed_crypto, unsealed->suspect->secret.bytes, letter->bytes,
				  &unsealed->plain) == KNOCK_SEALED_GOOD &&
		knock_tai64n_get(unsealed->plain.tai64n, &unsealed->made, &nsec);
	if (unsealed->opened)
		unsealed->is_for = find_door(list, unsealed->plain.door_hash);
}

/* Return: whether the search is over. */
static bool try_minute(const struct letter *letter, const struct suspect_list *list,
		       u32 *hints_left, struct unsealed *unsealed)
{
	u8 hint[KNOCK_SEALED_HINT_SIZE];
	size_t i;

	for (i = 0; i < list->count; i++) {
		unsealed->exhausted = !*hints_left;
		if (unsealed->exhausted)
			return true;
		(*hints_left)--;
		if (!knock_sealed_hint(&sealed_crypto, list->suspects[i].secret.bytes,
				       unsealed->minute, hint) ||
		    memcmp(hint, letter->bytes, sizeof(hint)))
			continue;
		unsealed->suspect = &list->suspects[i];
		return true;
	}
	return false;
}

/**
 * unseal() - find how a sealed knock was made
 * @letter: the knock
 * @list: the keys to try; their secrets have 32 bytes
 * @hints_max: how many hints it may cost
 * @unsealed: receives what was found
 *
 * In minutes ever further from when it came, up to 26 hours on either side.
 *
 * Return: whether a key was found whose hint it has.
 */
bool unseal(const struct letter *letter, const struct suspect_list *list, u32 hints_max,
	    struct unsealed *unsealed)
{
	u32 now = (u32)(letter->time / 60), off;

	memset(unsealed, 0, sizeof(*unsealed));
	for (off = 0; off <= DIAGNOSE_MINUTES; off++) {
		unsealed->minute = now - off;
		if (off <= now && try_minute(letter, list, &hints_max, unsealed))
			break;
		unsealed->minute = now + off;
		if (off && try_minute(letter, list, &hints_max, unsealed))
			break;
	}
	if (unsealed->suspect)
		read_letter(letter, list, unsealed);
	return unsealed->suspect;
}
