#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# An orderly stop loses no number of a once key and no ban; a crash forgets bans, since
# nobody knows who was pardoned after they were written.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"
. "$(dirname "$0")/../lib/book.sh"

NUMBERS=/var/lib/knock/once
# Of the namespace of the host `server'.
BANS=/var/lib/knock/bans.server
DOORS=/etc/netns/server/knock/doors

# goes_down [PARAMETER]: what the kernel had is gone. The disk is not.
goes_down()
{
	must rmmod xt_knock
	must insmod "$KNOCK_KO" "$@"
}

# replay N [ADDRESS]: by somebody who has heard it, from an address of his choice
replay()
{
	steps other --from "${2:-10.0.0.3}" --once "$SEQ_SECRET" --number "$1" --address 10.0.0.2 \
		--avoid "$AVOID"
}

# banned: who is, and until when, one a line
banned()
{
	kctl --json blacklist | sed -n 's/.*"address": "\([^"]*\)", "kind": "ban", "until": "\([^"]*\)".*/\1 \2/p' |
		sort
}

addresses()
{
	banned | cut -d " " -f 1 | xargs
}

# same_times WANT GOT: to 3 seconds
same_times()
{
	local address until other

	while read -r address until; do
		other=$(awk -v a="$address" '$1 == a { print $2 }' <<< "$2")
		[ -n "$other" ] || return
		other=$(($(date -d "$until" +%s) - $(date -d "$other" +%s)))
		[ "${other#-}" -le 3 ] || return
	done <<< "$1"
}

orderly()
{
	local before

	assert_reason "a number opens" "opened=1 step=7" once 1 --avoid "$AVOID"
	grant_ends
	assert_reason "who repeats it is banned" "replay=1 step=7" replay 1
	assert_reason "and whom he says he is" "replay=1 step=7" replay 1 10.9.0.7
	before=$(banned)
	check_eq "save tells what it saved" \
		"saved: what was used of 1 once keys, which open nothing until knockctl load; 2 bans; and 0 grants" \
		"$(kctl save)"
	check_eq "nothing is good from then on" "1 1" "$(key_row alice number armed)"
	assert_reason "the next opens nothing" "no_step=8" once 2 --avoid "$AVOID"
	check_eq "the bans are on the disk, for root alone" "600 2" "$(stat -c %a "$BANS") $(wc -l < "$BANS")"
	goes_down
	check_eq "load tells of them" 1 "$(kctl load | grep -c -x 'bans of before the stop: 2')"
	check_eq "they are back" "10.0.0.3 10.9.0.7" "$(addresses)"
	check "for as long as they were" same_times "$before" "$(banned)"
	check_eq "no number was passed over" "1 4" "$(key_row alice number armed)"
	check_not "on the disk they are no more" test -e "$BANS"
	assert_reason "the next number opens" "opened=1 step=7" once 2 --avoid "$AVOID"
	grant_ends
	assert_reason "the used one is used" "no_step=8" once 1 --avoid "$AVOID"
}

# The mark is that of all that was armed, and of bans nobody knows.
crashes()
{
	must kctl save
	must kctl load
	check_eq "saved and loaded: all is armed again" "2 5" "$(key_row alice number armed)"
	check_eq "and those banned who were" "10.0.0.3 10.9.0.7" "$(addresses)"
	goes_down
	must kctl load
	check_eq "a crash later: nobody is banned" "" "$(addresses)"
	check_eq "and what was armed is over" "5 8" "$(key_row alice number armed)"
}

# is_past TIME: that long since the boot it is
is_past()
{
	[ "$(now_ms)" -ge "$1" ]
}

