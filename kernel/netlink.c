// SPDX-License-Identifier: GPL-2.0
#include <linux/ctype.h>
#include <linux/module.h>
#include <net/ipv6.h>
#include <net/sock.h>

#include "door.h"
#include "netlink.h"

static bool knock_nl_userns = true;
module_param_named(userns, knock_nl_userns, bool, 0644);
MODULE_PARM_DESC(userns, "let the root of another user namespace administer its own network namespaces");

/* In the user namespace of the network namespace, as the flag of each command
 * says, and if the administrator wants so, only in the first.
 */
static int knock_nl_admit(struct net *net, struct netlink_ext_ack *extack)
{
	if (READ_ONCE(knock_nl_userns) || net->user_ns == &init_user_ns)
		return 0;
	NL_SET_ERR_MSG(extack, "other user namespaces are refused; module parameter userns=0");
	return -EPERM;
}

/**
 * knock_nl_name - read a door's or key's name
 * @name: where to, padded with NUL
 * @attr: the attribute, NULL if it is missing
 * @extack: says why not
 *
 * Return: 0 or -EINVAL.
 */
int knock_nl_name(char name[KNOCK_NAME_SIZE], const struct nlattr *attr,
		  struct netlink_ext_ack *extack)
{
	const char *text;
	size_t i, len;

	if (!attr) {
		NL_SET_ERR_MSG(extack, "a name is missing");
		return -EINVAL;
	}
	text = nla_data(attr);
	len = strnlen(text, nla_len(attr));
	/* A name that goes on behind a NUL is not the name it seems to be. */
	if (!len || len >= KNOCK_NAME_SIZE || len + 1 != nla_len(attr)) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "a name has 1 to 31 characters");
		return -EINVAL;
	}
	for (i = 0; i < len; i++) {
		if (isascii(text[i]) && (isalnum(text[i]) || (i && strchr("_.-", text[i]))))
			continue;
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a name is of A-Z a-z 0-9 _ . - and begins with a letter or digit");
		return -EINVAL;
	}
	memset(name, 0, KNOCK_NAME_SIZE);
	memcpy(name, text, len);
	return 0;
}

static bool knock_nl_is_unicast(const struct knock_address *address)
{
	struct in6_addr ipv6;
	__be32 ipv4;

	memcpy(&ipv6, address->bytes, sizeof(ipv6));
	if (!knock_address_is_ipv4(address))
		return !ipv6_addr_any(&ipv6) && !ipv6_addr_is_multicast(&ipv6);
	ipv4 = ipv6.s6_addr32[3];
	return !ipv4_is_zeronet(ipv4) && !ipv4_is_multicast(ipv4) && !ipv4_is_lbcast(ipv4);
}

/**
 * knock_nl_address - read an address that can hold a grant
 * @address: where to
 * @attr: the attribute, NULL if it is missing
 * @extack: says why not
 *
 * Return: 0 or -EINVAL.
 */
int knock_nl_address(struct knock_address *address, const struct nlattr *attr,
		     struct netlink_ext_ack *extack)
{
	if (!attr) {
		NL_SET_ERR_MSG(extack, "an address is missing");
		return -EINVAL;
	}
	memcpy(address->bytes, nla_data(attr), sizeof(address->bytes));
	if (knock_nl_is_unicast(address))
		return 0;
	NL_SET_ERR_MSG_ATTR(extack, attr, "a client's address is neither 0, broadcast nor multicast");
	return -EINVAL;
}

/**
 * knock_nl_door - the door that a request names
 * @kn: the namespace, its mutex held
 * @attrs: of the request
 * @extack: says why not
 *
 * Return: the door or an ERR_PTR.
 */
struct knock_door *knock_nl_door(struct knock_net *kn, struct nlattr **attrs,
				 struct netlink_ext_ack *extack)
{
	char name[KNOCK_NAME_SIZE];
	struct knock_door *door;
	int err;

	err = knock_nl_name(name, attrs[KNOCK_A_DOOR_NAME], extack);
	if (err)
		return ERR_PTR(err);
	door = knock_door_find(kn, name);
	if (door)
		return door;
	NL_SET_ERR_MSG_ATTR(extack, attrs[KNOCK_A_DOOR_NAME], "no such door");
	return ERR_PTR(-ENOENT);
}

/**
 * knock_nl_dump_filter - begin a dump of all, or of what belongs to one door
 * @cb: its args[0] becomes the id of the door, 0 for all; args[3] says that this
 *	was done
 *
 * Called by each part of a dump: older kernels have no place for a sentence before
 * the first.
 *
 * Return: 0, or an error if the door is not there.
 */
