#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A door with a mark: packets that it admits carry it to the rules and no other packet
# does, whatever it brought with it; the other bits stay as they were.
# Takes: 50
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/packet.sh"

# marked MARK[/MASK]: what the probe looks for from here on
marked()
{
	probe_match -m mark --mark "$1"
}

syn() { admits "$1" "$2" --syn --dport "$3"; }
udp() { admits "$1" "$2" --random 20 --dport "$3"; }

# let_in DOOR...: $FROM, a new address, by hand
let_in()
{
	local door

	elsewhere 1
	for door; do
		must kctl open "$door" "$FROM" --for 1h
	done
}

admitted()
{
	elsewhere 1
	marked 0x100/0x100
	syn "a stranger" "0 of 1" 22
	let_in one
	syn "the port of the door" "1 of 1" 22
	syn "another port" "0 of 1" 23
	udp "another protocol" "0 of 1" 22
	admits "the first fragment has the port" "1 of 1" --syn --dport 22 --fragments 0:16
	admits "later ones have none" "0 of 1" --syn --dport 22 --fragments 8:
	must kctl block "$FROM"
	syn "nor has who is blocked any" "0 of 1" 22
	must kctl unblock "$FROM"
	marked 0
	syn "and nothing else is set" "0 of 1" 22
	syn "nor is anything for another port" "1 of 1" 23
	must kctl close one "$FROM"
	syn "nor once it is closed" "1 of 1" 22
}

everything()
{
	let_in all
	marked 0x200
	syn "any: TCP" "1 of 1" 22
	udp "any: UDP" "1 of 1" 53
	admits "any: ICMP" "1 of 1" --protocol 1
	udp "never UDP to its knock port" "0 of 1" 8675
	admits "nor a bogus knock" "0 of 1" --bogus
	udp "nor to another door's" "0 of 1" 9999
	marked 0x300
	let_in one all
	syn "two doors, two marks" "1 of 1" 22
	marked 0x200
	syn "where one serves, one" "1 of 1" 23
}

# The raw table comes before the hook: its mark is what a packet brings with it.
brought()
{
	must fw server -t raw -A PREROUTING -s "$NET" -j MARK --set-mark 0x8100
	elsewhere 1
	marked 0x8000
	syn "a mark that a stranger brought is taken off" "1 of 1" 22
	udp "also from a datagram to the knock port" "1 of 1" 8675
	admits "and from what can't be read" "1 of 1" --syn --dport 22 --cut 2
	let_in one
	marked 0x8100
	syn "what is admitted has both" "1 of 1" 22
	must kctl set-door one --mark none
	syn "bits that are no door's are left alone" "1 of 1" 23
	must kctl set-door one --mark 0x100/0x100
	must fw server -t raw -F PREROUTING
}

changed()
{
	let_in one
	marked 0x100
	syn "before" "1 of 1" 22
	must kctl set-door one --opens tcp/22 --open-for 1m
	syn "set-door without --mark leaves it" "1 of 1" 22
	must kctl set-door one --mark 0x3000/0xf000
	marked 0x3000
	syn "another mark at once" "1 of 1" 22
	must kctl set-door one --mark none
	marked 0
	syn "none at once" "1 of 1" 22
	must kctl set-door one --mark 0x100/0x100
	marked 0x100
	syn "the first again" "1 of 1" 22
}

# Two doors of one mask: that of another service's door is never given.
shared()
{
	must kctl set-door one --mark 0x1000/0xf000
	must kctl add-door twin --opens tcp/24 --mark 0x5000/0xf000
	let_in one twin
	marked 0x1000
	syn "one" "1 of 1" 22
	marked 0x5000
	syn "the other" "1 of 1" 24
	cmd_fail "masks do not overlap otherwise" 1 "no bit in common" kctl set-door all --mark 0x8000/0x18000
	check "another bit is free" kctl set-door all --mark 0x10000/0x10000
	must kctl del-door twin
	check "what was deleted is in nobody's way" kctl set-door one --mark 0x100/0x100
	must kctl set-door all --mark 0x200/0x200
}

translated()
{
	must fw server -t nat -A PREROUTING -p tcp --dport 2222 -j REDIRECT --to-ports 22
	let_in front
	marked 0x400
	syn "redirected: the port that the client sent to" "1 of 1" 2222
	let_in one
	marked 0x100
	syn "not the one it was sent on to" "0 of 1" 2222
	must fw server -t nat -F PREROUTING
}

need_module
plan 70
net_setup
must kctl add-door one --opens tcp/22 --mark 0x100/0x100 --knock-port 9999
must kctl add-door all --opens any --mark 0x200/0x200
must kctl add-door front --opens tcp/2222 --mark 0x400/0x400
for v in 4 6; do
	if [ "$v" = 4 ]; then
		IPTABLES=iptables-legacy NET=10.9.0.0/16
	else
		IPTABLES=iptables-nft NET=2001:db8:9::/48
	fi
	family "$v"
	probe_chain mangle PREROUTING -s "$NET"
	run_stage "IPv$V: admitted" admitted
	run_stage "IPv$V: everything" everything
	run_stage "IPv$V: brought along" brought
	run_stage "IPv$V: changed" changed
	run_stage "IPv$V: shared" shared
	probe_end PREROUTING
	probe_chain filter INPUT -s "$NET"
	run_stage "IPv$V: translated" translated
	probe_end INPUT
	fw_open server
	must fw server -t raw -F
done
end_scenario