# What was written before cannot know of it.
pardoned()
{
	local used_at

	assert_reason "a number opens" "opened=1 step=7" once 6 --avoid "$AVOID"
	used_at=$(now_ms)
	grant_ends
	# Until then it is a copy.
	must wait_until 10 "5 s are over" is_past $((used_at + 5500))
	assert_reason "somebody has its owner banned" "replay=1 step=7" replay 6 10.0.0.2
	check_eq "he is" 10.0.0.2 "$(addresses)"
	must kctl save
	must kctl load --volatile /etc/netns/server/knock/doors/ssh.conf
	assert_reason "his next pardons him" "opened=1 step=7" once 7 --avoid "$AVOID"
	grant_ends
	check "though the ban is on the disk" grep -q '^10.0.0.2 until ' "$BANS"
	must kctl load
	check_eq "load does not bring it back" "" "$(addresses)"
	check_not "and forgets it" test -e "$BANS"
}

disk()
{
	local now

	must kctl save
	now=$(date +%s)
	goes_down
	printf '%s\n' "10.1.0.1 until $((now + 500)) left 600" "10.1.0.2 until $((now - 1)) left 600" \
		"10.1.0.3 until $((now + 500)) left" "10.1.0.4 until $((now + 100000)) left 600" > "$BANS"
	printf '10.1.0.5 until %s left 60' $((now + 500)) >> "$BANS"
	must kctl load
	check_eq "what is over or torn does not come back" "10.1.0.1 10.1.0.4" "$(addresses)"
	check "and no clock makes it longer" \
		same_times "10.1.0.4 $(date -u -d "@$((now + 600))" +%Y-%m-%dT%H:%M:%SZ)" "$(banned)"
	must kctl unblock --all
	must kctl save
	check_not "of none there is no file" test -e "$BANS"
	must kctl load
	check_eq "and the numbers are where they were" "7 10" "$(key_row alice number armed)"
	must mount --bind /var/lib/knock /var/lib/knock
	must mount -o remount,bind,ro /var/lib/knock
	cmd_fail "save says what cannot be written" 1 "cannot be written" kctl save
	must umount /var/lib/knock
	goes_down
	cmd_fail "it wants no operand" 2 "save" kctl save now
	must kctl load
	check_eq "then all that was armed is over" "10 13" "$(key_row alice number armed)"
}

# kept: of the once key, what was handed out, and what was used, if that is known
kept()
{
	awk '{ print $2, $6 }' "$NUMBERS"/????????????????
}

# What is loaded before the once key is refused, and then for the want of any key.
refused()
{
	local before i

	must kctl add-door aaa --opens none
	must kctl add-key aaa bob --type tumbler
	must kctl add-key aaa carol --type tumbler
	must kctl save
	goes_down tumbler_keys=1
	before=$(kept)
	printf '%s\n' "10.1.0.1 until $(($(date +%s) + 500)) left 600" > "$BANS"
	sed s/10.1.0.1/10.1.0.9/ "$BANS" > "${BANS%.server}"
	for i in 1 2; do
		cmd_fail "load is refused the key before, time $i" 1 \
			"key carol of door aaa: this namespace has all the tumbler keys it may" kctl load
	done
	check_eq "no number of the key behind is used up" "$before" "$(kept)"
	check_eq "who was banned, for a moment, is not forgotten" 10.1.0.1 "$(cut -d " " -f 1 "$BANS")"
	goes_down
	must mkdir /tmp/doors
	must mv "$DOORS"/{ssh,aaa}.conf /tmp/doors
	printf '%s\n' "[door]" "opens = none" > "$DOORS/bare.conf"
	must chmod 600 "$DOORS/bare.conf"
	must kctl load
	check_eq "a door without a key has who was banned" 10.1.0.1 "$(addresses)"
	check_not "and on the disk he is no more" test -e "$BANS"
	check "another namespace's are left to it" test -e "${BANS%.server}"
	must mv /tmp/doors/ssh.conf "$DOORS"
	must kctl load
	check_eq "the once key goes on where it was" "10 13" "$(key_row alice number armed)"
}

need_module
[ -n "${KNOCK_KO:-}" ] || skip_all "no module to insert again"
plan 40
net_setup
must kctl add-door ssh --opens tcp/22 --open-for 1h --blacklist-for 1h
new_book
run_stage "an orderly stop" orderly
run_stage "a crash" crashes
run_stage "a pardon after it was written" pardoned
run_stage "what is on the disk" disk
run_stage "a load that is refused" refused
end_scenario
