#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A ruleset of nftables' own, without iptables in any form, hides and opens a real
# ssh by the marks of doors: on a host, behind a gateway, and through its DNAT.
# Takes: 70
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

# Neither the old tables nor their translation; earlier scenarios may have left them.
no_iptables()
{
	for _ in 1 2 3; do
		awk '$1 ~ /^(ip6?_tables|ip6?table_|nft_compat$)/ && $3 == 0 { print $1 }' /proc/modules |
			xargs -r rmmod 2> /dev/null
	done
	! grep -qE '^(ip6?_tables|nft_compat) ' /proc/modules
}

# still_no_iptables NAME
still_no_iptables()
{
	if [ "$GUEST_KERNEL" = debug ]; then
		skip "$1" "they are built in"
	else
		check_eq "$1" "" "$(grep -oE '^(ip6?_tables|nft_compat) ' /proc/modules)"
	fi
}

# A host behind the server, which is its gateway.
inner_host()
{
	must ip netns add inner
	must ip link add inner netns server type veth peer name eth0 netns inner
	must ip -n server addr add 10.1.0.1/24 dev inner
	must ip -n server addr add 2001:db8:1::1/64 dev inner nodad
	must ip -n server link set inner up
	must ip -n inner addr add 10.1.0.2/24 dev eth0
	must ip -n inner addr add 2001:db8:1::2/64 dev eth0 nodad
	must ip -n inner link set lo up
	must ip -n inner link set eth0 up
	must ip -n inner route add default via 10.1.0.1
	must ip -n inner -6 route add default via 2001:db8:1::1
	for host in client other; do
		must ip -n "$host" route add 10.1.0.0/24 via 10.0.0.1
		must ip -n "$host" -6 route add 2001:db8:1::/64 via 2001:db8::1
	done
	must on server sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
	must wait_until 10 "the gateway forwards" on client ping -c 1 -W 1 10.1.0.2
	must wait_until 10 "and IPv6" on client ping -6 -c 1 -W 1 2001:db8:1::2
}

ruleset()
{
	on server nft -f - <<-'END'
		table inet filter {
			chain known {
				tcp flags & (fin | syn | rst | ack) != syn ct state established accept
				meta l4proto != tcp ct state established,related accept
				icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert, packet-too-big } accept
			}
			chain input {
				type filter hook input priority filter; policy drop;
				iif "lo" accept
				jump known
				meta mark & 0x100 == 0x100 accept
				udp dport 8675 counter comment "seen"
				udp dport 8675 meta mark & 0xf00 != 0 counter comment "admitted"
			}
			chain forward {
				type filter hook forward priority filter; policy drop;
				jump known
				meta mark & 0x200 == 0x200 accept
				meta mark & 0x400 == 0x400 accept
			}
		}
		table inet nat {
			chain prerouting {
				type nat hook prerouting priority dstnat;
				meta nfproto ipv4 tcp dport 2222 dnat ip to 10.1.0.2:22
				meta nfproto ipv6 tcp dport 2222 dnat ip6 to [2001:db8:1::2]:22
			}
		}
	END
}

# count_of COMMENT: packets that this rule counted
count_of()
{
	on server nft list chain inet filter input |
		sed -n "s/.*packets \([0-9]*\) bytes.*\"$1\"/\1/p"
}

# reached NAME ADDRESS PORT: from closed to ssh and back, by a knock at $KNOCK_AT
reached()
{
	local name="IPv$V: $1" at=$2 port=$3

	expect_tcp "$name: closed before" silent client "$at" "$port"
	assert_reason "$name: the knock opens" "duplicate=2 opened=1" \
		knock client "$SECRET" "$KNOCK_AT"
	check_eq "$name: ssh works" through \
		"$(SSH_PORT=$port ssh_run client "$at" echo through)"
	expect_tcp "$name: for nobody else" silent other "$at" "$port"
}

# closes NAME DOOR ADDRESS PORT
closes()
{
	must kctl close "$2" "$FROM"
	expect_tcp "IPv$V: $1: closed after" silent client "$3" "$4"
}

host()
{
	new_key ssh "alice$V"
	reached "a host" "$SERVER" 22
	must kctl set-door ssh --mark none
	expect_tcp "IPv$V: a host: without its mark it is closed" silent client "$SERVER" 22
	must kctl set-door ssh --mark 0x800/0x800
	expect_tcp "IPv$V: a host: as with another" silent client "$SERVER" 22
	must kctl set-door ssh --mark 0x100/0x100
	expect_tcp "IPv$V: a host: with its own it is open again" open client "$SERVER" 22
	closes "a host" ssh "$SERVER" 22
}

# The knock is at the host behind the gateway, which sees it pass.
gateway()
{
	new_key inner "bob$V"
	KNOCK_AT=$INNER reached "a gateway" "$INNER" 22
	closes "a gateway" inner "$INNER" 22
}

translated()
{
	new_key front "carol$V"
	reached "DNAT" "$SERVER" 2222
	expect_tcp "IPv$V: DNAT: not the port that it leads to" silent client "$INNER" 22
	closes "DNAT" front "$SERVER" 2222
}

# Whoever may pass any port may not pass the knock port.
knock_port()
{
	local seen admitted

	must kctl add-door all --opens any --mark 0x800/0x800
	must kctl open all "$FROM" --for 1h
	seen=$(count_of seen) admitted=$(count_of admitted)
	must on client rawknock --to "$SERVER" --from "$FROM" --random 20 --count 5
	came()
	{
		[ $(($(count_of seen) - seen)) = 5 ]
	}
	check "IPv$V: datagrams to the knock port" wait_until 5 "5 have come" came
	check_eq "IPv$V: none is admitted" "$admitted" "$(count_of admitted)"
	must kctl del-door all
}

# family 4|6
family()
{
	V=$1
	if [ "$V" = 4 ]; then
		SERVER=10.0.0.1 INNER=10.1.0.2 FROM=10.0.0.2
	else
		SERVER=2001:db8::1 INNER=2001:db8:1::2 FROM=2001:db8::2
	fi
	KNOCK_AT=$SERVER
}

need_module
plan 43
must wait_until 60 "iptables is gone" no_iptables
net_setup
inner_host
start_sshd server
start_sshd inner
must ruleset
must kctl add-door ssh --opens tcp/22 --mark 0x100/0x100 --open-for 1h
must kctl add-door inner --opens tcp/22 --mark 0x200/0x200 --open-for 1h
must kctl add-door front --opens tcp/2222 --mark 0x400/0x400 --open-for 1h
for v in 4 6; do
	family "$v"
	run_stage "IPv$V: a host" host
	run_stage "IPv$V: a gateway" gateway
	run_stage "IPv$V: DNAT" translated
	run_stage "IPv$V: the knock port" knock_port
done
still_no_iptables "all that without iptables"
end_scenario
