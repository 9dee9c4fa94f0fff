#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What `-m knock' admits: the services of the door and no other, from who was let in
# and nobody else, in the chains it may stand in, by the port the client sent to.
# Takes: 90
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/packet.sh"

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

services()
{
	let_in one some all none
	probe_rule --door one
	syn "the port" "1 of 1" 22
	syn "the next" "0 of 1" 23
	syn "the one before" "0 of 1" 21
	udp "another protocol" "0 of 1" 22
	admits "a protocol without ports" "0 of 1" --protocol 47
	admits "SCTP" "0 of 1" --protocol 132 --dport 22
	probe_rule --door some
	syn "below the range" "0 of 1" 7999
	syn "its first" "1 of 1" 8000
	syn "its last" "1 of 1" 8010
	syn "above it" "0 of 1" 8011
	udp "the range of another protocol" "0 of 1" 8005
	udp "UDP" "1 of 1" 51820
	syn "not TCP" "0 of 1" 51820
	probe_rule --door none
	syn "no service at all" "0 of 1" 22
}

everything()
{
	probe_rule --door all
	syn "any: TCP" "1 of 1" 1
	syn "the last port" "1 of 1" 65535
	syn "TCP to the number of the knock port" "1 of 1" 8675
	udp "UDP" "1 of 1" 53
	admits "ICMP" "1 of 1" --protocol 1
	admits "GRE" "1 of 1" --protocol 47
	admits "SCTP" "1 of 1" --protocol 132
	udp "never UDP to its knock port" "0 of 1" 8675
	udp "nor to another door's" "0 of 1" 9999
	must kctl set-door one --knock-port 9998
	udp "which is one no longer" "1 of 1" 9999
	udp "but the new one" "0 of 1" 9998
	must kctl set-door one --knock-port 9999
	admits "ports that can't be read" "0 of 1" --syn --cut 2
}

who()
{
	local granted

	let_in one
	granted=$FROM
	probe_rule
	syn "no door named: any that is open" "1 of 1" 22
	syn "but its own port" "0 of 1" 8000
	probe_rule ! --door one
	syn "the opposite" "0 of 1" 22
	syn "matches another port" "1 of 1" 23
	elsewhere 1
	syn "and anybody else" "1 of 1" 22
	probe_rule --door one
	syn "nobody else is admitted" "0 of 1" 22
	must kctl open some "$FROM"
	syn "nor by a grant on another door" "0 of 1" 22
	FROM=$granted
	must kctl close one "$FROM"
	syn "nor who was let in, once it is closed" "0 of 1" 22
}

# A rule may name a door that is not there; it is closed until it comes, and again.
later()
{
	elsewhere 1
	probe_rule --door later
	syn "no such door" "0 of 1" 22
	must kctl add-door later --opens tcp/22
	syn "a new door is closed" "0 of 1" 22
	must kctl open later "$FROM" --for 1h
	syn "opened" "1 of 1" 22
	must kctl set-door later --opens tcp/23
	syn "it opens something else at once" "0 of 1" 22
	syn "what it was set to" "1 of 1" 23
	must kctl set-door later --opens none
	syn "nothing" "0 of 1" 23
	must kctl set-door later --opens any
	syn "anything" "1 of 1" 22
	must kctl del-door later
	syn "deleted" "0 of 1" 22
	must kctl add-door later --opens tcp/22
	syn "added again, it is closed again" "0 of 1" 22
	must kctl open later "$FROM" --for 1h
	syn "opened again" "1 of 1" 22
	must kctl del-door later
}

# Before conntrack, where pieces are still pieces: all but the first lack ports.
pieces()
{
	let_in one all
	probe_rule --door one
	admits "the first fragment has the port" "1 of 1" --syn --dport 22 --fragments 0:16
	admits "later ones have none" "0 of 1" --syn --dport 22 --fragments 8:
	probe_rule --door all
	admits "nor may they pass where anything may" "0 of 1" --random 64 --dport 53 \
		--fragments 16:
	admits "a whole packet may" "1 of 1" --random 64 --dport 53
}

translated()
{
	let_in front one
	must fw server -t nat -A PREROUTING -p tcp --dport 2222 -j REDIRECT --to-ports 22
	probe_rule --door front
	syn "redirected: the port that the client sent to" "1 of 1" 2222
	elsewhere 1
	must kctl open front "$FROM"
	syn "not the one it was sent on to" "0 of 1" 22
	let_in one
	probe_rule --door one
	syn "the other way round" "0 of 1" 2222
	let_in one
	syn "and directly" "1 of 1" 22
	must fw server -t nat -F PREROUTING
}

