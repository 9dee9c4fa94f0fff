#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# An orderly stop ends no grant before its time, as long as its key is the same; a crash ends
# all of them, since nobody knows what was closed after they were written.
. "$(dirname "$0")/../lib/ktap.sh"
. "$(dirname "$0")/../lib/net.sh"
. "$(dirname "$0")/../lib/knock.sh"
. "$(dirname "$0")/../lib/sequence.sh"

# Of the namespace of the host `server'.
GRANTS=/var/lib/knock/grants.server
DOOR=/etc/netns/server/knock/doors/ssh.conf

# goes_down: what the kernel had is gone, but for the rule. The disk is not.
goes_down()
{
	fw_open server
	must rmmod xt_knock
	must insmod "$KNOCK_KO"
	fw_drop server ssh
}

# field NAME: of each grant
field()
{
	kctl --json grants ssh | sed -n "s/.*\"$1\": \"\([^\"]*\)\".*/\1/p"
}

# held: address and key of each grant
held()
{
	kctl --json grants ssh | sed -n -e '/"id"/!d' \
		-e 's/.*"key": "\([^"]*\)".*"address": "\([^"]*\)".*/\2 \1/p;t' \
		-e 's/.*"address": "\([^"]*\)".*/\1/p' | sort
}

# ends ADDRESS: when its grant does, in unix seconds
ends()
{
	date +%s -d "$(kctl --json grants ssh | grep "\"$1\"" |
		sed -n 's/.*"until": "\([^"]*\)".*/\1/p')"
}

# about N WANT: to 3 seconds
about()
{
	local off=$(($1 - $2))

	[ "${off#-}" -le 3 ] || { diag "$1 instead of $2"; return 1; }
}

# tells N: load does
tells()
{
	check_eq "load tells of $1" "grants of before the stop: $1" \
		"$(kctl load | grep 'before the stop')"
}

orderly()
{
	local until

	new_key ssh dave
	must kctl add-key ssh sam --static 7002,7001,7003
	assert_reason "a knock opens" "duplicate=2 opened=1" knock client "$SECRET" 10.0.0.1 --source 10.0.0.2
	assert_reason "so does one that is no secret of its own" "opened=1 step=2" \
		steps other --static 7002,7001,7003
	must kctl open ssh 10.9.0.7 --for 2h
	until=$(ends 10.0.0.2)
	check_eq "save tells what it saved" \
		"saved: what was used of 0 once keys, which open nothing until knockctl load; 0 bans; and 3 grants" \
		"$(kctl save)"
	check_eq "they are on the disk, for root alone" "600 3" \
		"$(stat -c %a "$GRANTS") $(wc -l < "$GRANTS")"
	goes_down
	expect_tcp "without doors it is closed" silent client 10.0.0.1 22
	tells 2
	check_eq "who was in is in, but by a static key" $'10.0.0.2 dave\n10.9.0.7' "$(held)"
	check "for as long as he was" about "$(ends 10.0.0.2)" "$until"
	check_not "on the disk they are no more" test -e "$GRANTS"
	expect_tcp "the door is open for him" open client 10.0.0.1 22
	expect_tcp "and for nobody else" silent other 10.0.0.1 22
	must kctl del-key ssh dave
	check_eq "and ends with the key that it is of" 10.9.0.7 "$(held)"
}

# save_and_stop: by now it is for whom by which key that the door is open
save_and_stop()
{
	new_key ssh "$1"
	must knock client "$SECRET" 10.0.0.1 --source 10.0.0.2
	check_eq "the door is open by the key $1" $'10.0.0.2 '"$1"$'\n10.9.0.7' "$(held)"
	must kctl save
	goes_down
}

replaced()
{
	save_and_stop erin
	must sed -i "/^\[key erin\]/,\$s|^secret = .*|secret = $(head -c 32 /dev/urandom | base64)|" "$DOOR"
	tells 1
	check_eq "nobody is in by another key of the same name" 10.9.0.7 "$(held)"
	must kctl del-key ssh erin
}

closed()
{
	save_and_stop fred
	must kctl load
	must kctl close ssh 10.0.0.2
	must kctl load
	check_eq "what is closed stays closed when it is loaded again" 10.9.0.7 "$(held)"
	must kctl save
	must kctl load
	check_not "and what was saved is forgotten while there are doors" test -e "$GRANTS"
	goes_down
	must kctl load
	check_eq "after a crash nobody is in" "" "$(held)"
}

disk()
{
	local now digits

	must kctl open ssh 10.9.0.7
	save_and_stop gina
	digits=$(sed -n 's/.* key gina //p' "$GRANTS")
	now=$(date +%s)
	printf '%s\n' "10.1.0.1 until $((now + 500)) left 600 door ssh" \
		"10.1.0.2 until $((now - 1)) left 600 door ssh" \
		"10.1.0.3 until $((now + 500)) left 600 door none" \
		"10.1.0.4 until $((now + 500)) left 600 door ssh key none $digits" \
		"10.1.0.5 until $((now + 500)) left 600 door ssh key gina ${digits//[0-9]/f}" \
		"10.1.0.6 until $((now + 500)) left 600 door ssh key gina $digits" \
		"10.1.0.7 until $((now + 500)) left 600 door ssh key" \
		"10.1.0.8 until $((now + 100000)) left 600 door ssh" > "$GRANTS"
	printf '10.1.0.9 until %s left 600 door ssh' $((now + 500)) >> "$GRANTS"
	tells 3
	check_eq "what is over, torn or of others does not come back" \
		$'10.1.0.1\n10.1.0.6 gina\n10.1.0.8' "$(held)"
	check "and no clock makes it longer" about "$(ends 10.1.0.8)" $((now + 600))
}

need_module
[ -n "${KNOCK_KO:-}" ] || skip_all "no module to insert again"
plan 23
net_setup
must kctl add-door ssh --opens tcp/22 --open-for 1h
fw_drop server ssh
start_sshd server
run_stage "an orderly stop" orderly
run_stage "a key that was replaced" replaced
run_stage "what is closed" closed
run_stage "what is on the disk" disk
end_scenario
