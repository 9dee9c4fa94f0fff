// SPDX-License-Identifier: GPL-2.0
/*
 * Ports from a secret. The head is the same for everybody, so that it can be looked up
 * before it is known who knocks; the tail is of the client's address. The cryptography
 * itself is the caller's: kernel and programs have their own.
 */
#include <knock/derive.h>
#include <knock/moon.h>

#define BLOCKS_MAX	16
#define PORTS_PER_BLOCK	(KNOCK_DERIVE_MAC_SIZE / 2)

/* Without NUL. */
#define LABEL_LEN	25
#define LABEL_ONCE_LEN	16
#define FIELDS_MAX	(8 + 8 + 1 + 1 + KNOCK_DERIVE_LOCATION_MAX)
#define MESSAGE_MAX	(LABEL_LEN + FIELDS_MAX + sizeof(struct knock_address) + 4)

static const char label_head[] = "xt_knock sequence v1 head";
static const char label_tail[] = "xt_knock sequence v1 tail";
static const char label_once[] = "xt_knock once v1";

/* What is hashed, the block's number still missing. */
struct message {
	u8 bytes[MESSAGE_MAX];
	size_t len;
};

/* A sequence in the making. */
struct ports {
	u16 *at;
	unsigned int count;
	unsigned int want;
};

static void put_be(u8 *at, u64 number, size_t size)
{
	while (size--) {
		at[size] = (u8)number;
		number >>= 8;
	}
}

static void append(struct message *message, const void *bytes, size_t len)
{
	memcpy(message->bytes + message->len, bytes, len);
	message->len += len;
}

static void append_number(struct message *message, u64 number, size_t size)
{
	put_be(message->bytes + message->len, number, size);
	message->len += size;
}

static void begin(struct message *message, const char label[LABEL_LEN + 1],
		  const struct knock_fields *fields)
{
	message->len = 0;
	append(message, label, LABEL_LEN);
	if (!fields)
		return;
	append_number(message, fields->counter, 8);
	append_number(message, fields->slot, 8);
	append_number(message, fields->moon, 1);
	append_number(message, fields->location_len, 1);
	if (fields->location_len)
		append(message, fields->location, fields->location_len);
}

/**
 * knock_avoid_has() - is a port among those avoided?
 * @avoid: the ranges
 * @port: any
 *
 * Context: Any.
 * Return: true if it is no step
 */
bool knock_avoid_has(const struct knock_avoid *avoid, u16 port)
{
	size_t i;

	for (i = 0; i < avoid->count; i++) {
		if (port >= avoid->ranges[i].first && port <= avoid->ranges[i].last)
			return true;
	}
	return false;
}

/* Of a range, how many ports could have been steps. */
static u32 count_steps(const struct knock_port_range *range)
{
	u32 first = range->first;

	if (range->last < KNOCK_DERIVE_PORT_FIRST)
		return 0;
	if (first < KNOCK_DERIVE_PORT_FIRST)
		first = KNOCK_DERIVE_PORT_FIRST;
	return range->last - first + 1;
}

/**
 * knock_avoid_is_valid() - may a key avoid these ports?
 * @avoid: from anybody
 *
 * Context: Any.
 * Return: true if the ranges are sorted, do not overlap, and leave enough ports
 */
bool knock_avoid_is_valid(const struct knock_avoid *avoid)
{
	u32 left = KNOCK_DERIVE_PORT_LAST - KNOCK_DERIVE_PORT_FIRST + 1;
	size_t i;

	for (i = 0; i < avoid->count; i++) {
		if (avoid->ranges[i].first > avoid->ranges[i].last)
			return false;
		if (i && avoid->ranges[i].first <= avoid->ranges[i - 1].last)
			return false;
		left -= count_steps(&avoid->ranges[i]);
	}
	return left >= KNOCK_AVOID_LEFT_MIN;
}

/**
 * knock_derive_slots() - the slots that are good now
 * @now_sec: wall clock, unix seconds
 * @skew_sec: by how much the client's clock may be off, in seconds
 * @slot_sec: length of a slot in seconds, not 0
 *
 * Context: Any.
 * Return: first and last slot, both included; never before 1970
 */
struct knock_slots knock_derive_slots(u64 now_sec, u32 skew_sec, u32 slot_sec)
{
	u64 latest = now_sec + skew_sec;
	struct knock_slots slots;

	if (latest < now_sec)
		latest = ~(u64)0;
	slots.first = knock_div_u64_u32(now_sec > skew_sec ? now_sec - skew_sec : 0, slot_sec);
	slots.last = knock_div_u64_u32(latest, slot_sec);
	return slots;
}

/**
 * knock_derive_fields() - the fields of a counter and slot, without a location
 * @counter: the counter
 * @slot: the slot
 * @slot_sec: length of a slot in seconds
 *
 * Context: Any.
 * Return: the fields, with the moon as it is in the slot's first second
 */
