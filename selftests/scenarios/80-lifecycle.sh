#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The module comes and goes, namespaces come and go, under traffic and with live
# grants. What leaks or is used too late shows in the kernel's log and in kmemleak,
# which the guest of the debug kernel reads after this. ROUNDS=100: `make check-long'.
# Processors: 2
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

rounds=${ROUNDS:-$([ -e /sys/kernel/debug/kmemleak ] && echo 20 || echo 5)}

# A door with one key of each kind and a grant by knock and by hand.
furnish()
{
	kctl add-door ssh --opens tcp/22 &&
	secret=$(kctl --json add-key ssh alice --type tumbler | sed -n 's/.*"secret": *"\([^"]*\)".*/\1/p') &&
	kctl add-key ssh carol --type tumbler --action close > /dev/null &&
	kctl open ssh 10.0.0.3 --for 1h > /dev/null &&
	on client rawknock --secret "$secret" --to 10.0.0.1 --from 10.0.0.2
}

# Bogus and real datagrams, scans and rules' questions without an end.
traffic()
{
	while :; do
		on client rawknock --to 10.0.0.1 --from 10.9.0.1 --sources 200 --bogus
		on client rawknock --to 10.0.0.1 --from 10.9.0.1 --sources 50 --random 88
		on client tcptry 10.0.0.1 22 50
	done > /dev/null 2>&1
}

module_round()
{
	furnish || return
	fw4 server -D INPUT -m knock --door ssh -j ACCEPT
	fw6 server -D INPUT -m knock --door ssh -j ACCEPT
	rmmod xt_knock && forget_doors && insmod "$KNOCK_KO" || return
	fw4 server -A INPUT -m knock --door ssh -j ACCEPT
	fw6 server -A INPUT -m knock --door ssh -j ACCEPT
}

# A namespace that ends with its door, its rule and its grant.
namespace_round()
{
	ip netns add "short$1" &&
	on "short$1" knockctl add-door ssh --opens tcp/22 &&
	on "short$1" knockctl add-key ssh alice --type tumbler > /dev/null &&
	on "short$1" iptables-legacy -A INPUT -m knock --door ssh -j ACCEPT &&
	on "short$1" iptables-nft -A INPUT -m knock --door ssh -j ACCEPT &&
	on "short$1" knockctl open ssh 10.0.0.2 > /dev/null &&
	ip netns del "short$1"
}

# repeat COMMAND: with the number of the round, until one fails
repeat()
{
	local i

	for ((i = 1; i <= rounds; i++)); do
		"$1" "$i" || { echo "round $i of $rounds"; return 1; }
	done
}

need_module
plan 7
net_setup
fw_drop server ssh
traffic &
check "with a rule in place rmmod is refused" eval '! rmmod xt_knock'
cmd_fail "and says why" 1 "in use" rmmod xt_knock
check "the module goes and comes $rounds times under traffic" repeat module_round
check "namespaces go with all they hold, $rounds times" repeat namespace_round
must furnish
check_eq "after that a knock still opens" 1 "$(reason opened)"
expect_tcp "and the packet filter still answers" silent other 10.0.0.1 23
must kctl del-door ssh
check_eq "the last door takes all tables with it, counters too" 0 "$(reason opened)"
end_scenario
