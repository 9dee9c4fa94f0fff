// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

#include "budget.h"
#include "event.h"
#include "hook.h"
#include "net.h"
#include "netlink.h"
#include "series.h"
#include "xt.h"

static unsigned int knock_hashes_per_sec;
module_param_named(hashes, knock_hashes_per_sec, uint, 0444);
MODULE_PARM_DESC(hashes, "tumbler hashes a second and CPU that strangers may cost (0: a fifth of a CPU, measured at load)");

static const struct knock_net_ops knock_layers = {
	.watch = knock_hook_watch,
	.unwatch = knock_hook_unwatch,
	.listener = {
		.heard = knock_event_heard,
		.send = knock_event_send,
	},
};

static int __init knock_init(void)
{
	int err;

	knock_budget_init(knock_hashes_per_sec);
	err = knock_series_init();
	if (err)
		return err;
	err = knock_net_init(&knock_layers);
	if (err)
		goto err_series;
	err = knock_nl_init();
	if (err)
		goto err_net;
	err = knock_xt_init();
	if (err)
		goto err_nl;
	return 0;

err_nl:
	knock_nl_exit();
err_net:
	knock_net_exit();
	rcu_barrier();
err_series:
	knock_series_exit();
	return err;
}

static void __exit knock_exit(void)
{
	knock_xt_exit();
	knock_nl_exit();
	knock_net_exit();
	/* Nodes, keys and doors on their way back still need our code. */
	rcu_barrier();
	knock_series_exit();
}

module_init(knock_init);
module_exit(knock_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Doors that open to who knocks: port knocking inside the packet filter");
MODULE_VERSION(KNOCK_VERSION);
MODULE_ALIAS("ipt_knock");
MODULE_ALIAS("ip6t_knock");
MODULE_ALIAS("ipt_KNOCK");
MODULE_ALIAS("ip6t_KNOCK");
