#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A listing of 100 000 grants, while 10 000 others come and go, shows exactly once each
# that lived throughout.
# Runs: long
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/dump.sh"

STAY=100000 OTHERS=10000

# Those live for a second, and come again as long as anybody lists.
churn()
{
	while [ ! -e /tmp/stop ]; do
		on server nlmany grant ssh 1 10.8.0.0 "$OTHERS"
		echo >> /tmp/rounds
	done
}

# shown FILE: "times grants others": how often each that stays was, and how many others
shown()
{
	sed -n 's/.*"address": "\(10\.[0-9.]*\)".*/\1/p' "$1" | awk '
		/^10\.8\./ { others++; next }
		{ times[$1]++ }
		END {
			for (address in times) n[times[address]]++
			for (t in n) print t, n[t]
			print "others", others + 0 > "/tmp/others"
		}' | xargs
}

listing()
{
	must on server nlmany grant ssh 86400 10.16.0.0 "$STAY"
	: > /tmp/rounds
	churn &
	must wait_until 120 "others have come" [ -s /tmp/rounds ]
	kctl --json grants ssh | slowly > /tmp/list
	check_eq "each of $STAY once, read slowly" "1 $STAY" "$(shown /tmp/list)"
	diag "$(cat /tmp/others)"
	check "others are among them" [ "$(awk '{ print $2 }' /tmp/others)" -gt 0 ]
	kctl --json grants ssh > /tmp/list
	check_eq "and at once" "1 $STAY" "$(shown /tmp/list)"
	: > /tmp/stop
	wait
	diag "others came $(rounds) times"
}

need_module
plan 3
net_setup
must kctl add-door ssh --opens tcp/22 --max-grants 200000
run_stage "a hundred thousand" listing
end_scenario
