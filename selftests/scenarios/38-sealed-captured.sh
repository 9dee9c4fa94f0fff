#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What an eavesdropper sees of ten thousand knocks that tumbler sent: each byte of them is
# uniform by chi-square, those of the hint over ten thousand keys; and of one key nothing
# but the hint repeats.
# Runs: long
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"

export HOME=/tmp/home
PROFILES=$HOME/.config/tumbler
KNOCKS=${KNOCKS:-10000}
# For 256 values, all as likely, chi-square is above this in one case of 10^7.
CHI_SQUARE_MAX=390.2

# hear FILE COMMAND...: the payloads that the third host hears while COMMAND runs, once
# each and one a line
hear()
{
	start_capture other /tmp/capture udp dst port 8675
	"${@:2}"
	wait_until 20 "the last has been heard" heard "$KNOCKS"
	stop_capture
	payloads > "$1"
}

# payloads: of the capture; copies of a knock are the same bytes
payloads()
{
	tcpdump -r /tmp/capture -n -x 2> /dev/null | awk '
		function flush() { if (hex != "") print substr(hex, length(hex) - 175); hex = "" }
		/^[0-9]/ { flush(); next }
		{ sub(/^[^:]*:/, ""); gsub(/[ \t]/, ""); hex = hex $0 }
		END { flush() }' | sort -u
}

heard()
{
	[ "$(payloads | wc -l)" -ge "$1" ]
}

of_many_keys()
{
	local i

	head -c $((32 * KNOCKS)) /dev/urandom | od -An -v -tx1 -w32 | tr -d ' ' |
		while read -r hex; do
			xxd -r -p <<< "$hex" | base64 -w 0
			echo
		done > /tmp/secrets
	i=0
	while read -r secret; do
		sed "s|^secret = .*|secret = $secret|" "$PROFILES/alice.conf" > "$PROFILES/$((i++)).conf"
	done < /tmp/secrets
	chmod 0600 "$PROFILES"/*.conf
	seq 0 $((KNOCKS - 1)) | on client xargs -P 40 -n 1 tumbler --open
}

of_one_key()
{
	yes alice | head -n "$KNOCKS" | on client xargs -P 40 -n 1 tumbler --open
}

# chi_squares FILE FIRST: of each byte from FIRST on, the place and chi-square of those
# that are not uniform
chi_squares()
{
	awk -v first="$2" -v max="$CHI_SQUARE_MAX" '
		{ for (at = first; at < 88; at++) count[at, substr($0, 2 * at + 1, 2)]++ }
		END {
			for (at = first; at < 88; at++) {
				sum = 0
				for (value = 0; value < 256; value++) {
					off = count[at, sprintf("%02x", value)] - NR / 256
					sum += off * off / (NR / 256)
				}
				if (sum > max)
					print at, sum
			}
		}' "$1"
}

# repeated FILE: blocks of eight bytes behind the hint that more than one knock has
repeated()
{
	awk '{ for (at = 8; at < 88; at += 8) if (seen[substr($0, 2 * at + 1, 16)]++) print at }' "$1"
}

# verdicts NAME FILE FIRST: three results
verdicts()
{
	check_eq "$1: that many are different" "$KNOCKS" "$(wc -l < "$2")"
	check_eq "$1: all are 88 bytes" 0 "$(grep -c -v -x -E '[0-9a-f]{176}' "$2")"
	check_eq "$1: each byte from $3 on is uniform" "" "$(chi_squares "$2" "$3")"
}

need_module
plan 8
net_setup
must kctl add-door ssh --opens tcp/22 --open-for 1h
kctl add-key ssh alice --type sealed --host 10.0.0.1 > /tmp/profile
check "the client has its profile" on client tumbler import /tmp/profile --name alice
hear /tmp/many of_many_keys
verdicts "of 10 000 keys" /tmp/many 0
hear /tmp/one of_one_key
verdicts "of one key" /tmp/one 8
check_eq "of one key: nothing repeats" "" "$(repeated /tmp/one)"
end_scenario
