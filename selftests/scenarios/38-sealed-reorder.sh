#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Two devices, whose clocks are a minute apart, share a key, and each knocks over both
# families, on a network that delays each packet by another time: every open is good, in
# whatever order they come, until the fast device closes. Then the slow one waits out the
# difference, and `why' says how long.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"
. "$(dirname "$0")/../lib/sealed.sh"

SLOW=-60
# A key remembers 16 times: so many opens may be under way at once.
EACH=4

# device HOST NUMBER OFFSET: its opens over both families, sent by turns at once, IPv4 first
device()
{
	local v
	local -A to=([4]=10.0.0.1 [6]=2001:db8::1) from=([4]="10.0.0.$2" [6]="2001:db8::$2")

	for v in 4 6; do
		sealed --address "${from[$v]}" --at "$3" --nanoseconds "$((RANDOM * 1000))" \
			--count "$EACH" > "/tmp/$1.$v"
		on "$1" rawknock --to "${to[$v]}" --from "${from[$v]}" \
			--from-mac "02:0:0:0:0:$2" --lines < "/tmp/$1.$v" > /dev/null
	done
}

# payloads FILE: of a capture, a line of hex each
payloads()
{
	tcpdump -r "$1" -n -x 2> /dev/null | awk '
		/^[0-9]/ { if (hex != "") print substr(hex, length(hex) - 175); hex = ""; next }
		{ sub(/^[^:]*:/, ""); gsub(/[ \t]/, ""); hex = hex $0 }
		END { if (hex != "") print substr(hex, length(hex) - 175) }'
}

both()
{
	device client 2 +0
	device other 3 "$SLOW"
	wait_until 20 "all have arrived" arrived $((4 * EACH))
}

arrived()
{
	[ "$(payloads /tmp/capture | wc -l)" -ge "$1" ]
}

# open_for: the addresses that have a grant
open_for()
{
	kctl --json grants | grep -o '"address": *"[^"]*"' | cut -d '"' -f 4 | sort | xargs
}

opening()
{
	start_capture server /tmp/capture udp dst port 8675
	assert_reason "all are good" "extended=$((4 * EACH - 4)) opened=4" both
	stop_capture
	cat /tmp/client.[46] /tmp/other.[46] > /tmp/sent
	payloads /tmp/capture > /tmp/came
	check_eq "those were they" "$(sort /tmp/sent)" "$(sort /tmp/came)"
	check_not "in another order" cmp -s /tmp/sent /tmp/came
	check_eq "each device has a grant for each of its addresses" \
		"10.0.0.2 10.0.0.3 2001:db8::2 2001:db8::3" \
		"$(open_for)"
}

# one HOST NUMBER [OPTION]...: a knock of that device, over IPv4
one()
{
	sealed --address "10.0.0.$2" "${@:3}" | on "$1" rawknock --to 10.0.0.1 \
		--from "10.0.0.$2" --from-mac "02:0:0:0:0:$2" --lines > /dev/null
}

closing()
{
	assert_reason "the fast device closes" closed=1 one client 2 --at +0 --close
	check_eq "its own address" "10.0.0.3 2001:db8::2 2001:db8::3" \
		"$(open_for)"
	assert_reason "the slow one has to wait" before_close=1 one other 3 --at "$SLOW"
	# As people type it: with the configuration, which has the secret.
	ip netns exec server knockctl why 10.0.0.3 > /tmp/why
	check "why says that it is behind" grep -q "this device is behind the one that closed" /tmp/why
	diag "$(cat /tmp/why)"
	step_clock 40
	assert_reason "not yet" before_close=1 one other 3 --at "$SLOW"
	step_clock 21
	assert_reason "until it has caught up" extended=1 one other 3 --at "$SLOW"
}

need_module
plan 10
net_setup
must kctl add-door ssh --opens tcp/22 --open-for 1h
set_clock "2026-11-22 12:30:10"
new_sealed ssh alice
for host in client other; do
	must on "$host" tc qdisc add dev eth0 root netem delay 60ms 50ms
done
run_stage "opening" opening
for host in client other; do
	must on "$host" tc qdisc del dev eth0 root
done
run_stage "closing" closing
end_scenario
