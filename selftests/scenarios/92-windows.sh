#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# tumblerd arms once keys in the place of used numbers, and is not needed for what is armed.
# Killed wherever it is, stopped, kept from the disk: no number opens twice, and the client
# is in within five tries.
# Takes: 90
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"
. "$(dirname "$0")/../lib/book.sh"
. "$(dirname "$0")/../lib/agent.sh"

rounds=${ROUNDS:-$([ -e /sys/kernel/debug/kmemleak ] && echo 5 || echo 20)}
TRIES_MAX=5
NUMBERS=/var/lib/knock/once

# is_armed N: up to there
is_armed()
{
	[ "$(key_row alice armed)" = "$1" ]
}

# armed NAME N: within 10 s
armed()
{
	wait_until 10 "armed up to $2" is_armed "$2" && { ok "$1"; return; }
	not_ok "$1" "$(key_row alice number armed), and it said: $(tail -n 5 "$SAID")"
}

# opens N: number N, and then the door is closed again
opens()
{
	local before status

	before=$(reason opened)
	once "$1" --avoid "$AVOID"
	[ "$(reason opened)" -gt "$before" ]
	status=$?
	kctl close ssh 10.0.0.2 > /dev/null
	return "$status"
}

# on_disk: the highest that may have been armed
on_disk()
{
	sed -n 's/.* mark \([0-9]*\) .*/\1/p' "$NUMBERS"/????????????????
}

status_says()
{
	kctl status | grep -q "$1"
}

without()
{
	check_eq "status says that tumblerd does not run" "not running" \
		"$(status | sed -n 's/.*"tumblerd":"\([a-z]*\)running".*/\1 running/p')"
	check "and what that means" status_says "^tumblerd is not running: a once key opens for no more than"
	check "without it what is armed opens" opens 1
	check "and the next" opens 2
	check "and the last" opens 3
	check_not "but no more" opens 4
	check_eq "nothing was armed" "3 3" "$(key_row alice number armed)"
}

with()
{
	local i closed=""

	start_agent
	armed "tumblerd arms what was used before it came" 6
	check_eq "status says that it runs" running "$(status | sed -n 's/.*"tumblerd":"\([a-z]*\)".*/\1/p')"
	check_not "and warns of nothing" status_says "tumblerd is not running"
	cmd_fail "there is one at a time" 1 "another tumblerd runs for this network namespace" \
		on server tumblerd --config "$CONF"
	for i in {4..13}; do
		wait_until 10 "$i is armed" is_armed $((i + 2)) || closed+=" $i not armed"
		opens "$i" || closed+=" $i"
	done
	check_eq "each number opens, far beyond the first three" "" "$closed"
	armed "and no more are armed than were handed out" 16
	check_eq "so far it is on the disk" 16 "$(on_disk)"
	last=13 used=({1..13})
	fill_book 13 || bail "rotate failed"
	armed "rotate hands out more, of which three are armed" 16
}

# What was told meanwhile does not fit into the socket.
stopped()
{
	local before

	before=$(key_row alice number)
	kill -STOP "$AGENT"
	check_eq "a stopped one runs" running "$(status | sed -n 's/.*"tumblerd":"\([a-z]*\)".*/\1/p')"
	must kctl add-door noise --opens none --max-grants 4000
	must on server nlmany grant noise 60 10.20.0.0 3000
	is_in "stopped: what is armed opens" 1
	is_in "and again" 1
	is_in "and again" 1
	if gets_in 1; then
		not_ok "and no more" "$last opened"
	else
		ok "and no more"
	fi
	kill -CONT "$AGENT"
	armed "goes on: three are armed again, though events were lost" $((before + 6))
	check "which it noticed" says "events came faster than they were read"
	# What nobody heard was not used.
	last=$((before + 3))
	is_in "and the next opens" 1
}

# Whoever sends a packet to a trap port has an address of his choice banned, which tumblerd
# is told.
flooded()
{
	local before flood

	before=$(key_row alice number)
	must on server iptables -A INPUT -p udp --dport 9 -j KNOCK --ban 1m
	on client rawknock --to 10.0.0.1 --from 10.30.0.1 --sources 60000 --random 20 --dport 9 \
		--rate 20000 --for 10 > /dev/null &
	flood=$!
	must says "addresses were banned"
	is_in "flooded with bans: what is armed opens" 3
	is_in "and again" 3
	is_in "and again" 3
	armed "three are armed again, while it goes on" $((before + 6))
	check "which it does" kill -0 "$flood"
	diag "events came too fast $(grep -c "came faster" "$SAID") times, $(grep "were banned" "$SAID")"
	check_eq "and no ban has a line of its own" 0 "$(grep -c "^tumblerd: banned" "$SAID")"
	kill "$flood"
	wait "$flood" 2> /dev/null
	must on server iptables -D INPUT -p udp --dport 9 -j KNOCK --ban 1m
	must kctl unblock --all
}

