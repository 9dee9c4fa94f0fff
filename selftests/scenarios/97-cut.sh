#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Wherever a loop of knocks and hand-overs is cut, by the death of tumblerd, of tumbler, or
# of the machine they are on with what it had not synced: no used number opens again, the
# client is in within five tries, and then his book is as full as ever. ROUNDS=200: `make
# check-long'. SEED=N: the same moments again.
# Runs: icount
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"
. "$(dirname "$0")/../lib/agent.sh"
. "$(dirname "$0")/../lib/disk.sh"

rounds=${ROUNDS:-21}
TRIES_MAX=5
DEPTH=16
STEPS=8

# Server and client are one machine to a power cut: the numbers and the book are on its disk.
STATE=/var/lib/knock
USER_HOME=$STATE/user
BOOK=$USER_HOME/.config/tumbler/ssh.book

# The highest number that ever opened.
used=0
# When it was not so, after which fault.
again='' out='' few=''
declare -A most=([tumblerd]=0 [tumbler]=0 [power]=0) during=([tumblerd]=0 [tumbler]=0 [power]=0)

# What the door is for: it says again what it is told.
start_service()
{
	# shellcheck disable=SC2016 # variables of Perl
	become server perl -MSocket -e 'socket(S, PF_INET, SOCK_STREAM, 0) or die;
		setsockopt(S, SOL_SOCKET, SO_REUSEADDR, 1);
		bind(S, sockaddr_in(7, INADDR_LOOPBACK)) && listen(S, 16) or die;
		while (accept(C, S)) { syswrite(C, $_) while sysread(C, $_, 4096); close(C) }' &
	must wait_until 10 "the service listens" listens server 7
}

furnish()
{
	must kctl add-door ssh --opens none --agent 8676 --open-for 60s
	must chmod 700 "$STATE"
	mkdir "$USER_HOME"
	kctl add-key ssh alice --once --host 10.0.0.1 > /tmp/profile
	on client env HOME="$USER_HOME" tumbler import /tmp/profile > /dev/null
	SEQ_SECRET=$(seq_secret alice)
	AVOID=$(sed -n 's/^avoid = //p' /tmp/profile)
	printf '%s\n' '[door ssh]' 'forward = 127.0.0.1:7' > "$CONF"
	sync
}

# begin: knock, be handed over what is next, and have a word said again
begin()
{
	become client env HOME="$USER_HOME" tumbler --connect ssh \
		<<< hallo > /tmp/through 2>> /tmp/client &
	SESSION=$!
}

# ended: whether it got through
ended()
{
	wait "$SESSION" 2> /dev/null && [ "$(cat /tmp/through)" = hallo ]
}

closed()
{
	kctl close ssh 10.0.0.2 > /dev/null 2>&1
}

in_book()
{
	sed -n 's/^sequence = \([0-9]*\) .*/\1/p' "$BOOK" | xargs
}

# tried: knocks of the client since the last time
tried()
{
	on client "$IPTABLES" -L OUTPUT -Z -v -x -n | awk -v steps="$STEPS" '
		/dpt:!8676/ { print int(($1 + steps - 1) / steps) }'
}

# pause MS: nobody will write that
pause()
{
	read -r -t "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))" <&9
}

# look_at_used WHERE: it only rises
look_at_used()
{
	local now

	now=$(key_row alice number)
	if [ "${now:-0}" -ge "$used" ]; then
		used=$now
	else
		again+="$1: used up to ${now:-0}, after $used
"
	fi
}

# replay HOST NUMBER: with the ports that are good from there
replay()
{
	steps "$1" --once "$SEQ_SECRET" --number "$2" --avoid "$AVOID"
}

# The module goes with all that it knows, as do the rules, and what was not synced.
reboot_all()
{
	disk_cut "$STATE"
	fw4 server -F INPUT
	must rmmod xt_knock
	must insmod "$KNOCK_KO"
	must kctl load
	fw_recipe 4 ssh | fw_restore 4 server DROP
	start_agent --doors /etc/netns/server/knock
}

