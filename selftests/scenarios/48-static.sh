#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A static sequence: in its order, in time, by lone SYNs; whatever else comes between.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"

opens()
{
	must kctl add-key ssh open --static 42,196,69 --within 300s
	must kctl add-key ssh shut --static 77,76,75 --action close --weak
	assert_reason "it opens" "opened=1 step=2" syn 42 196 69
	expect_tcp "the door is open" open client 10.0.0.1 22
	assert_reason "again it extends" "extended=1 step=2" syn 42 196 69
	assert_reason "the other one closes" "closed=1 step=2" syn 77 76 75
	expect_tcp "the door is closed" silent client 10.0.0.1 22
	assert_reason "there is nothing more to close" "nothing_open=1 step=2" syn 77 76 75
}

# plain NAME COMMAND...: three ports with a client that knows nothing of knocks
plain()
{
	local before

	before=$(reason opened)
	"${@:2}"
	plain_opened()
	{
		[ "$(reason opened)" -gt "$before" ]
	}
	check "$1 opens" wait_until 10 "it opens" plain_opened
	forget
	grant_ends
}

# Each is left alone with its closed port for a second, so its SYN comes again.
telnets()
{
	local port

	for port in 42 196 69; do
		on client timeout 1.5 telnet 10.0.0.1 "$port" < /dev/null
	done > /dev/null 2>&1
	return 0
}

netcats()
{
	local port

	for port in 42 196 69; do
		on client nc -z -w 1 10.0.0.1 "$port"
	done > /dev/null 2>&1
	return 0
}

clients()
{
	plain "telnet, three times," telnets
	plain "nc -z, three times," netcats
	plain "Debian's knock" on client knock 10.0.0.1 42 196 69
}

# not_so NAME WANT PORT...: these open nothing, nor does what they have begun last
not_so()
{
	assert_reason "$1" "$2" syn "${@:3}"
	forget
}

# Three misses, and nothing is begun any more.
forget()
{
	must syn 50001 50002 50003
}

wrong()
{
	not_so "reordered, it is nothing" "no_step=1 step=2" 42 69 196
	not_so "a step is missing" "no_step=1 step=1" 42 69
	not_so "begun in the middle" "no_step=2" 196 69
	assert_reason "two strays do no harm" "no_step=2 opened=1 step=2" syn 42 5001 196 5002 69
	grant_ends
	assert_reason "a third one does" "no_step=3 step=2 strayed=1" \
		syn 42 5001 5002 196 5003 69
	assert_reason "one that comes again is one" "no_step=4 opened=1 step=2" \
		some 1,4,2,4,4,5,3
	grant_ends
	assert_reason "steps that come again do no harm" "opened=1 step=2 step_again=3" \
		some 1,1,2,2,2,3
	grant_ends
	assert_reason "an aborted knock is tried again" "opened=1 step=4" some 1,2,1,2,3
	grant_ends
}

# some ORDER: of these
some()
{
	steps client --static 42,196,69,5001,5002 --order "$1"
}

flags()
{
	local flags

	must syn 42 196
	for flags in 03 06 0a 12 22 10; do
		assert_reason "flags $flags are no lone SYN" "" syn_with --flags "$flags"
	done
	assert_reason "a SYN that asks for ECN is one" "opened=1" syn_with --flags c2
	grant_ends
	must syn 42 196
	assert_reason "a wrong checksum is none" "" syn_with --bad
	assert_reason "a right one is" "opened=1" syn 69
	grant_ends
}

# syn_with OPTION...: the last step
syn_with()
{
	steps client --static 69 "$@"
}

slow()
{
	must kctl add-key ssh quick --static 700,701,702 --within 1s --weak
	assert_reason "in time" "opened=1 step=2" steps client --static 700,701,702 --delay 400
	grant_ends
	assert_reason "too slow" "step=2 too_slow=1" steps client --static 700,701,702 --delay 600
}

udp()
{
	must kctl add-key ssh mixed --static 800/udp,801,802/udp --weak
	assert_reason "with datagrams" "opened=1 step=2" syn 800/udp 801 802/udp
	grant_ends
	assert_reason "which are no SYNs" "no_step=3" syn 800 801/udp 802
	cmd_fail "a datagram to a knock port is none" 1 "at a knock port" \
		seq_add ssh never --static 8675/udp,1
	cmd_fail "no door's knock port comes to a step" 1 "at this udp port" \
		kctl add-door web --opens tcp/80 --knock-port 802 --volatile
	cmd_fail "nor does one that is set" 1 "at this udp port" \
		kctl set-door ssh --knock-port 800 --volatile
	must kctl set-door ssh --knock-port 801 --volatile
	must kctl set-door ssh --knock-port 8675 --volatile
	assert_reason "and it opens" "opened=1 step=2" syn 800/udp 801 802/udp
	grant_ends
	must kctl del-key ssh mixed --volatile
	must kctl set-door ssh --knock-port 800 --volatile
	must kctl set-door ssh --knock-port 8675 --volatile
}

sources()
{
	must syn 42 196
	assert_reason "another host does not finish it" "no_step=1" steps other --static 69
	assert_reason "nor begin in its place" "step=2" steps other --static 42,196
	assert_reason "the one" "opened=1" syn 69
	assert_reason "and the other" "opened=1" steps other --static 69
	must kctl close ssh 10.0.0.3
	grant_ends
}

refused()
{
	cmd_fail "the same" 1 "is the same, or one of them begins with the other" \
		seq_add ssh twin --static 42,196,69
	cmd_fail "the beginning of one" 1 "is the same, or one of them begins with the other" \
		seq_add ssh twin --static 42,196
	cmd_fail "one that goes on" 1 "is the same, or one of them begins with the other" \
		seq_add ssh twin --static 42,196,69,70
	must kctl add-key ssh branch --static 42,196,70
	assert_reason "another end is another key" "opened=1 step=2" syn 42 196 70
	grant_ends
	must kctl del-key ssh branch
	assert_reason "the first is still there" "opened=1 step=2" syn 42 196 69
	grant_ends
	must fw4 server -I INPUT 1 -p tcp --dport 23 -j KNOCK --ban 10m
	must syn 23
	assert_reason "a banned address opens no static one" "banned=1 step=2" syn 42 196 69
	must kctl unblock --all
	must kctl block 10.0.0.2
	assert_reason "of a blocked one nothing is looked at" "blocked=3" syn 42 196 69
	must kctl unblock 10.0.0.2
}

need_module
plan 45
net_setup
start_sshd server
fw_drop server ssh
must kctl add-door ssh --opens tcp/22 --open-for 1h
run_stage "open and close" opens
run_stage "plain clients" clients
run_stage "in its order" wrong
run_stage "lone SYNs" flags
run_stage "in time" slow
run_stage "datagrams" udp
run_stage "two sources" sources
run_stage "what is refused" refused
end_scenario