# As load --confirm does, for minutes.
locked()
{
	local before

	mkfifo /tmp/hold
	on server flock "$NUMBERS" cat /tmp/hold > /dev/null &
	exec 7> /tmp/hold
	must wait_until 10 "the numbers are locked" is_locked
	before=$(key_row alice armed)
	is_in "while somebody has the numbers, what is armed opens" 1
	must kctl open noise 10.0.0.2
	check "tumblerd goes on" says "opened: door noise, address 10.0.0.2"
	check_eq "and arms nothing" "$before" "$(key_row alice armed)"
	exec 7>&-
	armed "until it can" $((before + 1))
}

is_locked()
{
	! flock -n "$NUMBERS" true
}

# No disk takes part in any knock, but nothing is armed that is not on it.
read_only()
{
	local before

	before=$(key_row alice armed)
	must mount --bind "$NUMBERS" "$NUMBERS"
	must mount -o remount,bind,ro "$NUMBERS"
	is_in "on a disk that cannot be written, what is armed opens" 1
	check "tumblerd says so" says "once keys open for no more numbers than are armed: numbers of once keys cannot be written"
	check_eq "and arms nothing" "$before" "$(key_row alice armed)"
	must umount "$NUMBERS"
	armed "until it can" $((before + 1))
}

# cut_short: some knocks, while tumblerd is killed at some moment, or starting
cut_short()
{
	local i killed

	# Not 0, which is without a limit.
	{ timeout -s KILL "0.$((RANDOM % 9))$((RANDOM % 9 + 1))" \
		nsenter --net=/run/netns/server -- tumblerd --config "$CONF"; } > /dev/null 2>&1 &
	killed=$!
	for ((i = RANDOM % 4; i > 0; i--)); do
		try
	done
	wait "$killed"
	CUT=$((CUT + ($? == 137)))
	[ $((RANDOM % 2)) = 0 ] || return
	# And the machine with it.
	must rmmod xt_knock
	must insmod "$KNOCK_KO"
	must kctl load
}

# Some number is good.
has_window()
{
	local numbers

	read -ra numbers < <(key_row alice number armed)
	[ "${numbers[1]}" -gt "${numbers[0]}" ]
}

killed()
{
	local round most=0 again=""

	kill -KILL "$AGENT"
	wait "$AGENT" 2> /dev/null
	check_eq "killed: status is not fooled by what it left" "not running" \
		"$(status | sed -n 's/.*"tumblerd":"\([a-z]*\)running".*/\1 running/p')"
	check "though that is there" test -e /var/lib/knock/tumblerd
	for ((round = 1; round <= rounds; round++)); do
		cut_short
		start_agent
		again+=$(replayed)
		must wait_until 10 "something is armed" has_window
		if ! gets_in "$TRIES_MAX"; then
			not_ok "round $round: in within $TRIES_MAX tries" \
				"seed $SEED, tried up to $last of ${book[*]}, used ${used[*]}, $(key_row alice number armed)"
			return 1
		fi
		[ "$TRIES" -le "$most" ] || most=$TRIES
		hand_over || { not_ok "round $round: rotate"; return 1; }
		stop_agent KILL
	done
	diag "$rounds rounds, ${#used[@]} numbers used, $CUT times tumblerd was killed at work, $most tries at most"
	ok "in within $TRIES_MAX tries after each of $rounds kills"
	check_eq "no used number opened again" "" "$again"
	check "tumblerd was killed in its work" [ "$CUT" -gt 0 ]
}

need_module
[ -n "${KNOCK_KO:-}" ] || skip_all "no module to insert again"
SEED=${SEED:-$RANDOM} CUT=0
RANDOM=$SEED
diag "seed $SEED"
plan 42
net_setup
echo "# nothing but windows" > "$CONF"
must kctl add-door ssh --opens tcp/22 --open-for 1h
new_book
run_stage "without tumblerd" without
run_stage "with it" with
run_stage "stopped" stopped
run_stage "flooded" flooded
run_stage "somebody has the numbers" locked
run_stage "a disk that fails" read_only
run_stage "killed" killed
end_scenario
