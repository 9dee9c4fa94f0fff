// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>
#include <knock/tumbler.h>
#include <net/sock.h>

#include "ban.h"
#include "door.h"
#include "netlink.h"

static const struct knock_door_config knock_door_defaults = {
	.open_for = KNOCK_OPEN_FOR_DEFAULT,
	.max_grants = KNOCK_GRANTS_DEFAULT,
	.blacklist_for = KNOCK_BLACKLIST_FOR_DEFAULT,
	.knock_port = KNOCK_TUMBLER_PORT,
};

static bool knock_nl_protocol_is_known(u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP ||
	       protocol == IPPROTO_SCTP || protocol == IPPROTO_DCCP;
}

static const char *knock_nl_service_fault(const struct knock_service *service)
{
	if (service->reserved)
		return "a service's reserved byte must be 0";
	if (!service->protocol)
		return service->first || service->last ? "any protocol has no ports" : NULL;
	if (!knock_nl_protocol_is_known(service->protocol))
		return "a service is of tcp, udp, sctp or dccp, or any";
	if (!service->first || service->first > service->last)
		return "a service's ports are 1 to 65535, the first not above the last";
	return NULL;
}

static int knock_nl_services(struct knock_door_config *config, const struct nlattr *attr,
			     struct netlink_ext_ack *extack)
{
	const char *fault = NULL;
	int i;

	config->n_services = nla_len(attr) / sizeof(struct knock_service);
	nla_memcpy(config->services, attr, nla_len(attr));
	for (i = 0; i < config->n_services && !fault; i++)
		fault = knock_nl_service_fault(&config->services[i]);
	if (!fault)
		return 0;
	extack->_msg = fault;
	extack->bad_attr = attr;
	return -EINVAL;
}

static int knock_nl_services_size(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	if (nla_len(attr) % sizeof(struct knock_service) ||
	    nla_len(attr) > KNOCK_SERVICES_MAX * (int)sizeof(struct knock_service)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "services are whole structs knock_service, 32 at most");
		return -EINVAL;
	}
	return 0;
}

static int knock_nl_door_blacklist(struct knock_door_config *config, const struct nlattr *attr,
				   struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	config->blacklist_for = nla_get_u32(attr);
	if (config->blacklist_for && config->blacklist_for <= KNOCK_BAN_MAX_SEC)
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "a replay bans for 1 second to 7 days");
	return -EINVAL;
}

static int knock_nl_door_numbers(struct knock_door_config *config, struct nlattr **attrs,
				 struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;

	attr = attrs[KNOCK_A_DOOR_OPEN_FOR_SEC];
	if (attr) {
		config->open_for = nla_get_u32(attr);
		if (!config->open_for || config->open_for > KNOCK_OPEN_FOR_MAX) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "a door opens for 1 second to 7 days");
			return -EINVAL;
		}
	}
	attr = attrs[KNOCK_A_DOOR_KNOCK_PORT];
	if (attr) {
		config->knock_port = nla_get_u16(attr);
		if (!config->knock_port) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "a knock port is 1 to 65535");
			return -EINVAL;
		}
	}
	attr = attrs[KNOCK_A_DOOR_AGENT_PORT];
	if (attr)
		config->agent_port = nla_get_u16(attr);
	attr = attrs[KNOCK_A_DOOR_MAX_GRANTS];
	if (attr) {
		config->max_grants = nla_get_u32(attr);
		if (!config->max_grants || config->max_grants > KNOCK_GRANTS_MAX) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "a door holds 1 to 1048576 grants");
			return -EINVAL;
		}
	}
	return 0;
}

static const char *knock_nl_mark_fault(u32 mark, u32 mask)
{
	if (mark & ~mask)
		return "a mark lies within its mask";
	/* All that is not admitted has these bits cleared. */
	if (mask && !mark)
		return "a mark is not 0, which is what every other packet has";
	return NULL;
}

static int knock_nl_door_mark(struct knock_door_config *config, struct nlattr **attrs,
			      struct netlink_ext_ack *extack)
{
	const struct nlattr *mark = attrs[KNOCK_A_DOOR_MARK];
	const struct nlattr *mask = attrs[KNOCK_A_DOOR_MARK_MASK];
	const char *fault = "a mark needs its mask, and a mask its mark";

	if (!mark && !mask)
		return 0;
	if (mark && mask) {
		config->mark = nla_get_u32(mark);
		config->mark_mask = nla_get_u32(mask);
		fault = knock_nl_mark_fault(config->mark, config->mark_mask);
	}
	if (!fault)
		return 0;
	extack->_msg = fault;
	extack->bad_attr = mark ?: mask;
	return -EINVAL;
}

