#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# As many blocks and trusted prefixes as a namespace has room for: one more is refused
# with a sentence, all that were there go on, and where one leaves another has room.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

listed()
{
	kctl --json "$1" | grep -c '"address"'
}

banned()
{
	kctl --json blacklist | grep -q "\"address\": \"$1\", \"kind\": \"ban\""
}

blocks()
{
	check "4096 addresses are blocked" on server nlmany block 10.20.0.0 4096
	check_eq "status has them" 4096 "$(status_number blocks)"
	check_eq "so has the list" 4096 "$(listed blacklist)"
	cmd_fail "one more is refused" 1 "4096 blocks" kctl block 10.30.0.1
	cmd_fail "by the netlink request, too" 1 "4096 blocks" on server nlmany block 10.30.0.1 1
	check_eq "and changed nothing" 4096 "$(status_number blocks)"
	check "one that is listed can be set anew" kctl block 10.20.0.0 --for 1h
	assert_reason "the last is blocked" "blocked=1" \
		on client rawknock --to 10.0.0.1 --from 10.20.15.255 --secret "$SECRET"
	assert_reason "who is not on it knocks" "opened=1" \
		on client rawknock --to 10.0.0.1 --from 10.30.0.1 --secret "$SECRET"
	check "one is unblocked" kctl unblock 10.20.7.7
	check "and another has its place" kctl block 10.30.0.2
	cmd_fail "but no second" 1 "4096 blocks" kctl block 10.30.0.3
	check_eq "all are lifted at once" "lifted 4096 entries" "$(kctl unblock --all)"
	check_eq "none is left" 0 "$(status_number blocks)"
}

trusted()
{
	check "1024 prefixes are trusted" on server nlmany trust 10.20.0.0 1024
	check_eq "status has them" 1024 "$(status_number trusted)"
	check_eq "so has the list" 1024 "$(listed trusted)"
	cmd_fail "one more is refused" 1 "1024 trusted prefixes" kctl trust 10.30.0.0/24
	check_eq "and changed nothing" 1024 "$(status_number trusted)"
	on client rawknock --to 10.0.0.1 --from 10.20.7.254 --syn --dport 23 > /dev/null
	on client rawknock --to 10.0.0.1 --from 10.20.7.255 --syn --dport 23 > /dev/null
	check "a rule bans the last one's neighbour" wait_until 5 "he is banned" banned 10.20.7.255
	check_not "not the last one" banned 10.20.7.254
	check "one is trusted no more" kctl untrust 10.20.1.0
	check "and another has its place" kctl trust 10.30.0.0/24
	cmd_fail "but no second" 1 "1024 trusted prefixes" kctl trust 10.31.0.0/24
}

need_module
plan 24
net_setup
must fw4 server -A INPUT -p tcp --dport 23 -j KNOCK --ban 10m
must kctl add-door ssh --opens tcp/22
new_key ssh alice
run_stage "blocks" blocks
run_stage "trusted" trusted
end_scenario
