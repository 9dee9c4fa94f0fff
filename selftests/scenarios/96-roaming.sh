#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A client behind NAT that does not know its address gets in by a roaming key: its knock
# opens the agent's port, and the agent the door. Who delivers the knock first, from
# elsewhere, gets that port for ten seconds, and nothing more.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/datagram.sh"
. "$(dirname "$0")/../lib/sealed.sh"
. "$(dirname "$0")/../lib/agent.sh"

RAN=/tmp/ran

# A host `home', which the server sees as 10.0.0.2.
net_home()
{
	must ip netns add home
	must ip link add eth0 netns home type veth peer name eth1 netns client
	must ip -n home addr add 192.168.7.2/24 dev eth0
	must ip -n client addr add 192.168.7.1/24 dev eth1
	must ip -n home link set lo up
	must ip -n home link set eth0 up
	must ip -n client link set eth1 up
	must ip -n home route add default via 192.168.7.1
	must on client sysctl -qw net.ipv4.ip_forward=1
	must fw4 client -t nat -A POSTROUTING -o eth0 -j MASQUERADE
	must wait_until 10 "home reaches the server" on home ping -c 1 -W 1 10.0.0.1
}

# home COMMAND...: as the owner
home()
{
	on home env HOME=/tmp/user timeout 60 "$@"
}

furnish()
{
	must kctl add-door ssh --opens tcp/22 --agent 8676 --open-for 60s
	kctl add-key ssh alice --type sealed --roaming --host 10.0.0.1 > /tmp/profile
	mkdir -p /tmp/user /tmp/thief
	must home tumbler import /tmp/profile > /tmp/imported
	# All that he has of it is where the server is.
	sed 's|^secret = .*|secret = AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=|' /tmp/profile \
		> /tmp/stolen
	must on other env HOME=/tmp/thief tumbler import /tmp/stolen > /tmp/imported
	printf '%s\n' '[door ssh]' 'forward = 127.0.0.1:22' \
		"command = /bin/sh -c \"echo opened %IP% >> $RAN\"" > "$CONF"
	: > "$RAN"
}

# grant ADDRESS: of its one grant `KEY SECONDS narrow', with null for what it is not
grant()
{
	kctl --json grants | grep "\"address\": \"$1\"" |
		sed -n 's/.*"key": "\([^"]*\)".*"since": "\(.*\)", "until": "\(.*\)", "narrow": "\{0,1\}\([a-z]*\).*/\1 \2 \3 \4/p' |
		while read -r key since until narrow; do
			echo "$key $(($(date -d "$until" +%s) - $(date -d "$since" +%s))) $narrow"
		done
}

# closed: whatever is open
closed()
{
	kctl close ssh 10.0.0.2 > /dev/null
	kctl close ssh 10.0.0.3 > /dev/null
	must wait_until 10 "nothing is open" [ "$(status_number grants)" = 0 ]
}

# ran WANT: which addresses commands were run for
ran()
{
	[ "$(xargs < "$RAN")" = "$1" ]
}

enrolled()
{
	check_eq "the profile says so" "roaming = yes" "$(grep '^roaming' /tmp/profile)"
	check_eq "so does tumbler" yes "$(home tumbler --check ssh | awk '$1 == "roaming" { print $2 }')"
	check_eq "the key is listed so" 1 "$(kctl --json keys | grep -c '"roaming": "yes"')"
	check_eq "and the agent" 8676 "$(kctl --json doors | json_number agent)"
	check_eq "load finds nothing to do" "nothing to change" "$(kctl load)"
	cmd_fail "the agent has to stay" 2 "a key of it roams" kctl set-door ssh --agent none
	expect_tcp "the agent is silent" silent home 10.0.0.1 8676
}

opens()
{
	check "the owner opens" home tumbler --open ssh --for 25s
	check "by a narrow grant" wait_event '"opened".*"key": "alice", "address": "10.0.0.2".*"cause": "knock".*"narrow": "yes"'
	check_eq "then only by the door's, for as long as he asked" "alice 25 null" "$(grant 10.0.0.2)"
	check "which the agent did" wait_event '"opened".*"key": "alice", "address": "10.0.0.2".*"cause": "agent".*"narrow": null'
	expect_tcp "he is in" open home 10.0.0.1 22
	check "the command is run" wait_until 10 "it has run" ran "opened 10.0.0.2"
	assert_reason "his close is taken" "closed=1 duplicate=2" home tumbler --close ssh
	expect_tcp "he is out" silent home 10.0.0.1 22
	assert_reason "who says his address needs no agent" "duplicate=2 opened=1" \
		home tumbler --open ssh --source 10.0.0.2
	check_eq "and has the door at once" "alice 60 null" "$(grant 10.0.0.2)"
	closed
}

