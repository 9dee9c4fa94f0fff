#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What a datagram costs: one hash for each key of its knock port and each minute
# that is accepted, never more, and none for what is no knock or was used before.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

KEYS=128
# Longer than a busy machine takes for a test on either side of an edge.
SKEW=20

COUNTED=(--hashes)

# costs NAME HASHES REASONS COMMAND...: exactly so many hashes, and these counters
costs()
{
	local name=$1 hashes=$2 want=$3

	shift 3
	# shellcheck disable=SC2086 # one counter a word
	[ "$hashes" = 0 ] || want=$(printf '%s\n' "hashes=$hashes" $want | sort | xargs)
	assert_reason "$name: $hashes hashes" "$want" "$@"
}

bogus()
{
	on client rawknock --to 10.0.0.1 --from 10.0.0.2 --bogus "$@" > /dev/null
}

bogus6()
{
	on client rawknock --to 2001:db8::1 --from 2001:db8::2 --bogus "$@" > /dev/null
}

good()
{
	on client rawknock --to 10.0.0.1 --from "$1" --digest "$digest" > /dev/null
}

# The last key's knock for this minute from the client's address.
make_digest()
{
	digest=$(on client tumbler --print --source 10.0.0.2 --open "tumbler://$SECRET@10.0.0.1/" |
		grep -o -E '[0-9a-f]{64}' | head -n 1)
	[ -n "$digest" ] || bail "tumbler prints no digest"
}

many_keys()
{
	local i

	must kctl add-door ssh --opens tcp/22
	for ((i = 1; i < KEYS; i++)); do
		must kctl add-key ssh "k$i" --type tumbler --skew "$SKEW"
	done
	new_key ssh last --skew "$SKEW"
	check_eq "$KEYS tumbler keys" "$KEYS" "$(status_number tumbler_keys)"
	must kctl add-door other --opens tcp/23 --knock-port 9999
	cmd_fail "one more is refused" 1 "all the tumbler keys it may" kctl add-key ssh more --type tumbler
	cmd_fail "for another door, too" 1 "all the tumbler keys it may" kctl add-key other more --type tumbler
	check_eq "and is not there" "$KEYS" "$(status_number tumbler_keys)"
}

bogus_knocks()
{
	clock_second 22
	costs "a bogus knock" "$KEYS" unproved=1 bogus
	clock_second 22
	costs "by IPv6" "$KEYS" unproved=1 bogus6
	clock_second 1
	costs "within skew after a minute's edge" $((2 * KEYS)) unproved=1 bogus
	clock_second 41
	costs "and before it" $((2 * KEYS)) unproved=1 bogus
}

# Where in the list its key comes is none of anybody's business.
good_knocks()
{
	local before rose

	clock_second 22
	make_digest
	before=$(reasons)
	must good 10.0.0.2
	rose=$(reasons_since "$before")
	check_eq "a good knock opens" 1 "$(sum_of "$rose" opened)"
	check "with no more hashes than keys: $rose" [ "$(sum_of "$rose" hashes)" -ge 1 -a \
		"$(sum_of "$rose" hashes)" -le "$KEYS" ]
	before=$(reasons)
	must good 10.0.0.2
	rose=$(reasons_since "$before")
	# A slow machine takes more than the 5 s in which it is a copy.
	check "the same again: 0 hashes" [ "$rose" = duplicate=1 -o "$rose" = replay=1 ]
	costs "and from elsewhere" 0 replay=1 good 10.9.0.1
}

quietly()
{
	"$@" > /dev/null
}

ordinary_packets()
{
	costs "a ping" 0 "" quietly on client ping -q -c 1 10.0.0.1
	costs "a SYN" 0 "" quietly try_tcp client 10.0.0.1 22
	costs "a datagram to another port" 0 "" bogus --dport 53
	costs "one of a sealed knock's length" 0 unknown_hint=1 bogus --random 88
	costs "one of another length" 0 size=1 bogus --length 90
	costs "one of another form" 0 form=1 bogus --template 'TUMBLER2: %d'
	costs "one with a bad checksum" 0 checksum=1 bogus --checksum bad
}

other_ports()
{
	costs "a knock port without keys" 0 no_key=1 bogus --dport 9999
	must kctl del-key ssh k1
	must kctl add-key other key --type tumbler --skew "$SKEW"
	clock_second 22
	costs "only the keys of its port are tried" 1 unproved=1 bogus --dport 9999
	clock_second 22
	costs "there and here" $((KEYS - 1)) unproved=1 bogus
	must kctl set-door other --knock-port 8675
	clock_second 22
	costs "two doors on one port" "$KEYS" unproved=1 bogus
	costs "and no more on the old one" 0 "" bogus --dport 9999
}

need_module
plan 24
net_setup
# Where a process takes a second, fewer keys have to do.
if [ -e /sys/kernel/debug/kmemleak ]; then
	KEYS=12
	module_with tumbler_keys="$KEYS"
fi
run_stage "many keys" many_keys
run_stage "bogus knocks" bogus_knocks
run_stage "good knocks" good_knocks
run_stage "ordinary packets" ordinary_packets
run_stage "other ports" other_ports
end_scenario
