#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Nothing outlasts a crash but the mark of what was armed, wherever a knock loop is cut: no
# used number opens again, and the client is in within five tries, each a number of his
# book. ROUNDS=200: `make check-long'.
# Takes: 60
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"
. "$(dirname "$0")/../lib/book.sh"

rounds=${ROUNDS:-$([ -e /sys/kernel/debug/kmemleak ] && echo 5 || echo 20)}
TRIES_MAX=5

# crash: what the kernel had is gone. The disk is not.
crash()
{
	must rmmod xt_knock
	must insmod "$KNOCK_KO"
}

# interrupted COMMAND...: knockctl, killed at some moment
interrupted()
{
	local status

	{ timeout -s KILL "0.0$((RANDOM % 30 + 1))" ip netns exec server knockctl "$@"; } \
		> /dev/null 2>&1
	status=$?
	CUT=$((CUT + (status == 137)))
}

# cut_short WHERE: one of the places where it may happen, 0 to 6
cut_short()
{
	local i

	case $1 in
	0) crash ;;
	1) try; crash ;;
	2) try; interrupted load; crash ;;
	3) interrupted rotate ssh alice; crash ;;
	4) crash; interrupted load; crash ;;
	5) for ((i = RANDOM % 4; i > 0; i--)); do
			try
		done
		kctl load > /dev/null
		crash ;;
	# What load armed is used before anybody writes again.
	6) crash; kctl load > /dev/null; gets_in "$TRIES_MAX"; crash ;;
	esac
}

loop()
{
	local round most=0 again=""

	for ((round = 1; round <= rounds; round++)); do
		cut_short $((round == 1 ? 6 : RANDOM % 7))
		must kctl load > /dev/null
		again+=$(replayed)
		if ! gets_in "$TRIES_MAX"; then
			not_ok "round $round: in within $TRIES_MAX tries" \
				"seed $SEED, tried up to $last of ${book[*]}, used ${used[*]}, $(key_row alice number armed)"
			return 1
		fi
		[ "$TRIES" -le "$most" ] || most=$TRIES
		# The agent's hand-over, or somebody's.
		hand_over || { not_ok "round $round: rotate"; return 1; }
	done
	diag "$rounds rounds, ${#used[@]} numbers used, $CUT times knockctl was killed, $most tries at most"
	ok "in within $TRIES_MAX tries after each of $rounds crashes"
	check_eq "no used number opened again" "" "$again"
	check "knockctl was killed in its work" [ "$CUT" -gt 0 ]
}

# What nobody heard costs nothing: the book goes round.
switched_off()
{
	local i

	must ip -n lan link set server down
	for i in {1..20}; do
		next_of_book
		last=$NEXT
		once "$NEXT" --avoid "$AVOID"
	done
	must ip -n lan link set server up
	must wait_until 10 "the LAN carries packets" on client ping -c 1 -W 1 10.0.0.1
	is_in "after 20 knocks at a server that is off: in by one round of the book" ${#book[@]}
	diag "$TRIES tries of a book of ${#book[@]}"
}

# A book of which nobody hands over more lasts for five crashes, and rotate refills it.
worn_out()
{
	local i

	hand_over || bail "rotate failed"
	for i in 1 2 3 4 5; do
		crash
		must kctl load > /dev/null
	done
	is_in "five crashes later" $((2 * DEPTH))
	for i in 1 2 3 4 5 6; do
		crash
		must kctl load > /dev/null
	done
	if gets_in $((2 * DEPTH)); then
		not_ok "after six more the book is empty" "$last opened"
	else
		ok "after six more the book is empty"
	fi
	check "nothing is armed that was not handed out" [ "$(key_row alice armed)" -le "${book[-1]}" ]
	fill_book 1
	is_in "rotate hands out one that opens" $((2 * DEPTH))
}

need_module
[ -n "${KNOCK_KO:-}" ] || skip_all "no module to insert again"
SEED=${SEED:-$RANDOM} CUT=0
RANDOM=$SEED
diag "seed $SEED"
plan 8
net_setup
must kctl add-door ssh --opens tcp/22 --open-for 1h
new_book
run_stage "crashes" loop
run_stage "switched off" switched_off
run_stage "nobody hands over" worn_out
end_scenario
