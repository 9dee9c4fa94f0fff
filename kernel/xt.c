// SPDX-License-Identifier: GPL-2.0
#include <linux/string.h>

#include "door.h"
#include "xt.h"

/**
 * knock_xt_is_name - whether a rule names a door as it must
 * @name: of the rule
 *
 * Return: true for a name that is padded with NUL: names are compared and hashed whole.
 */
bool knock_xt_is_name(const char name[XT_KNOCK_NAME_SIZE])
{
	size_t len = strnlen(name, XT_KNOCK_NAME_SIZE);

	BUILD_BUG_ON(XT_KNOCK_NAME_SIZE != KNOCK_NAME_SIZE);
	return len && len < XT_KNOCK_NAME_SIZE &&
	       !memchr_inv(name + len, 0, XT_KNOCK_NAME_SIZE - len);
}

/**
 * knock_xt_is_unused - whether a rule has nothing where others name a door
 * @name: of the rule
 */
bool knock_xt_is_unused(const char name[XT_KNOCK_NAME_SIZE])
{
	return !memchr_inv(name, 0, XT_KNOCK_NAME_SIZE);
}

/**
 * knock_xt_init - let rules name match and target
 *
 * Context: module init; last, since a rule may ask at once.
 */
int knock_xt_init(void)
{
	int err;

	err = xt_register_targets(knock_tg_reg, ARRAY_SIZE(knock_tg_reg));
	if (err)
		return err;
	err = xt_register_matches(knock_mt_reg, ARRAY_SIZE(knock_mt_reg));
	if (err)
		xt_unregister_targets(knock_tg_reg, ARRAY_SIZE(knock_tg_reg));
	return err;
}

/**
 * knock_xt_exit - no rule names them any more
 *
 * Context: module exit; first.
 */
void knock_xt_exit(void)
{
	xt_unregister_matches(knock_mt_reg, ARRAY_SIZE(knock_mt_reg));
	xt_unregister_targets(knock_tg_reg, ARRAY_SIZE(knock_tg_reg));
}
