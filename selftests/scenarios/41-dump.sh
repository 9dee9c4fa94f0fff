#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A listing of grants shows exactly once each that lived throughout, while others
# come and go, however slowly it is read, and while the door is made larger.
# Takes: 100
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"
. "$(dirname "$0")/../lib/dump.sh"

STAY=5000 LISTINGS=10 RATE=1000
[ ! -e /sys/kernel/debug/kmemleak ] || STAY=600 LISTINGS=3 RATE=100

# half FIRST_ADDRESS KEY: grants that stay, one for each source
half()
{
	local first=$1

	knocks()
	{
		on client rawknock --to 10.0.0.1 --from "$first" --sources $((STAY / 2)) \
			--secret "$SECRET" --rate "$RATE" > /dev/null
	}
	new_key ssh "$2" --max-grants "$STAY"
	assert_reason "$2: $((STAY / 2)) grants that stay" "opened=$((STAY / 2))" knocks
}

# Those come and go: by hand, for a second, and closed in the middle of it.
churn()
{
	local i

	for i in $(seq 1 200); do
		echo "10.8.0.$i"
	done > /tmp/churn
	while [ ! -e /tmp/stop ]; do
		kctl open ssh - --for 1s < /tmp/churn > /dev/null
		for i in 10.8.0.7 10.8.0.70 10.8.0.170; do
			kctl close ssh "$i" > /dev/null
		done
		echo >> /tmp/rounds
	done
}

others_are_there()
{
	[ "$(status_number grants)" -gt "$STAY" ]
}

# stayed FILE: how often each was shown: "times grants", for all that stay
stayed()
{
	grep -o '"address": "10\.9\.[0-9.]*"' "$1" | sort | uniq -c |
		awk '{ n[$1]++ } END { for (t in n) print t, n[t] }' | sort -n | xargs
}

churned()
{
	grep -c '"address": "10\.8\.' "$1"
}

listings()
{
	local i n others=0

	# With one processor a listing may fall where the others have all expired.
	for ((n = 0; n < LISTINGS || (others == 0 && n < 20 * LISTINGS); n++)); do
		i=$((n % LISTINGS))
		wait_until 20 "others are there" others_are_there
		if [ $((i % 3)) = 0 ]; then
			kctl --json grants ssh | slowly > "/tmp/list.$i"
		else
			kctl --json grants ssh > "/tmp/list.$i"
		fi
		others=$((others + $(churned "/tmp/list.$i")))
	done
	for ((i = 0; i < LISTINGS; i++)); do
		stayed "/tmp/list.$i"
	done | sort -u > /tmp/shown
	check_eq "$LISTINGS listings show each of $STAY once" "1 $STAY" "$(cat /tmp/shown)"
	check "and others that were there ($others)" [ "$others" -gt 0 ]
}

larger()
{
	(kctl set-door ssh --max-grants 16384; kctl set-door ssh --max-grants 65536) &
	kctl --json grants ssh > /tmp/list
	wait $!
	check_eq "a listing while the door is made larger" "1 $STAY" "$(stayed /tmp/list)"
}

need_module
plan 6
net_setup
must kctl add-door ssh --opens tcp/22 --max-grants 8192 --open-for 7d
set_clock "2026-11-22 12:30:05"
half 10.9.0.1 alice
half 10.9.128.1 bob
: > /tmp/rounds
churn &
must wait_until 60 "others have come" [ -s /tmp/rounds ]
run_stage "listings" listings
run_stage "a larger door" larger
: > /tmp/stop
must kctl del-key ssh alice
kctl --json grants ssh > /tmp/list
check_eq "without alice's half" "1 $((STAY / 2))" "$(stayed /tmp/list)"
end_scenario
