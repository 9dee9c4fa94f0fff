#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# `-j KNOCK' and `-m knock --blacklisted' in rules: saved and restored over every
# iptables, refused where they make no sense, and what they do in each chain.
# Takes: 40
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/packet.sh"

# One of each for a chain, as they are saved.
rules_of()
{
	local option

	for option in "--close a" "--close A.b_c-d" "--close 1234567890123456789012345678901" \
		"--ban 1s" "--ban 90s" "--ban 10m" "--ban 1h" "--ban 1d" "--ban 7d"; do
		echo "-A $1 -j KNOCK $option"
	done
	echo "-A $1 -m knock --blacklisted -j ACCEPT"
	echo "-A $1 -m knock ! --blacklisted -j ACCEPT"
	echo "-A $1 -m knock --blacklisted -j KNOCK --close a"
}

all_rules()
{
	printf '*raw\n:PREROUTING ACCEPT\n'
	rules_of PREROUTING
	printf 'COMMIT\n*mangle\n:PREROUTING ACCEPT\n'
	rules_of PREROUTING
	printf 'COMMIT\n*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n'
	rules_of INPUT
	rules_of FORWARD
	printf 'COMMIT\n'
}

# saved: sorted, since tables have no order among each other
saved()
{
	on server "$1-save" | grep -i knock | sort
}

round_trip()
{
	local tool=$1

	all_rules > /tmp/rules
	must on server "$tool-restore" /tmp/rules
	check_eq "$tool: 48 rules are saved as they were written" \
		"$(grep ^-A /tmp/rules | sort)" "$(saved "$tool")"
	on server "$tool-save" > /tmp/saved
	must on server "$tool" -t raw -F
	must on server "$tool-restore" /tmp/saved
	check_eq "$tool: and restored as they were saved" \
		"$(grep ^-A /tmp/rules | sort)" "$(saved "$tool")"
	check "$tool: a rule is found by what it says" \
		on server "$tool" -C INPUT -j KNOCK --ban 3600s
	printf '*raw\nCOMMIT\n*mangle\nCOMMIT\n*filter\nCOMMIT\n' > /tmp/none
	must on server "$tool-restore" /tmp/none
	check_eq "$tool: none is left" "" "$(saved "$tool")"
}

refused()
{
	local tool=$1 words

	for words in "-j KNOCK" "-j KNOCK --ban 0s" "-j KNOCK --ban 8d" "-j KNOCK --ban 1x" \
		"-j KNOCK --ban" "-j KNOCK --close -x" "-j KNOCK --close a --ban 1m" \
		"-j KNOCK ! --close a" "-m knock --blacklisted --door a"; do
		# shellcheck disable=SC2086 # words of a command
		check_not "$tool: refused: $words" on server "$tool" -A INPUT $words
	done
	check_not "$tool: not in OUTPUT" on server "$tool" -A OUTPUT -j KNOCK --close a
	check_not "$tool: not in POSTROUTING" \
		on server "$tool" -t mangle -A POSTROUTING -j KNOCK --ban 1m
	check_eq "$tool: no rule came of it" "" "$(saved "$tool")"
}

banned()
{
	kctl --json blacklist | grep -q "\"address\": \"$1\", \"kind\": \"ban\""
}

granted()
{
	kctl --json grants "$1" | grep -q "\"$2\""
}

syn() { admits "$1" "$2" --syn --dport 22; }

# acts TABLE CHAIN: a packet that meets both rules there
acts()
{
	must fw server -t "$1" -A "$2" -p tcp --dport 22 -s "$NET" -j KNOCK --close ssh
	must fw server -t "$1" -A "$2" -p tcp --dport 22 -s "$NET" -j KNOCK --close later
	must fw server -t "$1" -A "$2" -p tcp --dport 22 -s "$NET" -j KNOCK --ban 10m
	probe_chain "$1" "$2" -p tcp --dport 22 -s "$NET"
	elsewhere 1
	must kctl open ssh "$FROM" --for 1h
	must kctl open other "$FROM" --for 1h
	probe_rule --door ssh
	syn "the rules go on, behind a closed door" "0 of 1"
	check_not "IPv$V $1 $2: closed" granted ssh "$FROM"
	check "IPv$V $1 $2: no other door is" granted other "$FROM"
	check "IPv$V $1 $2: banned" banned "$FROM"
	probe_end "$2"
}

blacklisted()
{
	probe_chain filter INPUT -s "$NET"
	elsewhere 1
	probe_rule --blacklisted
	syn "nobody is blacklisted" "0 of 1"
	must kctl block "$FROM"
	syn "blocked" "1 of 1"
	admits "whatever protocol he speaks" "1 of 1" --protocol 47
	probe_rule ! --blacklisted
	syn "the opposite" "0 of 1"
	must kctl unblock "$FROM"
	syn "of which he is one now" "1 of 1"
	must fw server -I INPUT -p tcp --dport 23 -j KNOCK --ban 10m
	probe_rule --blacklisted
	raw --syn --dport 23
	wait_until 5 "banned" banned "$FROM"
	wait_until 5 "the packet was seen" probe_saw 1
	syn "banned" "1 of 1"
	must kctl open ssh "$FROM" --for 1h
	syn "banned, with a grant" "0 of 1"
	must kctl block "$FROM"
	syn "blocked, with a grant" "1 of 1"
	must kctl unblock --all
	probe_end INPUT
}

need_module
plan 112
net_setup
must on server sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
for tool in iptables-legacy ip6tables-legacy iptables-nft ip6tables-nft; do
	round_trip "$tool"
	refused "$tool"
done
# Rules were there before the first door; that it can be banned from says that room
# was made for them.
for v in 4 6; do
	if [ "$v" = 4 ]; then
		IPTABLES=iptables-legacy NET=10.9.0.0/16
	else
		IPTABLES=iptables-nft NET=2001:db8:9::/48
	fi
	family "$v"
	must fw server -A INPUT -p tcp --dport 25 -j KNOCK --ban 1m
	must kctl add-door ssh --opens tcp/22
	must kctl add-door other --opens tcp/80
	for chain in "raw PREROUTING" "mangle PREROUTING" "filter INPUT"; do
		# shellcheck disable=SC2086 # table and chain
		acts $chain
	done
	# By way of the server, to a host behind it.
	[ "$v" = 4 ] && TO=10.0.0.3 || TO=2001:db8::3
	acts filter FORWARD
	family "$v"
	fw_open server
	must fw server -t raw -F
	must fw server -t mangle -F
	run_stage "IPv$V: blacklisted" blacklisted
	must kctl del-door ssh
	must kctl del-door other
	fw_open server
done
end_scenario
