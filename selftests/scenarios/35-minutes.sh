#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Which minutes' knocks are good: from that of (now - skew) to that of (now + skew),
# at the edges of a minute, and none older than what the key took before less twice
# the skew.
# Runs: icount
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

NOON=$(date -u -d "2026-11-22 12:30:00" +%s)

# outcomes TIME: for MINUTES around noon, + accepted, - refused as unproved; each from
# an address of its own, so that the grants tell which
MINUTES="-2 -1 0 1 2"
outcomes()
{
	local minute before grants counted got=

	before=$(reasons)
	for minute in $MINUTES; do
		set_clock "@$1"
		send client "$(digest $((NOON / 60 + minute)) "10.9.0.$((minute + 10))" "$SECRET")" \
			--from "10.9.0.$((minute + 10))"
	done
	counted=$(reasons_since "$before")
	grants=$(kctl --json grants)
	for minute in $MINUTES; do
		if grep -q "\"10.9.0.$((minute + 10))\"" <<< "$grants"; then
			got+="+"
		else
			got+="-"
		fi
	done
	echo "$got $counted"
}

# wanted SECONDS SKEW: the same by arithmetic, SECONDS whole ones after noon
wanted()
{
	local minute first last opened=0 unproved=0 got=

	first=$(((NOON + $1 - $2) / 60 - NOON / 60))
	last=$(((NOON + $1 + $2) / 60 - NOON / 60))
	for minute in $MINUTES; do
		if [ "$minute" -ge "$first" ] && [ "$minute" -le "$last" ]; then
			got+="+"
			opened=$((opened + 1))
		else
			got+="-"
			unproved=$((unproved + 1))
		fi
	done
	echo "$got opened=$opened unproved=$unproved" | sed 's/ [a-z]*=0//g'
}

# edges SKEW SECOND...: just before each second begins, and just after
edges()
{
	local skew=$1 second name

	shift
	for second; do
		name="skew $skew, $second s"
		new_key ssh k --skew "$skew"
		check_eq "$name less 0.1 s" "$(wanted $((second - 1)) "$skew")" \
			"$(outcomes "$((NOON + second - 1)).9")"
		must kctl del-key ssh k
		new_key ssh k --skew "$skew"
		check_eq "$name and 0.1 s" "$(wanted "$second" "$skew")" "$(outcomes "$((NOON + second)).1")"
		must kctl del-key ssh k
	done
}

# good_at TIME TEXT NAME: the digest that begins with TEXT is good at TIME
good_at()
{
	new_key ssh k
	set_clock "$1"
	assert_reason "$3" opened=1 send client \
		"$(printf '%s' "${2}10.0.0.2$SECRET" | sha256sum | cut -c 1-64)"
	must kctl del-key ssh k
}

# Months count from 00, years from 1900.
calendar()
{
	good_at "2026-11-22 12:30:10" 12610221230 "month 10 is November"
	good_at "2026-01-01 00:00:03" 12600010000 "the first minute of a year"
	good_at "2026-01-01 00:00:03" 12511312359 "the last of the year before, by skew"
	good_at "2026-12-31 23:59:57" 12611312359 "the last minute of a year"
	good_at "2026-12-31 23:59:57" 12700010000 "the first of the next, by skew"
	good_at "2026-04-30 23:59:30" 12603302359 "the last of a month"
	good_at "2026-05-01 00:00:30" 12604010000 "the first of a month"
	good_at "2028-02-29 23:59:30" 12801292359 "29 February"
	good_at "2028-03-01 00:00:01" 12801292359 "29 February, a second later"
	good_at "2027-03-01 00:00:01" 12701282359 "28 February, a second later"
	good_at "2038-01-19 03:14:07" 13800190314 "the last second of 31 bits"
	good_at "2038-01-19 03:14:08" 13800190314 "and the next"
	good_at "2100-02-28 23:59:58" 20002010000 "2100 has no 29 February"
	good_at "2100-12-31 23:59:30" 20011312359 "the last minute of 2100"
	good_at "2106-02-07 06:28:16" 20601070628 "beyond 32 bits of seconds"
}

# kept SKEW W: after a knock for noon the clock is set back
kept()
{
	local skew=$1 w=$2 at=$((NOON + 30))

	new_key ssh k --skew "$skew"
	set_clock "@$at"
	assert_reason "skew $skew: noon's opens" opened=1 \
		send client "$(digest $((NOON / 60)) 10.0.0.2 "$SECRET")"
	set_clock "@$((at - 60 * w))"
	assert_reason "skew $skew: $w minutes before is good still" opened=1 \
		send other "$(digest $((NOON / 60 - w)) 10.0.0.3 "$SECRET")"
	set_clock "@$((at - 60 * (w + 1)))"
	assert_reason "skew $skew: $((w + 1)) minutes before is stale" stale=1 \
		send client "$(digest $((NOON / 60 - w - 1)) 10.0.0.2 "$SECRET")"
	must kctl del-key ssh k
}

# The highest counts, not the latest.
order()
{
	new_key ssh k --skew 60
	set_clock "@$((NOON + 30))"
	assert_reason "a client ahead of time opens" opened=1 \
		send client "$(digest $((NOON / 60 + 1)) 10.0.0.2 "$SECRET")"
	assert_reason "then one behind it" opened=1 \
		send other "$(digest $((NOON / 60 - 1)) 10.0.0.3 "$SECRET")"
	set_clock "@$((NOON - 90))"
	assert_reason "and that did not lower what is refused" stale=1 \
		send other "$(digest $((NOON / 60 - 2)) 10.0.0.3 "$SECRET")"
	must kctl del-key ssh k
}

two_addresses()
{
	new_key ssh k
	set_clock "@$((NOON + 10))"
	assert_reason "one address" opened=1 send client "$(digest $((NOON / 60)) 10.0.0.2 "$SECRET")"
	assert_reason "another, with the same key in the same minute" opened=1 \
		send other "$(digest $((NOON / 60)) 10.0.0.3 "$SECRET")"
	assert_reason "what is made for one is nothing for another" unproved=1 \
		send other "$(digest $((NOON / 60)) 10.0.0.4 "$SECRET")"
	check_eq "two grants" 2 "$(status_number grants)"
}

need_module
plan 60
net_setup
must kctl add-door ssh --opens tcp/22 --open-for 1h
edges 0 0 60
edges 5 0 5 55 60
edges 60 0 30 60
edges 300 0 60
MINUTES="-6 -5 -4 4 5 6" edges 300 0 60
run_stage "the calendar" calendar
kept 0 0
kept 5 1
kept 60 2
kept 300 10
run_stage "out of order" order
run_stage "two addresses" two_addresses
end_scenario
