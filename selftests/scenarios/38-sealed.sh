#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Sealed knocks: what opens, what closes, and each thing that makes one no good, with
# its own reason: every bit flipped, every length, other doors, addresses and times.
# Takes: 40
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"
. "$(dirname "$0")/../lib/sealed.sh"

# grant_seconds ADDRESS: of its grant, as it was made
grant_seconds()
{
	kctl --json grants | tr -d ' \n' | tr '{' '\n' | grep "\"address\":\"$1\"" |
		sed 's/.*"since":"\([^"]*\)".*"until":"\([^"]*\)".*/\1 \2/' |
		{ read -r since until; echo $(($(date -d "$until" +%s) - $(date -d "$since" +%s))); }
}

opening()
{
	assert_reason "a knock opens" opened=1 sealed_knock
	check_eq "for as long as the door says" 60 "$(grant_seconds 10.0.0.2)"
	assert_reason "the next extends" extended=1 sealed_knock
	assert_reason "another device, a nanosecond later" opened=1 \
		eval "sealed --address 10.0.0.3 | from_other"
	assert_reason "a close knock closes" closed=1 sealed_knock --close
	check_eq "its own address alone" 1 "$(status_number grants)"
	assert_reason "again, and there is nothing" nothing_open=1 sealed_knock --close
	assert_reason "an open may say for how long" opened=1 sealed_knock --open-for 20
	check_eq "less than the door's" 20 "$(grant_seconds 10.0.0.2)"
	must kctl close ssh 10.0.0.2
	assert_reason "or more" opened=1 sealed_knock --open-for 4294967295
	check_eq "which is clamped to the door's" 60 "$(grant_seconds 10.0.0.2)"
	must kctl close ssh 10.0.0.2
	must kctl close ssh 10.0.0.3
}

# What a key closes is its own.
two_keys()
{
	local bob

	new_sealed ssh bob
	bob=$SEALED
	assert_reason "a second key opens for the same address" opened=1 sealed_knock
	SEALED=$alice
	assert_reason "the first does, too" opened=1 sealed_knock
	assert_reason "and closes what it opened" closed=1 sealed_knock --close
	check_eq "not what the other did" bob \
		"$(kctl --json grants | json_text key)"
	assert_reason "which has nothing left to close for it" nothing_open=1 sealed_knock --close
	assert_reason "so it opens again" opened=1 sealed_knock
	must kctl del-key ssh bob
	check_eq "del-key ends the key's own grants" alice "$(kctl --json grants | json_text key)"
	SEALED=$bob
	assert_reason "and its knocks are nobody's" unknown_hint=1 sealed_knock
	SEALED=$alice
	must kctl close ssh 10.0.0.2
}

damaged()
{
	local derivations

	derivations=$(status_number derivations)
	assert_reason "each of 704 bits flipped" "tag=640 unknown_hint=64" sealed_knock --flip
	check_eq "a known hint cost one derivation, no other any" 640 \
		$(($(status_number derivations) - derivations))
	sealed > /tmp/whole
	assert_reason "every length from 0 to 200" "form=4 opened=1 size=196" \
		deliver --sweep length:0-200 < /tmp/whole
	must kctl close ssh 10.0.0.2
}

# What is sealed with the key, and says what no knock may.
content()
{
	local place

	for place in 0:0 0:2 1:0 1:3 2:1 3:1 20:1 21:1 22:1 23:1 16:60 8:0; do
		assert_reason "byte $place is no good" content=1 sealed_knock --byte "$place"
	done
	assert_reason "a close for a time" content=1 sealed_knock --byte 1:2 --byte 7:1
	assert_reason "the hint of the next minute" content=1 sealed_knock --hint 1
	assert_reason "of the minute before" content=1 sealed_knock --hint -1
	check_eq "nothing is open" 0 "$(status_number grants)"
}

elsewhere()
{
	assert_reason "for another door" other_door=1 sealed_knock --door www
	assert_reason "for another address" other_address=1 sealed_knock --address 10.0.0.4
	assert_reason "for none" other_address=1 sealed_knock --address ::
	assert_reason "one that is sent from elsewhere" other_address=1 eval "sealed | from_other"
	assert_reason "to a port that is another door's" unknown_hint=1 \
		eval "sealed | deliver --dport 8676"
	assert_reason "a knock for IPv6, over IPv6" opened=1 \
		eval "sealed --address 2001:db8::2 | deliver6"
	check_eq "nothing else is open" 1 "$(status_number grants)"
	must kctl close ssh 2001:db8::2
}

