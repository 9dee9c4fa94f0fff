#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A close, by knock or by hand, ends every grant of one address on one door, and
# nothing else; deleting a key or a door ends its grants and nobody else's.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

# What lives, as door/key/address, sorted
live()
{
	kctl --json grants | sed -n \
		's/.*"door": "\([^"]*\)", "key": "*\([^",]*\)"*, "address": "\([^"]*\)".*/\1\/\2\/\3/p' |
		sort | xargs
}

# ended HOW_MANY: into /tmp/ended the closed events since the last call, as door/key/address/cause, sorted
ended()
{
	local seen=$SEEN

	closed_come()
	{
		[ "$(grep -c '"closed"' "$EVENTS")" -ge $((seen + $1)) ]
	}
	wait_until 5 "$1 closed events came" closed_come "$1"
	SEEN=$(grep -c '"closed"' "$EVENTS")
	grep '"closed"' "$EVENTS" | tail -n +$((seen + 1)) | sed -n \
		's/.*"door": "\([^"]*\)", "key": "*\([^",]*\)"*, "address": "\([^"]*\)".*"cause": "\([^"]*\)", "until": null.*/\1\/\2\/\3\/\4/p' |
		sort | xargs > /tmp/ended
}

# open_all NAME: two keys and a command on ssh, a command on web, for two addresses
open_all()
{
	turn=$((turn + 1))
	set_clock "@$((NOON + 60 * turn))"
	now=$(minute_now)
	all_knock()
	{
		send client "$(digest "$now" 10.0.0.2 "$ALICE")" &&
			send client "$(digest "$now" 10.0.0.2 "$BOB")" &&
			send other "$(digest "$now" 10.0.0.3 "$ALICE")"
	}
	assert_reason "$1: three knocks open" opened=3 all_knock
	must kctl open ssh 10.0.0.2
	must kctl open web 10.0.0.2
	must kctl open web 10.0.0.3
}

ALL="ssh/alice/10.0.0.2 ssh/alice/10.0.0.3 ssh/bob/10.0.0.2 ssh/null/10.0.0.2 web/null/10.0.0.2 web/null/10.0.0.3"
REST="ssh/alice/10.0.0.3 web/null/10.0.0.2 web/null/10.0.0.3"

close_by_knock()
{
	open_all "close by knock"
	check_eq "six grants" "$ALL" "$(live)"
	assert_reason "a close knock closes" closed=1 send client "$(digest "$now" 10.0.0.2 "$SHUT")"
	check_eq "all of its source on its door, no more" "$REST" "$(live)"
	ended 3
	check_eq "and tells of each" "ssh/alice/10.0.0.2/knock ssh/bob/10.0.0.2/knock ssh/null/10.0.0.2/knock" \
		"$(cat /tmp/ended)"
	assert_reason "nothing is left to close" nothing_open=1 \
		send client "$(digest "$((now + 1))" 10.0.0.2 "$SHUT")"
	check_eq "and nothing ended" "$REST" "$(live)"
}

close_by_hand()
{
	turn=$((turn + 1))
	kctl close ssh 10.0.0.3 > /dev/null
	ended 1
	open_all "close by hand"
	check_eq "a command says how many" "closed 3 grants" "$(kctl close ssh 10.0.0.2)"
	check_eq "all of the address on the door, no more" "$REST" "$(live)"
	ended 3
	check_eq "and tells of each" "ssh/alice/10.0.0.2/command ssh/bob/10.0.0.2/command ssh/null/10.0.0.2/command" \
		"$(cat /tmp/ended)"
	check_eq "again, nothing was open" "nothing was open" "$(kctl close ssh 10.0.0.2)"
	check "that is no error" kctl close ssh 10.0.0.2
}

key_deleted()
{
	turn=$((turn + 1))
	kctl close ssh 10.0.0.3 > /dev/null
	ended 1
	open_all "a key deleted"
	must kctl del-key ssh alice
	check_eq "its grants end, not those of another behind the same address" \
		"ssh/bob/10.0.0.2 ssh/null/10.0.0.2 web/null/10.0.0.2 web/null/10.0.0.3" "$(live)"
	ended 2
	check_eq "with the cause" "ssh/alice/10.0.0.2/key_deleted ssh/alice/10.0.0.3/key_deleted" \
		"$(cat /tmp/ended)"
	assert_reason "its knocks are nobody's" unproved=1 \
		send client "$(digest "$((now + 1))" 10.0.0.2 "$ALICE")"
}

door_deleted()
{
	must kctl del-door ssh
	check_eq "all its grants end, no other door's" "web/null/10.0.0.2 web/null/10.0.0.3" "$(live)"
	ended 2
	check_eq "with the cause" "ssh/bob/10.0.0.2/door_deleted ssh/null/10.0.0.2/door_deleted" \
		"$(cat /tmp/ended)"
	assert_reason "no key is left" no_key=1 send client "$(digest "$((now + 1))" 10.0.0.2 "$BOB")"
	check_eq "no used knock either" 0 "$(status_number old)"
}

need_module
plan 21
net_setup
NOON=$(date -u -d "2026-11-22 12:30:10" +%s)
SEEN=0
turn=0
set_clock "@$NOON"
must kctl add-door ssh --opens tcp/22 --open-for 1h
must kctl add-door web --opens tcp/80 --open-for 1h
new_key ssh alice --skew 60
ALICE=$SECRET
new_key ssh bob --skew 60
BOB=$SECRET
new_key ssh shut --action close --skew 60
SHUT=$SECRET
start_monitor
run_stage "by knock" close_by_knock
run_stage "by hand" close_by_hand
run_stage "del-key" key_deleted
run_stage "del-door" door_deleted
end_scenario
