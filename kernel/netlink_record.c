// SPDX-License-Identifier: GPL-2.0
#include <net/sock.h>

#include "netlink.h"

static int knock_nl_record_put(struct sk_buff *skb, const struct knock_record *record)
{
	if (nla_put(skb, KNOCK_A_ADDRESS, sizeof(record->address.bytes), record->address.bytes) ||
	    nla_put_u64_64bit(skb, KNOCK_A_RECORD_TIME, record->time, KNOCK_A_PAD) ||
	    nla_put_u16(skb, KNOCK_A_RECORD_PORT, record->port) ||
	    nla_put_u8(skb, KNOCK_A_REASON_ID, record->reason))
		return -EMSGSIZE;
	if (record->type &&
	    (nla_put(skb, KNOCK_A_RECORD_DATA, record->len, record->data) ||
	     nla_put_u8(skb, KNOCK_A_RECORD_TYPE, record->type)))
		return -EMSGSIZE;
	return 0;
}

static int knock_nl_record_get(struct knock_net *kn, struct genl_info *info, struct sk_buff *skb)
{
	struct knock_tables *tables;
	struct knock_address address;
	struct knock_record record;
	int err;

	err = knock_nl_address(&address, info->attrs[KNOCK_A_ADDRESS], info->extack);
	if (err)
		return err;
	tables = knock_net_tables_locked(kn);
	if (!tables || !knock_recorder_find(&tables->recorder, &address, &record)) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[KNOCK_A_ADDRESS],
				    "no refused knock of this address is on record");
		return -ENOENT;
	}
	return knock_nl_record_put(skb, &record);
}

/**
 * knock_nl_record_get_doit - record-get of an address
 * @skb: the request
 * @info: its attributes
 */
int knock_nl_record_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knock_net *kn = knock_net(genl_info_net(info));
	struct knock_nl_reply reply;
	int err;

	err = knock_nl_reply_begin(&reply, info, KNOCK_CMD_RECORD_GET);
	if (err)
		return err;
	mutex_lock(&kn->mutex);
	err = knock_nl_record_get(kn, info, reply.skb);
	mutex_unlock(&kn->mutex);
	return knock_nl_reply_end(&reply, info, err);
}

/**
 * knock_nl_record_get_dumpit - record-get of all
 * @skb: the reply
 * @cb: args[1] is the next slot
 */
int knock_nl_record_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct knock_tables *tables;
	struct knock_record record;
	void *head;
	int err;

	err = knock_nl_dump_filter(cb);
	if (err)
		return err;
	rcu_read_lock();
	tables = knock_net_tables_rcu(sock_net(skb->sk));
	for (; tables && cb->args[1] < KNOCK_RECORDS; cb->args[1]++) {
		if (!knock_recorder_at(&tables->recorder, cb->args[1], &record))
			continue;
		head = knock_nl_part_begin(skb, cb, KNOCK_CMD_RECORD_GET);
		if (knock_nl_part_end(skb, head, head ? knock_nl_record_put(skb, &record) : 0))
			break;
	}
	rcu_read_unlock();
	return skb->len;
}
