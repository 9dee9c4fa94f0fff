// SPDX-License-Identifier: GPL-2.0
/* What sequence keys have beside other keys, in and out. */
#include <linux/slab.h>

#include "door.h"
#include "key.h"
#include "netlink.h"
#include "series.h"

#define STATIC	BIT(KNOCK_SEQUENCE_KIND_STATIC)
#define ONCE	BIT(KNOCK_SEQUENCE_KIND_ONCE)
#define DERIVED	BIT(KNOCK_SEQUENCE_KIND_DERIVED)

/* Attributes that not every key takes, and which kinds do. */
static const struct {
	u16 attr;
	u8 kinds;
} knock_nl_series_attrs[] = {
	{ KNOCK_A_KEY_PORTS, STATIC },
	{ KNOCK_A_KEY_WITHIN_SEC, STATIC | ONCE | DERIVED },
	{ KNOCK_A_KEY_STEPS, ONCE | DERIVED },
	{ KNOCK_A_KEY_AVOID, ONCE | DERIVED },
	{ KNOCK_A_KEY_NUMBER, ONCE | DERIVED },
	{ KNOCK_A_KEY_ARMED, ONCE },
	{ KNOCK_A_KEY_UNBOUND, ONCE },
	{ KNOCK_A_KEY_LOCATION, DERIVED },
	{ KNOCK_A_KEY_SLOT_SEC, DERIVED },
	{ KNOCK_A_KEY_AHEAD, DERIVED },
	{ KNOCK_A_KEY_SLOT, DERIVED },
};

static int knock_nl_refuse(struct netlink_ext_ack *extack, const struct nlattr *attr,
			   const char *why)
{
	extack->_msg = why;
	extack->bad_attr = attr;
	return -EINVAL;
}

/**
 * knock_nl_sequence_kind - which kind of sequence key a request is about
 * @type: enum knock_key_type
 * @attrs: of the request
 * @extack: says why not
 *
 * Return: enum knock_sequence_kind; 0 of other types; -EINVAL if it is not said, or if
 * anything is said that this kind does not take.
 */
int knock_nl_sequence_kind(u8 type, struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = attrs[KNOCK_A_KEY_SEQUENCE];
	u8 kind = attr ? nla_get_u8(attr) : 0;
	int i;

	if (type != KNOCK_KEY_TYPE_SEQUENCE && attr)
		return knock_nl_refuse(extack, attr, "only a sequence key is static, once or derived");
	if (type == KNOCK_KEY_TYPE_SEQUENCE && (!kind || kind > KNOCK_SEQUENCE_KIND_MAX))
		return knock_nl_refuse(extack, attr,
				       "a sequence key must be static, once or derived");
	for (i = 0; i < ARRAY_SIZE(knock_nl_series_attrs); i++) {
		attr = attrs[knock_nl_series_attrs[i].attr];
		if (attr && !(knock_nl_series_attrs[i].kinds & BIT(kind)))
			return knock_nl_refuse(extack, attr, "this kind of key does not take that");
	}
	attr = attrs[KNOCK_A_KEY_SKEW_SEC];
	if (attr && (kind == KNOCK_SEQUENCE_KIND_STATIC || kind == KNOCK_SEQUENCE_KIND_ONCE))
		return knock_nl_refuse(extack, attr, "this kind of key has nothing to do with clocks");
	return kind;
}

static bool knock_nl_port_is_good(const struct knock_port *port)
{
	return port->port && !port->reserved &&
	       (port->protocol == KNOCK_STEP_TCP || port->protocol == KNOCK_STEP_UDP);
}

static bool knock_nl_has_step(const struct knock_sequence *sequence, u16 port, u8 protocol)
{
	int i;

	for (i = 0; i < sequence->count; i++) {
		if (sequence->steps[i].port == port && sequence->steps[i].protocol == protocol)
			return true;
	}
	return false;
}

static int knock_nl_ports(struct knock_series *series, const struct nlattr *attr,
			  struct netlink_ext_ack *extack)
{
	const struct knock_port *ports = attr ? nla_data(attr) : NULL;
	u32 i, count = attr ? nla_len(attr) / sizeof(*ports) : 0;
	struct knock_sequence *sequence;

