#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# How grants begin, last and end by themselves: a second knock and a command extend
# to the later end and keep the id, an end is told once and in time, and all of it
# is in the events.
# Takes: 30
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

# grant_of KEY: the line of 10.0.0.2's grant by that key ("null": by hand)
grant_of()
{
	kctl --json grants ssh | grep "\"key\": ${1}," | grep '"10.0.0.2"'
}

# lasts KEY: seconds from now to the end that is listed
lasts()
{
	echo $(($(date -u -d "$(grant_of "$1" | json_text until)" +%s) - $(date +%s)))
}

# between NAME LOW HIGH GOT
between()
{
	check "$1 ($4 s)" test "$4" -ge "$2" -a "$4" -le "$3"
}

# check_event NTH KIND REST: the fields of an event are exactly these, but for its time
check_event()
{
	check "event $1 is $2" wait_event "^\{\"kind\": \"$2\", \"time\": \"2026-[^\"]*Z\", $3\}$" 10 "$1"
}

knocks()
{
	local id

	assert_reason "a knock opens" opened=1 send client "${mine[0]}"
	between "as long as the door says" 50 60 "$(lasts '"alice"')"
	id=$(grant_of '"alice"' | json_number id)
	check_event 1 opened "\"door\": \"ssh\", \"key\": \"alice\", \"address\": \"10.0.0.2\", \"id\": $id, \"cause\": \"knock\", \"until\": \"2026-[^\"]*Z\", \"count\": null, \"lost\": null, \"number\": null, \"slot\": null, \"narrow\": null"
	must kctl set-door ssh --open-for 10m
	assert_reason "a second extends" extended=1 send client "${mine[1]}"
	between "by what the door says now" 590 600 "$(lasts '"alice"')"
	check_event 1 extended "\"door\": \"ssh\", \"key\": \"alice\", \"address\": \"10.0.0.2\", \"id\": $id, \"cause\": \"knock\", \"until\": \"2026-[^\"]*Z\", \"count\": null, \"lost\": null, \"number\": null, \"slot\": null, \"narrow\": null"
	must kctl set-door ssh --open-for 60s
	assert_reason "a third, for less" extended=1 send client "${mine[2]}"
	between "does not shorten it" 580 600 "$(lasts '"alice"')"
	check_eq "it is one grant all the time" "$id" "$(grant_of '"alice"' | json_number id)"
	ALICE=$id
}

by_hand()
{
	local id

	check "a command opens beyond the door's time" kctl open ssh 10.0.0.2 --for 2h
	between "as long as it says" 7190 7200 "$(lasts null)"
	id=$(grant_of null | json_number id)
	check "ids rise" [ "$id" -gt "$ALICE" ]
	check_event 1 opened "\"door\": \"ssh\", \"key\": null, \"address\": \"10.0.0.2\", \"id\": $id, \"cause\": \"command\", \"until\": \"2026-[^\"]*Z\", \"count\": null, \"lost\": null, \"number\": null, \"slot\": null, \"narrow\": null"
	check "another for less" kctl open ssh 10.0.0.2 --for 1m
	between "does not shorten it" 7180 7200 "$(lasts null)"
	check "for more" kctl open ssh 10.0.0.2 --for 7d
	between "extends it" 604790 604800 "$(lasts null)"
	check_eq "and keeps the id" "$id" "$(grant_of null | json_number id)"
	check_event 2 extended "\"door\": \"ssh\", \"key\": null, \"address\": \"10.0.0.2\", \"id\": $id, \"cause\": \"command\", \"until\": \"2026-[^\"]*Z\", \"count\": null, \"lost\": null, \"number\": null, \"slot\": null, \"narrow\": null"
	check_eq "by key and by hand are two grants" 2 "$(status_number grants)"
}

# One grant ends while others live; its end is told within two seconds of it.
expiry()
{
	local began took

	began=$(now_ms)
	must kctl open ssh 10.0.0.9 --for 2s
	check "its end is told" wait_event '"expired".*"address": "10.0.0.9"' 30
	took=$(($(now_ms) - began))
	check "not before the end ($took ms)" [ "$took" -ge 2000 ]
	check "within 2 s of it" [ "$took" -le $((4000 + SLACK)) ]
	check_eq "once" 1 "$(grep -c '"expired"' "$EVENTS")"
	check_event 1 expired "\"door\": \"ssh\", \"key\": null, \"address\": \"10.0.0.9\", \"id\": [0-9]+, \"cause\": \"time\", \"until\": null, \"count\": null, \"lost\": null, \"number\": null, \"slot\": null, \"narrow\": null"
	check_eq "the others live" 2 "$(status_number grants)"
}

# Opened again after its end, at every phase of who reports ends: the end first,
# then a grant of its own.
reopened()
{
	local i order

	for i in 1 2 3 4 5; do
		must kctl open ssh 10.0.0.5 --for 1s
		wait_until 5 "it is over" nothing_listed 10.0.0.5
		must kctl open ssh 10.0.0.5 --for 1h
		must kctl close ssh 10.0.0.5
		sleep "0.$((i * 2 - 1))"
	done
	check "the last of ten is told" wait_event '"closed".*"10.0.0.5"' 10 5
	order=$(grep '"10.0.0.5"' "$EVENTS" | sed 's/^{"kind": "\([a-z]*\)".*/\1/' | uniq | xargs)
	check_eq "an end is told before the next beginning" "$(for i in 1 2 3 4 5; do
		echo opened expired opened closed
	done | xargs)" "$order"
	check_eq "each has an id of its own" 10 "$(grep '"10.0.0.5"' "$EVENTS" |
		grep '"opened"' | json_numbers id | sort -u | wc -l)"
}

json_numbers()
{
	sed -n "s/.*\"$1\": \([0-9]*\).*/\1/p"
}

nothing_listed()
{
	! kctl --json grants ssh | grep -q "\"$1\""
}

refusals()
{
	cmd_fail "fewer than live are refused" 1 "grants" kctl set-door ssh --max-grants 1
	check "as many as live are not" kctl set-door ssh --max-grants 2
	cmd_fail "then the door is full" 1 "max-grants" kctl open ssh 10.0.0.7
	check "but extending needs no room" kctl open ssh 10.0.0.2
	check "and room is made by setting more" kctl set-door ssh --max-grants 3
	check "for one more" kctl open ssh 10.0.0.7
}

need_module
plan 36
SLACK=0
[ ! -e /sys/kernel/debug/kmemleak ] || SLACK=4000
net_setup
set_clock "2026-11-22 12:30:10"
must kctl add-door ssh --opens tcp/22 --open-for 60s
# With such a skew one address has a knock for each of many minutes at once.
new_key ssh alice --skew 300
for minute in 0 1 2; do
	mine[minute]=$(digest $(($(minute_now) + minute)) 10.0.0.2 "$SECRET")
done
start_monitor
run_stage "by knocks" knocks
run_stage "by hand" by_hand
run_stage "the end" expiry
run_stage "opened again" reopened
run_stage "how many" refusals
ids=$(grep '"opened"' "$EVENTS" | json_numbers id)
check_eq "ids only rise" "$(sort -n <<< "$ids")" "$ids"
end_scenario
