// SPDX-License-Identifier: GPL-2.0
#include <linux/math64.h>
#include <net/sock.h>

#include "ban.h"
#include "netlink.h"
#include "reap.h"

/* Blocks are few, so room for them comes in steps. */
#define KNOCK_BLOCK_STEP	256

/* How many places a dump looks at before it lets others run. */
#define KNOCK_DUMP_STEP		4096

static struct knock_blacklist *knock_nl_list(struct knock_net *kn, u8 kind)
{
	struct knock_tables *tables = knock_net_tables_locked(kn);

	if (!tables)
		return NULL;
	if (kind == KNOCK_BLACKLIST_KIND_BAN)
		return rcu_dereference_protected(tables->bans, lockdep_is_held(&kn->mutex));
	return rcu_dereference_protected(tables->blocks, lockdep_is_held(&kn->mutex));
}

static int knock_nl_listed_kind(u8 *kind, const struct nlattr *attr,
				struct netlink_ext_ack *extack)
{
	*kind = nla_get_u8(attr);
	if (*kind == KNOCK_BLACKLIST_KIND_BAN || *kind == KNOCK_BLACKLIST_KIND_BLOCK)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "the kind is 1 for a ban or 2 for a block");
	return -EINVAL;
}

static int knock_nl_ban_add(struct knock_net *kn, struct genl_info *info,
			    const struct knock_address *address, u32 seconds)
{
	struct knock_tables *tables = knock_net_tables_locked(kn);
	int err;

	if (!seconds) {
		NL_SET_ERR_MSG(info->extack, "a ban ends by itself; say when, or block the address");
		return -EINVAL;
	}
	if (!tables) {
		NL_SET_ERR_MSG(info->extack,
			       "there is no door to be banned from; add one, or block the address");
		return -ENOENT;
	}
	err = knock_ban_prepare(tables);
	if (err) {
		NL_SET_ERR_MSG(info->extack, "no memory for bans");
		return err;
	}
	rcu_read_lock();
	err = knock_ban_add(tables, address, knock_time_now(), seconds, KNOCK_CAUSE_COMMAND);
	rcu_read_unlock();
	if (err == -EPERM)
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[KNOCK_A_ADDRESS],
				    "the address is trusted; trust it no more, or block it");
	else if (err)
		NL_SET_ERR_MSG(info->extack, "too many bans at once; try again");
	return err;
}

/* Room for one more block; the mutex keeps it for us. */
static int knock_nl_block_prepare(struct knock_net *kn, struct knock_tables *tables)
{
	struct knock_blacklist *blocks = knock_nl_list(kn, KNOCK_BLACKLIST_KIND_BLOCK);

	if (!blocks) {
		blocks = knock_blacklist_create(KNOCK_BLOCK_STEP);
		if (!blocks)
			return -ENOMEM;
		rcu_assign_pointer(tables->blocks, blocks);
		return 0;
	}
	knock_blacklist_reap(blocks, ktime_get_boottime_ns());
	if (atomic_read(&blocks->table.used) < knock_pool_size(blocks->pool) ||
	    knock_pool_size(blocks->pool) >= KNOCK_BLACKLIST_MAX)
		return 0;
	return knock_blacklist_extend(blocks, KNOCK_BLOCK_STEP);
}

static int knock_nl_block_put(struct knock_blacklist *blocks, const struct knock_address *address,
			      u32 seconds)
{
	struct knock_time now = knock_time_now();
	u64 until = seconds ? now.boot + (u64)seconds * NSEC_PER_SEC : KNOCK_LISTED_FOREVER;
	struct knock_listed *listed;
	int err = 0;

	knock_blacklist_lock(blocks);
	listed = knock_listed_find_rcu(blocks, address);
	if (listed && knock_listed_is_live(listed, now.boot)) {
		knock_listed_extend_locked(blocks, listed, until);
	} else {
		if (listed)
			knock_listed_del_locked(blocks, listed);
		if (atomic_read(&blocks->table.used) >= KNOCK_BLACKLIST_MAX)
			err = -ENOSPC;
		else if (!knock_listed_add_locked(blocks, address,
						  div_u64(now.wall, NSEC_PER_SEC), until))
			err = -EBUSY;
	}
	knock_blacklist_unlock(blocks);
	return err;
}

