#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Ten times as many once keys in one file cost load, which writes the numbers of each
# before it is armed, at most 11 times the instructions, to ten thousand.
# Runs: icount
# Takes: 50
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

FILE=/etc/netns/server/knock/doors/ssh.conf
STATE=/tmp/state

# configured KEYS: a door with so many. Digits are base64, too.
configured()
{
	{
		printf '[door]\nopens = tcp/22\n'
		awk -v keys="$1" 'BEGIN {
			for (i = 0; i < keys; i++)
				printf "\n[key k%05d]\ntype = sequence\nonce = yes\nsecret = %042dA=\n", i, i
		}'
	} > "$FILE"
	chmod 600 "$FILE"
}

# cost_of KEYS: milliseconds of load, which are instructions here
cost_of()
{
	local before

	must kctl --state "$STATE" del-door ssh
	configured "$1"
	rm -rf "$STATE"
	before=$(now_ms)
	must kctl --state "$STATE" load
	echo $(($(now_ms) - before))
}

# marks: how many files say what
marks()
{
	cat "$STATE"/once/* | cut -d ' ' -f 1-6 | sort | uniq -c | sed 's/^ *//'
}

need_module
[ -n "${KNOCK_KO:-}" ] || skip_all "no module to insert again"
plan 8
net_setup
must kctl --state "$STATE" add-door ssh --opens tcp/22
few=$(cost_of 1000)
check_eq "a thousand keys, three sequences each" 3000 "$(status_number sequences)"
many=$(cost_of 10000)
check_eq "ten thousand" 30000 "$(status_number sequences)"
diag "a thousand: $few ms, ten thousand: $many ms"
check "cost at most 11 times as much" test "$many" -le $((11 * few))
check_eq "what is armed is written" "10000 handed 16 mark 3 used -" "$(marks)"
check_eq "the same again changes nothing" "nothing to change" "$(kctl --state "$STATE" load)"
must rmmod xt_knock
must insmod "$KNOCK_KO"
check_eq "after a crash" \
	"doors: 1 added, 0 changed, 0 deleted; keys: 10000 added, 0 replaced, 0 deleted" \
	"$(kctl --state "$STATE" load)"
check_eq "all that may have been used is used" "10000 handed 16 mark 6 used -" "$(marks)"
must kctl --state "$STATE" del-door ssh
check_eq "what goes in an orderly way is known" "10000 handed 16 mark 6 used 3" "$(marks)"
end_scenario
