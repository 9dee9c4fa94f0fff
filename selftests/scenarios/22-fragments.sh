#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A good knock in fragments opens nothing: neither piece by piece, nor put together
# again before it is offered, as conntrack does.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/packet.sh"

# in_pieces RESULT WANT PIECES: of a knock of 8 + 74 bytes, from a new address
in_pieces()
{
	elsewhere 1
	assert_reason "IPv$V, $conntrack: $1" "$2" raw_and_marker --secret "$SECRET" --fragments "$3"
}

# The port is in the first fragment only; one is counted. A later one may be anything.
piecewise()
{
	conntrack="no conntrack"
	in_pieces "two fragments" "fragment=1 unknown_hint=1" 0:40,40:
	in_pieces "the first with the header alone" "fragment=1 unknown_hint=1" 0:8,8:
	in_pieces "the second comes first" "fragment=1 unknown_hint=1" 40:,0:40
	in_pieces "they overlap" "fragment=1 unknown_hint=1" 0:48,40:
	in_pieces "the first comes twice" "fragment=2 unknown_hint=1" 0:40,0:40,40:
	in_pieces "the first of all" "fragment=1 unknown_hint=1" 0:48
	in_pieces "all but the first" "unknown_hint=1" 8:
}

# Fragments arrive as one packet, or not at all.
put_together()
{
	must fw server -A INPUT -m conntrack --ctstate INVALID
	conntrack="conntrack"
	in_pieces "two fragments" "fragment=1 unknown_hint=1" 0:40,40:
	in_pieces "the first with the header alone" "fragment=1 unknown_hint=1" 0:8,8:
	in_pieces "the second comes first" "fragment=1 unknown_hint=1" 40:,0:40
	in_pieces "ten of them" "fragment=1 unknown_hint=1" \
		0:8,8:8,16:8,24:8,32:8,40:8,48:8,56:8,64:8,72:
	in_pieces "they overlap" "unknown_hint=1" 0:48,40:
	in_pieces "the last is missing" "unknown_hint=1" 0:40
	packet "what came in one piece opens" "opened=1" --secret "$SECRET"
}

# An IPv6 packet may have the header of a fragment and be the only one.
atomic()
{
	packet "the only fragment, $conntrack" "fragment=1" --secret "$SECRET" --ext frag
	packet "behind other headers, $conntrack" "fragment=1" --secret "$SECRET" --ext dst,frag
	packet "before other headers, $conntrack" "fragment=1" --secret "$SECRET" --ext frag,dst
}

need_module
plan 38
net_setup
for v in 4 6; do
	family "$v"
	door_with_key
	clock_second 5
	run_stage "IPv$V: piece by piece" piecewise
	[ "$V" = 4 ] || run_stage "IPv6: atomic" atomic
	nothing_opened "no fragments open"
	clock_second 5
	run_stage "IPv$V: put together" put_together
	[ "$V" = 4 ] || run_stage "IPv6: atomic with conntrack" atomic
	check_eq "IPv$V: only one knock opened" 1 "$(status_number grants)"
	must kctl del-door ssh
done
end_scenario