	if (!count || count > KNOCK_PORTS_MAX || nla_len(attr) % sizeof(*ports))
		return knock_nl_refuse(extack, attr, "a static sequence has 1 to 32 steps");
	sequence = kzalloc(sizeof(*sequence), KNOCK_GFP);
	if (!sequence) {
		NL_SET_ERR_MSG(extack, "no memory for a key");
		return -ENOMEM;
	}
	series->sequence = sequence;
	for (i = 0; i < count; i++) {
		if (!knock_nl_port_is_good(&ports[i]))
			return knock_nl_refuse(extack, attr,
					       "a step is a port from 1 to 65535 of tcp or udp");
		if (knock_nl_has_step(sequence, ports[i].port, ports[i].protocol))
			return knock_nl_refuse(extack, attr, "the steps of a sequence are all different");
		sequence->steps[sequence->count].port = ports[i].port;
		sequence->steps[sequence->count++].protocol = ports[i].protocol;
		series->udp |= ports[i].protocol == KNOCK_STEP_UDP;
	}
	series->steps = count;
	return 0;
}

static int knock_nl_within(struct knock_series *series, const struct nlattr *attr,
			   struct netlink_ext_ack *extack)
{
	series->within = attr ? nla_get_u32(attr) : KNOCK_WITHIN_DEFAULT;
	if (series->within && series->within <= KNOCK_WITHIN_MAX)
		return 0;
	return knock_nl_refuse(extack, attr, "a sequence takes 1 to 300 seconds");
}

static int knock_nl_steps(struct knock_series *series, const struct nlattr *attr,
			  struct netlink_ext_ack *extack)
{
	series->steps = attr ? nla_get_u8(attr) : KNOCK_DERIVE_STEPS;
	if (series->steps >= KNOCK_DERIVE_STEPS_MIN && series->steps <= KNOCK_DERIVE_STEPS_MAX)
		return 0;
	return knock_nl_refuse(extack, attr, "a once or derived sequence has 7 to 16 steps");
}

static int knock_nl_avoid(struct knock_series *series, const struct nlattr *attr,
			  struct netlink_ext_ack *extack)
{
	const struct knock_range *ranges;
	struct knock_avoid avoid;
	u32 i, count;

	if (!attr || !nla_len(attr))
		return 0;
	ranges = nla_data(attr);
	count = nla_len(attr) / sizeof(*ranges);
	if (count > KNOCK_AVOID_MAX || nla_len(attr) % sizeof(*ranges))
		return knock_nl_refuse(extack, attr, "64 ranges of ports are avoided at most");
	series->avoid = kcalloc(count, sizeof(*series->avoid), KNOCK_GFP);
	if (!series->avoid) {
		NL_SET_ERR_MSG(extack, "no memory for a key");
		return -ENOMEM;
	}
	for (i = 0; i < count; i++) {
		series->avoid[i].first = ranges[i].first;
		series->avoid[i].last = ranges[i].last;
	}
	series->n_avoid = count;
	avoid.ranges = series->avoid;
	avoid.count = count;
	if (knock_avoid_is_valid(&avoid))
		return 0;
	return knock_nl_refuse(extack, attr,
			       "ranges to avoid are sorted and disjoint, and leave 16384 ports from 1024 on");
}

/* What of a once key was used, and what is armed. */
static int knock_nl_numbers(struct knock_series *series, struct nlattr **attrs,
			    struct netlink_ext_ack *extack)
{
	const struct nlattr *number = attrs[KNOCK_A_KEY_NUMBER];
	const struct nlattr *armed = attrs[KNOCK_A_KEY_ARMED];

	series->unbound = nla_get_flag(attrs[KNOCK_A_KEY_UNBOUND]);
	series->number = number ? nla_get_u64(number) : 0;
	series->any = series->number;
	series->armed = max(series->number, armed ? nla_get_u64(armed) : 0);
	if (series->armed - series->number > KNOCK_ARMED_MAX)
		return knock_nl_refuse(extack, armed, "at most 16 numbers are armed");
	return 0;
}

