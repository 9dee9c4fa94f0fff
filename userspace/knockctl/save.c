// SPDX-License-Identifier: GPL-2.0
/*
 * What an orderly stop leaves to the next load: which numbers of once keys were used, so
 * that none is passed over, bans, and grants. For when the services of the network have
 * ended: an interface that is still up does no harm to numbers, since none is good any more;
 * but what is closed after it was written is open again after the stop.
 */
#include <errno.h>
#include <stdio.h>

#include "bans.h"
#include "complain.h"
#include "config_dir.h"
#include "kept_grants.h"
#include "knockctl.h"
#include "once.h"
#include "request.h"

/**
 * struct save - what is on its way to the disk
 * @invocation: as typed
 * @directory: the configuration, locked, so that nobody loads meanwhile
 * @live: what the module has
 * @bans: its bans
 * @grants: its grants
 * @once: of how many keys it was noted what was used
 * @netlink: to the module
 */
struct save {
	const struct invocation *invocation;
	struct config_dir directory;
	struct config live;
	struct bans bans;
	struct kept_grants grants;
	size_t once;
	struct netlink netlink;
};

/* Return: false with the sentence printed. */
static bool lock(struct save *save)
{
	char why[CONFIG_DIR_WHY_SIZE];

	if (config_dir_lock(&save->directory, save->invocation->config, false, why) ?
	    config_dir_is_ours(&save->directory, why) : save->directory.missing)
		return true;
	complain("%s", why);
	return false;
}

/* First the key takes no number any more, then it is written which it took. */
static bool save_numbers(struct save *save, char why[ONCE_WHY_SIZE])
{
	struct numbers_dir directory;
	ssize_t ended;

	if (request_all(&save->netlink, &save->live, why))
		return false;
	/* Keys without a file have no numbers there. */
	if (!numbers_open(&directory, save->invocation->state, false, why))
		return errno == ENOENT;
	ended = once_end_doors(&save->netlink, &directory, save->live.door, save->live.doors, why);
	numbers_close(&directory);
	save->once = ended < 0 ? 0 : (size_t)ended;
	return ended >= 0;
}

static bool save_bans(struct save *save, char why[KEEP_WHY_SIZE])
{
	return !bans_ask(&save->bans, &save->netlink, why) &&
	       bans_write(&save->bans, save->invocation->state, why);
}

static bool save_grants(struct save *save, char why[KEEP_WHY_SIZE])
{
	return !kept_grants_ask(&save->grants, &save->netlink, &save->live, why) &&
	       kept_grants_write(&save->grants, save->invocation->state, why);
}

static void print_saved(const struct save *save)
{
	if (save->invocation->json)
		printf("{\"once_keys\": %zu, \"bans\": %zu, \"grants\": %zu}\n", save->once,
		       save->bans.count, save->grants.count);
	else
		printf("saved: what was used of %zu once keys, which open nothing until knockctl load; %zu bans; and %zu grants\n",
		       save->once, save->bans.count, save->grants.count);
}

static enum outcome run(struct save *save)
{
	char why[ONCE_WHY_SIZE];

	if (!lock(save))
		return REFUSED;
	if (!save_numbers(save, why) || !save_bans(save, why) || !save_grants(save, why)) {
		complain("%s", why);
		return REFUSED;
	}
	print_saved(save);
	return DONE;
}

enum outcome save_all(const struct invocation *invocation)
{
	struct save save = { .invocation = invocation, .directory.descriptor = -1 };
	enum outcome outcome;

	if (!netlink_open(&save.netlink))
		return REFUSED;
	outcome = run(&save);
	netlink_close(&save.netlink);
	config_dir_unlock(&save.directory);
	config_wipe(&save.live);
	bans_free(&save.bans);
	kept_grants_free(&save.grants);
	return outcome;
}
