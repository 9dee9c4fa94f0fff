#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A clock that is set back replays nothing: by a minute, an hour or a day, used
# knocks and those that never arrived, remembered ones and those long forgotten.
# Takes: 50
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

NOON="2026-11-22 12:30:10"

# at SECONDS: so much after noon; each step is well inside a minute
at()
{
	set_clock "@$(($(date -u -d "$NOON" +%s) + $1))"
}

# back SECONDS NAME: knocks now, then the clock is set back and nothing else happens
back()
{
	local name=$2 now

	at 0
	new_key ssh alice
	now=$(digest "$(minute_now)" 10.0.0.2 "$SECRET")
	at "-$1"
	before=$(digest "$(minute_now)" 10.0.0.2 "$SECRET")
	at 0
	assert_reason "$name: a knock opens" opened=1 send client "$now"
	assert_reason "$name: one from before is strange" unproved=1 send client "$before"
	must kctl close ssh 10.0.0.2
	at "-$1"
	assert_reason "$name back: the used knock is no good elsewhere" replay=1 send other "$now"
	# Until then it would be taken for the network's own copy.
	must later 5
	assert_reason "$name back: nor where it was" replay=1 send client "$now"
	no_grant "$name back"
	must kctl del-key ssh alice
}

# gone_back SECONDS NAME: knocks, so much time passes with a knock at its end, then
# the clock is set back to where it was at first
gone_back()
{
	local name=$2 used missed

	at 0
	new_key ssh alice
	used=$(digest "$(minute_now)" 10.0.0.2 "$SECRET")
	missed=$(digest "$(minute_now)" 10.0.0.3 "$SECRET")
	assert_reason "$name ago: a knock opens" opened=1 send client "$used"
	at "$1"
	assert_reason "$name ago: now another extends" extended=1 \
		send client "$(digest "$(minute_now)" 10.0.0.2 "$SECRET")"
	check "$name ago: the first is forgotten, or kept for good" wait_until 5 "olds: $3" olds_are "$3"
	must kctl close ssh 10.0.0.2
	must later 5
	at 0
	assert_reason "set back by $name: the used knock" "$4=1" send client "$used"
	assert_reason "set back by $name: one that never arrived" "$5=1" send other "$missed"
	kctl close ssh 10.0.0.3 > /dev/null
	no_grant "set back by $name"
	at "$1"
	at "$(($1 + 60))"
	assert_reason "$name: the clock put right again, the next knock opens" opened=1 \
		send client "$(digest "$(minute_now)" 10.0.0.2 "$SECRET")"
	must kctl del-key ssh alice
	kctl close ssh 10.0.0.2 > /dev/null
}

olds_are()
{
	[ "$(status_number old)" = "$1" ]
}

need_module
plan 36
net_setup
must kctl add-door ssh --opens tcp/22 --open-for 10m
back 60 "a minute"
back 3600 "an hour"
back 86400 "a day"
# One minute later the first is still on the list; what never arrived is then an
# honest client's late one. Later than that, the floor refuses both.
gone_back 60 "a minute" 2 replay opened
gone_back 3600 "an hour" 1 stale stale
gone_back 86400 "a day" 1 stale stale
end_scenario