/* What is given, on top of @base; an ERR_PTR if it makes no door. */
static struct knock_door_config *knock_nl_door_config(const struct knock_door_config *base,
						      struct nlattr **attrs,
						      struct netlink_ext_ack *extack)
{
	const struct nlattr *services = attrs[KNOCK_A_DOOR_SERVICES];
	struct knock_door_config *config;
	int err;

	if (services) {
		err = knock_nl_services_size(services, extack);
		if (err)
			return ERR_PTR(err);
	}
	config = kzalloc(struct_size(config, services, KNOCK_SERVICES_MAX), KNOCK_GFP);
	if (!config) {
		NL_SET_ERR_MSG(extack, "no memory for a door");
		return ERR_PTR(-ENOMEM);
	}
	memcpy(config, base, struct_size(config, services, base->n_services));
	err = knock_nl_door_numbers(config, attrs, extack) ?:
	      knock_nl_door_blacklist(config, attrs[KNOCK_A_DOOR_BLACKLIST_FOR_SEC], extack) ?:
	      knock_nl_door_mark(config, attrs, extack);
	if (!err && services)
		err = knock_nl_services(config, services, extack);
	if (!err)
		return config;
	kfree(config);
	return ERR_PTR(err);
}

static void knock_nl_door_refuse(int err, struct netlink_ext_ack *extack)
{
	if (err == -ENOSPC)
		NL_SET_ERR_MSG(extack, "a namespace holds 4096 doors");
	else if (err == -EADDRINUSE)
		NL_SET_ERR_MSG(extack,
			       "the masks of two doors' marks are the same or have no bit in common");
	else if (err == -EBUSY)
		NL_SET_ERR_MSG(extack, "more grants than that are live; close some first");
	else
		NL_SET_ERR_MSG(extack, "no memory for a door with so many grants");
}

/* The namespace is entered on success; the door is in it. */
static int knock_nl_door_add_locked(struct knock_net *kn, const char name[KNOCK_NAME_SIZE],
				    struct knock_door_config *config,
				    struct netlink_ext_ack *extack)
{
	struct knock_door *door;
	int err;

	err = knock_net_enter(kn);
	if (err) {
		NL_SET_ERR_MSG(extack, "no memory for the first door of this namespace");
		return err;
	}
	err = knock_nl_port_is_free(kn, config->knock_port, extack);
	if (err)
		return err;
	door = knock_door_create(name, config);
	if (!door) {
		NL_SET_ERR_MSG(extack, "no memory for a door with so many grants");
		return -ENOMEM;
	}
	err = knock_door_add(kn, door);
	if (!err)
		return 0;
	knock_nl_door_refuse(err, extack);
	/* The configuration is the caller's again. */
	RCU_INIT_POINTER(door->config, NULL);
	knock_door_discard(door);
	return err;
}

/**
 * knock_nl_door_add_doit - door-add
 * @skb: the request
 * @info: its attributes
 */
int knock_nl_door_add_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knock_net *kn = knock_net(genl_info_net(info));
	struct knock_door_config *config;
	char name[KNOCK_NAME_SIZE];
	int err;

	err = knock_nl_name(name, info->attrs[KNOCK_A_DOOR_NAME], info->extack);
	if (err)
		return err;
	if (!info->attrs[KNOCK_A_DOOR_SERVICES]) {
		NL_SET_ERR_MSG(info->extack, "a new door needs to know what it opens");
		return -EINVAL;
	}
	config = knock_nl_door_config(&knock_door_defaults, info->attrs, info->extack);
	if (IS_ERR(config))
		return PTR_ERR(config);

	mutex_lock(&kn->mutex);
	if (knock_door_find(kn, name)) {
		NL_SET_ERR_MSG(info->extack, "there is a door of this name");
		err = -EEXIST;
	} else {
		err = knock_nl_door_add_locked(kn, name, config, info->extack);
		knock_net_leave(kn);
	}
	mutex_unlock(&kn->mutex);
	if (err)
		kfree(config);
	return err;
}

static int knock_nl_door_set_locked(struct knock_net *kn, struct knock_door *door,
				    struct genl_info *info)
{
	struct knock_door_config *config;
	int err;

	config = knock_nl_door_config(knock_door_config_locked(kn, door), info->attrs,
				      info->extack);
	if (IS_ERR(config))
		return PTR_ERR(config);
	if (!knock_nl_series_fits(door, config)) {
		kfree(config);
		NL_SET_ERR_MSG(info->extack,
			       "a door with once or derived keys does not open any: each port may be its service");
		return -EINVAL;
	}
	err = knock_nl_port_is_free(kn, config->knock_port, info->extack);
	if (err) {
		kfree(config);
		return err;
	}
	err = knock_door_set(kn, door, config);
	if (!err)
		return 0;
	kfree(config);
	knock_nl_door_refuse(err, info->extack);
	return err;
}

