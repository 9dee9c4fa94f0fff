#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The guard: a key whose secret is not new takes no knock of a minute that began
# before its loading and its skew, and says from when it does. A clock that is set
# does not move it, for it is kept in boot time.
# Runs: icount
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

THEN=g2x7k4q9w3z8h5v6n2m7r4t9y3p8s5j6

# load TIME [OPTION]...: at that time a key is loaded; FROM is what it says
load()
{
	kctl del-key ssh old > /dev/null 2>&1
	kctl close ssh 10.0.0.2 > /dev/null
	set_clock "2026-11-22 $1"
	shift
	FROM=$(key_of_secret "$THEN" ssh old "$@" | json_text accepted_from)
}

# listed KEY: accepted_from in the listing
listed()
{
	kctl --json keys ssh | grep "\"$1\"" | json_text accepted_from
}

# knock_of TIME: the datagram of that minute
knock_of()
{
	send client "$(digest $(($(date -u -d "2026-11-22 $1" +%s) / 60)) 10.0.0.2 "$THEN")"
}

# until_time TIME: with idle time skipped, sleeping costs nothing, and asking does
until_time()
{
	sleep $(($(date -u -d "2026-11-22 $1" +%s) - $(date +%s)))
}

guarded()
{
	load 12:30:30
	check_eq "loaded at :30, accepted from the next minute" 2026-11-22T12:31:00Z "$FROM"
	check_eq "the listing says so too" "$FROM" "$(listed old)"
	check "status as well" grep -q "old of door ssh is accepted from $FROM" <<< "$(kctl status)"
	assert_reason "this minute's knock is refused" guard=1 knock_of 12:30
	until_time 12:30:54
	assert_reason "the next minute's, too early for the skew" unproved=1 knock_of 12:31
	until_time 12:30:56
	assert_reason "and in time for it" opened=1 knock_of 12:31
	assert_reason "the last minute's is refused still" guard=1 knock_of 12:30
	until_time 12:31:03
	assert_reason "to the end of its time" guard=1 knock_of 12:30
	until_time 12:32:01
	assert_reason "the minute after is extended" extended=1 knock_of 12:32
	check_eq "the moment stays the same" "$FROM" "$(listed old)"
}

# With the skew the guard ends in the next minute, so that is refused whole.
over_the_edge()
{
	load 12:30:57
	check_eq "loaded at :57, skew 5" 2026-11-22T12:32:00Z "$FROM"
	until_time 12:31:10
	assert_reason "the minute it ends in is refused" guard=1 knock_of 12:31
	until_time 12:32:00
	assert_reason "the first that begins after is good" opened=1 knock_of 12:32
}

skews()
{
	load 12:30:57 --skew 0
	check_eq "loaded at :57, skew 0" 2026-11-22T12:31:00Z "$FROM"
	assert_reason "refused until then" guard=1 knock_of 12:30
	until_time 12:31:00
	assert_reason "and accepted then" opened=1 knock_of 12:31
	load 12:30:30 --skew 300
	check_eq "loaded at 12:30:30, skew 300" 2026-11-22T12:36:00Z "$FROM"
	assert_reason "what the skew would take is refused" guard=1 knock_of 12:35
	assert_reason "and before its time unproved" unproved=1 knock_of 12:36
	until_time 12:31:01
	assert_reason "but from a clock that runs ahead" opened=1 knock_of 12:36
	until_time 12:36:01
	assert_reason "the minute before is refused still" guard=1 knock_of 12:35
}

fresh()
{
	local from

	set_clock "2026-11-22 12:30:30"
	from=$(kctl --json add-key ssh new --type tumbler | tee /tmp/new | json_text accepted_from)
	check_eq "a secret made now has no past" "" "$from"
	check_eq "nor in the listing" "" "$(listed new)"
	assert_reason "and its knock opens at once" opened=1 \
		send other "$(digest "$(minute_now)" 10.0.0.3 "$(json_text secret < /tmp/new)")"
}

forward()
{
	load 12:30:30
	set_clock "2026-11-22 18:30:35"
	check_eq "set forward, the guard goes with the clock" 2026-11-22T18:31:00Z "$(listed old)"
	assert_reason "and refuses what the clock calls now" guard=1 knock_of 18:30
	until_time 18:31:01
	assert_reason "until it is over" opened=1 knock_of 18:31
	assert_reason "but not what is before it" guard=1 knock_of 18:30
}

backward()
{
	load 12:30:30
	set_clock "2026-11-22 06:30:35"
	check_eq "set back, the guard goes with the clock" 2026-11-22T06:31:00Z "$(listed old)"
	assert_reason "and refuses what the clock calls now" guard=1 knock_of 06:30
	until_time 06:31:01
	assert_reason "until it is over" opened=1 knock_of 06:31
	load 12:30:30
	until_time 12:40:01
	assert_reason "long after loading" opened=1 knock_of 12:40
	must kctl del-key ssh old
	load 12:40:30
	until_time 12:42:30
	set_clock "2026-11-22 12:39:30"
	check_eq "set back behind the loading" 2026-11-22T12:38:00Z "$(listed old)"
	assert_reason "boot time has passed the guard" opened=1 knock_of 12:39
}

need_module
plan 34
net_setup
must kctl add-door ssh --opens tcp/22 --open-for 1h
run_stage "a guarded key" guarded
run_stage "loaded late in a minute" over_the_edge
run_stage "other skews" skews
run_stage "a fresh key" fresh
run_stage "a clock set forward" forward
run_stage "a clock set back" backward
end_scenario
