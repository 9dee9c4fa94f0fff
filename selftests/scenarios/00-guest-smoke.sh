#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The guest itself: hosts, both iptables, ssh, captures, clocks. Needs no module.
# Takes: 40
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"

plan 18
net_setup
start_sshd server
ok "ssh server starts"
for IPTABLES in iptables-legacy iptables-nft; do
	fw_open server
	expect_tcp "$IPTABLES: open host answers" open client 10.0.0.1 22
	expect_tcp "$IPTABLES: and refuses" refused client 10.0.0.1 23
	fw_drop server
	expect_tcp "$IPTABLES: closed host is silent" silent client 10.0.0.1 22
	expect_tcp "$IPTABLES: by IPv6 too" silent client 2001:db8::1 22
	fw_open server
	fw_reject server
	expect_tcp "$IPTABLES: rejecting host refuses" refused client 10.0.0.1 22
	expect_tcp "$IPTABLES: by IPv6 too" refused other 2001:db8::1 22
	fw_open server
done
check_eq "ssh runs a command" "hello from server" "$(ssh_run client 10.0.0.1 echo hello from server)"
check_eq "and by IPv6" "6" "$(ssh_run client 2001:db8::1 echo 6)"

start_capture other /tmp/lan.pcap udp port 8675
on client bash -c 'echo hello > /dev/udp/10.0.0.1/8675'
# shellcheck disable=SC2317 # wait_until calls it
seen()
{
	tcpdump -n -r /tmp/lan.pcap 2>/dev/null | grep -q '10.0.0.2.*10.0.0.1.8675'
}
check "the third host overhears" wait_until 10 "the datagram is in the capture" seen
stop_capture

date -s '2030-01-02 03:04:05' > /dev/null
check_eq "the clock can be set" "2030-01-02 03:04" "$(date -u '+%F %H:%M')"
check_eq "nmap works" 1 "$(on client nmap -n -Pn -p 22 10.0.0.1 | grep -c '22/tcp open')"
end_scenario
