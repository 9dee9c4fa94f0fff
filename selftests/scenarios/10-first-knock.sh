#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The main job: a hidden ssh server, one datagram, ssh; closed again by another.
# Takes: 70
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

knock()
{
	on "$1" tumbler --open "tumbler://$2@$3/"
}

# secret_of KEY [OPTION]...: the secret of a key that is made now
secret_of()
{
	local key=$1

	shift
	kctl --json add-key ssh "$key" --type tumbler "$@" |
		sed -n 's/.*"secret": *"\([^"]*\)".*/\1/p'
}

# story ADDRESS SOURCE: one client by one family
story()
{
	local at=$1 from=$2

	expect_tcp "$family $IPTABLES: closed before" silent client "${at//[][]/}" 22
	assert_reason "$family $IPTABLES: the knock opens, its copies are copies" \
		"duplicate=2 opened=1" knock client "$open" "$at"
	check_eq "$family $IPTABLES: ssh works" through "$(ssh_run client "${at//[][]/}" echo through)"
	expect_tcp "$family $IPTABLES: for nobody else" silent other "${at//[][]/}" 22
	check "$family $IPTABLES: the event says whose" \
		wait_event "\"opened\".*\"alice\".*\"$from\"|\"alice\".*\"$from\""
	assert_reason "$family $IPTABLES: the close knock closes" \
		"closed=1 duplicate=2" knock client "$close" "$at"
	expect_tcp "$family $IPTABLES: closed after" silent client "${at//[][]/}" 22
	check_eq "$family $IPTABLES: no grant is left" 0 "$(status_number grants)"
}

need_module
plan 32
net_setup
start_sshd server
for IPTABLES in iptables-legacy iptables-nft; do
	fw_drop server ssh
	for family in IPv4 IPv6; do
		must kctl add-door ssh --opens tcp/22 --open-for 10m
		start_monitor
		open=$(secret_of alice)
		close=$(secret_of alice-close --action close)
		case $family in
		IPv4) story 10.0.0.1 10.0.0.2 ;;
		IPv6) story '[2001:db8::1]' 2001:db8::2 ;;
		esac
		stop_monitor
		must kctl del-door ssh
	done
	fw_open server
done
end_scenario