static int knock_nl_block_add(struct knock_net *kn, struct genl_info *info,
			      const struct knock_address *address, u32 seconds)
{
	struct knock_blacklist *blocks;
	struct knock_tables *tables;
	int err;

	err = knock_net_enter(kn);
	if (err) {
		NL_SET_ERR_MSG(info->extack, "no memory for the namespace's first block");
		return err;
	}
	tables = knock_net_tables_locked(kn);
	err = knock_nl_block_prepare(kn, tables);
	if (err) {
		NL_SET_ERR_MSG(info->extack, "no memory for more blocks");
		goto out;
	}
	blocks = knock_nl_list(kn, KNOCK_BLACKLIST_KIND_BLOCK);
	err = knock_nl_block_put(blocks, address, seconds);
	if (err == -EBUSY) {
		/* There is room, but its last readers have to leave. */
		rcu_barrier();
		err = knock_nl_block_put(blocks, address, seconds);
	}
	if (err)
		NL_SET_ERR_MSG(info->extack,
			       "a namespace holds 4096 blocks; lift some, or drop whole networks by rules");
	else if (seconds)
		knock_reap_soon(tables);
out:
	knock_net_leave(kn);
	return err;
}

/**
 * knock_nl_blacklist_add_doit - blacklist-add
 * @skb: the request
 * @info: its attributes
 */
int knock_nl_blacklist_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *length = info->attrs[KNOCK_A_BLACKLIST_FOR_SEC];
	struct knock_net *kn = knock_net(genl_info_net(info));
	struct knock_address address;
	u32 seconds;
	u8 kind;
	int err;

	err = knock_nl_address(&address, info->attrs[KNOCK_A_ADDRESS], info->extack);
	if (err)
		return err;
	if (!info->attrs[KNOCK_A_BLACKLIST_KIND]) {
		NL_SET_ERR_MSG(info->extack, "the kind is missing, ban or block");
		return -EINVAL;
	}
	err = knock_nl_listed_kind(&kind, info->attrs[KNOCK_A_BLACKLIST_KIND], info->extack);
	if (err)
		return err;
	seconds = length ? nla_get_u32(length) : 0;
	if (length && (!seconds || seconds > KNOCK_BAN_MAX_SEC)) {
		NL_SET_ERR_MSG_ATTR(info->extack, length,
				    "an address is banned or blocked for 1 second to 7 days");
		return -EINVAL;
	}
	mutex_lock(&kn->mutex);
	if (kind == KNOCK_BLACKLIST_KIND_BAN)
		err = knock_nl_ban_add(kn, info, &address, seconds);
	else
		err = knock_nl_block_add(kn, info, &address, seconds);
	mutex_unlock(&kn->mutex);
	return err;
}

static bool knock_nl_listed_lift(struct knock_blacklist *list, const struct knock_address *address)
{
	u64 now = ktime_get_boottime_ns();
	struct knock_listed *listed;
	bool lifted;

	if (!list)
		return false;
	knock_blacklist_lock(list);
	listed = knock_listed_find_rcu(list, address);
	lifted = listed && knock_listed_is_live(listed, now);
	if (listed)
		knock_listed_del_locked(list, listed);
	knock_blacklist_unlock(list);
	return lifted;
}

/**
 * knock_nl_blacklist_del_doit - blacklist-del
 * @skb: the request
 * @info: its attributes
 */
int knock_nl_blacklist_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knock_net *kn = knock_net(genl_info_net(info));
	struct knock_address address;
	bool lifted;
	int err;

	err = knock_nl_address(&address, info->attrs[KNOCK_A_ADDRESS], info->extack);
	if (err)
		return err;
	mutex_lock(&kn->mutex);
	lifted = knock_nl_listed_lift(knock_nl_list(kn, KNOCK_BLACKLIST_KIND_BLOCK), &address);
	lifted |= knock_nl_listed_lift(knock_nl_list(kn, KNOCK_BLACKLIST_KIND_BAN), &address);
	knock_net_leave(kn);
	mutex_unlock(&kn->mutex);
	if (lifted)
		return 0;
	NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[KNOCK_A_ADDRESS],
			    "the address is neither blocked nor banned");
	return -ENOENT;
}

static u32 knock_nl_list_flush(struct knock_blacklist *list)
{
	u32 i, lifted = 0, size = list ? knock_pool_size(list->pool) : 0;
	u64 now = ktime_get_boottime_ns();
	struct knock_listed *listed;

	for (i = 0; i < size; i++) {
		listed = knock_listed_at(list, i);
		knock_blacklist_lock(list);
		lifted += knock_listed_is_live(listed, now);
		if (knock_listed_until(listed))
			knock_listed_del_locked(list, listed);
		knock_blacklist_unlock(list);
		cond_resched();
	}
	return lifted;
}

/**
 * knock_nl_blacklist_flush_doit - blacklist-flush
 * @skb: the request
 * @info: its attributes
 */
