// SPDX-License-Identifier: GPL-2.0
#include <linux/math64.h>

#include "access.h"
#include "ban.h"
#include "door.h"
#include "key.h"
#include "netlink.h"
#include "offer.h"

static int knock_nl_grant_seconds(u32 *seconds, const struct nlattr *attr,
				  struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	*seconds = nla_get_u32(attr);
	if (*seconds && *seconds <= KNOCK_OPEN_FOR_MAX)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "a door opens for 1 second to 7 days");
	return -EINVAL;
}

/* What a request of the administrator asks; its mutex held, RCU reader. */
static int knock_nl_grant_request(struct knock_net *kn, struct genl_info *info,
				  struct knock_request *request)
{
	struct knock_door *door = knock_nl_door(kn, info->attrs, info->extack);
	int err;

	if (IS_ERR(door))
		return PTR_ERR(door);
	err = knock_nl_address(&request->address, info->attrs[KNOCK_A_ADDRESS], info->extack);
	if (err)
		return err;
	request->tables = knock_net_tables_locked(kn);
	request->door = door;
	request->now = knock_time_now();
	request->cause = KNOCK_CAUSE_COMMAND;
	request->seconds = knock_door_config_locked(kn, door)->open_for;
	return knock_nl_grant_seconds(&request->seconds, info->attrs[KNOCK_A_GRANT_FOR_SEC],
				      info->extack);
}

/* Whose grant it shall be: the agent's request for a client that has shown its key, or one
 * for whoever was in when the machine went down.
 */
static int knock_nl_grant_key(struct knock_net *kn, struct genl_info *info,
			      struct knock_request *request)
{
	struct nlattr *restored = info->attrs[KNOCK_A_GRANT_RESTORED];
	struct knock_key *key;
	u32 most;

	if (!info->attrs[KNOCK_A_KEY_NAME]) {
		if (!restored)
			return 0;
		NL_SET_ERR_MSG_ATTR(info->extack, restored,
				    "a grant that is to go on needs the key whose it was");
		return -EINVAL;
	}
	key = knock_nl_key(kn, info);
	if (IS_ERR(key))
		return PTR_ERR(key);
	if (!restored && !key->roaming) {
		NL_SET_ERR_MSG_ATTR(info->extack, info->attrs[KNOCK_A_KEY_NAME],
				    "the key does not roam, so its own knocks open the door");
		return -EINVAL;
	}
	if (knock_key_limits(key, &request->address,
			     div_u64(request->now.wall, NSEC_PER_SEC))) {
		NL_SET_ERR_MSG(info->extack,
			       "the key is not to be used from there, or not any more");
		return -EPERM;
	}
	most = knock_door_config_locked(kn, request->door)->open_for;
	request->seconds = min(request->seconds, most);
	request->key = key;
	if (!restored)
		request->cause = KNOCK_CAUSE_AGENT;
	return 0;
}

static int knock_nl_grant_put(struct sk_buff *skb, const char *door, const char *key,
			      const struct knock_address *address,
			      const struct knock_granted *granted)
{
	if (nla_put_u64_64bit(skb, KNOCK_A_GRANT_ID, granted->id, KNOCK_A_PAD) ||
	    nla_put_string(skb, KNOCK_A_DOOR_NAME, door) ||
	    nla_put(skb, KNOCK_A_ADDRESS, sizeof(address->bytes), address->bytes) ||
	    nla_put_u64_64bit(skb, KNOCK_A_GRANT_SINCE, granted->since, KNOCK_A_PAD) ||
	    nla_put_u64_64bit(skb, KNOCK_A_GRANT_UNTIL, granted->until, KNOCK_A_PAD))
		return -EMSGSIZE;
	return key ? nla_put_string(skb, KNOCK_A_KEY_NAME, key) : 0;
}

/* A grant in the place of the narrow one, which ends only for that: whose request is refused
 * keeps the way to the agent. The mutex keeps the key from being deleted; its lock is what
 * grants are made under.
 */
static enum knock_reason knock_nl_grant_widen(const struct knock_request *request)
{
	struct knock_request narrow = *request;
	enum knock_reason reason;

	lockdep_assert_held(&request->key->lock);
	narrow.own = true;
	narrow.narrow = true;
	reason = knock_access_open(request);
	if (knock_access_close(&narrow) && !knock_is_accepted(reason))
		reason = knock_access_open(request);
	return reason;
}

