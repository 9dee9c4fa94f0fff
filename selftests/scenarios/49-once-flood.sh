#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A million lone SYNs to random ports, from forged sources, 40 000 a second into one
# receive queue, with ten thousand once keys: fifty of fifty honest knocks open, with 50 ms
# from step to step. Where instructions are counted, they are the clock as well.
# Runs: icount
# Takes: 60
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"

KEYS=10000
KNOCKS=50
PACKETS=1000000
RATE=40000
# Reasons of a step, whatever becomes of it.
STEP_REASONS=(step step_again no_step too_slow strayed opened extended)

load()
{
	must seq_add ssh k --count "$KEYS" --once "$SEQ_SECRET" --armed 3
	check_eq "all are armed" $((3 * KEYS)) "$(status_number sequences)"
}

flood()
{
	local began seed=$RANDOM

	diag "seed $seed"
	began=$(now_ms)
	steps other --from 100.64.0.0 --flood "$PACKETS" --sources 4000000 --rate "$RATE" \
		--seed "$seed"
	echo $(($(now_ms) - began)) > /tmp/flood.ms
}

flood_runs()
{
	[ "$(reason no_step)" -gt 1000 ]
}

# knocks: the next key's, one after the other; each that opened is closed for the next
knocks()
{
	local i

	for ((i = 1; i <= KNOCKS; i++)); do
		once 1 --index "$i" --delay 50
		kctl close ssh 10.0.0.2 > /dev/null
	done
}

knocks_in_flood()
{
	local before after pid seen

	before=$(reasons)
	flood &
	pid=$!
	wait_until 20 "the flood runs" flood_runs
	knocks
	after=$(reasons_since "$before")
	diag "$after; $(status_number sources) sources"
	check_eq "$KNOCKS of $KNOCKS honest knocks open" "$KNOCKS" "$(sum_of "$after" opened)"
	check "the flood lasted longer" kill -0 "$pid"
	wait "$pid"
	seen=$(sum_of "$(reasons_since "$before")" "${STEP_REASONS[@]}")
	diag "the flood took $(cat /tmp/flood.ms) ms"
	check_eq "every packet of it was looked at" $((PACKETS + 8 * KNOCKS)) "$seen"
	check "it came as fast as it should" \
		[ "$(cat /tmp/flood.ms)" -le $((PACKETS * 1100 / RATE)) ]
	check "the room of sources was full" [ "$(status_number sources)" -gt 60000 ]
}

need_module
plan 6
net_setup
fw_drop server ssh
must kctl add-door ssh --opens tcp/22 --open-for 1h
run_stage "loading" load
run_stage "a flood" knocks_in_flood
end_scenario
