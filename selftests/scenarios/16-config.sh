#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Doors and keys are kept in files: what knockctl does to the module it does to
# them, or to neither; load makes the module have what they say, and does nothing
# where it has it; each directory belongs to one network namespace.
# Takes: 50
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"

KEPT=/etc/netns/server/knock
SSH=$KEPT/doors/ssh.conf
GIVEN=g2x7k4q9w3z8h5v6n2m7r4t9y3p8s5j6

# settings: all that is configured in the module, but for what is of the moment
settings()
{
	kctl --json doors | sed 's/, "grants": [0-9]*//' | sed 's/,$//; s/}]$/}/' | sort
	kctl --json keys | sed 's/"fingerprint.*"skew"/"skew"/; s/, "accepted_from.*//' | sort
}

# numbers: which keys and grants these are, and no others like them
numbers()
{
	kctl --json keys | sed 's/.*"\(fingerprint": "[0-9a-f]*\).*/\1/'
	kctl --json grants | sed 's/, "until.*//'
}

files()
{
	cat "$KEPT"/doors/*.conf
}

# left: all files that are there
left()
{
	(cd "$KEPT/doors" && find . -type f | sort | xargs)
}

round_trip()
{
	local before

	must kctl add-door ssh --opens tcp/22,udp/8000-8010 --open-for 1h --knock-port 9999 \
		--mark 0x100/0x100
	must kctl set-door ssh --max-grants 10
	new_key ssh alice --skew 7
	must kctl add-key ssh bob --type tumbler --action close --max-grants 3 - <<< "$GIVEN"
	must kctl add-door shut --opens none
	check_eq "what is added is kept, and nobody else can read it" "600 shut.conf 600 ssh.conf 700 doors" \
		"$(cd "$KEPT" && stat -c '%a %n' doors/*.conf doors | sed 's,doors/,,' | xargs)"
	check_eq "it is what check wants" "nothing is wrong: doors 2, keys 2" "$(kctl check)"
	check_eq "and what the module has" "nothing to change" "$(kctl load)"
	before=$(settings)
	must rmmod xt_knock
	must insmod "$KNOCK_KO"
	check_eq "load brings it back" \
		"doors: 2 added, 0 changed, 0 deleted; keys: 2 added, 0 replaced, 0 deleted" \
		"$(kctl load | head -n 1)"
	check_eq "all of it" "$before" "$(settings)"
	before=$(numbers)
	check_eq "equal keys are known again" "nothing to change" "$(kctl load)"
	check_eq "and are the same" "$before" "$(numbers)"
}

# both_stay NAME STATUS TEXT ARGUMENT...: refused, and neither file nor module changed
both_stay()
{
	local name=$1 before after

	before=$(files; numbers; settings)
	cmd_fail "$name: refused" "$2" "$3" kctl "${@:4}"
	after=$(files; numbers; settings)
	check_eq "$name: all is as before" "$before" "$after"
}

refused()
{
	must kctl open ssh 192.0.2.1 --for 1h
	must kctl open ssh 192.0.2.2 --for 1h
	both_stay "the module refuses" 1 "" set-door ssh --max-grants 1
	both_stay "a file is there" 1 "is there already" add-door shut --opens any
	both_stay "a key is there" 1 "has a key alice already" add-key ssh alice --type tumbler
	# Another file system, which has room for what is there and hardly more.
	must cp -a "$KEPT" /tmp/kept
	must mount -t tmpfs -o size=16k,mode=700 none "$KEPT"
	must cp -a /tmp/kept/. "$KEPT"
	dd if=/dev/zero of="$KEPT/full" bs=1k count=16 2> /dev/null
	both_stay "the disk is full" 1 "No space left" add-key ssh carol --type tumbler
	must rm "$KEPT/full"
	must mount -o remount,ro "$KEPT"
	both_stay "read-only, a key" 1 "Read-only" del-key ssh bob
	both_stay "read-only, a door" 1 "Read-only" del-door ssh
	must umount "$KEPT"
	check_eq "nothing is left lying about" "./.namespace ./shut.conf ./ssh.conf" "$(left)"
}

differences()
{
	local before

	new_key ssh carol
	assert_reason "a knock opens" "duplicate=2 opened=1" \
		on client tumbler --open "tumbler://$SECRET@10.0.0.1:9999/"
	before=$(numbers)
	must sed -i 's/^open-for = 1h/open-for = 2h/' "$SSH"
	check_eq "a door is changed" \
		"doors: 0 added, 1 changed, 0 deleted; keys: 0 added, 0 replaced, 0 deleted" "$(kctl load)"
	check_eq "and keeps its keys and grants" "$before" "$(numbers)"
	must kctl add-key ssh later --type tumbler --volatile
	must rm "$KEPT/doors/shut.conf"
	must sed -i '/^\[key bob\]/,/^secret/s/^skew = .*/skew = 9s/' "$SSH"
	check_eq "one key replaced, what is in no file deleted" \
		"doors: 0 added, 0 changed, 1 deleted; keys: 0 added, 1 replaced, 1 deleted" \
		"$(kctl load | head -n 1)"
	check_eq "the others' grants stay" "$(grep address <<< "$before")" \
		"$(numbers | grep address)"
	printf '[door]\nopens = tcp/1\n' > "$KEPT/doors/a.conf"
	chmod 600 "$KEPT/doors/a.conf"
	must sed -i 's/^max-grants = 10/max-grants = 1/' "$SSH"
	both_stay "a load that fails on its way" 1 "all is as it was" load
	must sed -i 's/^max-grants = 1$/max-grants = 10/' "$SSH"
	echo "colour = red" >> "$KEPT/doors/a.conf"
	before=$(numbers; settings)
	check_eq "a load of what is wrong says where" \
		"/etc/knock/doors/a.conf:3: \`colour' is no word of a door" \
		"$(kctl load 2>&1 | head -n 1 | cut -d , -f 1)"
	check_eq "and does nothing" "$before" "$(numbers; settings)"
	must rm "$KEPT/doors/a.conf"
}