int knock_nl_dump_filter(struct netlink_callback *cb)
{
	struct nlattr **attrs = knock_compat_dump_attrs(cb);
	struct knock_net *kn = knock_net(sock_net(cb->skb->sk));
	struct knock_door *door;
	int err = 0;

	if (cb->args[3])
		return 0;
	cb->args[3] = 1;
	err = knock_nl_admit(kn->net, cb->extack);
	if (err || !attrs)
		return err;
	if (attrs[KNOCK_A_ADDRESS]) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attrs[KNOCK_A_ADDRESS],
				    "a listing is of all addresses");
		return -EINVAL;
	}
	if (attrs[KNOCK_A_KEY_NAME]) {
		NL_SET_ERR_MSG_ATTR(cb->extack, attrs[KNOCK_A_KEY_NAME],
				    "a listing takes the name of a door, not of a key");
		return -EINVAL;
	}
	if (!attrs[KNOCK_A_DOOR_NAME])
		return 0;
	mutex_lock(&kn->mutex);
	door = knock_nl_door(kn, attrs, cb->extack);
	if (IS_ERR(door))
		err = PTR_ERR(door);
	else
		cb->args[0] = door->id;
	mutex_unlock(&kn->mutex);
	return err;
}

/**
 * knock_nl_reply_begin - begin a reply
 * @reply: the reply
 * @info: of the request
 * @cmd: enum knock_cmd
 *
 * Return: 0 or -ENOMEM.
 */
int knock_nl_reply_begin(struct knock_nl_reply *reply, struct genl_info *info, u8 cmd)
{
	reply->skb = genlmsg_new(NLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (!reply->skb) {
		NL_SET_ERR_MSG(info->extack, "no memory for the answer");
		return -ENOMEM;
	}
	/* There is room: it was made for more than a header. */
	reply->head = genlmsg_put_reply(reply->skb, info, &knock_nl_family, 0, cmd);
	return 0;
}

/**
 * knock_nl_reply_end - send a reply, or drop it
 * @reply: the reply
 * @info: of the request
 * @err: what went wrong meanwhile, or 0
 *
 * Return: @err, or what sending it says.
 */
int knock_nl_reply_end(struct knock_nl_reply *reply, struct genl_info *info, int err)
{
	if (err) {
		nlmsg_free(reply->skb);
		return err;
	}
	genlmsg_end(reply->skb, reply->head);
	return genlmsg_reply(reply->skb, info);
}

/**
 * knock_nl_part_begin - begin one object of a listing
 * @skb: the part of the listing that is being made
 * @cb: the listing
 * @cmd: enum knock_cmd
 *
 * Return: for knock_nl_part_end(); NULL if there is no room.
 */
void *knock_nl_part_begin(struct sk_buff *skb, struct netlink_callback *cb, u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   &knock_nl_family, NLM_F_MULTI, cmd);
}

/**
 * knock_nl_part_end - end one object of a listing
 * @skb: the part of the listing that is being made
 * @head: of knock_nl_part_begin()
 * @err: what went wrong meanwhile, or 0
 *
 * Return: 0, or an error if the object is not in @skb and belongs into the next.
 */
int knock_nl_part_end(struct sk_buff *skb, void *head, int err)
{
	if (!head)
		return -EMSGSIZE;
	if (err)
		genlmsg_cancel(skb, head);
	else
		genlmsg_end(skb, head);
	return err;
}

/* Names are checked by hand: the reason why not is worth a sentence. */
#define KNOCK_NL_ADDRESS NLA_POLICY_EXACT_LEN(sizeof(struct knock_address))

const struct nla_policy knock_nl_door_policy[KNOCK_A_MAX + 1] = {
	[KNOCK_A_DOOR_NAME] = { .type = NLA_NUL_STRING },
	[KNOCK_A_DOOR_SERVICES] = { .type = NLA_BINARY },
	[KNOCK_A_DOOR_OPEN_FOR_SEC] = { .type = NLA_U32 },
	[KNOCK_A_DOOR_KNOCK_PORT] = { .type = NLA_U16 },
	[KNOCK_A_DOOR_MAX_GRANTS] = { .type = NLA_U32 },
	[KNOCK_A_DOOR_MARK] = { .type = NLA_U32 },
	[KNOCK_A_DOOR_MARK_MASK] = { .type = NLA_U32 },
	[KNOCK_A_DOOR_BLACKLIST_FOR_SEC] = { .type = NLA_U32 },
	[KNOCK_A_DOOR_AGENT_PORT] = { .type = NLA_U16 },
};

