#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Replays are told: the first at once, then at most one event a second and key, and
# their counts add up to every one that came, the last within two seconds.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

# told KEY: the sum of the counts in its events
told()
{
	grep '"replay"' "$EVENTS" | grep "\"key\": \"$1\"" |
		sed -n 's/.*"count": \([0-9]*\).*/\1/p' | awk '{ n += $1 } END { print n + 0 }'
}

# stamp: each line of standard input behind the boot time of its coming, in ms
stamp()
{
	local line

	while read -r line; do
		echo "$(now_ms) $line"
	done
}

# shortest_gap KEY: ms between two replay events of a key
shortest_gap()
{
	grep '"replay"' "$EVENTS.stamped" | grep "\"key\": \"$1\"" |
		awk 'NR > 1 && (!n || $1 - last < gap) { gap = $1 - last; n = 1 }
			{ last = $1 } END { print n ? gap : -1 }'
}

both_open()
{
	send client "$alice" && send client "$bob"
}

storm()
{
	on client rawknock --to 10.0.0.1 --from 10.0.0.3 --digest "$alice" --count 400 --rate 100 \
		> /dev/null || return
	on client rawknock --to 10.0.0.1 --from 10.0.0.3 --digest "$bob" --count 7 > /dev/null
}

all_told()
{
	[ "$(told alice)" = 401 ] && [ "$(told bob)" = 7 ]
}

need_module
plan 11
net_setup
set_clock "2026-11-22 12:30:05"
must kctl add-door ssh --opens tcp/22 --open-for 10m
must kctl add-door web --opens tcp/80 --open-for 10m
new_key ssh alice
alice=$(digest "$(minute_now)" 10.0.0.2 "$SECRET")
new_key web bob
bob=$(digest "$(minute_now)" 10.0.0.2 "$SECRET")
start_monitor
tail -n +1 -f "$EVENTS" | stamp > "$EVENTS.stamped" &
# A live grant keeps the reaper running: it must not tell more often for that.
assert_reason "both open" opened=2 both_open
assert_reason "a replay" replay=1 send other "$alice"
check "is told at once" wait_event '"replay".*"ssh".*"alice".*"10.0.0.3".*"count": 1[,}]' 2
check_eq "with no grant and no end" 1 "$(grep -c '"replay".*"id": null.*"until": null' "$EVENTS")"
before=$(now_ms)
assert_reason "a storm of replays" replay=407 storm
took=$((($(now_ms) - before) / 1000))
check "all of them are told within 2 s and some" wait_until 4 "counts add up" all_told
check_eq "not one more" "401 7" "$(told alice) $(told bob)"
events=$(grep -c '"replay".*"alice"' "$EVENTS")
check "in few events ($events in $took s)" [ "$events" -le $((took + 4)) ]
gap=$(shortest_gap alice)
# As read: one line may be read late, and the next in time.
check "never two at once ($gap ms)" [ "$gap" -ge 600 ]
check_eq "bob's came from where they came from" 0 "$(grep '"bob"' "$EVENTS" |
	grep '"replay"' | grep -v -c '"10.0.0.3"')"
check_eq "nobody got in" "10.0.0.2 10.0.0.2" \
	"$(kctl --json grants | sed -n 's/.*"address": "\([^"]*\)".*/\1/p' | xargs)"
end_scenario
