#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A knock cut short anywhere, too long, or with a length that is not its own, opens
# nothing, and has its reason; only the whole one opens.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/packet.sh"

payload()
{
	packet "the first 0 to 73 bytes of a knock" "form=1 size=73" \
		--secret "$SECRET" --sweep length:0-73
	packet "a knock and NUL, 75 to 200 bytes" "form=2 size=123 unknown_hint=1" \
		--secret "$SECRET" --sweep length:75-200
	packet "0 to 200 random bytes" "form=4 size=196 unknown_hint=1" \
		--random 200 --sweep length:0-200
	packet "0 to 200 bytes NUL" "form=4 size=196 unknown_hint=1" --hex "" --sweep length:0-200
	packet "1000 bytes" "size=1" --secret "$SECRET" --length 1000
	nothing_opened "nothing of these opens"
}

# 8 bytes of header, 74 of payload. What IP's length leaves out is cut off before
# anybody sees it; what it promises and is not there, IP drops.
headers()
{
	local header=20

	[ "$V" = 4 ] || header=40
	packet "cut at every byte behind the IP header" "header=82" \
		--secret "$SECRET" --sweep cut:0-81
	nothing_opened "no part of it opens"
	packet "frames cut at every byte: only the whole one opens" "opened=1" \
		--secret "$SECRET" --sweep truncate:0-$((header + 82))
	packet "UDP's length from 0 to 200: only the true one opens" "header=200 opened=1" \
		--secret "$SECRET" --sweep udp-length:0-200
	packet "the last one of 16 bits" "header=1" --secret "$SECRET" --udp-length 65535
	# IPv4's length counts its header; below 20 it is none.
	packet "IP's length from 0 to 200: only the true one opens" "header=82 opened=1" \
		--secret "$SECRET" --sweep ip-length:0-200
	packet "without a checksum to tell, too" "header=82" \
		--secret "$SECRET" --checksum zero --sweep cut:0-81
}

padding()
{
	packet "padding behind the datagram is none of it" "opened=1" --secret "$SECRET" \
		--length 100 --udp-length 82 --ip-length 102 --checksum zero
	packet "but what IP counts and UDP does not is wrong" "header=1" --secret "$SECRET" \
		--length 100 --udp-length 82 --checksum zero
	packet_unseen "a header with a bad checksum is IP's to drop" --secret "$SECRET" \
		--ip-checksum bad
}

need_module
plan 29
net_setup
for v in 4 6; do
	family "$v"
	door_with_key
	clock_second 5
	run_stage "IPv$V: payload" payload
	clock_second 5
	run_stage "IPv$V: headers" headers
	[ "$V" = 6 ] || run_stage "IPv$V: padding" padding
	must kctl del-door ssh
done
end_scenario