const struct nla_policy knock_nl_door_name_policy[KNOCK_A_MAX + 1] = {
	[KNOCK_A_DOOR_NAME] = { .type = NLA_NUL_STRING },
};

const struct nla_policy knock_nl_key_name_policy[KNOCK_A_MAX + 1] = {
	[KNOCK_A_DOOR_NAME] = { .type = NLA_NUL_STRING },
	[KNOCK_A_KEY_NAME] = { .type = NLA_NUL_STRING },
};

const struct nla_policy knock_nl_grant_policy[KNOCK_A_MAX + 1] = {
	[KNOCK_A_DOOR_NAME] = { .type = NLA_NUL_STRING },
	[KNOCK_A_KEY_NAME] = { .type = NLA_NUL_STRING },
	[KNOCK_A_ADDRESS] = KNOCK_NL_ADDRESS,
	[KNOCK_A_GRANT_FOR_SEC] = { .type = NLA_U32 },
	[KNOCK_A_GRANT_RESTORED] = { .type = NLA_FLAG },
};

static const struct nla_policy knock_nl_close_policy[KNOCK_A_MAX + 1] = {
	[KNOCK_A_DOOR_NAME] = { .type = NLA_NUL_STRING },
	[KNOCK_A_ADDRESS] = KNOCK_NL_ADDRESS,
};

static const struct nla_policy knock_nl_arm_policy[KNOCK_A_MAX + 1] = {
	[KNOCK_A_DOOR_NAME] = { .type = NLA_NUL_STRING },
	[KNOCK_A_KEY_NAME] = { .type = NLA_NUL_STRING },
	[KNOCK_A_KEY_ARMED] = { .type = NLA_U64 },
};

static const struct nla_policy knock_nl_record_policy[KNOCK_A_MAX + 1] = {
	[KNOCK_A_ADDRESS] = KNOCK_NL_ADDRESS,
};

const struct nla_policy knock_nl_state_policy[KNOCK_A_MAX + 1] = { };

/* For the core to find no fault, see the command. */
static const struct nla_policy knock_nl_any_policy[KNOCK_A_MAX + 1] = { };

static int knock_nl_pre_doit(const struct genl_split_ops *ops, struct sk_buff *skb,
			     struct genl_info *info)
{
	int err = knock_nl_admit(genl_info_net(info), info->extack);

	if (err && ops->cmd == KNOCK_CMD_KEY_ADD)
		knock_nl_key_wipe(info);
	return err;
}

