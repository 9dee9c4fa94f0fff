// SPDX-License-Identifier: GPL-2.0
/*
 * An address has one slot, shared with all addresses of the same hash; the latest
 * knock is in it. So a flood of forged packets wipes the records, and nothing else.
 */
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/spinlock.h>

#include "pool.h"
#include "recorder.h"

/**
 * struct knock_slot - room for one record
 * @lock: guards @record; packets only try it
 * @record: the latest
 */
struct knock_slot {
	spinlock_t lock; /* @record */
	struct knock_record record;
};

/**
 * knock_recorder_init - make a recorder without records
 * @recorder: the recorder
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM.
 */
int knock_recorder_init(struct knock_recorder *recorder)
{
	u32 i;

	recorder->slots = kvcalloc(KNOCK_RECORDS, sizeof(*recorder->slots), KNOCK_GFP);
	if (!recorder->slots)
		return -ENOMEM;
	for (i = 0; i < KNOCK_RECORDS; i++)
		spin_lock_init(&recorder->slots[i].lock);
	get_random_bytes(&recorder->secret, sizeof(recorder->secret));
	return 0;
}

/**
 * knock_recorder_exit - free a recorder
 * @recorder: nobody uses it any more; all zero is fine too
 *
 * Context: process.
 */
void knock_recorder_exit(struct knock_recorder *recorder)
{
	kvfree(recorder->slots);
	recorder->slots = NULL;
}

static struct knock_slot *knock_recorder_slot(struct knock_recorder *recorder,
					      const struct knock_address *address)
{
	u64 hash = siphash(address, sizeof(*address), &recorder->secret);

	return &recorder->slots[hash % KNOCK_RECORDS];
}

/**
 * knock_recorder_put - record a refused knock
 * @recorder: the recorder
 * @record: copied
 *
 * Another CPU may be writing to the slot, or somebody reading it: then this knock
 * is not recorded, since a packet waits for nobody's question.
 *
 * Context: any, softirq included; allocates nothing.
 */
void knock_recorder_put(struct knock_recorder *recorder, const struct knock_record *record)
{
	struct knock_slot *slot = knock_recorder_slot(recorder, &record->address);

	if (!spin_trylock_bh(&slot->lock))
		return;
	slot->record = *record;
	spin_unlock_bh(&slot->lock);
}

static bool knock_slot_get(struct knock_slot *slot, struct knock_record *record)
{
	spin_lock_bh(&slot->lock);
	*record = slot->record;
	spin_unlock_bh(&slot->lock);
	return record->time;
}

/**
 * knock_recorder_find - the latest refused knock of an address
 * @recorder: the recorder
 * @address: whose
 * @record: filled in
 *
 * Context: any.
 * Return: false if there is none, or another's has taken its slot.
 */
bool knock_recorder_find(struct knock_recorder *recorder, const struct knock_address *address,
			 struct knock_record *record)
{
	return knock_slot_get(knock_recorder_slot(recorder, address), record) &&
	       knock_address_equal(&record->address, address);
}

/**
 * knock_recorder_at - a record by its slot
 * @recorder: the recorder
 * @index: below KNOCK_RECORDS
 * @record: filled in
 *
 * Context: any.
 * Return: false if the slot is empty.
 */
bool knock_recorder_at(struct knock_recorder *recorder, u32 index, struct knock_record *record)
{
	return knock_slot_get(&recorder->slots[index], record);
}
