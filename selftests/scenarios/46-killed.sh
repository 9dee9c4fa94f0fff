#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# knockctl is killed at each write of each verb that changes doors and keys: no half of a
# file is ever seen, and after the next load file and module agree.
# Runs: stock
# Takes: 170
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/fault.sh"

# of_either: the file is what it was, or all that it was to be
of_either()
{
	local file=$CONFIG/doors/$FILE.conf

	if [ ! -e "$file" ]; then
		[ "$DONE" = gone ] || [ "$FILE" = new ]
	elif ! cmp -s "$file" "/tmp/$FILE.conf"; then
		grep -q -e "$DONE" "$file" && [ "$(wc -l < "$file")" = "$LINES_THEN" ]
	fi
}

# mended: what there is can be read; load takes it, and then there is nothing to change
mended()
{
	of_either && kctl load > /tmp/said && settled
}

# killed FILE DONE WORD...: two results; DONE is a line of the FILE when all was done, or
# `gone'
killed()
{
	FILE=$1 DONE=$2
	# Secrets are others each time, but there are as many lines.
	as_before
	must kctl "${@:3}"
	LINES_THEN=$(wc -l 2> /dev/null < "$CONFIG/doors/$1.conf")
	at_each signal=KILL as_before mended "${@:3}"
	check "${*:3}: killed at $POINTS places" test "$POINTS" -ge 4
	check_eq "${*:3}: load mends what is left" "" "$BAD"
}

# changed: the same, but the file says something else by now: of the door, of a key that is
# new, and of one that is gone
changed()
{
	as_before
	sed -e 's/^open-for = .*/open-for = 91s/' -e 's/^\[key bob\]$/[key carol]/' \
		-e "/^\[key carol\]/,\$ s|^secret = .*|secret = $OTHER_SECRET|" \
		/tmp/ssh.conf > "$CONFIG/doors/ssh.conf"
}

# killed_load: two results
killed_load()
{
	FILE=ssh DONE='^open-for = 91s'
	OTHER_SECRET=$(head -c 32 /dev/urandom | base64)
	LINES_THEN=$(wc -l < /tmp/ssh.conf)
	at_each signal=KILL changed mended load
	check "load: killed at $POINTS places" test "$POINTS" -ge 4
	check_eq "load: another mends what is left" "" "$BAD"
}

need_module
plan 14
net_setup
a_door
killed new 'opens = tcp/80' add-door new --opens tcp/80
killed ssh 'open-for = 90s' set-door ssh --open-for 90s
killed ssh '^\[key carol\]' add-key ssh carol --type tumbler
killed ssh '^\[key dave\]' add-key ssh dave --type sealed
# Of the file that it was, what is not there any more.
killed ssh '^\[key bob\]' del-key ssh alice
killed ssh gone del-door ssh
killed_load
end_scenario
