#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Derived sequences: of their slot and counter, each once, whatever clocks do.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"

# derived COUNTER [OPTION]...: from the client, at this moment
derived()
{
	local n=$1

	shift
	steps client --derived "$SEQ_SECRET" --counter "$n" "$@"
}

# armed N: so many are good or to come
armed()
{
	[ "$(status_number sequences)" = "$1" ]
}

# at COUNTER SECONDS: by a clock that is so far ahead, or behind
at()
{
	derived "$1" --at $(($(date +%s) + $2))
}

of_a_slot()
{
	clock_second 10
	must seq_add ssh alice --derived "$SEQ_SECRET" --fresh
	check "four of this slot, four of the next" wait_until 10 "they are made" armed 8
	assert_reason "the first opens" "opened=1 step=7" derived 0
	check "event: used" wait_event '"kind": "used".*"key": "alice".*"number": 0, "slot": [0-9]+'
	check "the next are made, the used one is old" wait_until 10 "they are made" armed 9
	assert_reason "a copy is a duplicate" "duplicate=1 step=7" derived 0
	assert_reason "the fifth is good now" "extended=1 step=7" derived 4
	check "and those before it are over" wait_until 10 "they are made" armed 10
	assert_reason "so is the third" "no_step=8" derived 2
	assert_reason "one too far ahead is none yet" "no_step=8" derived 9
}

clocks()
{
	clock_second 52
	check "heads are there early" wait_until 10 "they are made" is_made
	must wait_until 10 "the skew reaches the next slot" is_second 56
	assert_reason "4 s ahead, in the next slot" "extended=1 step=7" at 0 4
	clock_second 2
	clock_second 2
	check "heads follow the clock" wait_until 10 "they are made" is_made
	assert_reason "4 s behind, in the slot before" "extended=1 step=7" at 1 -4
	clock_second 30
	check "again, those of the next slot too" wait_until 10 "they are made" is_made 60
	assert_reason "a slot ahead is too early" "not_yet=1 step=7" at 0 60
	assert_reason "and in its time" "extended=1 step=7" derived 0
	USED_AT=$(date +%s)
	TAKEN=$(reasons)
	must date -s "@$((USED_AT - 60))"
	nothing_used "a slot"
	must date -s "@$((USED_AT - 3600))"
	nothing_used "an hour"
	must date -s "@$((USED_AT - 86400))"
	nothing_used "a day"
	must date -s "@$USED_AT"
	clock_second 20
	check "forth again" wait_until 10 "they are made" is_made
	assert_reason "a later slot is good" "extended=1 step=7" derived 0
}

# is_second N: of the minute, or later
is_second()
{
	[ "$(date +%-S)" -ge "$1" ]
}

# is_made [SECONDS]: of this slot, or that one so much later, there are heads: the clock
# is believed
is_made()
{
	local before

	before=$(reasons)
	steps client --derived "$SEQ_SECRET" --counter 3 --order 1 --at $(($(date +%s) + ${1-0}))
	[ "$(reasons_since "$before")" = "step=1" ] || return
}

# Neither what was used, nor what an older clock would say.
nothing_used()
{
	derived 0
	derived 1
	derived 0 --at "$USED_AT"
	check_eq "clock set back by $1: nothing is taken" "" "$(reasons_since "$TAKEN" | tr ' ' '\n' |
		grep -e opened -e extended)"
}

guard()
{
	clock_second 10
	must seq_add ssh bob --derived "${SEQ_SECRET/#00/fe}" --slot 30 --location "60.17,24.94"
	bob()
	{
		steps client --derived "${SEQ_SECRET/#00/fe}" --slot 30 --location "60.17,24.94" --counter "$1"
	}
	check "its heads are made" wait_until 10 "they are made" more_than "$MADE"
	assert_reason "a guarded key is not accepted at once" "guard=1 step=7" bob 0
	LOADED=$(now_ms)
	# The guard is kept by the clock that nobody sets.
	check "its guard is over" wait_until 15 "5 s are over" is_past_guard
	must date -s "@$(($(date +%s) / 30 * 30 + 61))"
	check "but in a later slot" wait_until 10 "it opens" bob_opens
}

is_past_guard()
{
	[ "$(now_ms)" -gt $((LOADED + 8000)) ]
}

more_than()
{
	[ "$(status_number sequences)" -gt "$1" ]
}

bob_opens()
{
	local before

	before=$(reasons)
	bob 0
	[[ $(reasons_since "$before") == *opened=1* ]]
}

need_module
plan 25
net_setup
fw_drop server ssh
must kctl add-door ssh --opens tcp/22 --open-for 1d
start_monitor
run_stage "counters of a slot" of_a_slot
run_stage "slots and clocks" clocks
MADE=$(status_number sequences)
run_stage "a guarded key" guard
stop_monitor
end_scenario
