#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Four copies of a knock, two on each of two CPUs at the same moment, a thousand
# times: each time exactly one of them opens.
# Runs: stock
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

ROUNDS=1000

# A veth hands a packet to the softirq of the CPU that sent it, and knockrace pins
# a sender to each: what each CPU's softirq took in is in its line of softnet_stat.
# received CPU: packets so far
received()
{
	local line

	line=$(sed -n "$(($1 + 1))p" /proc/net/softnet_stat)
	echo $((0x${line%% *}))
}

race()
{
	on client knockrace --to 10.0.0.1 --from "$1" --secret "$SECRET" --rounds "$ROUNDS" \
		--threads 2 --copies 2 > /dev/null
}

# run_race NAME FIRST_ADDRESS
run_race()
{
	local cpu0 cpu1

	cpu0=$(received 0)
	cpu1=$(received 1)
	new_key ssh "$1" --max-grants "$ROUNDS"
	assert_reason "$1: of four copies one opens" "duplicate=$((3 * ROUNDS)) opened=$ROUNDS" \
		race "$2"
	cpu0=$(($(received 0) - cpu0))
	cpu1=$(($(received 1) - cpu1))
	check "$1: CPU 0 received its share ($cpu0 packets)" [ "$cpu0" -ge $((2 * ROUNDS)) ]
	check "$1: CPU 1 received its share ($cpu1 packets)" [ "$cpu1" -ge $((2 * ROUNDS)) ]
	check_eq "$1: a grant for each" "$ROUNDS" \
		"$(kctl --json grants | grep -o "\"key\": \"$1\".*\"address\": \"[^\"]*\"" | sort -u | wc -l)"
	must kctl del-key ssh "$1"
}

need_module
[ -n "${KNOCK_KO:-}" ] || skip_all "no module to insert with another budget"
[ "$(nproc)" -ge 2 ] || skip_all "one CPU"
plan 9
net_setup
# No copy is to be passed over for want of hashes: each has to lose the race.
must rmmod xt_knock
must insmod "$KNOCK_KO" hashes=100000000
must kctl add-door ssh --opens tcp/22 --max-grants 4096 --open-for 1h
set_clock "2026-11-22 12:30:05"
run_race first 10.9.0.1
set_clock "2026-11-22 12:32:05"
run_race second 10.9.64.1
check_eq "nothing is left of it" 0 "$(status_number grants)"
end_scenario
