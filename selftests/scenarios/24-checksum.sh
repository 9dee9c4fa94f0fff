#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Checksums, addresses that are nobody's or everybody's, several datagrams in one
# buffer, a payload in pages, IP options: what is a knock all the same, and what not.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/packet.sh"

checksums()
{
	packet "a bad checksum" "checksum=1" --secret "$SECRET" --checksum bad
	if [ "$V" = 4 ]; then
		packet "no checksum" "opened=1" --secret "$SECRET" --checksum zero
	else
		packet "no checksum" "checksum=1" --secret "$SECRET" --checksum zero
	fi
	packet "a good one" "opened=1" --secret "$SECRET"
	assert_reason "IPv$V: one that is left to the network card" "duplicate=2 opened=1" \
		knock client "$SECRET" "$TO"
}

# to RESULT WANT ADDRESS OPTION...: a good knock to this address
to()
{
	local server=$TO

	TO=$3
	packet "$1" "$2" --secret "$SECRET" "${@:4}"
	TO=$server
}

destinations()
{
	packet "to all Ethernet addresses" "destination=1" --secret "$SECRET" \
		--to-mac ff:ff:ff:ff:ff:ff
	packet "to a group of them" "destination=1" --secret "$SECRET" --to-mac 33:33:00:00:00:01
	packet_unseen "to somebody else's" --secret "$SECRET" --to-mac 02:00:00:00:00:77
	if [ "$V" = 4 ]; then
		to "to everybody" "destination=1" 255.255.255.255
		to "to everybody on the LAN" "destination=1" 10.0.0.255
		to "to nobody" "destination=1" 0.0.0.0
		to "to a group" "destination=1" 224.0.0.1
		to "to a host beyond" "opened=1" 192.0.2.1
	else
		to "to all nodes" "destination=1" ff02::1
		to "to a group" "destination=1" ff0e::1:2
		to "to a host beyond" "opened=1" 2001:db8:77::1
	fi
}

# from RESULT WANT ADDRESS: a good knock from there
from()
{
	FROM=$3
	assert_reason "IPv$V: from $1" "$2" raw_and_marker --secret "$SECRET"
}

# IPv6 itself drops what comes from a group.
sources()
{
	if [ "$V" = 4 ]; then
		from "nobody" "source=2" 0.0.0.0
		from "a group" "source=2" 224.0.0.1
		from "everybody" "source=2" 255.255.255.255
	else
		from "nobody" "source=2" ::
		from "a group" "" ff02::1
		from "IPv4 in disguise" "source=2" ::ffff:10.9.250.1
	fi
}

# The match is asked before the routing table has had a word.
never_admitted()
{
	local address list="0.0.0.0 224.0.0.1 255.255.255.255" came=4

	[ "$V" = 4 ] || list=":: ff02::1 ::ffff:10.9.250.1" came=3
	probe_chain raw PREROUTING -p tcp --dport 22
	probe_rule --door ssh
	for address in $list; do
		kctl open ssh "$address" --for 1h > /dev/null 2>&1
		FROM=$address
		must raw --syn --dport 22
	done
	elsewhere 1
	must kctl open ssh "$FROM" --for 1h
	raw --syn --dport 22
	# Not by check: it asks in a shell of its own, and what was seen is told by $PROBED.
	wait_until 5 "the match has seen the last SYN" probe_saw "$came"
	check_eq "IPv$V: the match has seen all SYNs, and admitted the last" "1 of $came" "$PROBED"
	probe_end PREROUTING
}

# shaped OPTION...: udpsend's options for a good knock from the client itself
shaped()
{
	on client tumbler --print --open "tumbler://$SECRET@${TO/*:*/[$TO]}/" | tr -d '\n' |
		on client udpsend "$@" "$TO" 8675
}

# The client's address has a grant already, of its knock a minute ago.
shapes()
{
	assert_reason "IPv$V: five datagrams in one buffer" "super_packet=1" \
		shaped --segment 74 --copies 5
	assert_reason "IPv$V: two in one" "super_packet=1" shaped --segment 74 --copies 2
	assert_reason "IPv$V: one in pages" "extended=1" shaped --paged
}

options()
{
	packet "behind four bytes of IP options" "opened=1" --secret "$SECRET" --ip-options 01010101
	packet "behind a router alert" "opened=1" --secret "$SECRET" --ip-options 94040000
	packet "behind forty bytes" "opened=1" --secret "$SECRET" --ip-options "$(printf '01%.0s' {1..40})"
	packet "cut behind forty: only the whole one opens" "header=82 opened=1" --secret "$SECRET" \
		--ip-options "$(printf '01%.0s' {1..40})" --sweep ip-length:60-142
}

need_module
plan 40
net_setup
for v in 4 6; do
	family "$v"
	door_with_key
	clock_second 5
	run_stage "IPv$V: checksums" checksums
	clock_second 5
	run_stage "IPv$V: buffers" shapes
	run_stage "IPv$V: destinations" destinations
	run_stage "IPv$V: sources" sources
	run_stage "IPv$V: never admitted" never_admitted
	[ "$V" = 6 ] || run_stage "IPv4: options" options
	must kctl del-door ssh
done
end_scenario
