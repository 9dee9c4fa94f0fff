/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_KEPT_GRANTS_H
#define _KNOCKCTL_KEPT_GRANTS_H

#include <knock/address.h>

#include "config.h"
#include "keep.h"
#include "netlink.h"

/*
 * Grants over a stop of the machine: written when no knock is taken any more, and read once.
 * A close waits for no disk, so of any other grants nobody knows whether they ended since.
 */

/* Of a namespace that has more the others knock again. */
#define KEPT_GRANTS_MAX 4096

/* A week, as the module allows. */
#define KEPT_GRANT_SECONDS_MAX (7 * 24 * 3600)

/**
 * struct kept_grant - a door was open for an address
 * @address: IPv4 as ::ffff:a.b.c.d
 * @until: unix seconds
 * @left: seconds until then, when it was written
 * @door: its name
 * @key: the name of the key whose knock it was; empty if it was opened by hand
 * @fingerprint: that key's, so that none of the same name that came in its place has it
 */
struct kept_grant {
	struct knock_address address;
	u64 until;
	u32 left;
	char door[KNOCK_NAME_SIZE];
	char key[KNOCK_NAME_SIZE];
	u8 fingerprint[FINGERPRINT_SIZE];
};

/**
 * struct kept_grants - those of a namespace
 * @count: how many
 * @restored: how many of them the module took
 * @room: how many @grant has room for
 * @grant: the grants
 */
struct kept_grants {
	size_t count;
	size_t restored;
	size_t room;
	struct kept_grant *grant;
};

/* kept_grants.c: in memory, and as a text */
bool kept_grants_add(struct kept_grants *grants, const struct kept_grant *grant);
char *kept_grants_format(const struct kept_grants *grants);
bool kept_grants_parse(struct kept_grants *grants, const char *text, size_t length);
u32 kept_grant_seconds(const struct kept_grant *grant, u64 now);
void kept_grants_free(struct kept_grants *grants);

/* kept_grants_request.c: in the module */
int kept_grants_ask(struct kept_grants *grants, struct netlink *netlink,
		    const struct config *live, char why[NETLINK_WHY_SIZE]);
int kept_grants_restore(struct kept_grants *grants, struct netlink *netlink,
			char why[NETLINK_WHY_SIZE]);

/* kept_grants_file.c: on the disk */
bool kept_grants_write(const struct kept_grants *grants, const char *state,
		       char why[KEEP_WHY_SIZE]);
bool kept_grants_read(struct kept_grants *grants, const char *state, char why[KEEP_WHY_SIZE]);
bool kept_grants_forget(const char *state, char why[KEEP_WHY_SIZE]);

#endif /* _KNOCKCTL_KEPT_GRANTS_H */
