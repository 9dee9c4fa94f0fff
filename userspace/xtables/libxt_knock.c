// SPDX-License-Identifier: GPL-2.0
#include <stddef.h>
#include <stdio.h>

#include <xtables.h>

#include <linux/netfilter/xt_knock.h>

#include "name.h"

enum { O_DOOR, O_BLACKLISTED };

static const struct xt_option_entry knock_mt_options[] = {
	{ .name = "door", .id = O_DOOR, .type = XTTYPE_STRING, .flags = XTOPT_INVERT,
	  .excl = 1 << O_BLACKLISTED },
	{ .name = "blacklisted", .id = O_BLACKLISTED, .type = XTTYPE_NONE,
	  .flags = XTOPT_INVERT, .excl = 1 << O_DOOR },
	XTOPT_TABLEEND,
};

static void knock_mt_help(void)
{
	puts("knock match options:\n"
	     "[!] --door NAME    the packet is admitted to this door\n"
	     "                   (without any option: to any door)\n"
	     "[!] --blacklisted  its source is blocked, or banned and let in nowhere");
}

static void knock_mt_parse(struct xt_option_call *call)
{
	struct xt_knock_mtinfo *info = call->data;

	xtables_option_parse(call);
	if (call->invert)
		info->flags |= XT_KNOCK_INVERT;
	if (call->entry->id == O_BLACKLISTED) {
		info->flags |= XT_KNOCK_BLACKLISTED;
		return;
	}
	if (!name_is_good(call->arg))
		xtables_error(PARAMETER_PROBLEM,
			      "knock: `%.64s' cannot name a door, use 1 to %d of A-Z a-z 0-9 _ . - and begin with a letter or digit",
			      call->arg, XT_KNOCK_NAME_SIZE - 1);
	/* The rest stays zero: rules are compared byte by byte. */
	memcpy(info->door, call->arg, strlen(call->arg));
	info->flags |= XT_KNOCK_DOOR;
}

static void knock_mt_save(const void *ip, const struct xt_entry_match *match)
{
	const struct xt_knock_mtinfo *info = (const void *)match->data;

	(void)ip;
	if (info->flags & XT_KNOCK_INVERT)
		printf(" !");
	if (info->flags & XT_KNOCK_DOOR)
		printf(" --door %.*s", XT_KNOCK_NAME_SIZE, info->door);
	if (info->flags & XT_KNOCK_BLACKLISTED)
		printf(" --blacklisted");
}

static void knock_mt_print(const void *ip, const struct xt_entry_match *match, int numeric)
{
	const struct xt_knock_mtinfo *info = (const void *)match->data;

	(void)numeric;
	printf(" knock");
	if (info->flags)
		knock_mt_save(ip, match);
	else
		printf(" any door");
}

static struct xtables_match knock_mt_reg = {
	.version = XTABLES_VERSION,
	.name = "knock",
	.revision = 0,
	.family = NFPROTO_UNSPEC,
	.size = XT_ALIGN(sizeof(struct xt_knock_mtinfo)),
	.userspacesize = offsetof(struct xt_knock_mtinfo, hash),
	.help = knock_mt_help,
	.print = knock_mt_print,
	.save = knock_mt_save,
	.x6_parse = knock_mt_parse,
	.x6_options = knock_mt_options,
};

static __attribute__((constructor)) void knock_mt_register(void)
{
	xtables_register_match(&knock_mt_reg);
}
