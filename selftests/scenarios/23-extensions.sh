#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Behind up to eight IPv6 extension headers of any kind a knock opens and a SYN is
# admitted; behind more, or where a header lies about its length, neither.
# Takes: 40
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/packet.sh"

knocks()
{
	local kind

	for kind in hbh dst rt ah; do
		packet "a knock behind one $kind" "opened=1" --secret "$SECRET" --ext "$kind"
		packet "behind eight" "opened=1" --secret "$SECRET" --ext "$kind*8"
		packet "behind nine" "extension=1" --secret "$SECRET" --ext "$kind*9"
		packet "behind 40" "extension=1" --secret "$SECRET" --ext "$kind*40"
	done
	packet "behind eight of all kinds" "opened=1" --secret "$SECRET" --ext "hbh,dst,rt,ah,dst*4"
	packet "behind nine of all kinds" "extension=1" --secret "$SECRET" --ext "hbh,dst,rt,ah*6"
}

# Three headers, then 82 bytes of datagram.
cut_short()
{
	packet "cut anywhere, headers included: only the whole one opens" "header=106 opened=1" \
		--secret "$SECRET" --ext "dst*3" --sweep ip-length:0-106
	packet "a header longer than the packet" "header=1" --secret "$SECRET" --ext dst \
		--ext-length 255
	packet "an authentication header, too" "header=1" --secret "$SECRET" --ext ah \
		--ext-length 255
	packet_unseen "a header that swallows the datagram's" --secret "$SECRET" --ext "dst*2" \
		--ext-length 1
}

# In either place the match is shown the packet as it came.
syns()
{
	local kind

	probe_rule --door ssh
	admits "a SYN" "1 of 1" --syn --dport 22
	for kind in hbh dst rt ah; do
		admits "behind eight $kind" "1 of 1" --syn --dport 22 --ext "$kind*8"
		admits "behind nine" "0 of 1" --syn --dport 22 --ext "$kind*9"
	done
	admits "behind 40" "0 of 1" --syn --dport 22 --ext "dst*40"
	admits "to another port, behind one" "0 of 1" --syn --dport 23 --ext dst
	admits "a header longer than the packet" "0 of 1" --syn --dport 22 --ext dst --ext-length 255
	probe_rule ! --door ssh
	admits "what can't be read is matched by the opposite" "1 of 1" --syn --dport 22 --ext "dst*9"
	probe_rule --door all
	admits "nor has a door to everything room for it" "0 of 1" --syn --dport 22 --ext "dst*9"
}

need_module
plan 51
net_setup
family 6
door_with_key
clock_second 5
run_stage "knocks" knocks
clock_second 5
run_stage "cut short" cut_short
check_eq "as many grants as good knocks" 10 "$(status_number grants)"

elsewhere 1
must kctl add-door all --opens any
must kctl open ssh "$FROM" --for 1h
must kctl open all "$FROM" --for 1h
probe_chain filter INPUT -s 2001:db8:9::/48
run_stage "the match in INPUT" syns
probe_end INPUT
probe_chain raw PREROUTING -s 2001:db8:9::/48
run_stage "the match in raw" syns
end_scenario