static int knock_nl_pair(struct knock_series *series, struct nlattr **attrs,
			 struct netlink_ext_ack *extack)
{
	const struct nlattr *number = attrs[KNOCK_A_KEY_NUMBER];
	const struct nlattr *slot = attrs[KNOCK_A_KEY_SLOT];

	if (!number && !slot)
		return 0;
	if (!number || !slot)
		return knock_nl_refuse(extack, number ?: slot,
				       "what a derived key has used is a slot and a number");
	series->any = true;
	series->slot = nla_get_u64(slot);
	series->number = nla_get_u64(number);
	return 0;
}

static int knock_nl_derived(struct knock_series *series, struct nlattr **attrs,
			    struct netlink_ext_ack *extack)
{
	const struct nlattr *location = attrs[KNOCK_A_KEY_LOCATION];
	const struct nlattr *slot = attrs[KNOCK_A_KEY_SLOT_SEC];
	const struct nlattr *ahead = attrs[KNOCK_A_KEY_AHEAD];
	u32 len = location ? nla_len(location) : 0;
	struct knock_derived *derived;

	if (len > KNOCK_DERIVE_LOCATION_MAX)
		return knock_nl_refuse(extack, location, "a location has 255 bytes at most");
	derived = kzalloc(struct_size(derived, location, len), KNOCK_GFP);
	if (!derived) {
		NL_SET_ERR_MSG(extack, "no memory for a key");
		return -ENOMEM;
	}
	series->derived = derived;
	INIT_LIST_HEAD(&derived->gone);
	INIT_LIST_HEAD(&derived->cooling);
	INIT_LIST_HEAD(&derived->spare);
	derived->location_len = len;
	if (len)
		memcpy(derived->location, nla_data(location), len);
	derived->slot_sec = slot ? nla_get_u32(slot) : KNOCK_SLOT_SEC;
	if (derived->slot_sec < KNOCK_SLOT_SEC_MIN || derived->slot_sec > KNOCK_SLOT_SEC_MAX)
		return knock_nl_refuse(extack, slot, "a slot is 30 to 3600 seconds long");
	derived->ahead = ahead ? nla_get_u8(ahead) : KNOCK_AHEAD_DEFAULT;
	if (!derived->ahead || derived->ahead > KNOCK_AHEAD_MAX)
		return knock_nl_refuse(extack, ahead, "1 to 16 counters are good in a slot");
	return knock_nl_pair(series, attrs, extack);
}

/**
 * knock_nl_series_read - fill in what a sequence key has beside other keys
 * @key: of this type
 * @kind: of knock_nl_sequence_kind()
 * @attrs: of the request
 * @extack: says why not
 *
 * Return: 0, -EINVAL or -ENOMEM; then the key can be discarded.
 */
int knock_nl_series_read(struct knock_key *key, u8 kind, struct nlattr **attrs,
			 struct netlink_ext_ack *extack)
{
	struct knock_series *series = key->series;
	int err;

	series->kind = kind;
	err = knock_nl_within(series, attrs[KNOCK_A_KEY_WITHIN_SEC], extack);
	if (err)
		return err;
	if (kind == KNOCK_SEQUENCE_KIND_STATIC)
		return knock_nl_ports(series, attrs[KNOCK_A_KEY_PORTS], extack);
	err = knock_nl_steps(series, attrs[KNOCK_A_KEY_STEPS], extack) ?:
	      knock_nl_avoid(series, attrs[KNOCK_A_KEY_AVOID], extack);
	if (err)
		return err;
	if (kind == KNOCK_SEQUENCE_KIND_ONCE)
		return knock_nl_numbers(series, attrs, extack);
	return knock_nl_derived(series, attrs, extack);
}

static bool knock_nl_opens_any(const struct knock_door_config *config)
{
	int i;

	for (i = 0; i < config->n_services; i++) {
		if (!config->services[i].protocol)
			return true;
	}
	return false;
}

/**
 * knock_nl_series_fits - whether a door may be so with the sequence keys it has
 * @door: the door; the namespace's mutex is held
 * @config: what is to be set of it
 */
