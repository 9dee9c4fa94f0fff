#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# With conntrack's table full of others' connections every knock still proves; who was
# let in is then refused by conntrack, and conntrack's own counter says so.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

# dropped: packets that conntrack on the server had no room for
dropped()
{
	on server conntrack -S | grep -o ' drop=[0-9]*' | awk -F= '{ n += $2 } END { print n + 0 }'
}

entries()
{
	on server conntrack -C 2> /dev/null
}

# full_table: entries that must not be evicted, since they saw replies, for an hour
full_table()
{
	local max

	max=$(on server sysctl -n net.netfilter.nf_conntrack_max)
	must on server conntrack -F
	awk -v max="$max" 'BEGIN {
		for (i = 0; i < max; i++) {
			a = "10." 77 + int(i / 62500) "." int(i / 250) % 250 "." i % 250 + 1
			print "-A -p udp -t 3600 -u SEEN_REPLY,ASSURED -s " a " -d 10.0.0.1 -r 10.0.0.1 -q " a \
				" --sport 4000 --dport 53 --reply-port-src 53 --reply-port-dst 4000"
		}
	}' > /tmp/entries
	on server conntrack -R /tmp/entries > /tmp/entries.out 2>&1
	diag "$(entries) entries, $max at most"
	[ "$(entries)" -ge "$max" ] || bail "conntrack is not full: $(head -n 1 /tmp/entries.out)"
}

twenty()
{
	on client rawknock --to 10.0.0.1 --from 10.9.0.1 --sources 20 --secret "$SECRET" > /dev/null
}

full()
{
	local before counters

	full_table
	before=$(dropped)
	assert_reason "20 of 20 knocks prove" opened=20 twenty
	check_eq "conntrack saw none of them" "$before" "$(dropped)"
	assert_reason "and one of a client" opened=1 send client \
		"$(digest "$(minute_now)" 10.0.0.2 "$SECRET")"
	counters=$(reasons)
	before=$(dropped)
	expect_tcp "his connection is refused" silent client 10.0.0.1 22
	check "by conntrack, which counts it" [ "$(dropped)" -gt "$before" ]
	check_eq "and not by us, who count nothing" "$counters" "$(reasons)"
}

room()
{
	must on server conntrack -F
	expect_tcp "with room in conntrack he is in" open client 10.0.0.1 22
}

need_module
plan 7
net_setup
set_clock "2026-11-22 12:30:05"
start_sshd server
fw_drop server ssh
must kctl add-door ssh --opens tcp/22 --open-for 1h
new_key ssh alice
run_stage "full" full
run_stage "room" room
end_scenario