# is_gone: nobody but who is dead, and that only its parent does not know
is_gone()
{
	! cat /proc/[0-9]*/stat 2> /dev/null | grep -q '(tumbler[^)]*) [^ZX]'
}

# cut KIND: now
cut()
{
	case $1 in
	tumbler) kill -KILL "$SESSION"; ended ;;
	tumblerd)
		stop_agent KILL
		start_agent --doors /etc/netns/server/knock
		ended
		;;
	power)
		killall -KILL tumblerd tumblerd-tls tumbler 2> /dev/null
		wait "$AGENT" "$SESSION" 2> /dev/null
		must wait_until 10 "all programs are dead" is_gone
		look_at_used "before the reboot"
		reboot_all
		;;
	esac 2> /dev/null
}

# comes_back WHERE KIND: in, and his book is full again
comes_back()
{
	local before tries

	look_at_used "$1"
	closed
	before=$(reason opened)
	replay client "$used"
	replay other "$used"
	[ "$(reason opened)" = "$before" ] || again+="$1: $used opened
"
	tried > /dev/null
	begin
	ended || out+="$1: $(tail -n 1 /tmp/client)
"
	tries=$(tried)
	[ "$tries" -le "${most[$2]}" ] || most[$2]=$tries
	look_at_used "$1"
	[ "$(in_book)" = "$(seq $((used + 1)) $((used + DEPTH)) | xargs)" ] ||
		few+="$1: $(in_book), used $used
"
}

loop()
{
	local i kind moment

	kinds=(tumblerd tumbler power)
	for ((i = 0; i < rounds; i++)); do
		kind=${kinds[i % 3]}
		moment=$((RANDOM % TAKES))
		closed
		begin
		pause "$moment"
		! kill -0 "$SESSION" 2> /dev/null || during[$kind]=$((during[$kind] + 1))
		cut "$kind"
		comes_back "$((i + 1)), $kind after $moment ms" "$kind"
		# Whoever is locked out stays so.
		[ -z "$out" ] || break
	done
	for kind in "${kinds[@]}"; do
		diag "$kind: in the middle ${during[$kind]} times, ${most[$kind]} tries at most"
	done
	check_eq "in after each of $rounds faults" "" "$out"
	check_eq "the book is full after each" "" "$few"
	check_eq "no used number is good again" "" "$again"
	check "within $TRIES_MAX tries" \
		[ "$(printf '%s\n' "${most[@]}" | sort -n | tail -n 1)" -le "$TRIES_MAX" ]
}

# The disk does what is expected of it.
forgets()
{
	echo synced > "$STATE/synced"
	sync "$STATE/synced"
	echo more > "$STATE/more"
	disk_cut "$STATE"
	check_eq "a cut loses what was not synced, and no more" "lost+found synced" \
		"$(cd "$STATE" && echo *)"
	rm "$STATE/synced"
}

# How long it takes if nothing is cut.
first()
{
	local i began

	for i in 1 2 3; do
		closed
		began=$(now_ms)
		begin
		ended || bail "it does not get through: $(cat /tmp/client)"
		TAKES=$(($(now_ms) - began))
	done
	diag "it takes $TAKES ms"
	ok "it gets through"
}

all_again()
{
	local before i

	closed
	before=$(reason opened)
	for ((i = 1; i <= used; i++)); do
		replay other "$i"
	done
	check_eq "of $used used numbers none opens" "$before" "$(reason opened)"
}

need_module
[ -n "${KNOCK_KO:-}" ] || skip_all "no module to insert again"
command -v perl > /dev/null || skip_all "the guest has no perl"
SEED=${SEED:-$RANDOM}
RANDOM=$SEED
disk_make "$STATE"
diag "seed $SEED"
plan 7
run_stage "a disk" forgets
net_setup
mkfifo /tmp/never
exec 9<> /tmp/never
furnish
fw_recipe 4 ssh | fw_restore 4 server DROP
must fw4 client -A OUTPUT -p tcp --syn -d 10.0.0.1 ! --dport 8676
start_service
start_agent --doors /etc/netns/server/knock
run_stage "nothing is cut" first
run_stage "cut" loop
run_stage "all again" all_again
end_scenario