# load_in_background [SECONDS]: with a terminal that says nothing
load_in_background()
{
	ip netns exec server knockctl load --confirm "$1" < /tmp/silence > /tmp/out 2> /tmp/err &
	LOADING=$!
	must wait_until 30 "it asks" grep -q 'type yes' /tmp/err
}

confirm()
{
	local before

	must mkfifo /tmp/silence
	exec 9<> /tmp/silence
	before=$(settings)
	must sed -i 's/^open-for = 2h/open-for = 3h/; s/^skew = 7s/skew = 8s/' "$SSH"
	load_in_background 1s
	wait "$LOADING"
	check_eq "nobody confirms" "1 $before" "$? $(settings)"
	check "it is said" grep -q 'nobody confirmed it in time; all is as it was' /tmp/err
	load_in_background 60s
	check "it is there until then" test "$before" != "$(settings)"
	kill -HUP "$LOADING"
	wait "$LOADING"
	check_eq "hang-up undoes it" "1 $before" "$? $(settings)"
	kctl load --confirm 60s < /dev/null > /tmp/out 2> /tmp/err
	check_eq "so does the end of input" "1 $before" "$? $(settings)"
	check_eq "what is confirmed stays" "nothing to change" \
		"$(echo yes | kctl load --confirm 60s > /dev/null 2>&1; kctl load)"
	check_not "and is what was wanted" test "$before" = "$(settings)"
	exec 9>&-
}

namespaces()
{
	cmd_fail "another namespace may not add to it" 1 "another network namespace" \
		on other knockctl --config "$KEPT" add-door web --opens tcp/80
	cmd_fail "nor load it" 1 "another network namespace" on other knockctl --config "$KEPT" load
	check "but by --volatile" on other knockctl --config "$KEPT" add-door web --opens tcp/80 --volatile
	check_not "which keeps nothing" test -e "$KEPT/doors/web.conf"
	cmd_fail "a volatile door has no file" 1 "--volatile" on other knockctl set-door web --opens any
	must ip netns add gone
	must ip netns exec gone knockctl --config /tmp/gone add-door web --opens tcp/80
	must ip netns del gone
	# shellcheck disable=SC2317 # wait_until calls it
	gone()
	{
		on other knockctl --config /tmp/gone load > /dev/null
	}
	check "what belonged to one that is gone can be taken over" wait_until 10 "it is gone" gone
}

lists()
{
	printf '192.0.2.11\n\n 192.0.2.12 \nnobody\n' > /tmp/list
	cmd_fail "a bad line is named" 2 "line 4: \`nobody'" eval 'kctl open ssh - < /tmp/list'
	check_eq "and nothing is opened" 0 "$(kctl --json grants | grep -c '192.0.2.1[12]')"
	sed -i 4d /tmp/list
	check "the others are good" eval 'kctl open ssh - < /tmp/list'
	check_eq "and opened" 2 "$(kctl --json grants | grep -c '192.0.2.1[12]')"
}

need_module
[ -n "${KNOCK_KO:-}" ] || skip_all "no module to insert again"
plan 48
net_setup
run_stage "round trip" round_trip
run_stage "refused" refused
run_stage "differences" differences
run_stage "confirm" confirm
run_stage "namespaces" namespaces
run_stage "lists" lists
check "a door goes with its file" kctl del-door ssh
check_eq "nothing is left" "[] ./.namespace" "$(kctl --json doors) $(left)"
end_scenario
