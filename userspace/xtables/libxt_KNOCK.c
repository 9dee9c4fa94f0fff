// SPDX-License-Identifier: GPL-2.0
#include <stddef.h>
#include <stdio.h>

#include <xtables.h>

#include <linux/netfilter/xt_knock.h>

#include "parse.h"

enum { O_CLOSE, O_BAN };

static const struct xt_option_entry knock_tg_options[] = {
	{ .name = "close", .id = O_CLOSE, .type = XTTYPE_STRING, .excl = 1 << O_BAN },
	{ .name = "ban", .id = O_BAN, .type = XTTYPE_STRING, .excl = 1 << O_CLOSE },
	XTOPT_TABLEEND,
};

static void knock_tg_help(void)
{
	puts("KNOCK target options:\n"
	     "  --close NAME    close this door for the packet's source\n"
	     "  --ban TIME      ban the packet's source, 1s to 7d\n"
	     "The rules go on behind it.");
}

static void knock_tg_parse(struct xt_option_call *call)
{
	struct xt_knock_tginfo *info = call->data;
	char why[PARSE_WHY_SIZE];
	u32 seconds;

	xtables_option_parse(call);
	if (call->entry->id == O_BAN) {
		if (!parse_duration(call->arg, &seconds, why))
			xtables_error(PARAMETER_PROBLEM, "KNOCK: %s", why);
		info->act = XT_KNOCK_BAN;
		info->ban_for = seconds;
		return;
	}
	if (!parse_name("door", call->arg, why))
		xtables_error(PARAMETER_PROBLEM, "KNOCK: %s", why);
	/* The rest stays zero: rules are compared byte by byte. */
	memcpy(info->door, call->arg, strlen(call->arg));
	info->act = XT_KNOCK_CLOSE;
}

static void knock_tg_check(struct xt_fcheck_call *call)
{
	if (!call->xflags)
		xtables_error(PARAMETER_PROBLEM,
			      "KNOCK: say what to do to the packet's source, --close NAME or --ban TIME");
}

/* In the largest unit that leaves nothing over, as it would be typed. */
static void print_duration(u32 seconds)
{
	static const struct {
		u32 seconds;
		char name;
	} units[] = { { 24 * 3600, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	size_t i = 0;

	while (seconds % units[i].seconds)
		i++;
	printf("%u%c", seconds / units[i].seconds, units[i].name);
}

static void knock_tg_save(const void *ip, const struct xt_entry_target *target)
{
	const struct xt_knock_tginfo *info = (const void *)target->data;

	(void)ip;
	if (info->act == XT_KNOCK_CLOSE) {
		printf(" --close %.*s", XT_KNOCK_NAME_SIZE, info->door);
	} else {
		printf(" --ban ");
		print_duration(info->ban_for);
	}
}

static void knock_tg_print(const void *ip, const struct xt_entry_target *target, int numeric)
{
	(void)numeric;
	printf(" KNOCK");
	knock_tg_save(ip, target);
}

static struct xtables_target knock_tg_reg = {
	.version = XTABLES_VERSION,
	.name = "KNOCK",
	.revision = 0,
	.family = NFPROTO_UNSPEC,
	.size = XT_ALIGN(sizeof(struct xt_knock_tginfo)),
	.userspacesize = offsetof(struct xt_knock_tginfo, hash),
	.help = knock_tg_help,
	.print = knock_tg_print,
	.save = knock_tg_save,
	.x6_parse = knock_tg_parse,
	.x6_fcheck = knock_tg_check,
	.x6_options = knock_tg_options,
};

static __attribute__((constructor)) void knock_tg_register(void)
{
	xtables_register_target(&knock_tg_reg);
}