deliver6()
{
	on client rawknock --to 2001:db8::1 --from 2001:db8::2 --lines > /dev/null
}

copies()
{
	sealed > /tmp/used
	assert_reason "a knock and two copies" "duplicate=2 opened=1" deliver --copies 3 < /tmp/used
	assert_reason "another address's copy is a replay" replay=1 from_other < /tmp/used
	must later 5
	assert_reason "and later its own" replay=1 deliver < /tmp/used
	check "a replay is told" wait_event '"replay".*"ssh".*"alice".*"10.0.0.3"'
	check_eq "one grant" 1 "$(status_number grants)"
	must kctl close ssh 10.0.0.2
}

# The open that somebody held back, and the slow device.
closing()
{
	# Of the last sixteen of another key all may be younger than what the slow one makes.
	new_sealed ssh gina
	sealed > /tmp/held
	assert_reason "a knock that comes too late" opened=1 sealed_knock
	assert_reason "for the close behind it" closed=1 sealed_knock --close
	assert_reason "the one held back opens nothing" before_close=1 deliver < /tmp/held
	assert_reason "nor what a slow device makes now" before_close=1 sealed_knock --at -30
	assert_reason "a close of a fast one finds nothing" nothing_open=1 \
		sealed_knock --at +40 --close
	assert_reason "so the others wait" before_close=1 sealed_knock
	step_clock 41
	assert_reason "until they are as late" opened=1 sealed_knock
	assert_reason "and may close, slow as they are" closed=1 sealed_knock --at -30 --close
	must kctl del-key ssh gina
	SEALED=$alice
}

# Two families, two devices, 60 s apart: whatever the order.
reordered()
{
	new_sealed ssh carol
	sealed --at -60 --count 8 --nanoseconds 1 > /tmp/slow
	sealed --at +0 --count 8 --nanoseconds 1 > /tmp/fast
	assert_reason "eight of a device ahead, then eight of one behind" "extended=15 opened=1" \
		eval "cat /tmp/fast /tmp/slow | deliver"
	assert_reason "the sixteen are known" "duplicate=16" eval "cat /tmp/slow /tmp/fast | deliver"
	assert_reason "a seventeenth between them is good" extended=1 sealed_knock --at -1
	assert_reason "and the oldest is forgotten, so no good" stale=1 \
		eval "head -n 1 /tmp/slow | deliver"
	must kctl del-key ssh carol
	SEALED=$alice
}

# What every type of key has.
limits()
{
	local until

	new_sealed ssh dave --from 10.0.0.3,10.9.0.0/16
	assert_reason "a prefix keeps others out" from=1 sealed_knock
	assert_reason "and its own not" opened=1 eval "sealed --address 10.0.0.3 | from_other"
	assert_reason "nor those of the other" opened=1 \
		eval "sealed --address 10.9.1.1 | deliver --from 10.9.1.1"
	must kctl del-key ssh dave
	until=$(date -u -d "@$(($(date +%s) + 30))" +%Y-%m-%dT%H:%M:%SZ)
	new_sealed ssh erin --not-after "$until"
	assert_reason "before its end a key opens" opened=1 sealed_knock
	new_key ssh frank --not-after "$until" --from 10.0.0.2
	assert_reason "a tumbler key, too" opened=1 send client "$(digest "$(minute_now)" 10.0.0.2 "$SECRET")"
	assert_reason "not from elsewhere" from=1 send other "$(digest "$(minute_now)" 10.0.0.3 "$SECRET")"
	step_clock 31
	assert_reason "after it, no more" not_after=1 sealed_knock
	must kctl del-key ssh erin
	clock_second 5
	assert_reason "nor the tumbler key" not_after=1 \
		send client "$(digest "$(minute_now)" 10.0.0.2 "$SECRET")"
	must kctl del-key ssh frank
	SEALED=$alice
}

need_module
plan 70
net_setup
set_clock "2026-11-22 12:30:05"
must kctl add-door ssh --opens tcp/22 --open-for 60s
must kctl add-door www --opens tcp/80 --knock-port 8676
new_sealed ssh alice
alice=$SEALED
start_monitor
for stage in opening two_keys damaged content elsewhere copies closing reordered limits; do
	run_stage "$stage" "$stage"
done
stop_monitor
end_scenario
