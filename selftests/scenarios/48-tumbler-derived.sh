#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# tumbler knocks derived sequences: a new one each time, by both families, whatever was
# lost, whether the server was there or not, and however the clock was set meanwhile.
# Runs: stock
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"

# made N: so many sequences are good or to come
made()
{
	wait_until 10 "$1 sequences are made" has_made "$1"
}

has_made()
{
	[ "$(status_number sequences)" = "$1" ]
}

# next: what tumbler would knock next, by --check
next()
{
	user --check ssh | sed -n 's/^next  *\([0-9]*\) of.*/\1/p'
}

opens()
{
	clock_second 10
	must seq_add ssh alice --derived "$SEQ_SECRET" --fresh
	derived_profile > /tmp/profile
	must user import /tmp/profile
	must made 8
	check_eq "it prints what it will knock" \
		"$(steps client --derived "$SEQ_SECRET" --counter 0 --print)" \
		"$(user --open ssh --print)"
	check_eq "which is not used by that" 0 "$(next)"
	assert_reason "it opens" "opened=1 step=7" user --open ssh
	check_eq "the next is another" 1 "$(next)"
	assert_reason "which is good, too" "extended=1 step=7" user --open ssh
	grant_ends
	assert_reason "by IPv6" "opened=1 step=7" user --open six
	must kctl close ssh 2001:db8::2
	assert_reason "a host with both gets one each" "opened=2 step=14" user --open both
	grant_ends
	must kctl close ssh 2001:db8::2
}

families()
{
	printf '10.0.0.1 both\n2001:db8::1 both\n' > /tmp/hosts
	must mount --bind /tmp/hosts /etc/hosts
	sed 's/^host.*/host = both/' /tmp/profile | user import --name both - > /dev/null
	sed 's/^host.*/host = 2001:db8::1/' /tmp/profile | user import --name six - > /dev/null
}

# What the server and the client have to be told alike.
words()
{
	must seq_add ssh bob --derived "${SEQ_SECRET/#00/fe}" --slot 600 --steps 12 \
		--location "60.17 N, 24.94 E" --avoid 1024-40000,50000 --fresh
	{
		derived_profile "${SEQ_SECRET/#00/fe}"
		printf '%s\n' 'slot = 10m' 'steps = 12' 'location = 60.17 N, 24.94 E' \
			'avoid = 50000,1024-40000'
	} | user import --name bob - > /dev/null
	must wait_until 10 "bob's are made" has_bob
	assert_reason "slot, steps, location, ports to avoid" "opened=1 step=11" user --open bob
	grant_ends
	check_not "no port is one to avoid" \
		test "$(user --open bob --print | tr , '\n' | sort -n | head -1)" -le 40000
	must kctl del-key ssh bob --volatile
}

has_bob()
{
	local before

	before=$(reasons)
	steps client --derived "${SEQ_SECRET/#00/fe}" --slot 600 --location "60.17 N, 24.94 E" \
		--avoid 1024-40000,50000-50000 --counter 3 --order 1
	[ "$(reasons_since "$before")" = "step=1" ]
}

# A source that is not ours is that of who translates our addresses.
source_of()
{
	check_eq "--source is whose tail" \
		"$(steps client --derived "$SEQ_SECRET" --counter "$(next)" --address 192.0.2.7 --print)" \
		"$(user --open ssh --print --source 192.0.2.7)"
	must fw4 client -t nat -A POSTROUTING -p tcp -j SNAT --to-source 10.9.0.7
	must on client ip addr add 10.9.0.7/32 dev lo
	assert_reason "without it, behind NAT, it is nothing" "no_step=5 step=3" user --open ssh --delay 20
	assert_reason "with it, it opens" "opened=1 step=7" user --open ssh --delay 20 --source 10.9.0.7
	must kctl close ssh 10.9.0.7
	must fw4 client -t nat -F
}

lost()
{
	local port

	clock_second 5
	port=$(user --open ssh --print | cut -d , -f 5)
	must fw4 client -A OUTPUT -p tcp --dport "$port" -j DROP
	check "--wait knocks until the service answers" user --open ssh --wait
	must fw4 client -F OUTPUT
	grant_ends
	# Nobody is there, and he knows nobody who is.
	must ip -n server link set eth0 down
	for _ in $(seq 20); do
		user --open ssh --delay 1
	done
	check "counters go on" test "$(next)" -ge 20
	must ip -n server link set eth0 up
	must wait_until 10 "the server is there" on server ping -c 1 -W 1 10.0.0.2
	assert_reason "a counter too far ahead is none" "no_step=8" user --open ssh
	clock_second 1
	must wait_until 10 "those of the slot are made" is_made
	assert_reason "in the next slot it opens" "opened=1 step=7" user --open ssh
	grant_ends
}

is_made()
{
	local before

	before=$(reasons)
	steps client --derived "$SEQ_SECRET" --counter 3 --order 1
	[ "$(reasons_since "$before")" = "step=1" ]
}

# set_back SECONDS NAME: nothing that was used opens again, and nobody is banned
set_back()
{
	local before risen

	must date -s "@$((NOW - $1))"
	before=$(reasons)
	user --open ssh
	user --open ssh
	risen=$(reasons_since "$before")
	check_eq "set back by $2, nothing opens, and nothing is a replay" "" \
		"$(grep -oE '(opened|extended|replay|banned)=[0-9]*' <<< "$risen" | xargs)"
}

clocks()
{
	clock_second 30
	must wait_until 10 "those of the slot are made" is_made
	assert_reason "it opens" "opened=1 step=7" user --open ssh
	grant_ends
	NOW=$(date +%s)
	set_back 60 "a slot"
	set_back 3600 "an hour"
	set_back 86400 "a day"
	must date -s "@$NOW"
	must wait_until 10 "those of the slot are made" is_made
	assert_reason "forth again: the next counter is good" "opened=1 step=7" user --open ssh
	grant_ends
}

need_module
command -v xxd > /dev/null || skip_all "the guest has no xxd"
plan 21
a_user
net_setup
start_sshd server
fw_drop server ssh
must kctl add-door ssh --opens tcp/22 --open-for 1h
derived_profile > /tmp/profile
families
run_stage "it opens" opens
run_stage "words" words
run_stage "whose tail" source_of
run_stage "what is lost" lost
run_stage "clocks" clocks
end_scenario