static enum knock_reason knock_nl_grant_make(const struct knock_request *request)
{
	bool proved = request->cause == KNOCK_CAUSE_AGENT;
	struct knock_key *key = request->key;
	enum knock_reason reason;

	if (!key)
		return knock_access_open(request);
	spin_lock_bh(&key->lock);
	reason = proved ? knock_nl_grant_widen(request) : knock_access_open(request);
	spin_unlock_bh(&key->lock);
	/* As a knock that proves who sent it does at once. */
	if (proved && knock_is_accepted(reason))
		knock_ban_pardon(request->tables, key, &request->address, request->now);
	return reason;
}

static int knock_nl_grant_open(struct knock_net *kn, struct genl_info *info, struct sk_buff *skb)
{
	struct knock_granted granted;
	struct knock_request request = { .granted = &granted };
	int err;

	err = knock_nl_grant_request(kn, info, &request) ?:
	      knock_nl_grant_key(kn, info, &request);
	if (err)
		return err;
	switch (knock_nl_grant_make(&request)) {
	case KNOCK_REASON_DOOR_FULL:
		NL_SET_ERR_MSG(info->extack,
			       "the door holds all the grants it may; close some, or raise max-grants");
		return -ENOSPC;
	case KNOCK_REASON_KEY_FULL:
		NL_SET_ERR_MSG(info->extack, "the key holds all the grants it may");
		return -ENOSPC;
	default:
		return knock_nl_grant_put(skb, request.door->name,
					  request.key ? request.key->name : NULL,
					  &request.address, &granted);
	}
}

/**
 * knock_nl_grant_open_doit - grant-open
 * @skb: the request
 * @info: its attributes
 */
int knock_nl_grant_open_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knock_net *kn = knock_net(genl_info_net(info));
	struct knock_nl_reply reply;
	int err;

	err = knock_nl_reply_begin(&reply, info, KNOCK_CMD_GRANT_OPEN);
	if (err)
		return err;
	mutex_lock(&kn->mutex);
	rcu_read_lock();
	err = knock_nl_grant_open(kn, info, reply.skb);
	rcu_read_unlock();
	mutex_unlock(&kn->mutex);
	return knock_nl_reply_end(&reply, info, err);
}

/**
 * knock_nl_grant_close_doit - grant-close
 * @skb: the request
 * @info: its attributes
 */
int knock_nl_grant_close_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knock_net *kn = knock_net(genl_info_net(info));
	struct knock_request request = { };
	struct knock_nl_reply reply;
	int err;

	err = knock_nl_reply_begin(&reply, info, KNOCK_CMD_GRANT_CLOSE);
	if (err)
		return err;
	mutex_lock(&kn->mutex);
	rcu_read_lock();
	err = knock_nl_grant_request(kn, info, &request);
	if (!err)
		err = nla_put_u32(reply.skb, KNOCK_A_COUNT, knock_access_close(&request));
	rcu_read_unlock();
	mutex_unlock(&kn->mutex);
	return knock_nl_reply_end(&reply, info, err);
}

static struct knock_pool *knock_nl_grant_pool(const struct knock_door *door)
{
	return door->grant_pool;
}

/* RCU keeps a live grant's slot from being used for another until we have left. */
static int knock_nl_grant_put_slot(const struct knock_nl_walk *walk, struct knock_node *node)
{
	const struct knock_grant *grant = container_of(node, struct knock_grant, node);
	struct knock_granted granted;
	int err = 0;
	void *head;

	if (!knock_grant_is_live(grant, walk->now.boot))
		return 0;
	granted.id = grant->id;
	granted.since = grant->since;
	granted.until = knock_access_until(grant, walk->now);
	head = knock_nl_part_begin(walk->skb, walk->cb, KNOCK_CMD_GRANT_GET);
	if (head)
		err = knock_nl_grant_put(walk->skb, grant->door->name,
					 grant->key ? grant->key->name : NULL, &grant->address,
					 &granted);
	if (head && !err && grant->narrow && nla_put_flag(walk->skb, KNOCK_A_GRANT_NARROW))
		err = -EMSGSIZE;
	return knock_nl_part_end(walk->skb, head, err);
}

/**
 * knock_nl_grant_get_dumpit - grant-get of all, or of all of a door
 * @skb: the reply
 * @cb: see knock_nl_walk()
 */
int knock_nl_grant_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct knock_nl_walk walk = {
		.skb = skb,
		.cb = cb,
		.pool = knock_nl_grant_pool,
		.put = knock_nl_grant_put_slot,
	};

	return knock_nl_walk(&walk);
}
