#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What steps cost, in instructions: with ten thousand once keys what they cost with ten;
# loading ten times as many costs at most eleven times as much.
# Runs: icount
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"
. "$(dirname "$0")/../lib/sequence.sh"
. "$(dirname "$0")/../lib/trace.sh"

PACKETS=300

# To a port that is no step.
strangers()
{
	on client rawknock --to 10.0.0.1 --from 10.9.0.1 --sources "$PACKETS" --syn \
		--dport 999 > /dev/null
}

# From who has begun eight sequences.
begun()
{
	steps client --static "$(seq -s, 900 931)"
}

begin()
{
	local i

	for i in 1 2 3 4 5 6 7 8; do
		once 1 --index "$i" --order 1
	done
}

# costs NAME: what a packet costs, in $STRANGER and $BEGUN
costs()
{
	STRANGER=$(cost_of knock_hook strangers)
	begin
	BEGUN=$(cost_of knock_hook begun)
	diag "$1: $STRANGER instructions for a stranger's SYN, $BEGUN for one of who has begun eight"
}

# add FIRST COUNT: so many keys; how long that takes, in $TOOK
add()
{
	local began

	began=$(now_ms)
	must seq_add ssh "$1" --count "$2" --once "$3" --armed 3
	TOOK=$(($(now_ms) - began))
	diag "$2 keys: $TOOK ms"
}

ten()
{
	add k 10 "$SEQ_SECRET"
	costs "ten keys"
	check "it is seen" [ "$STRANGER" -gt 100 ]
	FEW_STRANGER=$STRANGER FEW_BEGUN=$BEGUN
}

many()
{
	local thousand

	# The first bytes of a secret are its number: each thousand has others behind them.
	add a 1000 "${SEQ_SECRET/%1f/a1}"
	thousand=$TOOK
	add b 10000 "${SEQ_SECRET/%1f/b2}"
	check "ten times as many cost at most eleven times as much" \
		[ "$TOOK" -le $((11 * thousand)) ]
	# What the ten keys' source had begun is over.
	syn 940 941 942
	sleep 12
	costs "11 010 keys"
	alike "a stranger's SYN costs the same" 10 "$FEW_STRANGER" "$STRANGER"
	alike "and that of who has begun eight" 10 "$FEW_BEGUN" "$BEGUN"
}

need_module
plan 4
net_setup
# The LAN is a hub: else the other host's share would be counted, too.
must ip -n lan link set other down
must kctl add-door ssh --opens tcp/22 --open-for 1h
# What comes with the first key is there.
must seq_add ssh first --once "${SEQ_SECRET/#00/ff}" --armed 3
run_stage "ten keys" ten
run_stage "many keys" many
end_scenario
