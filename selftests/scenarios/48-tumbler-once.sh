#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# tumbler spends a book of once sequences: each opens once, what nobody heard is tried
# again, and whatever happens the owner gets in.
# Runs: stock
# Takes: 80
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"

CONF=/tmp/user/.config/tumbler/ssh.conf
BOOK=/tmp/user/.config/tumbler/ssh.book

# left, next: what --check says of the book
left()
{
	user --check ssh | sed -n 's/^left  *//p'
}

next()
{
	user --check ssh | sed -n 's/^next  *//p'
}

# counted NAME WANT COMMAND...: what the packets were, but for those that look whether the
# service answers
counted()
{
	local name=$1 want=$2 before risen

	shift 2
	before=$(reasons)
	"$@" 2> /tmp/said
	STATUS=$?
	risen=$(reasons_since "$before")
	check_eq "$name" "$want" "$(tr ' ' '\n' <<< "$risen" | grep -v '^no_step' | xargs)"
}

# is_banned ADDRESS
is_banned()
{
	kctl --json blacklist | grep -q "\"address\": \"$1\", \"kind\": \"ban\""
}

# arm N: as who watches what was used would
arm()
{
	must on server seqkey arm ssh alice "$1"
}

spent()
{
	must seq_add ssh alice --once "$SEQ_SECRET" --armed 3
	once_profile 1 16 > /tmp/profile
	check_eq "import takes a profile and its book" "imported, use it with: tumbler --open ssh
its book has 16 sequences" "$(user import /tmp/profile)"
	check_not "the profile has no sequences" grep sequence "$CONF"
	check_eq "nobody else can read the book" 600 "$(stat -c %a "$BOOK")"
	check_eq "it prints the ports of the next" "$(once 1 --print)" "$(user --open ssh --print)"
	counted "it opens" "opened=1 step=7" user --open ssh
	check_eq "and counts as used" "15 2" "$(left) $(next)"
	grant_ends
	counted "the second opens" "opened=1 step=7" user --open ssh --wait
	check_eq "and counts as used" "14 3" "$(left) $(next)"
	grant_ends
	arm 5
}

# Numbers up to 5 are skipped, since they might have been used.
unclean_stop()
{
	must kctl del-key ssh alice --volatile
	must seq_add ssh alice --once "$SEQ_SECRET" --number 5 --armed 8
	counted "after an unclean stop, in with the fourth try" "opened=1 step=7" \
		user --open ssh --wait
	check_eq "by the fourth of the book" 0 "$STATUS"
	check_eq "those before it count as used" "10 7" "$(left) $(next)"
	grant_ends
	arm 9
}

switched_off()
{
	local i

	must ip -n server link set eth0 down
	user --open ssh --delay 1 2> /tmp/said
	check "that nobody answered is said" grep -q "does not answer; --wait" /tmp/said
	# Without a service there is nothing to look at.
	sed -i 's/^service/;service/' "$CONF"
	for i in $(seq 19); do
		user --open ssh --delay 1 2> "/tmp/said.$i"
	done
	check_eq "nothing counts as used by that" 10 "$(left)"
	check_eq "when the book begins again it says so, once" "10" \
		"$(grep -l "are tried again now" /tmp/said.* | sed 's/.*\.//' | xargs)"
	sed -i 's/^;service/service/' "$CONF"
	must ip -n server link set eth0 up
	must wait_until 10 "the server is there" on server ping -c 1 -W 1 10.0.0.2
	counted "20 knocks at nobody, then one round: in" "opened=1 step=7" user --open ssh --wait
	grant_ends
	diag "left $(left), next $(next)"
	arm 10
}

# The used one again, from a book that was kept elsewhere.
replayed()
{
	local n

	n=$(next)
	cp -p "$BOOK" /tmp/book
	arm "$((n + 2))"
	counted "a good one" "opened=1 step=7" user --open ssh --wait
	grant_ends
	cp -p /tmp/book "$BOOK"
	sleep_past_copies
	counted "an old book: a replay, and the next one opens" "opened=1 replay=1 step=14" \
		user --open ssh --wait
	check_not "and lifts the ban" is_banned 10.0.0.2
	grant_ends
}

# A copy within 5 s bans nobody.
sleep_past_copies()
{
	local end=$(($(now_ms) + 5500))

	wait_until 10 "5 s are over" eval "[ \$(now_ms) -gt $end ]"
}

