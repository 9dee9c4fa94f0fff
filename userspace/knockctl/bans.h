/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _KNOCKCTL_BANS_H
#define _KNOCKCTL_BANS_H

#include <knock/address.h>

#include "keep.h"
#include "netlink.h"

/*
 * Bans over a stop of the machine: written when no knock is taken any more, and read once.
 * A pardon waits for no disk, so of any other bans nobody knows whether they were lifted
 * since; selftests/model has that, as BANS_KEPT.
 */

/* As many as a namespace holds. */
#define BANS_MAX 4096

/* A week, as the module allows. */
#define BANS_SECONDS_MAX (7 * 24 * 3600)

/**
 * struct ban - an address that is banned
 * @address: IPv4 as ::ffff:a.b.c.d
 * @until: unix seconds
 * @left: seconds until then, when it was written
 */
struct ban {
	struct knock_address address;
	u64 until;
	u32 left;
};

/**
 * struct bans - all of a namespace
 * @count: how many
 * @restored: how many of them the module took
 * @room: how many @ban has room for
 * @ban: the bans
 */
struct bans {
	size_t count;
	size_t restored;
	size_t room;
	struct ban *ban;
};

/* bans.c: in memory, and as a text */
bool bans_add(struct bans *bans, const struct ban *ban);
char *bans_format(const struct bans *bans);
bool bans_parse(struct bans *bans, const char *text, size_t length);
u32 bans_seconds(const struct ban *ban, u64 now);
void bans_free(struct bans *bans);

/* bans_request.c: in the module */
int bans_ask(struct bans *bans, struct netlink *netlink, char why[NETLINK_WHY_SIZE]);
void bans_restore(struct bans *bans, struct netlink *netlink);

/* bans_file.c: on the disk */
bool bans_write(const struct bans *bans, const char *state, char why[KEEP_WHY_SIZE]);
bool bans_read(struct bans *bans, const char *state, char why[KEEP_WHY_SIZE]);
bool bans_forget(const char *state, char why[KEEP_WHY_SIZE]);

#endif /* _KNOCKCTL_BANS_H */
