#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A host that drops: a scan sees the same, nothing, with the module as without it,
# while another host is in; and nothing leaves the host but that one's connections.
# Takes: 60
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/scan.sh"

ADMITTED='tcp port 22 and (host 10.0.0.3 or host 2001:db8::3)'
NEIGHBOURS='arp or (icmp6 and ip6[40] >= 133 and ip6[40] <= 136)'

# The capture has all that the server sent, and whatever that was is looked at after.
with_module()
{
	local before

	fw_drop server ssh
	scan_door
	before=$(reasons)
	start_capture server /tmp/out.pcap ether src 02:00:00:00:00:01
	scan_all with
	scan_counted "each bogus datagram to the knock port is counted, no other" "$before"
	check_eq "the other host is still in" through "$(ssh_run other 10.0.0.1 echo through)"
	check_eq "by IPv6, too" through "$(ssh_run other 2001:db8::1 echo through)"
	stop_capture
}

# sent FILTER: how many packets of the capture
sent()
{
	tcpdump -r /tmp/out.pcap -n "$@" 2>/dev/null | wc -l
}

nothing_else_left()
{
	check_eq "nothing else left the server" "" \
		"$(tcpdump -r /tmp/out.pcap -n "not ($ADMITTED) and not ($NEIGHBOURS)" 2>/dev/null |
			head -n 10)"
	check "what was admitted is in the capture" [ "$(sent "$ADMITTED")" -gt 10 ]
	check "which lost nothing" grep -q '^0 packets dropped by kernel' /tmp/out.pcap.err
}

# A scan that can tell: from the host that is in.
admitted_scan()
{
	check_eq "the scan tells an open port" "22 syn-ack" \
		"$(on other rawscan --to 10.0.0.1 --from 10.0.0.3 --ports 1-100)"
}

need_module
plan 18
net_setup
start_sshd server
run_stage "with the module" with_module
run_stage "the capture" nothing_else_left
run_stage "from the host that is in" admitted_scan
scan_without fw_drop
run_stage "compared" scan_compare
check_eq "nothing was answered" 0 "$(cat /tmp/scan.with.{tcp,udp}* | wc -l)"
end_scenario