few()
{
	local first

	user --open ssh --wait 2> /tmp/said
	grant_ends
	while [ "$(left)" -ge 6 ]; do
		arm "$(($(next) + 2))"
		user --open ssh --wait 2> /tmp/said
		grant_ends
	done
	check "below six it says so" grep -q "5 sequences left; knockctl rotate" /tmp/said
	first=$(next)
	once_profile 14 18 > /tmp/more
	check "more can be added" user import /tmp/more
	check_eq "to those that are left" "7 $first" "$(left) $(next)"
	check_not "those that must be used are dropped" grep '^sequence = 2 ' "$BOOK"
	check "and no others" grep -q '^sequence = 3 ' "$BOOK"
	sed 's/^door.*/door = other/' /tmp/more > /tmp/foreign
	cmd_fail "not those of another door" 1 "is of another key" user import /tmp/foreign
	once_profile 17 19 "${SEQ_SECRET/#00/fe}" > /tmp/foreign
	cmd_fail "nor of another secret" 1 "with another secret" user import /tmp/foreign
	check_eq "which change nothing" 7 "$(left)"
	once_profile 1 5 > /tmp/more
	check_eq "older ones change nothing" "sequences added, 7 are left in the book" \
		"$(user import /tmp/more)"
	while [ "$(left)" -gt 0 ]; do
		arm "$(($(next) + 2))"
		user --open ssh --wait 2> /tmp/said || break
		grant_ends
	done
	check_eq "all are used" 0 "$(left)"
	cmd_fail "an empty book says what to do" 1 "knockctl rotate" user --open ssh
	check_not "nobody was banned" is_banned 10.0.0.2
	one_too_many
}

# The service answers because of another number: what was not heard is good, and is found.
one_too_many()
{
	once_profile 18 34 > /tmp/more
	must user import /tmp/more
	arm 21
	counted "19 opens" "opened=1 step=7" user --open ssh
	# Three of them are lost on the way, while it is still open.
	must fw4 client -A OUTPUT -p tcp --dport 1024:65535 -j DROP
	for _ in 20 21 22; do
		user --open ssh 2> /tmp/said
	done
	must fw4 client -F OUTPUT
	grant_ends
	arm 22
	check_eq "those count as used, and are not" "12 23" "$(left) $(next)"
	counted "--wait finds them" "opened=1 replay=1 step=14" user --open ssh --wait --delay 5
	grant_ends
}

# At once, killed in the middle, and two processes on one book.
together()
{
	local i pids=()

	must kctl del-key ssh alice --volatile
	must seq_add ssh alice --once "${SEQ_SECRET/#00/77}" --armed 16
	once_profile 1 16 "${SEQ_SECRET/#00/77}" | user import --force - > /dev/null
	for i in 1 2 3 4; do
		user --open ssh --delay 40 2> /dev/null &
		pids+=($!)
	done
	wait "${pids[@]}"
	check_eq "four at once take four" 4 "$(sed -n 's/^tried = //p' "$BOOK")"
	check "and are in" test "$(status_number grants)" = 1
	grant_ends
	become client setpriv --reuid 1000 --regid 1000 --clear-groups env HOME=/tmp/user \
		tumbler --open ssh --delay 2000 2> /dev/null &
	must wait_until 20 "it has begun" took 5
	kill -9 $!
	wait $! 2> /dev/null
	check "a book is whole after a kill" user --check ssh
	counted "and the next one opens" "opened=1 step=7" user --open ssh --wait --delay 20
	grant_ends
	unwritable
}

took()
{
	[ "$(sed -n 's/^tried = //p' "$BOOK")" = "$1" ]
}

# Where what was tried cannot be kept nothing is knocked.
unwritable()
{
	must mount -t tmpfs -o ro none /tmp/user/.config/tumbler
	cmd_fail "without a book nothing is sent" 1 "no profile" user --open ssh
	must umount /tmp/user/.config/tumbler
	must mount --bind /tmp/user/.config/tumbler /tmp/user/.config/tumbler
	must mount -o remount,bind,ro /tmp/user/.config/tumbler
	counted "nor if it cannot be written" "" user --open ssh
	check "which it says" grep -q 'cannot be' /tmp/said
	must umount /tmp/user/.config/tumbler
}

closes()
{
	must seq_add ssh shut --once "${SEQ_SECRET/#00/55}" --armed 3 --close
	{ once_profile 1 3 "${SEQ_SECRET/#00/55}"; echo "action = close"; } |
		user import --name shut - > /dev/null
	counted "open" "opened=1 step=7" user --open ssh --wait
	counted "a key that closes" "closed=1 step=7" user --close shut
	check_eq "counts as used as the service falls silent" "2" \
		"$(user --check shut | sed -n 's/^left  *//p')"
	cmd_fail "and opens nothing" 1 "use --close" user --open shut
}

need_module
command -v openssl > /dev/null || skip_all "the guest has no openssl"
command -v xxd > /dev/null || skip_all "the guest has no xxd"
plan 44
a_user
net_setup
start_sshd server
fw_drop server ssh
must kctl add-door ssh --opens tcp/22 --open-for 1h
run_stage "spent" spent
run_stage "an unclean stop" unclean_stop
run_stage "a server that is off" switched_off
run_stage "an old book" replayed
run_stage "few are left" few
run_stage "at once" together
run_stage "closing" closes
end_scenario
