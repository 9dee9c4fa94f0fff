#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The door is open when the softirq that received the knock ends: a SYN right
# behind it, in the same receive queue, gets through.
# Processors: 2
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

SOURCES=200

# pairs TO FIRST [OPTION]...: a knock and a SYN from each source, all sent, and so
# received, by one CPU
pairs()
{
	local to=$1 first=$2

	shift 2
	on client taskset -c 0 knocksyn --to "$to" --from "$first" --sources $SOURCES \
		--secret "$SECRET" --port 22 "$@"
}

# The closed door's answer first: else nothing would show that a knock opened it.
by_family()
{
	local name=$1 to=$2 first=$3 before

	check_eq "$name: without knocks none gets through" "answered 0 of $SOURCES" \
		"$(pairs "$to" "$first" --without --quiet 1000)"
	clock_second 2
	before=$(reasons)
	check_eq "$name: with a knock before each all do" "answered $SOURCES of $SOURCES" \
		"$(pairs "$to" "$first")"
	check_eq "$name: by as many knocks" "opened=$SOURCES" "$(reasons_since "$before")"
}

need_module
plan 13
net_setup
start_sshd server
# Other addresses each time: to those of before SYN-ACKs are sent again for a minute.
net=0
for IPTABLES in iptables-legacy iptables-nft; do
	net=$((net + 1))
	fw_drop server ssh
	must kctl add-door ssh --opens tcp/22 --max-grants 1024 --open-for 10m
	new_key ssh many --max-grants 1024
	by_family "IPv4 $IPTABLES" 10.0.0.1 "10.9.$net.1"
	start_monitor
	by_family "IPv6 $IPTABLES, while somebody listens" 2001:db8::1 "2001:db8:9::$net:1"
	[ "$IPTABLES" = iptables-nft ] ||
		check "each has its event" wait_event '"opened"' 30 $SOURCES
	stop_monitor
	must kctl del-door ssh
	fw_open server
done
end_scenario
