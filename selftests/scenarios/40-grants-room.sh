#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A proved knock that finds no room is refused, and not used up: the same bytes open
# as soon as there is room. For grants of a key, grants of a door, and used knocks
# that are remembered, where time alone makes room again.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

OLDS=1024 RATE=500
[ ! -e /sys/kernel/debug/kmemleak ] || RATE=100

key_full()
{
	new_key ssh narrow --max-grants 2 --skew 60
	one=$(digest "$minute" 10.0.0.2 "$SECRET")
	two=$(digest "$minute" 10.9.0.2 "$SECRET")
	three=$(digest "$minute" 10.0.0.3 "$SECRET")
	one_again=$(digest $((minute + 1)) 10.0.0.2 "$SECRET")
	two_open()
	{
		send client "$one" && send client "$two" --from 10.9.0.2
	}
	assert_reason "two grants of a key that may hold two" opened=2 two_open
	assert_reason "a third is refused" key_full=1 send other "$three"
	assert_reason "refused again, it was not used up" key_full=1 send other "$three"
	assert_reason "who is in needs no room" extended=1 send client "$one_again"
	must kctl close ssh 10.9.0.2
	assert_reason "when one has left, the same bytes open" opened=1 send other "$three"
	assert_reason "but once" duplicate=1 send other "$three"
	must kctl del-key ssh narrow
}

door_full()
{
	must kctl set-door ssh --max-grants 2
	new_key ssh alice
	one=$(digest "$minute" 10.0.0.2 "$SECRET")
	new_key ssh bob
	two=$(digest "$minute" 10.0.0.2 "$SECRET")
	three=$(digest "$minute" 10.0.0.3 "$SECRET")
	by_two_keys()
	{
		send client "$one" && send client "$two"
	}
	assert_reason "two grants at a door that holds two" opened=2 by_two_keys
	assert_reason "a third is refused" door_full=1 send other "$three"
	must kctl set-door ssh --max-grants 3
	assert_reason "with more room the same bytes open" opened=1 send other "$three"
	must kctl close ssh 10.0.0.3
	must kctl set-door ssh --max-grants 2
	# What was given back is there at once, not only some time later.
	swap()
	{
		kctl close ssh 10.0.0.2 > /dev/null && kctl open ssh 10.0.0.2 > /dev/null
	}
	cmd_ok "room is there as soon as it is made" swap
	must kctl del-key ssh alice
	must kctl del-key ssh bob
}

# Close knocks are remembered like others and need no grants.
fill()
{
	on client rawknock --to 10.0.0.1 --from 10.9.1.1 --sources "$OLDS" --secret "$SECRET" \
		--rate "$RATE" > /dev/null
}

room_again()
{
	[ "$(status_number old)" -lt "$OLDS" ]
}

old_full()
{
	must kctl close ssh 10.0.0.2
	new_key ssh shut --action close
	set_clock "2026-11-22 12:40:05"
	minute=$(minute_now)
	one=$(digest "$minute" 10.0.0.2 "$SECRET")
	assert_reason "$OLDS knocks are remembered" nothing_open="$OLDS" fill
	check_eq "all of them" "$OLDS" "$(status_number old)"
	assert_reason "one more is refused" old_full=1 send client "$one"
	assert_reason "and again, in the same minute" old_full=1 send client "$one"
	# Whoever was asked to make room has looked, and found none, before the time has come.
	must later 4
	set_clock "2026-11-22 12:45:05"
	assert_reason "a refused one is not remembered" unproved=1 send client "$one"
	check "when their minutes are over, they are forgotten" wait_until 10 "there is room" room_again
	assert_reason "and a knock is good again" nothing_open=1 \
		send client "$(digest "$(minute_now)" 10.0.0.2 "$SECRET")"
}

need_module
plan 17
net_setup
set_clock "2026-11-22 12:30:05"
minute=$(minute_now)
must kctl add-door ssh --opens tcp/22 --open-for 1h
run_stage "a key's room" key_full
run_stage "a door's room" door_full
run_stage "room for used knocks" old_full
end_scenario