bool knock_nl_series_fits(const struct knock_door *door, const struct knock_door_config *config)
{
	const struct knock_key *key;

	if (!knock_nl_opens_any(config))
		return true;
	list_for_each_entry(key, &door->keys, of_door) {
		if (key->series && key->series->kind != KNOCK_SEQUENCE_KIND_STATIC)
			return false;
	}
	return true;
}

/* A datagram to a knock port is a knock of another kind. */
static bool knock_nl_is_at_knock_port(const struct knock_tables *tables,
				      const struct knock_sequence *sequence)
{
	int i;

	for (i = 0; i < sequence->count; i++) {
		if (sequence->steps[i].protocol == KNOCK_STEP_UDP &&
		    test_bit(sequence->steps[i].port, tables->ports))
			return true;
	}
	return false;
}

/**
 * knock_nl_port_is_free - whether a port may be a knock port
 * @kn: the namespace, entered, its mutex held
 * @port: UDP
 * @extack: says why not
 *
 * Return: 0; -EINVAL if it is a step of a sequence, which would never be done again.
 */
int knock_nl_port_is_free(struct knock_net *kn, u16 port, struct netlink_ext_ack *extack)
{
	struct knock_tables *tables = knock_net_tables_locked(kn);
	const struct knock_key *key;
	unsigned long id;

	/* Most doors share one port, and steps of UDP are rare. */
	if (test_bit(port, tables->ports) || !tables->n_udp_sequences)
		return 0;
	xa_for_each(&tables->keys, id, key) {
		if (!key->series || !key->series->udp ||
		    !knock_nl_has_step(key->series->sequence, port, KNOCK_STEP_UDP))
			continue;
		NL_SET_ERR_MSG(extack,
			       "a step of a static sequence is at this udp port; use another knock port, or delete its key first");
		return -EINVAL;
	}
	return 0;
}

/**
 * knock_nl_series_admit - whether a door and its namespace can have a sequence key
 * @kn: the namespace, its mutex held
 * @key: with its door
 * @extack: says why not
 *
 * Return: 0, -EINVAL or -ENOSPC.
 */
int knock_nl_series_admit(struct knock_net *kn, const struct knock_key *key,
			  struct netlink_ext_ack *extack)
{
	struct knock_tables *tables = knock_net_tables_locked(kn);
	const struct knock_series *series = key->series;

	if (series->kind == KNOCK_SEQUENCE_KIND_STATIC) {
		if (!knock_nl_is_at_knock_port(tables, series->sequence))
			return 0;
		NL_SET_ERR_MSG(extack, "a step of udp is at a knock port, where it is none");
		return -EINVAL;
	}
	if (knock_nl_opens_any(knock_door_config_locked(kn, key->door))) {
		NL_SET_ERR_MSG(extack,
			       "a door that opens any takes no once or derived key: each port may be its service");
		return -EINVAL;
	}
	if (series->kind == KNOCK_SEQUENCE_KIND_DERIVED &&
	    tables->n_deriveds >= KNOCK_DERIVED_KEYS_MAX) {
		NL_SET_ERR_MSG(extack, "a namespace holds 1024 derived keys");
		return -ENOSPC;
	}
	return 0;
}

static int knock_nl_derived_put(struct sk_buff *skb, const struct knock_derived *derived)
{
	if (nla_put_u32(skb, KNOCK_A_KEY_SLOT_SEC, derived->slot_sec) ||
	    nla_put_u8(skb, KNOCK_A_KEY_AHEAD, derived->ahead))
		return -EMSGSIZE;
	if (derived->location_len &&
	    nla_put(skb, KNOCK_A_KEY_LOCATION, derived->location_len, derived->location))
		return -EMSGSIZE;
	return 0;
}

static int knock_nl_avoid_put(struct sk_buff *skb, const struct knock_series *series)
{
	struct knock_range *ranges;
	struct nlattr *attr;
	u32 i;

	if (!series->n_avoid)
		return 0;
	attr = nla_reserve(skb, KNOCK_A_KEY_AVOID, series->n_avoid * sizeof(*ranges));
	if (!attr)
		return -EMSGSIZE;
	ranges = nla_data(attr);
	for (i = 0; i < series->n_avoid; i++) {
		ranges[i].first = series->avoid[i].first;
		ranges[i].last = series->avoid[i].last;
	}
	return 0;
}

