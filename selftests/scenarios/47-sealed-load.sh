#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Ten times as many sealed keys in one file cost load at most 11 times the instructions,
# to ten thousand; the module has them all, and an equal file changes nothing.
# Runs: icount
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

FILE=/etc/netns/server/knock/doors/ssh.conf

# configured KEYS: a door with so many. Digits are base64, too.
configured()
{
	{
		printf '[door]\nopens = tcp/22\n'
		awk -v keys="$1" 'BEGIN {
			for (i = 0; i < keys; i++)
				printf "\n[key k%05d]\ntype = sealed\nsecret = %042dA=\n", i, i
		}'
	} > "$FILE"
	chmod 600 "$FILE"
}

# cost_of KEYS: milliseconds of load, which are instructions here
cost_of()
{
	local before

	must kctl del-door ssh
	configured "$1"
	before=$(now_ms)
	must kctl load
	echo $(($(now_ms) - before))
}

need_module
plan 4
net_setup
must kctl add-door ssh --opens tcp/22
few=$(cost_of 1000)
check_eq "a thousand keys" 1000 "$(status_number sealed_keys)"
many=$(cost_of 10000)
check_eq "ten thousand" 10000 "$(status_number sealed_keys)"
diag "a thousand: $few ms, ten thousand: $many ms"
check "cost at most 11 times as much" test "$many" -le $((11 * few))
check_eq "the same again changes nothing" "nothing to change" "$(kctl load)"
end_scenario