struct knock_fields knock_derive_fields(u64 counter, u64 slot, u32 slot_sec)
{
	struct knock_fields fields = { .counter = counter, .slot = slot };

	fields.moon = knock_moon_phase(slot * slot_sec);
	return fields;
}

/**
 * knock_derive_is_later() - is one slot and counter behind another?
 * @slot: of the one
 * @counter: of the one
 * @than_slot: of the other
 * @than_counter: of the other
 *
 * Context: Any.
 * Return: true if they are greater as a pair
 */
bool knock_derive_is_later(u64 slot, u64 counter, u64 than_slot, u64 than_counter)
{
	return slot > than_slot || (slot == than_slot && counter > than_counter);
}

/**
 * knock_derive_once() - the secret of one once sequence
 * @crypto: the caller's cryptography
 * @key: the key's own secret, which the client never learns
 * @number: number of the sequence
 * @secret: receives it
 *
 * Context: Any.
 * Return: false if the cryptography failed
 */
bool knock_derive_once(const struct knock_derive_crypto *crypto,
		       const u8 key[KNOCK_DERIVE_SECRET_SIZE], u64 number,
		       u8 secret[KNOCK_DERIVE_SECRET_SIZE])
{
	u8 message[LABEL_ONCE_LEN + sizeof(number)];

	memcpy(message, label_once, LABEL_ONCE_LEN);
	put_be(message + LABEL_ONCE_LEN, number, sizeof(number));
	return crypto->hmac(secret, key, message, sizeof(message));
}

static bool is_step(const struct knock_avoid *avoid, const struct ports *ports, u16 port)
{
	unsigned int i;

	if (port < KNOCK_DERIVE_PORT_FIRST || knock_avoid_has(avoid, port))
		return false;
	for (i = 0; i < ports->count; i++) {
		if (ports->at[i] == port)
			return false;
	}
	return true;
}

static void take_ports(const struct knock_avoid *avoid, struct ports *ports,
		       const u8 block[KNOCK_DERIVE_MAC_SIZE])
{
	unsigned int i;

	for (i = 0; i < PORTS_PER_BLOCK && ports->count < ports->want; i++) {
		u16 port = (u16)(block[2 * i] << 8 | block[2 * i + 1]);

		if (is_step(avoid, ports, port))
			ports->at[ports->count++] = port;
	}
}

static enum knock_derive_result derive(const struct knock_derivation *derivation,
				       struct message *message, struct ports *ports)
{
	u8 block[KNOCK_DERIVE_MAC_SIZE];
	bool works = true;
	u32 i;

	for (i = 0; i < BLOCKS_MAX && works && ports->count < ports->want; i++) {
		put_be(message->bytes + message->len, i, sizeof(i));
		works = derivation->crypto->hmac(block, derivation->secret, message->bytes,
						 message->len + sizeof(i));
		if (works)
			take_ports(&derivation->avoid, ports, block);
	}
	knock_wipe(block, sizeof(block));
	if (!works)
		return KNOCK_DERIVE_BROKEN;
	return ports->count < ports->want ? KNOCK_DERIVE_TOO_FEW : KNOCK_DERIVE_GOOD;
}

/**
 * knock_derive_head() - the first ports of a sequence
 * @derivation: what it is derived from
 * @ports: receives KNOCK_DERIVE_HEAD ports; undefined on failure
 *
 * Context: Any.
 * Return: KNOCK_DERIVE_GOOD, or why there are none
 */
enum knock_derive_result knock_derive_head(const struct knock_derivation *derivation,
					   u16 ports[KNOCK_DERIVE_HEAD])
{
	struct ports head = { ports, 0, KNOCK_DERIVE_HEAD };
	struct message message;

	begin(&message, label_head, derivation->fields);
	return derive(derivation, &message, &head);
}

/**
 * knock_derive_tail() - the other ports of a sequence
 * @derivation: what it is derived from
 * @address: the client's; NULL in an unbound sequence
 * @ports: the head, behind which the tail goes; undefined there on failure
 * @steps: length of the whole sequence, at most KNOCK_DERIVE_STEPS_MAX
 *
 * Context: Any.
 * Return: KNOCK_DERIVE_GOOD, or why there is none
 */
enum knock_derive_result knock_derive_tail(const struct knock_derivation *derivation,
					   const struct knock_address *address,
					   u16 *ports, unsigned int steps)
{
	struct ports tail = { ports, KNOCK_DERIVE_HEAD, steps };
	struct message message;

	begin(&message, label_tail, derivation->fields);
	if (address)
		append(&message, address->bytes, sizeof(address->bytes));
	return derive(derivation, &message, &tail);
}
