#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Four copies of a sealed knock, two on each of two CPUs at the same moment, a
# thousand times with one key: each time exactly one of them opens.
# Runs: stock
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"
. "$(dirname "$0")/../lib/sealed.sh"

ROUNDS=1000

# received CPU: packets that its softirq took in so far; see 33-race
received()
{
	local line

	line=$(sed -n "$(($1 + 1))p" /proc/net/softnet_stat)
	echo $((0x${line%% *}))
}

race()
{
	on client knockrace --to 10.0.0.1 --from 10.9.0.1 --lines --threads 2 --copies 2 \
		< /tmp/rounds > /dev/null
}

need_module
[ "$(nproc)" -ge 2 ] || skip_all "one CPU"
plan 4
net_setup
must kctl add-door ssh --opens tcp/22 --max-grants "$ROUNDS" --open-for 1h
new_sealed ssh alice --max-grants "$ROUNDS" --skew 300
sealed --address 10.9.0.1 --addresses "$ROUNDS" --count "$ROUNDS" > /tmp/rounds
cpu0=$(received 0)
cpu1=$(received 1)
assert_reason "of four copies one opens" "duplicate=$((3 * ROUNDS)) opened=$ROUNDS" race
cpu0=$(($(received 0) - cpu0))
cpu1=$(($(received 1) - cpu1))
check "CPU 0 received its share ($cpu0 packets)" [ "$cpu0" -ge $((2 * ROUNDS)) ]
check "CPU 1 received its share ($cpu1 packets)" [ "$cpu1" -ge $((2 * ROUNDS)) ]
check_eq "a grant for each" "$ROUNDS" "$(status_number grants)"
end_scenario
