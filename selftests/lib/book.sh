# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# The client of the once key alice of the door ssh, and his book. Wants ktap.sh, net.sh,
# knock.sh and sequence.sh.

AVOID=22,8675
DEPTH=16

# The client's book, by protocol.rst: numbers, rising; and the one that was tried last.
book=()
last=0
# All that ever opened.
used=()

# fill_book TIMES: what rotate hands out; what it printed before is there again
fill_book()
{
	local i printed numbers number

	for ((i = 0; i < $1; i++)); do
		printed=$(kctl rotate ssh alice) || return
	done
	mapfile -t numbers < <(awk '$1 == "sequence" { print $3 }' <<< "$printed")
	for number in "${numbers[@]}"; do
		[ "$number" -le "${book[-1]:-0}" ] || book+=("$number")
	done
	while [ $((book[-1] - book[0])) -ge "$DEPTH" ]; do
		book=("${book[@]:1}")
	done
}

# hand_over: what the agent would, up to DEPTH above what was used or passed over
hand_over()
{
	fill_book $(($(key_row alice number) + DEPTH - book[-1]))
}

# next_of_book: behind the last that was tried; behind the end the first, in $NEXT
next_of_book()
{
	for NEXT in "${book[@]}"; do
		[ "$NEXT" -le "$last" ] || return 0
	done
	NEXT=${book[0]}
}

# try: one knock by the book; whether it opened
try()
{
	local before

	before=$(reason opened)
	next_of_book
	last=$NEXT
	once "$NEXT" --avoid "$AVOID"
	kctl close ssh 10.0.0.2 > /dev/null 2>&1
	[ "$(reason opened)" -gt "$before" ] || return
	used+=("$NEXT")
}

# gets_in MOST: by so many tries at most, in $TRIES
gets_in()
{
	for ((TRIES = 1; TRIES <= $1; TRIES++)); do
		! try || return 0
	done
	return 1
}

# is_in NAME MOST: in by so many tries; what is learned stays in this shell
is_in()
{
	gets_in "$2" && { ok "$1"; return; }
	not_ok "$1" "tried up to $last of ${book[*]}, $(key_row alice number armed)"
}

# replayed: all that opened and those before, from the same address; says if any opens again
replayed()
{
	local before

	[ ${#used[@]} -gt 0 ] || return
	before=$(reason opened)
	once 1 --until "${used[-1]}" --avoid "$AVOID"
	[ "$(reason opened)" = "$before" ] || echo "one of ${used[*]}"
}

# new_book: adds the key, and fills the book with what it hands out
new_book()
{
	kctl add-key ssh alice --once > /tmp/profile
	# shellcheck disable=SC2034 # for once
	SEQ_SECRET=$(seq_secret alice)
	mapfile -t book < <(sed -n 's/^sequence = \([0-9]*\) .*/\1/p' /tmp/profile)
}
