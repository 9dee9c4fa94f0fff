#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The test bed's own senders, judged by the counters of a host without rules:
# needs no module.
# shellcheck disable=SC2016,SC2317 # fields of awk; functions that wait_until calls
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"

plan 17
net_setup
icmp_unlimited server

# snmp PROTOCOL NAME: a counter of the server's /proc/net/snmp
snmp()
{
	on server awk -v p="$1:" -v n="$2" '$1 == p && !got { got = 1; for (i = 2; i <= NF; i++)
		at[$i] = i; next } $1 == p { print $(at[n]) }' /proc/net/snmp
}

# snmp6 NAME
snmp6()
{
	on server awk -v n="$1" '$1 == n { print $2 }' /proc/net/snmp6
}

# counts RESULT COUNTER... -- COMMAND...: the counter rises by one
counts()
{
	local name=$1 counter=() before

	shift
	while [ "$1" != -- ]; do
		counter+=("$1")
		shift
	done
	shift
	before=$("${counter[@]}")
	on client "$@" > /dev/null
	rose()
	{
		[ "$("${counter[@]}")" = $((before + 1)) ]
	}
	check "$name" wait_until 5 "${counter[*]} rises by 1" rose
}

v4="rawknock --to 10.0.0.1 --from 10.0.0.2"
v6="rawknock --to 2001:db8::1 --from 2001:db8::2"
# shellcheck disable=SC2086 # words of a command
{
counts "a datagram arrives" snmp Udp NoPorts -- $v4 --bogus
counts "by IPv6" snmp6 Udp6NoPorts -- $v6 --secret abc
counts "without a checksum" snmp Udp NoPorts -- $v4 --random 88 --checksum zero
counts "with a bad checksum" snmp Udp InCsumErrors -- $v4 --bogus --checksum bad
counts "by IPv6 with a bad checksum" snmp6 Udp6InCsumErrors -- $v6 --bogus --checksum bad
counts "with broken IP options" snmp Ip InHdrErrors -- $v4 --bogus --ip-options 07ff0000
counts "with a wrong UDP length" snmp Udp InErrors -- $v4 --bogus --udp-length 4000
counts "cut short" snmp Udp InErrors -- $v4 --bogus --cut 7
counts "in fragments" snmp Ip ReasmOKs -- $v4 --bogus --fragments 0:24,24:24,48:
counts "in fragments by IPv6" snmp6 Ip6ReasmOKs -- $v6 --bogus --fragments 0:8,8:
counts "behind extension headers" snmp6 Udp6NoPorts -- $v6 --bogus --ext "hbh,dst*3,frag"
counts "with IP options" snmp Udp NoPorts -- $v4 --bogus --ip-options 01010101
}
check_eq "a port without a service answers no SYN of 50" "answered 0 of 50" \
	"$(on client knocksyn --to 10.0.0.1 --from 10.9.0.1 --sources 50 --secret a --port 80 \
		--quiet 300 --without)"
start_sshd server
check_eq "and one with a service" "answered 50 of 50" \
	"$(on client knocksyn --to 10.0.0.1 --from 10.9.0.1 --sources 50 --secret a --port 22 \
		--without)"
check_eq "a scan finds it" "22 syn-ack" \
	"$(on client rawscan --to 10.0.0.1 --from 10.0.0.2 --ports 1-200 | grep -v rst)"
check_eq "a scan by datagrams is refused" "200" \
	"$(on client rawscan --to 10.0.0.1 --from 10.0.0.2 --ports 1-200 --udp 88 | grep -c 'icmp 3/3')"
check_eq "and by IPv6" "200" \
	"$(on client rawscan --to 2001:db8::1 --from 2001:db8::2 --ports 1-200 --udp 74 --tumbler |
		grep -c 'icmp 1/4')"
end_scenario
