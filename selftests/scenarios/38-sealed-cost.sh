#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What sealed knocks cost, in instructions: an unknown hint no cryptography, and the same
# with one key as with ten thousand; a known one with bad bytes one derivation. Five
# thousand of these a second from the owner's own address do not keep his knocks out.
# A new minute's hints come one by one, so no packet waits for more than one of them.
# Runs: icount
# Takes: 40
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"
. "$(dirname "$0")/../lib/sealed.sh"
. "$(dirname "$0")/../lib/trace.sh"

KEYS=10000
PACKETS=300

strangers()
{
	on client rawknock --to 10.0.0.1 --from 10.9.0.1 --random 88 --count "$PACKETS" > /dev/null
}

# count_unknown NAME: in $unknown, with what it was seen to cost
count_unknown()
{
	local derivations

	derivations=$(status_number derivations)
	set_clock "2026-11-22 12:30:05"
	sleep 3
	unknown=$(cost_of knock_hook strangers)
	diag "$1: $unknown instructions in the hook for a datagram with an unknown hint"
	check_eq "$1: no cryptography" 0 $(($(status_number derivations) - derivations))
}

# The secrets of the others are numbers, in base64.
many_keys()
{
	awk -v n="$KEYS" 'BEGIN {
		print "[door]\nopens = tcp/80"
		for (i = 0; i < n; i++)
			printf "[key k%d]\ntype = sealed\nsecret = %08dAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", i, i
	}' > /tmp/www.conf
	chmod 0600 /tmp/www.conf
	check "ten thousand keys come by one file" kctl load /tmp/www.conf
	check_eq "they are there" $((KEYS + 1)) "$(status_number sealed_keys)"
	check_eq "with all their hints" $((6 * (KEYS + 1))) "$(status_number hints)"
}

one_key()
{
	count_unknown "one key"
	one=$unknown
	check "it is seen" [ "$one" -gt 300 ]
	sealed --flip | tail -n 640 > /tmp/bad
	diag "a known hint with bad bytes: $(cost_of knock_hook deliver < /tmp/bad) instructions"
}

ten_thousand()
{
	count_unknown "10 000 keys"
	alike "the same as with one" 5 "$one" "$unknown"
	assert_reason "and a knock opens" opened=1 sealed_knock
	must kctl close ssh 10.0.0.2
}

# Once a minute the oldest hint of each key goes and one comes. What is done with a bucket
# locked is one of these; a timer's interrupt adds to a few.
rebuild()
{
	local each most

	set_clock "2026-11-22 12:35:05"
	sleep 3
	echo 16384 > "$TRACE"/buffer_size_kb
	each=$(cost_of "knock_table_add_locked knock_table_del_locked" sleep 60)
	most=$(tail -n 20 "$COSTS" | head -n 1)
	diag "$(wc -l < "$COSTS") changes, $each instructions each, but for 20 of them $most at most"
	check "all hints of a minute go, and as many come" [ "$(wc -l < "$COSTS")" -ge $((2 * KEYS)) ]
	check "one at a time" [ "$each" -gt 20 -a "$most" -le 3000 ]
	assert_reason "and a knock opens" opened=1 sealed_knock
	must kctl close ssh 10.0.0.2
}

flood()
{
	local before derivations

	set_clock "2026-11-22 12:40:05"
	sleep 3
	sealed --flip | tail -n 640 > /tmp/bad
	sealed --count 50 > /tmp/good
	before=$(reasons)
	derivations=$(status_number derivations)
	become client rawknock --to 10.0.0.1 --from 10.0.0.2 --lines --rate 5000 --for 12 \
		< /tmp/bad > /dev/null &
	deliver --rate 5 < /tmp/good
	wait $!
	before=$(reasons_since "$before")
	diag "$before"
	check "they came, some 5000 a second" [ "$(sum_of "$before" tag)" -ge 55000 ]
	check_eq "and cost one derivation each" "$(sum_of "$before" tag opened extended)" \
		$(($(status_number derivations) - derivations))
	check_eq "50 knocks of 50 are good" 50 "$(sum_of "$before" opened extended)"
}

need_module
plan 14
net_setup
# The LAN is a hub: else the other host's share would be counted, too.
must ip -n lan link set other down
set_clock "2026-11-22 12:30:05"
must kctl add-door ssh --opens tcp/22 --open-for 1h
new_sealed ssh alice
run_stage "one key" one_key
run_stage "many keys" many_keys
run_stage "ten thousand keys" ten_thousand
run_stage "a minute later" rebuild
run_stage "a flood" flood
end_scenario
