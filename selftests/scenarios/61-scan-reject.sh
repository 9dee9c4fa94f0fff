#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A host that refuses: a scan sees the same refusals, of every port, with the module
# as without it, while another host is in; copies and replays of a knock are refused
# like any other datagram.
# Takes: 60
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/scan.sh"

# Every probe is answered, so there is time to wait for it.
SCAN_NMAP="-T4 --max-retries 6"

with_module()
{
	local before

	fw_reject server ssh
	scan_door
	before=$(reasons)
	scan_all with
	scan_counted "each bogus datagram to the knock port is counted, no other" "$before"
	check_eq "the other host is still in" through "$(ssh_run other 10.0.0.1 echo through)"
}

refused_everywhere()
{
	local ports=$((${SCAN_PORTS#*-} - ${SCAN_PORTS%-*} + 1))

	check_eq "every TCP port is refused" "$ports $ports" \
		"$(grep -c ' rst$' /tmp/scan.with.tcp) $(grep -c ' rst$' /tmp/scan.with.tcp6)"
	check_eq "every UDP port is refused" "$ports $ports $ports $ports" \
		"$(grep -c ' icmp 3/3$' /tmp/scan.with.udp74) $(grep -c ' icmp 3/3$' /tmp/scan.with.udp88
		) $(grep -c ' icmp 1/4$' /tmp/scan.with.udp74-6) $(grep -c ' icmp 1/4$' /tmp/scan.with.udp88-6)"
}

# Five datagrams; the knock itself is all that is not answered.
knocks()
{
	local digest=$1 to=$2 from=$3 elsewhere=$4
	local raw="on client rawknock --to $to --digest $digest"

	$raw --from "$from" &&
	$raw --from "$from" &&
	$raw --from "$elsewhere" &&
	$raw --from "$from" --bogus &&
	$raw --from "$from" --bogus --dport 8676
}

# knocks_are_refused FAMILY TO FROM ELSEWHERE WANT
knocks_are_refused()
{
	local name=$1 to=$2 from=$3 elsewhere=$4 want=$5 digest text=$2

	[[ $to != *:* ]] || text="[$to]"
	clock_second 5
	digest=$(on client tumbler --print --source "$from" --open "tumbler://$SECRET@$text/" |
		grep -o -E '[0-9a-f]{64}' | head -n 1)
	start_capture client /tmp/answers.pcap "icmp or (icmp6 and ip6[40] < 128)"
	assert_reason "$name: a knock, a copy, a replay, and a bogus one" \
		"duplicate=1 opened=1 replay=1 unproved=1" \
		eval "knocks $digest $to $from $elsewhere > /dev/null"
	wait_until 5 "four answers came" answers_are 4
	stop_capture
	check_eq "$name: all but the knock are answered alike" "$want" \
		"$(tcpdump -r /tmp/answers.pcap -n -t 2>/dev/null | sed 's/udp port 867[56]/udp port N/')"
}

answers_are()
{
	[ "$(tcpdump -r /tmp/answers.pcap -n 2>/dev/null | wc -l)" -ge "$1" ]
}

copies_and_replays()
{
	local v4="ICMP 10.0.0.1 udp port N unreachable, length 110"
	local v6="ICMP6, destination unreachable, unreachable port, 2001:db8::1 udp port N, length 130"

	new_key ssh carol
	knocks_are_refused IPv4 10.0.0.1 10.0.0.2 10.9.0.1 "IP 10.0.0.1 > 10.0.0.2: $v4
IP 10.0.0.1 > 10.9.0.1: $v4
IP 10.0.0.1 > 10.0.0.2: $v4
IP 10.0.0.1 > 10.0.0.2: $v4"
	knocks_are_refused IPv6 2001:db8::1 2001:db8::2 2001:db8:9::1 \
		"IP6 2001:db8::1 > 2001:db8::2: $v6
IP6 2001:db8::1 > 2001:db8:9::1: $v6
IP6 2001:db8::1 > 2001:db8::2: $v6
IP6 2001:db8::1 > 2001:db8::2: $v6"
}

need_module
plan 18
net_setup
icmp_unlimited server
start_sshd server
run_stage "with the module" with_module
run_stage "the answers" refused_everywhere
run_stage "copies and replays" copies_and_replays
scan_without fw_reject
run_stage "compared" scan_compare
end_scenario