# A reply of the granted host comes from the port that the door has; that is not its
# destination, though the entry in conntrack has it there.
replies()
{
	local client=10.0.0.2

	[ "$V" = 4 ] || client=2001:db8::2
	must fw server -A INPUT -m conntrack --ctstate INVALID
	must kctl open one "$client" --for 1h
	probe_rule --door one
	connect()
	{
		[ "$(try_tcp server "$client" 22 15000)" = refused ] && echo "sent 1"
	}
	probe "replies do not count as sent to the door's port" "0 of 1" connect
}

forwarded()
{
	let_in front
	must fw server -t nat -A PREROUTING -p tcp --dport 2222 -j DNAT --to-destination "$1"
	probe_chain filter FORWARD -p tcp --dport 22
	probe_rule --door front
	syn "forwarded: the port that the client sent to" "1 of 1" 2222
	probe_end FORWARD
	must fw server -t nat -F PREROUTING
}

# An entry that conntrack only prepared (a template) knows no port.
template()
{
	must fw server -t raw -A PREROUTING -j CT --zone 3
	probe_chain raw PREROUTING -s "$NET"
	probe_rule --door one
	let_in one
	syn "behind a template" "1 of 1" 22
	syn "another port" "0 of 1" 23
	probe_end PREROUTING
}

# Rules go through save and restore in every spelling and table.
round_trip()
{
	local table tables door before after

	for table in raw:PREROUTING mangle:PREROUTING filter:INPUT filter:FORWARD; do
		for door in a 0 A.b_c-d 1234567890123456789012345678901; do
			must fw server -t "${table%:*}" -A "${table#*:}" -m knock --door "$door"
			must fw server -t "${table%:*}" -A "${table#*:}" -m knock ! --door "$door"
		done
		must fw server -t "${table%:*}" -A "${table#*:}" -m knock -j ACCEPT
	done
	tables=$IPTABLES
	[ "$V" = 4 ] || tables=${IPTABLES/#ip/ip6}
	before=$(on server "$tables-save" | grep -e '-m knock')
	on server "$tables-save" > /tmp/rules
	for table in raw mangle filter; do
		must fw server -t "$table" -F
	done
	must on server "$tables-restore" /tmp/rules
	after=$(on server "$tables-save" | grep -e '-m knock')
	check_eq "$tables: 36 rules" 36 "$(wc -l <<< "$before")"
	check_eq "$tables: the same after restore" "$before" "$after"
	for table in raw mangle filter; do
		must fw server -t "$table" -F
	done
}

refused()
{
	local words

	check_not "IPv$V: no name" fw server -A INPUT -m knock --door ""
	for words in "--door" "! --door" "--door -x" "--door a/b" "--door a --door b" \
		"--door 12345678901234567890123456789012" "--window a"; do
		# shellcheck disable=SC2086 # words of a command
		check_not "IPv$V: -m knock $words" fw server -A INPUT -m knock $words
	done
	check_not "IPv$V: not in OUTPUT" fw server -A OUTPUT -m knock --door a
	check_not "IPv$V: not in POSTROUTING" fw server -t mangle -A POSTROUTING -m knock
	check_eq "IPv$V: no rule came of it" "" "$(fw server -S INPUT | grep knock)"
}

all_doors()
{
	must kctl add-door one --opens tcp/22 --knock-port 9999
	must kctl add-door some --opens tcp/8000-8010,udp/51820
	must kctl add-door all --opens any
	must kctl add-door none --opens none
	must kctl add-door front --opens tcp/2222
}

# Legacy tables are asked about IPv4, nf_tables' about IPv6; the rest is common.
need_module
plan 138
net_setup
must on server sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
all_doors
for v in 4 6; do
	if [ "$v" = 4 ]; then
		IPTABLES=iptables-legacy NET=10.9.0.0/16
	else
		IPTABLES=iptables-nft NET=2001:db8:9::/48
	fi
	family "$v"
	run_stage "IPv$V: save and restore" round_trip
	run_stage "IPv$V: what is refused" refused
	probe_chain raw PREROUTING -s "$NET"
	run_stage "IPv$V: fragments" pieces
	probe_end PREROUTING
	probe_chain mangle PREROUTING -s "$NET"
	run_stage "IPv$V: services" services
	probe_end PREROUTING
	probe_chain filter INPUT -s "$NET"
	run_stage "IPv$V: everything" everything
	run_stage "IPv$V: who" who
	run_stage "IPv$V: a door that comes and goes" later
	run_stage "IPv$V: translated" translated
	probe_end INPUT
	probe_chain filter INPUT -p tcp --sport 22
	run_stage "IPv$V: replies" replies
	probe_end INPUT
	if [ "$V" = 4 ]; then
		forwarded 10.0.0.3:22
	else
		forwarded "[2001:db8::3]:22"
	fi
	run_stage "IPv$V: a template" template
	fw_open server
	must fw server -t raw -F
done
end_scenario
