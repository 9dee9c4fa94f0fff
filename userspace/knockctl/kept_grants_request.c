// SPDX-License-Identifier: GPL-2.0
/* Grants out of the module, and back. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "kept_grants.h"
#include "request.h"

/**
 * struct listing - what a dump of grants is taken into
 * @grants: where to
 * @live: doors and keys of the module
 */
struct listing {
	struct kept_grants *grants;
	const struct config *live;
};

static bool copy_name(char to[KNOCK_NAME_SIZE], const struct nlattr *name)
{
	return snprintf(to, KNOCK_NAME_SIZE, "%s", nla_get_string(name)) < KNOCK_NAME_SIZE;
}

/* Return: the module's key; NULL if it shows nothing by which it would be known again. */
static const struct config_key *find_key(const struct config *live, const char *door_name,
					 const char *name)
{
	const struct config_door *door = config_door_find(live, door_name);
	const struct config_key *key = door ? config_key_find(door, name) : NULL;

	return key && key->known ? key : NULL;
}

/* Whose it was, if that was a key. Return: false if it cannot be told. */
static bool take_key(struct kept_grant *grant, const struct nlattr *name,
		     const struct config *live)
{
	const struct config_key *key;

	if (!name)
		return true;
	if (!copy_name(grant->key, name))
		return false;
	key = find_key(live, grant->door, grant->key);
	if (key)
		memcpy(grant->fingerprint, key->fingerprint, sizeof(grant->fingerprint));
	return key;
}

static void take_listed(struct nlmsghdr *header, struct nlattr **attributes, void *data)
{
	struct nlattr *address = attributes[KNOCK_A_ADDRESS];
	struct nlattr *until = attributes[KNOCK_A_GRANT_UNTIL];
	struct nlattr *door = attributes[KNOCK_A_DOOR_NAME];
	const struct listing *listing = data;
	u64 now = (u64)time(NULL), left;
	struct kept_grant grant = { .left = 0 };

	(void)header;
	/* A narrow one is for seconds, and its key knocks again. */
	if (!address || !until || !door || attributes[KNOCK_A_GRANT_NARROW])
		return;
	grant.until = nla_get_u64(until);
	left = grant.until > now ? grant.until - now : 0;
	if (!left || !copy_name(grant.door, door) ||
	    !take_key(&grant, attributes[KNOCK_A_KEY_NAME], listing->live))
		return;
	grant.left = left < KEPT_GRANT_SECONDS_MAX ? (u32)left : KEPT_GRANT_SECONDS_MAX;
	memcpy(grant.address.bytes, nla_data(address), sizeof(grant.address.bytes));
	/* One that is not kept is one that ends earlier. */
	kept_grants_add(listing->grants, &grant);
}

/*
 * Those grants of the module whose keys can be known again; @live is what it has.
 * Return: 0, or the number of an error, with the sentence.
 */
int kept_grants_ask(struct kept_grants *grants, struct netlink *netlink,
		    const struct config *live, char why[NETLINK_WHY_SIZE])
{
	struct listing listing = { grants, live };

	return netlink_try(netlink, netlink_message(netlink, KNOCK_CMD_GRANT_GET, NLM_F_DUMP),
			   take_listed, &listing, why);
}

static bool put(struct nl_msg *message, const struct kept_grant *grant, u32 seconds)
{
	return !nla_put_string(message, KNOCK_A_DOOR_NAME, grant->door) &&
	       !nla_put(message, KNOCK_A_ADDRESS, sizeof(grant->address.bytes),
			grant->address.bytes) &&
	       !nla_put_u32(message, KNOCK_A_GRANT_FOR_SEC, seconds) &&
	       (!*grant->key || (!nla_put_string(message, KNOCK_A_KEY_NAME, grant->key) &&
				 !nla_put_flag(message, KNOCK_A_GRANT_RESTORED)));
}

static bool restore(struct netlink *netlink, const struct kept_grant *grant, u32 seconds)
{
	struct nl_msg *message = netlink_message(netlink, KNOCK_CMD_GRANT_OPEN, 0);
	char why[NETLINK_WHY_SIZE];

	if (message && !put(message, grant, seconds)) {
		netlink_discard(message);
		message = NULL;
	}
	return !netlink_try(netlink, message, NULL, NULL, why);
}

static bool is_same_key(const struct kept_grant *grant, const struct config *live)
{
	const struct config_key *key;

	if (!*grant->key)
		return true;
	key = find_key(live, grant->door, grant->key);
	return key && !memcmp(key->fingerprint, grant->fingerprint, sizeof(grant->fingerprint));
}

/*
 * Give the module those that are not over, and whose door and key it has; what it refuses,
 * since the key is not to be used from there any more, stays closed.
 * Return: 0, or the number of an error, with the sentence.
 */
int kept_grants_restore(struct kept_grants *grants, struct netlink *netlink,
			char why[NETLINK_WHY_SIZE])
{
	struct config live = { .doors = 0 };
	u64 now = (u64)time(NULL);
	int error = request_all(netlink, &live, why);
	size_t i;

	for (i = 0; !error && i < grants->count; i++) {
		const struct kept_grant *grant = &grants->grant[i];
		u32 seconds = kept_grant_seconds(grant, now);

		grants->restored += seconds && is_same_key(grant, &live) &&
				    restore(netlink, grant, seconds);
	}
	config_wipe(&live);
	return error;
}
