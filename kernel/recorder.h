/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why the last knocks were refused, for the administrator. It decides nothing.
 */
#ifndef _KNOCK_RECORDER_H
#define _KNOCK_RECORDER_H

#include <linux/siphash.h>
#include <linux/types.h>
#include <knock/address.h>
#include <knock/sealed.h>

#define KNOCK_RECORDS		1024
/* A sealed datagram is kept whole, so that who has its key can read it. */
#define KNOCK_RECORD_DATA_SIZE	KNOCK_SEALED_LEN

struct knock_slot;

/**
 * struct knock_record - a refused knock
 * @time: unix seconds; 0 is no record
 * @address: its source
 * @port: the knock port
 * @reason: enum knock_reason
 * @type: enum knock_key_type, that it had the form of; 0 of none
 * @len: of @data
 * @data: if so, what tells it from others: of tumbler its digest, of sealed all of it
 */
struct knock_record {
	u64 time;
	struct knock_address address;
	u16 port;
	u8 reason;
	u8 type;
	u8 len;
	u8 data[KNOCK_RECORD_DATA_SIZE];
};

/**
 * struct knock_recorder - the records of a namespace
 * @secret: key of the hash that chooses an address's slot
 * @slots: KNOCK_RECORDS of them
 */
struct knock_recorder {
	siphash_key_t secret;
	struct knock_slot *slots;
};

int knock_recorder_init(struct knock_recorder *recorder);
void knock_recorder_exit(struct knock_recorder *recorder);
void knock_recorder_put(struct knock_recorder *recorder, const struct knock_record *record);
bool knock_recorder_find(struct knock_recorder *recorder, const struct knock_address *address,
			 struct knock_record *record);
bool knock_recorder_at(struct knock_recorder *recorder, u32 index, struct knock_record *record);

#endif /* _KNOCK_RECORDER_H */
