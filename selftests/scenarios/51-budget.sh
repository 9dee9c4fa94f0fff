#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The budget of hashes: a flood of bogus knocks costs a CPU so many a second and no
# more, takes nothing from datagrams of a sealed knock's length, and leaves nothing
# behind.
# Processors: 2
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

SECONDS_LONG=5
# A skew of 300 s is 11 minutes, at any second.
KEYS=20 SKEW=300
COST=$((KEYS * 11))
# Hashes a second, far from what the keys would take of such a flood.
RATE=5000

make_doors()
{
	local i

	must kctl add-door ssh --opens tcp/22
	for ((i = 1; i < KEYS; i++)); do
		must kctl add-key ssh "k$i" --type tumbler --skew "$SKEW"
	done
	new_key ssh honest --skew "$SKEW"
}

# flood CPU [FIRST]: bogus knocks from many sources, all received by one CPU; into
# /tmp/flood.CPU how many they were
flood()
{
	on client taskset -c "$1" rawknock --to 10.0.0.1 --from "${2:-10.9.0.0}" --sources 2000 \
		--bogus --for "$SECONDS_LONG" > "/tmp/flood.$1"
}

# One CPU floods; in the middle of it 200 datagrams of 88 bytes come from elsewhere.
flood_and_sealed()
{
	flood 0 &
	local pid=$!

	wait_until 20 "the flood runs" rises_above 1000
	must on other taskset -c $(($(nproc) - 1)) rawknock --to 10.0.0.1 --from 10.0.0.3 \
		--from-mac 2:0:0:0:0:3 --random 88 --count 200
	wait "$pid"
}

rises_above()
{
	[ $(($(reason unproved) + $(reason budget))) -gt "$1" ]
}

# flood_check NAME COMMAND...: what a flood is for that asks for more than the budget. The
# measured one is what a processor can do in a moment of its own: where it both sends and
# receives, or has others to wait for, no flood may come to that.
flood_check()
{
	if [[ $1 = measured:* ]] && ! flood_asks_for_more; then
		skip "$1" "this machine cannot send as much as it measured"
	else
		check "$@"
	fi
}

flood_asks_for_more()
{
	[ "$total" -gt $((limit * 5 / 4)) ]
}

# stays_within LABEL BUDGET
stays_within()
{
	local name=$1 budget=$2 before counted hashes limit total sent

	before=$(reasons)
	hashes=$(status_number hashes)
	flood_and_sealed
	hashes=$(($(status_number hashes) - hashes))
	counted=$(reasons_since "$before")
	sent=$(tr -dc 0-9 < /tmp/flood.0)
	limit=$((budget * SECONDS_LONG * 11 / 10))
	total=$((sent * COST))
	diag "$name: budget $budget a second, $sent knocks worth $total hashes; $hashes computed"
	diag "$counted"
	flood_check "$name: the flood asks for more" flood_asks_for_more
	check "$name: hashes stay within 1.1 times" [ "$hashes" -le "$limit" ]
	flood_check "$name: what is allowed is used" [ "$hashes" -ge $((limit / 4)) ]
	check_eq "$name: $COST hashes a tried knock" "$hashes" \
		$(($(sum_of "$counted" unproved) * COST))
	flood_check "$name: the others are passed over" [ "$(sum_of "$counted" budget)" -gt 0 ]
	check_eq "$name: each is counted once" "$sent" \
		"$(sum_of "$counted" unproved budget)"
	check_eq "$name: sealed-sized datagrams are untouched" 200 "$(sum_of "$counted" unknown_hint)"
	assert_reason "$name: an honest knock works again" "duplicate=2 opened=1" \
		knock client "$SECRET"
}

chosen_rate()
{
	module_with hashes="$RATE"
	make_doors
	check_eq "the parameter is the budget" "$RATE" "$(status_number budget)"
	stays_within "hashes=$RATE" "$RATE"
}

measured_rate()
{
	local budget

	module_with
	make_doors
	budget=$(status_number budget)
	# By a clock that ticks every 10 ms a few hashes take no time at all.
	check "a budget is measured" [ "$budget" -gt 100 -a "$budget" -lt 20000000 ]
	stays_within "measured" "$budget"
}

# Two CPUs have two buckets, and not one more.
two_cpus()
{
	local hashes before

	[ "$(nproc)" -ge 2 ] || { skip "a budget for each CPU" "the guest has one"; return; }
	module_with hashes="$RATE"
	make_doors
	hashes=$(status_number hashes)
	flood 0 &
	before=$!
	flood 1 10.9.128.0
	wait "$before"
	hashes=$(($(status_number hashes) - hashes))
	diag "two CPUs: $hashes hashes"
	check "a budget for each CPU" [ "$hashes" -le $((2 * RATE * SECONDS_LONG * 11 / 10)) ]
}

need_module
plan 19
net_setup
run_stage "a chosen rate" chosen_rate
run_stage "the measured rate" measured_rate
run_stage "two CPUs" two_cpus
end_scenario
