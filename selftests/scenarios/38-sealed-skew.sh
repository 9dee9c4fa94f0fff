#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A sealed knock is good from 90 s before to 90 s behind the server's clock, in whole
# seconds, both included: 183 knocks from -91 to +91 s, at each second of a minute, with
# a key of its own for each; other skews at their edges.
# Runs: icount
# Takes: 40
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"
. "$(dirname "$0")/../lib/sealed.sh"

NOON=$(date -u -d "2026-11-22 12:30:00" +%s)

# swept SKEW SECOND: what becomes of one knock for each second from SKEW + 1 before to as
# much behind, the clock standing at SECOND behind noon
swept()
{
	local at=$((NOON + $2)) before

	set_clock "@$at.1"
	new_sealed ssh k --skew "$1"
	sealed --at "$at" --sweep "$((-$1 - 1)):$(($1 + 1))" > /tmp/swept
	before=$(reasons)
	set_clock "@$at.1"
	deliver --copies 1 < /tmp/swept
	reasons_since "$before"
	must kctl del-key ssh k
	kctl close ssh 10.0.0.2 > /dev/null
}

# wanted SKEW SECOND: the same by arithmetic. What is a second too old is of a minute whose
# hint is forgotten if a minute began just then.
wanted()
{
	local old=too_old

	[ $(((NOON + $2 - $1) % 60)) != 0 ] || old=unknown_hint
	sorted "extended=$((2 * $1))" not_yet=1 opened=1 "$old=1" | sed 's/extended=0 //'
}

every_second()
{
	local second

	for ((second = 0; second < 60; second++)); do
		check_eq "skew 90, second $second" "$(wanted 90 "$second")" "$(swept 90 "$second")"
	done
}

edges()
{
	local skew second

	for skew in 0 60 300; do
		for second in 0 1 59; do
			check_eq "skew $skew, second $second" "$(wanted "$skew" "$second")" \
				"$(swept "$skew" "$second")"
		done
	done
}

need_module
plan 69
net_setup
must kctl add-door ssh --opens tcp/22 --open-for 1h
run_stage "every second of a minute" every_second
run_stage "other skews" edges
end_scenario