# made: a knock of the owner's, as it goes over the wire, in /tmp/knock
made()
{
	home tumbler "${1:---open}" ssh --print > /tmp/knock || bail "no knock was made"
}

stolen()
{
	made
	assert_reason "whoever delivers it first" opened=1 from_other < /tmp/knock
	check_eq "gets the way to the agent, for ten seconds" "alice 10 yes" "$(grant 10.0.0.3)"
	check "which is told" wait_event '"opened".*"key": "alice", "address": "10.0.0.3".*"narrow": "yes"'
	expect_tcp "the agent answers him" open other 10.0.0.1 8676
	expect_tcp "the door is shut" silent other 10.0.0.1 22
	made
	must from_other < /tmp/knock
	check "and stays so: he has not the key" grep -q "the agent has nothing for this client" \
		<(on other env HOME=/tmp/thief timeout 60 tumbler --open ssh 2>&1)
	check_eq "he has no more than before" "" "$(grant 10.0.0.3 | grep null)"
	assert_reason "the same from the owner is late" replay=1 deliver < /tmp/knock
	check "who knocks again" home tumbler --open ssh
	expect_tcp "and is in" open home 10.0.0.1 22
	check "no command was run for the thief" wait_until 10 "it has run" \
		ran "opened 10.0.0.2 opened 10.0.0.2 opened 10.0.0.2"
}

# What the thief has of a close, while the owner's door is open.
shuts()
{
	made
	must from_other < /tmp/knock
	made --close
	assert_reason "a close from where only the agent can be reached" nothing_open=1 from_other < /tmp/knock
	assert_reason "is not used up by that" closed=1 deliver < /tmp/knock
	assert_reason "but by that" duplicate=1 deliver < /tmp/knock
	closed
}

banned()
{
	must fw4 server -I INPUT 1 -m knock --blacklisted -j DROP
	must fw4 server -I INPUT 2 -p tcp --dport 8000 -j ACCEPT
	must fw4 server -I INPUT 1 -p tcp --dport 23 -j KNOCK --ban 10m
	try_tcp other 10.0.0.1 23 > /dev/null
	try_tcp home 10.0.0.1 23 > /dev/null
	must wait_until 10 "both are banned" [ "$(status_number bans)" = 2 ]
	made
	assert_reason "a banned thief delivers" opened=1 from_other < /tmp/knock
	check_eq "which lifts no ban" 2 "$(status_number bans)"
	expect_tcp "he comes to the agent" open other 10.0.0.1 8676
	expect_tcp "and nowhere else" silent other 10.0.0.1 8000
	check "a banned owner opens" home tumbler --open ssh
	check_eq "and is pardoned" 1 "$(status_number bans)"
	closed
	fw_drop server ssh
}

# through COMMAND...: ssh, by tumbler
through()
{
	home ssh -q -n -F none -i /tmp/ssh/user -o BatchMode=yes -o StrictHostKeyChecking=no \
		-o UserKnownHostsFile=/dev/null \
		-o "ProxyCommand=tumbler --connect ssh %h %p 2>> /tmp/client" root@10.0.0.1 "$@"
}

has_shut()
{
	! grant 10.0.0.2 | grep -qv yes
}

connects()
{
	check_eq "ssh goes through the agent" hallo "$(through echo hallo)"
	check_eq "and nothing was wrong" "" "$(cat /tmp/client)"
	check "the door is shut behind it" wait_until 10 "it is shut" has_shut
	closed
}

# The narrow grant is the one the key may hold, until the door's takes its place. By IPv6,
# from a host that does not say its address though it could.
single()
{
	kctl add-key ssh carol --type sealed --roaming --max-grants 1 --host 2001:db8::1 > /tmp/profile
	must on client env HOME=/tmp/user tumbler import /tmp/profile --name carol > /tmp/imported
	check "a key of one grant opens by IPv6" \
		on client env HOME=/tmp/user timeout 60 tumbler --open carol
	check_eq "for the one address" "carol 60 null" "$(grant 2001:db8::2)"
	check_eq "and nothing else" 1 "$(status_number grants)"
	expect_tcp "which is in" open client 2001:db8::1 22
}

need_module
plan 44
net_setup
net_home
fw_drop server ssh
start_sshd server
furnish
start_monitor
start_agent --doors /etc/netns/server/knock
run_stage "enrolled" enrolled
run_stage "the owner" opens
run_stage "the thief" stolen
run_stage "a close" shuts
run_stage "bans" banned
run_stage "through the agent" connects
run_stage "one grant" single
end_scenario