/**
 * knock_nl_door_set_doit - door-set
 * @skb: the request
 * @info: its attributes
 */
int knock_nl_door_set_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knock_net *kn = knock_net(genl_info_net(info));
	struct knock_door *door;
	int err;

	mutex_lock(&kn->mutex);
	door = knock_nl_door(kn, info->attrs, info->extack);
	err = IS_ERR(door) ? PTR_ERR(door) : knock_nl_door_set_locked(kn, door, info);
	mutex_unlock(&kn->mutex);
	return err;
}

/**
 * knock_nl_door_del_doit - door-del
 * @skb: the request
 * @info: its attributes
 */
int knock_nl_door_del_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knock_net *kn = knock_net(genl_info_net(info));
	struct knock_door *door;
	int err = 0;

	mutex_lock(&kn->mutex);
	door = knock_nl_door(kn, info->attrs, info->extack);
	if (IS_ERR(door)) {
		err = PTR_ERR(door);
	} else {
		knock_door_del(kn, door);
		knock_net_leave(kn);
	}
	mutex_unlock(&kn->mutex);
	return err;
}

/* Context: RCU reader. */
static int knock_nl_door_put(struct sk_buff *skb, const struct knock_door *door)
{
	const struct knock_door_config *config = rcu_dereference(door->config);

	if (nla_put_string(skb, KNOCK_A_DOOR_NAME, door->name) ||
	    nla_put(skb, KNOCK_A_DOOR_SERVICES,
		    config->n_services * sizeof(struct knock_service), config->services) ||
	    nla_put_u32(skb, KNOCK_A_DOOR_OPEN_FOR_SEC, config->open_for) ||
	    nla_put_u16(skb, KNOCK_A_DOOR_KNOCK_PORT, config->knock_port) ||
	    nla_put_u16(skb, KNOCK_A_DOOR_AGENT_PORT, config->agent_port) ||
	    nla_put_u32(skb, KNOCK_A_DOOR_MAX_GRANTS, config->max_grants) ||
	    nla_put_u32(skb, KNOCK_A_DOOR_GRANTS, atomic_read(&door->grants)) ||
	    nla_put_u32(skb, KNOCK_A_DOOR_MARK, config->mark) ||
	    nla_put_u32(skb, KNOCK_A_DOOR_MARK_MASK, config->mark_mask) ||
	    nla_put_u32(skb, KNOCK_A_DOOR_BLACKLIST_FOR_SEC, config->blacklist_for))
		return -EMSGSIZE;
	return 0;
}

/**
 * knock_nl_door_get_doit - door-get of one
 * @skb: the request
 * @info: its attributes
 */
int knock_nl_door_get_doit(struct sk_buff *skb, struct genl_info *info)
{
	struct knock_net *kn = knock_net(genl_info_net(info));
	struct knock_nl_reply reply;
	struct knock_door *door;
	int err;

	err = knock_nl_reply_begin(&reply, info, KNOCK_CMD_DOOR_GET);
	if (err)
		return err;
	mutex_lock(&kn->mutex);
	rcu_read_lock();
	door = knock_nl_door(kn, info->attrs, info->extack);
	err = IS_ERR(door) ? PTR_ERR(door) : knock_nl_door_put(reply.skb, door);
	rcu_read_unlock();
	mutex_unlock(&kn->mutex);
	return knock_nl_reply_end(&reply, info, err);
}

/**
 * knock_nl_door_get_dumpit - door-get of all
 * @skb: the reply
 * @cb: args[0] is the only door wanted, or 0; args[1] the last id shown
 */
int knock_nl_door_get_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct knock_tables *tables;
	struct knock_door *door;
	unsigned long id;
	void *head;
	int err;

	err = knock_nl_dump_filter(cb);
	if (err)
		return err;
	rcu_read_lock();
	tables = knock_net_tables_rcu(sock_net(skb->sk));
	if (!tables)
		goto out;
	xa_for_each_start(&tables->doors, id, door, cb->args[1] + 1) {
		if (cb->args[0] && door->id != cb->args[0])
			continue;
		head = knock_nl_part_begin(skb, cb, KNOCK_CMD_DOOR_GET);
		if (knock_nl_part_end(skb, head, head ? knock_nl_door_put(skb, door) : 0))
			break;
		cb->args[1] = id;
	}
out:
	rcu_read_unlock();
	return skb->len;
}