/* What was used, and what is good. */
static int knock_nl_used_put(struct sk_buff *skb, struct knock_key *key)
{
	struct knock_series *series = key->series;
	bool once = series->kind == KNOCK_SEQUENCE_KIND_ONCE, any;
	u64 slot, number, armed;

	spin_lock_bh(&key->lock);
	any = series->any;
	slot = series->slot;
	number = series->number;
	armed = max(series->armed, number);
	spin_unlock_bh(&key->lock);
	if ((once || any) && nla_put_u64_64bit(skb, KNOCK_A_KEY_NUMBER, number, KNOCK_A_PAD))
		return -EMSGSIZE;
	if (once)
		return nla_put_u64_64bit(skb, KNOCK_A_KEY_ARMED, armed, KNOCK_A_PAD);
	return any ? nla_put_u64_64bit(skb, KNOCK_A_KEY_SLOT, slot, KNOCK_A_PAD) : 0;
}

/**
 * knock_nl_series_put - describe what a sequence key has beside other keys
 * @skb: the reply
 * @key: of any type
 *
 * Never its ports: they are its secret.
 *
 * Context: RCU reader, or the namespace's mutex is held.
 * Return: 0, or -EMSGSIZE if there is no room.
 */
int knock_nl_series_put(struct sk_buff *skb, struct knock_key *key)
{
	const struct knock_series *series = key->series;
	int err;

	if (!series)
		return 0;
	if (nla_put_u8(skb, KNOCK_A_KEY_SEQUENCE, series->kind) ||
	    nla_put_u8(skb, KNOCK_A_KEY_STEPS, series->steps) ||
	    nla_put_u32(skb, KNOCK_A_KEY_WITHIN_SEC, series->within))
		return -EMSGSIZE;
	if (series->kind == KNOCK_SEQUENCE_KIND_STATIC)
		return 0;
	if (series->unbound && nla_put_flag(skb, KNOCK_A_KEY_UNBOUND))
		return -EMSGSIZE;
	err = knock_nl_avoid_put(skb, series);
	if (!err && series->kind == KNOCK_SEQUENCE_KIND_DERIVED)
		err = knock_nl_derived_put(skb, series->derived);
	return err ?: knock_nl_used_put(skb, key);
}

static int knock_nl_arm(struct knock_net *kn, struct genl_info *info, struct sk_buff *skb)
{
	const struct nlattr *armed = info->attrs[KNOCK_A_KEY_ARMED];
	struct knock_key *key = knock_nl_key(kn, info);
	int err;

	if (IS_ERR(key))
		return PTR_ERR(key);
	if (!key->series || key->series->kind != KNOCK_SEQUENCE_KIND_ONCE)
		return knock_nl_refuse(info->extack, info->attrs[KNOCK_A_KEY_NAME],
				       "only a once key is armed");
	if (!armed)
		return knock_nl_refuse(info->extack, NULL, "up to which number is missing");
	err = knock_series_arm(knock_net_tables_locked(kn), key, nla_get_u64(armed));
	if (err == -ERANGE)
		NL_SET_ERR_MSG_ATTR(info->extack, armed, "at most 16 numbers are armed");
	else if (err)
		NL_SET_ERR_MSG(info->extack, "no memory to arm so many");
	return err ?: knock_nl_key_put(skb, key);
}

/**
 * knock_nl_key_arm_doit - key-arm
 * @skb: the request
 * @info: its attributes
 */
int knock_nl_key_arm_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knock_net *kn = knock_net(genl_info_net(info));
	struct knock_nl_reply reply;
	int err;

	err = knock_nl_reply_begin(&reply, info, KNOCK_CMD_KEY_ARM);
	if (err)
		return err;
	mutex_lock(&kn->mutex);
	err = knock_nl_arm(kn, info, reply.skb);
	mutex_unlock(&kn->mutex);
	return knock_nl_reply_end(&reply, info, err);
}
