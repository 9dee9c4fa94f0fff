#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# tumbler knocks a series of ports as any user can: lone SYNs and datagrams in their
# order, nothing else, by both families, as often as is needed.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"

URL=knock://10.0.0.1

by_url()
{
	must seq_add ssh open --static 42,196,69
	must seq_add ssh shut --static 77,76,75 --close
	must seq_add ssh mixed --static 800/udp,801,802/udp
	assert_reason "a URL opens" "opened=1 step=2" user --open "$URL/42,196,69"
	expect_tcp "the door is open" open client 10.0.0.1 22
	assert_reason "again it extends" "extended=1 step=2" user --open "$URL/42,196,69" --delay 0
	assert_reason "another one closes" "closed=1 step=2" user --close "$URL/77,76,75"
	expect_tcp "the door is closed" silent client 10.0.0.1 22
	assert_reason "datagrams among them" "opened=1 step=2" \
		user --open "$URL/800/udp,801,802/udp"
	grant_ends
	assert_reason "by IPv6" "opened=1 step=2" user --open "knock://[2001:db8::1]/42,196,69"
	must kctl close ssh 2001:db8::2
	printf '10.0.0.1 both\n2001:db8::1 both\n' > /tmp/hosts
	must mount --bind /tmp/hosts /etc/hosts
	assert_reason "a host with both gets both" "opened=2 step=4" user --open knock://both/42,196,69
	grant_ends
	must kctl close ssh 2001:db8::2
	assert_reason "or one" "opened=1 step=2" user --open knock://both/42,196,69 -4
	grant_ends
}

# What the server's interface saw of the client, a packet a line.
seen()
{
	tcpdump -n -r /tmp/pcap 2> /dev/null |
		sed -nE -e 's/.*> 10\.0\.0\.1\.([0-9]+): Flags \[([^]]*)\].*/\1 \2/p' \
			-e 's/.*> 10\.0\.0\.1\.([0-9]+): UDP.*/\1 udp/p'
}

wire()
{
	local i want='' got ports=''

	for i in $(seq 5001 5030); do
		ports+=,$i
		want+="$i S"$'\n'
	done
	# The first one waits until it is known who has the address.
	must ip -n client neigh flush dev eth0
	start_capture server /tmp/pcap src host 10.0.0.2 and not arp
	must user --open "$URL/${ports#,}" --delay 0
	must user --open "$URL/7/udp,22,9/udp" --delay 0
	must wait_until 10 "the packets were seen" last_seen
	stop_capture
	got=$(seen)
	check_eq "lone SYNs, in their order, and nothing else" "${want}7 udp
22 S
9 udp" "$got"
	check_eq "a served port is a step like others" "" "$(on server ss -Htn 'sport = :22')"
}

last_seen()
{
	seen | grep -q '^9 udp'
}

by_profile()
{
	printf '%s\n' 'type = static' 'host = 10.0.0.1' 'name = ssh' 'service = 22' \
		'ports = 42,196,69' > /tmp/profile
	must user import /tmp/profile
	assert_reason "a profile opens" "opened=1 step=2" user --open ssh
	grant_ends
	check_eq "--print prints it, and sends nothing" "42,196,69" "$(user --open ssh --print)"
	cmd_fail "--source means nothing" 1 "the same from every address" \
		user --open ssh --source 192.0.2.1
	cmd_fail "nor does --for" 1 "only a sealed knock" user --open ssh --for 1m
	cmd_fail "it does not close" 1 "closing takes another" user --close ssh
	check "--wait: until the service answers" user --open ssh --wait
	grant_ends
}

# The ports are not the server's until the third knock.
later()
{
	user --open "$URL/301,302,303" --wait=22 &
	must wait_until 30 "it has knocked twice" twice
	must seq_add ssh late --static 301,302,303
	wait $!
	check_eq "--wait knocks again" 0 $?
	grant_ends
	must ip -n client route add unreachable 198.51.100.0/24
	cmd_fail "what cannot be sent is said" 1 "cannot be reached" user --open knock://198.51.100.1/1,2,3
}

twice()
{
	[ $(($(reason no_step) - BEFORE)) -ge 6 ]
}

need_module
plan 19
a_user
net_setup
start_sshd server
fw_drop server ssh
must kctl add-door ssh --opens tcp/22 --open-for 1h
run_stage "by a URL" by_url
run_stage "on the wire" wire
run_stage "by a profile" by_profile
BEFORE=$(reason no_step)
run_stage "--wait" later
end_scenario