static const struct genl_ops knock_nl_ops[] = {
	{
		.cmd = KNOCK_CMD_DOOR_ADD,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = knock_nl_door_policy,
		.maxattr = KNOCK_A_MAX,
		.doit = knock_nl_door_add_doit,
	},
	{
		.cmd = KNOCK_CMD_DOOR_SET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = knock_nl_door_policy,
		.maxattr = KNOCK_A_MAX,
		.doit = knock_nl_door_set_doit,
	},
	{
		.cmd = KNOCK_CMD_DOOR_DEL,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = knock_nl_door_name_policy,
		.maxattr = KNOCK_A_MAX,
		.doit = knock_nl_door_del_doit,
	},
	{
		.cmd = KNOCK_CMD_DOOR_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = knock_nl_door_name_policy,
		.maxattr = KNOCK_A_MAX,
		.doit = knock_nl_door_get_doit,
		.dumpit = knock_nl_door_get_dumpit,
	},
	{
		/* Parses its attributes itself, and strictly, so that it can wipe
		 * the secret whatever is wrong with them.
		 */
		.cmd = KNOCK_CMD_KEY_ADD,
		.flags = GENL_UNS_ADMIN_PERM,
		.validate = GENL_DONT_VALIDATE_STRICT,
		.policy = knock_nl_any_policy,
		.maxattr = KNOCK_A_MAX,
		.doit = knock_nl_key_add_doit,
	},
	{
		.cmd = KNOCK_CMD_KEY_DEL,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = knock_nl_key_name_policy,
		.maxattr = KNOCK_A_MAX,
		.doit = knock_nl_key_del_doit,
	},
	{
		.cmd = KNOCK_CMD_KEY_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = knock_nl_key_name_policy,
		.maxattr = KNOCK_A_MAX,
		.doit = knock_nl_key_get_doit,
		.dumpit = knock_nl_key_get_dumpit,
	},
	{
		.cmd = KNOCK_CMD_KEY_ARM,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = knock_nl_arm_policy,
		.maxattr = KNOCK_A_MAX,
		.doit = knock_nl_key_arm_doit,
	},
	{
		.cmd = KNOCK_CMD_GRANT_OPEN,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = knock_nl_grant_policy,
		.maxattr = KNOCK_A_MAX,
		.doit = knock_nl_grant_open_doit,
	},
	{
		.cmd = KNOCK_CMD_GRANT_CLOSE,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = knock_nl_close_policy,
		.maxattr = KNOCK_A_MAX,
		.doit = knock_nl_grant_close_doit,
	},
	{
		.cmd = KNOCK_CMD_GRANT_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = knock_nl_door_name_policy,
		.maxattr = KNOCK_A_MAX,
		.dumpit = knock_nl_grant_get_dumpit,
	},
	{
		.cmd = KNOCK_CMD_BLACKLIST_ADD,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = knock_nl_blacklist_policy,
		.maxattr = KNOCK_A_MAX,
		.doit = knock_nl_blacklist_add_doit,
	},
	{
		.cmd = KNOCK_CMD_BLACKLIST_DEL,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = knock_nl_listed_policy,
		.maxattr = KNOCK_A_MAX,
		.doit = knock_nl_blacklist_del_doit,
	},
	{
		.cmd = KNOCK_CMD_BLACKLIST_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = knock_nl_state_policy,
		.maxattr = KNOCK_A_MAX,
		.dumpit = knock_nl_blacklist_get_dumpit,
	},
	{
		.cmd = KNOCK_CMD_BLACKLIST_FLUSH,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = knock_nl_flush_policy,
		.maxattr = KNOCK_A_MAX,
		.doit = knock_nl_blacklist_flush_doit,
	},
	{
		.cmd = KNOCK_CMD_TRUST_ADD,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = knock_nl_trust_policy,
		.maxattr = KNOCK_A_MAX,
		.doit = knock_nl_trust_add_doit,
	},
	{
		.cmd = KNOCK_CMD_TRUST_DEL,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = knock_nl_trust_policy,
		.maxattr = KNOCK_A_MAX,
		.doit = knock_nl_trust_del_doit,
	},
	{
		.cmd = KNOCK_CMD_TRUST_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = knock_nl_state_policy,
		.maxattr = KNOCK_A_MAX,
		.dumpit = knock_nl_trust_get_dumpit,
	},
	{
		.cmd = KNOCK_CMD_STATE_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = knock_nl_state_policy,
		.maxattr = KNOCK_A_MAX,
		.doit = knock_nl_state_get_doit,
	},
	{
		.cmd = KNOCK_CMD_OLD_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = knock_nl_door_name_policy,
		.maxattr = KNOCK_A_MAX,
		.dumpit = knock_nl_old_get_dumpit,
	},
	{
		.cmd = KNOCK_CMD_RECORD_GET,
		.flags = GENL_UNS_ADMIN_PERM,
		.policy = knock_nl_record_policy,
		.maxattr = KNOCK_A_MAX,
		.doit = knock_nl_record_get_doit,
		.dumpit = knock_nl_record_get_dumpit,
	},
};

static const struct genl_multicast_group knock_nl_groups[] = {
	{
		.name = KNOCK_MCGRP_EVENTS,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
};

struct genl_family knock_nl_family __ro_after_init = {
	.name = KNOCK_GENL_NAME,
	.version = KNOCK_GENL_VERSION,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.pre_doit = knock_nl_pre_doit,
	.ops = knock_nl_ops,
	.n_ops = ARRAY_SIZE(knock_nl_ops),
	.mcgrps = knock_nl_groups,
	.n_mcgrps = ARRAY_SIZE(knock_nl_groups),
	/* The first that the core may hold to strict rules, behind key-add. */
	KNOCK_GENL_RESV_START_OP(KNOCK_CMD_KEY_ADD + 1)
};

/**
 * knock_nl_init - open the control plane
 *
 * Context: module init.
 */
int knock_nl_init(void)
{
	return genl_register_family(&knock_nl_family);
}

/**
 * knock_nl_exit - close the control plane
 *
 * Context: module exit.
 */
void knock_nl_exit(void)
{
	genl_unregister_family(&knock_nl_family);
}