int knock_nl_blacklist_flush_doit(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[KNOCK_A_BLACKLIST_KIND];
	struct knock_net *kn = knock_net(genl_info_net(info));
	struct knock_nl_reply reply;
	u32 lifted = 0;
	u8 kind = 0;
	int err;

	err = attr ? knock_nl_listed_kind(&kind, attr, info->extack) : 0;
	if (err)
		return err;
	err = knock_nl_reply_begin(&reply, info, KNOCK_CMD_BLACKLIST_FLUSH);
	if (err)
		return err;
	mutex_lock(&kn->mutex);
	if (kind != KNOCK_BLACKLIST_KIND_BAN)
		lifted += knock_nl_list_flush(knock_nl_list(kn, KNOCK_BLACKLIST_KIND_BLOCK));
	if (kind != KNOCK_BLACKLIST_KIND_BLOCK)
		lifted += knock_nl_list_flush(knock_nl_list(kn, KNOCK_BLACKLIST_KIND_BAN));
	knock_net_leave(kn);
	mutex_unlock(&kn->mutex);
	/* There is room: it was made for more than a number. */
	err = nla_put_u32(reply.skb, KNOCK_A_COUNT, lifted);
	return knock_nl_reply_end(&reply, info, err);
}

static int knock_nl_listed_put(struct sk_buff *skb, u8 kind, const struct knock_listed *listed,
			       struct knock_time now)
{
	u64 until = knock_listed_until(listed);

	if (nla_put(skb, KNOCK_A_ADDRESS, sizeof(listed->address), &listed->address) ||
	    nla_put_u8(skb, KNOCK_A_BLACKLIST_KIND, kind) ||
	    nla_put_u64_64bit(skb, KNOCK_A_BLACKLIST_SINCE, listed->since, KNOCK_A_PAD))
		return -EMSGSIZE;
	if (until == KNOCK_LISTED_FOREVER)
		return 0;
	return nla_put_u64_64bit(skb, KNOCK_A_BLACKLIST_UNTIL,
				 div_u64(now.wall + (until - now.boot), NSEC_PER_SEC), KNOCK_A_PAD);
}

static int knock_nl_listed_put_multi(struct sk_buff *skb, struct netlink_callback *cb, u8 kind,
				     const struct knock_listed *listed, struct knock_time now)
{
	void *head = knock_nl_part_begin(skb, cb, KNOCK_CMD_BLACKLIST_GET);
	int err = 0;

	if (head)
		err = knock_nl_listed_put(skb, kind, listed, now);
	return knock_nl_part_end(skb, head, err);
}

/* One step of a dump: true if there is more, and room for it. */
static bool knock_nl_blacklist_dump_step(struct sk_buff *skb, struct netlink_callback *cb)
{
	bool blocks = !cb->args[1];
	u8 kind = blocks ? KNOCK_BLACKLIST_KIND_BLOCK : KNOCK_BLACKLIST_KIND_BAN;
	struct knock_time now = knock_time_now();
	u32 last = cb->args[2] + KNOCK_DUMP_STEP;
	struct knock_listed *listed = NULL;
	struct knock_blacklist *list;
	struct knock_tables *tables;

	tables = knock_net_tables_rcu(sock_net(skb->sk));
	if (!tables)
		return false;
	list = blocks ? rcu_dereference(tables->blocks) : rcu_dereference(tables->bans);
	for (; list && cb->args[2] < last; cb->args[2]++) {
		listed = knock_listed_at(list, cb->args[2]);
		if (!listed)
			break;
		if (knock_listed_is_live(listed, now.boot) &&
		    knock_nl_listed_put_multi(skb, cb, kind, listed, now))
			return false;
	}
	if (listed)
		return true;
	cb->args[1]++;
	cb->args[2] = 0;
	return blocks;
}

/**
 * knock_nl_blacklist_get_dumpit - blacklist-get
 * @skb: the reply
 * @cb: args[1] is 0 among the blocks, 1 among the bans, 2 at the end; args[2] is the
 *	next place
 *
 * An address keeps its place while it is on a list, so who is throughout is shown
 * exactly once.
 */
int knock_nl_blacklist_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	bool more;
	int err;

	err = knock_nl_dump_filter(cb);
	if (err)
		return err;
	more = cb->args[1] < 2;
	while (more) {
		rcu_read_lock();
		more = knock_nl_blacklist_dump_step(skb, cb);
		rcu_read_unlock();
		cond_resched();
	}
	return skb->len;
}

const struct nla_policy knock_nl_blacklist_policy[KNOCK_A_MAX + 1] = {
	[KNOCK_A_ADDRESS] = NLA_POLICY_EXACT_LEN(sizeof(struct knock_address)),
	[KNOCK_A_BLACKLIST_KIND] = { .type = NLA_U8 },
	[KNOCK_A_BLACKLIST_FOR_SEC] = { .type = NLA_U32 },
};

const struct nla_policy knock_nl_listed_policy[KNOCK_A_MAX + 1] = {
	[KNOCK_A_ADDRESS] = NLA_POLICY_EXACT_LEN(sizeof(struct knock_address)),
};

const struct nla_policy knock_nl_flush_policy[KNOCK_A_MAX + 1] = {
	[KNOCK_A_BLACKLIST_KIND] = { .type = NLA_U8 },
};
